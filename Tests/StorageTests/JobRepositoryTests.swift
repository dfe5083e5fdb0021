// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Testing

@testable import Storage

@Suite struct JobRepositoryTests {
    @Test(arguments: TestDatabase.all)
    func `the same work is enqueued once, and again only when asked`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            try await database.write { transaction throws in
                let jobs = transaction.jobs
                let new = NewJob(kind: "answer", subject: "r1", params: ["version": 1])
                let first = try jobs.enqueue(new, at: noon)
                #expect(try jobs.enqueue(new, at: noon + .seconds(1)) == first)
                var other = new
                other.params = ["version": 2]
                #expect(try jobs.enqueue(other, at: noon + .seconds(1)).id != first.id)
                let claimed = try #require(
                    try jobs.claim(kinds: ["answer"], worker: "w", lease: .seconds(60), at: noon))
                #expect(claimed.id == first.id)
                var again = new
                again.whenEnded = .runAgain
                #expect(try jobs.enqueue(again, at: noon).state == .running)
                try jobs.finish(claimed.lease, at: noon)
                #expect(try jobs.enqueue(new, at: noon).state == .done)
                let ready = try jobs.enqueue(again, at: noon + .seconds(5))
                #expect(ready.state == .ready)
                #expect(ready.attempt == 0)
                #expect(ready.runAt == noon + .seconds(5))
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `jobs are claimed by priority, then by time, and only those the worker can do`(
        _ driver: TestDatabase
    ) async throws {
        try await driver.use { database async throws in
            try await database.write { transaction throws in
                let jobs = transaction.jobs
                func add(_ subject: String, _ priority: Int, _ delay: Int, kind: String = "answer") throws {
                    try jobs.enqueue(
                        NewJob(kind: kind, subject: subject, priority: priority, runAt: noon + .seconds(delay)),
                        at: noon)
                }
                try add("late", 1, 100)
                try add("second", 5, 2)
                try add("first", 5, 1)
                try add("urgent", 1, 3)
                try add("foreign", 0, 0, kind: "other")
                func claim(_ time: Timestamp) throws -> String? {
                    try jobs.claim(kinds: ["answer", "x"], worker: "w", lease: .seconds(60), at: time)?.subject
                }
                #expect(try claim(noon) == nil)
                let due = noon + .seconds(10)
                #expect(try jobs.oldestDue(at: due) == noon)
                #expect(try [claim(due), claim(due), claim(due), claim(due)] == ["urgent", "first", "second", nil])
                #expect(try claim(noon + .seconds(100)) == "late")
                #expect(try jobs.counts() == [.ready: 1, .running: 4])
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `among many who claim at once, each job goes to exactly one`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            try await database.write { transaction in
                for index in 0..<200 {
                    try transaction.jobs.enqueue(NewJob(kind: "answer", subject: "r\(index)"), at: noon)
                }
            }
            let claimed = await withTaskGroup(of: [Identifier<Job>].self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        var mine: [Identifier<Job>] = []
                        while let job = try? await database.write({
                            try $0.jobs.claim(kinds: ["answer"], worker: "w\(worker)", lease: .seconds(60), at: noon)
                        }) { mine.append(job.id) }
                        return mine
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 200)
            #expect(Set(claimed).count == 200)
        }
    }

    /// A worker that was paused past its lease comes back after another has done the job.
    private static func latecomer(
        _ driver: TestDatabase,
        finish: @escaping @Sendable (Transaction, JobLease) throws -> Void
    ) async throws -> (effects: Int, refusal: StorageError.Code?) {
        let room = Classroom()
        let results = Counter()
        var refusal: StorageError.Code?
        try await driver.use { database async throws in
            let (late, answer) = try await database.write { transaction in
                try room.insert(into: transaction)
                let answer = try room.answer(transaction, to: nil)
                try transaction.jobs.enqueue(NewJob(kind: "answer", subject: answer.id.text), at: noon)
                let job = try transaction.jobs.claim(kinds: ["answer"], worker: "a", lease: .seconds(60), at: noon)
                return (try #require(job), answer)
            }
            let after = noon + .seconds(61)
            let current = try await database.write { transaction in
                let expired = try transaction.jobs.expired(at: after)
                #expect(expired == [late])
                try transaction.jobs.retry(late.lease, runAt: after, reason: "gone", at: after)
                let job = try transaction.jobs.claim(kinds: ["answer"], worker: "b", lease: .seconds(60), at: after)
                return try #require(job)
            }
            #expect(current.fence == late.fence + 1)
            #expect(current.attempt == 2)
            for lease in [late.lease, current.lease] {
                let outcome = try await code {
                    try await database.write { transaction in
                        let latest = try transaction.transcripts.latestNumber(of: answer.id)
                        _ = try transaction.transcripts.append(.sample(answer, "by \(lease.fence)"), after: latest)
                        try finish(transaction, lease)
                    }
                }
                if lease == late.lease { refusal = outcome }
            }
            results.value = try await database.read { try $0.transcripts.list(of: answer.id).count }
        }
        return (results.value, refusal)
    }

    @Test(arguments: TestDatabase.all)
    func `a late worker is refused and nothing of it is kept`(_ driver: TestDatabase) async throws {
        let outcome = try await Self.latecomer(driver) { transaction, lease in
            try transaction.jobs.finish(lease, at: noon + .seconds(62))
        }
        #expect(outcome.refusal == .leaseLost)
        #expect(outcome.effects == 1)
    }

    /// The control of the test above: the same story told to a statement that does not look at the fence.
    @Test(arguments: TestDatabase.all)
    func `without the fence the same test sees the effect twice`(_ driver: TestDatabase) async throws {
        let outcome = try await Self.latecomer(driver) { transaction, lease in
            try transaction.run(
                "UPDATE job SET state = 'done', lease_until = NULL, worker = NULL WHERE id = ?1", lease.job)
        }
        #expect(outcome.refusal == nil)
        #expect(outcome.effects == 2)
    }

    @Test(arguments: TestDatabase.all)
    func `jobs that ended are kept for a while, dead ones until somebody runs them again`(
        _ driver: TestDatabase
    ) async throws {
        try await driver.use { database async throws in
            try await database.write { transaction throws in
                let jobs = transaction.jobs
                func run(_ subject: String, _ end: (Job) throws -> Void) throws {
                    try jobs.enqueue(NewJob(kind: "answer", subject: subject), at: noon)
                    let job = try jobs.claim(kinds: ["answer"], worker: "w", lease: .seconds(60), at: noon)
                    try end(try #require(job))
                }
                try run("good") { try jobs.finish($0.lease, at: noon) }
                try run("bad") { try jobs.bury($0.lease, reason: "no audio", at: noon) }
                try run("unwanted") { try jobs.cancel($0.id, at: noon) }
                #expect(try jobs.removeEnded(before: noon) == 0)
                #expect(try jobs.removeEnded(before: noon + .milliseconds(1)) == 2)
                let dead = try jobs.list(state: .dead).items
                #expect(dead.map(\.lastError) == ["no audio"])
                try jobs.runAgain(dead[0].id, at: noon + .seconds(9))
                let again = try jobs.find(dead[0].id)
                #expect(again?.state == .ready)
                #expect(again?.attempt == 0)
                #expect(again?.fence == 1)
                #expect(again?.lastError == nil)
            }
            for (operation, expected) in [(true, StorageError.Code.notFound), (false, .notFound)] {
                let failure = try await code {
                    try await database.write { transaction in
                        let id = Identifier<Job>(at: noon)
                        try operation
                            ? transaction.jobs.runAgain(id, at: noon) : transaction.jobs.cancel(id, at: noon)
                    }
                }
                #expect(failure == expected)
            }
        }
    }
}

/// A number that a test's closures share.
final class Counter: @unchecked Sendable {
    // Safe to share: the tests write it before they read it, never at the same time.
    var value = 0
}
