// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Testing

@testable import Storage

@Suite struct IdempotencyTests {
    @Test(arguments: TestDatabase.all)
    func `a repeated request gets the first answer, a different one with the same key is a mismatch`(
        _ driver: TestDatabase
    ) async throws {
        try await driver.use { database async throws in
            let user = User.sample("ann")
            let key = IdempotencyKey(user: user.id, method: "POST", route: "/responses", key: "k'1")
            let answer = StoredAnswer(status: 202, headers: ["Location": "/r/1"], body: [0, 255, 10])
            try await database.write { transaction throws in
                try transaction.users.insert(user, passwordHash: nil)
                let requests = transaction.idempotency
                #expect(try requests.begin(key, requestHash: "h", at: noon) == .new)
                #expect(try requests.begin(key, requestHash: "h", at: noon + .seconds(1)) == .inProgress)
                #expect(try requests.begin(key, requestHash: "other", at: noon) == .mismatch)
                try requests.complete(key, with: answer)
                #expect(try requests.begin(key, requestHash: "h", at: noon + .seconds(60)) == .answered(answer))
                #expect(try requests.begin(key, requestHash: "other", at: noon) == .mismatch)
                for other in [
                    IdempotencyKey(user: user.id, method: "PUT", route: "/responses", key: "k'1"),
                    IdempotencyKey(user: user.id, method: "POST", route: "/courses", key: "k'1"),
                    IdempotencyKey(user: user.id, method: "POST", route: "/responses", key: "k2"),
                ] {
                    #expect(try requests.lookUp(other, requestHash: "h", at: noon) == .new)
                }
            }
            let twice = try await code { try await database.write { try $0.idempotency.complete(key, with: answer) } }
            #expect(twice == .conflict)
        }
    }

    @Test(arguments: TestDatabase.all)
    func `answers expire after a day, unanswered requests when the server must have died over them`(
        _ driver: TestDatabase
    ) async throws {
        try await driver.use { database async throws in
            let user = User.sample("ann")
            let key = IdempotencyKey(user: user.id, method: "POST", route: "/responses", key: "k")
            try await database.write { transaction throws in
                try transaction.users.insert(user, passwordHash: nil)
                let requests = transaction.idempotency
                #expect(try requests.begin(key, requestHash: "h", at: noon) == .new)
                let dead = noon + IdempotencyRepository.patience
                #expect(try requests.begin(key, requestHash: "h", at: dead - .milliseconds(1)) == .inProgress)
                #expect(try requests.begin(key, requestHash: "changed", at: dead) == .new)
                try requests.complete(key, with: StoredAnswer(status: 200, body: []))
                let end = dead + IdempotencyRepository.lifetime
                let state = try requests.lookUp(key, requestHash: "changed", at: end - .milliseconds(1))
                #expect(state == .answered(StoredAnswer(status: 200, body: [])))
                #expect(try requests.removeExpired(at: end - .milliseconds(1)) == 0)
                #expect(try requests.lookUp(key, requestHash: "changed", at: end) == .new)
                #expect(try requests.removeExpired(at: end) == 1)
                #expect(try requests.begin(key, requestHash: "h", at: end) == .new)
                try requests.abandon(key)
                #expect(try requests.lookUp(key, requestHash: "h", at: end) == .new)
            }
        }
    }
}
