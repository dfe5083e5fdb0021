// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Domain
import JSON
import Storage
import Testing

@testable import Auth

@Suite("Accounts")
struct AuthenticatorAccountTests {
    private func setUp(
        _ installation: TestInstallation, token: String, email: String = "head@school.example",
        password: String = TestInstallation.password
    ) async throws -> SignedIn {
        try await installation.authenticator.setUp(
            token: token, name: "Head", email: email, password: password,
            session: SessionRequest(kind: .browser, address: "127.0.0.1"))
    }

    @Test func `the set-up token makes the first administrator, once`() async throws {
        try await TestInstallation.use { installation in
            let authenticator = installation.authenticator
            let token = try #require(try await authenticator.setupToken())
            let signedIn = try await setUp(installation, token: token)
            #expect(signedIn.user.role == .admin)
            #expect(try await authenticator.authenticate(cookie: signedIn.cookieValue).role == .admin)
            #expect(try await installation.refusal("head") == nil)
            #expect(try await authenticator.setupToken() == nil)
            #expect(try await code { try await setUp(installation, token: token) } == .setupDone)
        }
    }

    @Test func `wrong, old and replaced set-up tokens are refused`() async throws {
        try await TestInstallation.use { installation in
            let authenticator = installation.authenticator
            #expect(try await code { try await setUp(installation, token: "") } == .wrongSetupToken)
            let first = try #require(try await authenticator.setupToken())
            let second = try #require(try await authenticator.setupToken())
            #expect(try await code { try await setUp(installation, token: first) } == .wrongSetupToken)
            #expect(try await code { try await setUp(installation, token: second + "A") } == .wrongSetupToken)
            installation.clock.advance(by: .seconds(3600))
            #expect(try await code { try await setUp(installation, token: second) } == .wrongSetupToken)
            let third = try #require(try await authenticator.setupToken())
            installation.clock.advance(by: .seconds(3599))
            _ = try await setUp(installation, token: third)
        }
    }

    @Test func `a refused set-up leaves the token usable`() async throws {
        try await TestInstallation.use { installation in
            let token = try #require(try await installation.authenticator.setupToken())
            #expect(try await code { try await setUp(installation, token: token, password: "short") } == .weakPassword)
            #expect(try await code { try await setUp(installation, token: token, email: "head") } == .invalidEmail)
            _ = try await setUp(installation, token: token)
        }
    }

    @Test func `of twenty set-ups at once one makes an administrator`() async throws {
        try await TestInstallation.use { installation in
            let token = try #require(try await installation.authenticator.setupToken())
            let codes = try await withThrowingTaskGroup(of: AuthError.Code?.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        try await code {
                            try await setUp(installation, token: token, email: "head\(index)@school.example")
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == nil } == 1)
            #expect(codes.count { $0 == .setupDone } == 19)
            #expect(try await installation.database.read { try $0.users.count() } == 1)
        }
    }

    @Test func `an address belongs to one account, however it is written`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let codes = try await withThrowingTaskGroup(of: AuthError.Code?.self) { group in
                for email in ["ANN@school.example", " ann@School.example"]
                    + Array(repeating: "bob@school.example", count: 8)
                {
                    group.addTask {
                        try await code {
                            try await installation.authenticator.createUser(
                                name: "X", email: email, password: TestInstallation.password, role: .student)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == nil } == 1)
            #expect(codes.count { $0 == .emailTaken } == 9)
        }
    }

    @Test(arguments: [
        ("", "a@b.example", AuthError.Code.invalidName), ("  \n ", "a@b.example", .invalidName),
        ("A\nB", "a@b.example", .invalidName), ("A\u{202E}B", "a@b.example", .invalidName),
        (String(repeating: "x", count: 201), "a@b.example", .invalidName), ("Ann", "ann", .invalidEmail),
    ])
    func `names and addresses are checked`(name: String, email: String, expected: AuthError.Code) async throws {
        try await TestInstallation.use { installation in
            let refusal = try await code {
                try await installation.authenticator.createUser(
                    name: name, email: email, password: TestInstallation.password, role: .student)
            }
            #expect(refusal == expected)
        }
    }

    @Test func `changing the password ends the other sessions and keeps this one`() async throws {
        try await TestInstallation.use { installation in
            let authenticator = installation.authenticator
            _ = try await installation.addUser("ann")
            let mine = try await installation.login("ann")
            let other = try await installation.login("ann", kind: .browser)
            let actor = try await authenticator.authenticate(accessToken: mine.access)
            let new = "another lantern 47 meadow"
            let old = TestInstallation.password
            #expect(
                try await code { try await authenticator.changePassword(of: actor, current: "wrong", new: new) }
                    == .wrongCredentials)
            #expect(
                try await code { try await authenticator.changePassword(of: actor, current: old, new: "short") }
                    == .weakPassword)
            #expect(
                try await code {
                    try await authenticator.changePassword(of: actor, current: old, new: "ann ann ann ann")
                }
                    == .weakPassword)
            try await authenticator.changePassword(of: actor, current: old, new: new)
            _ = try await authenticator.authenticate(accessToken: mine.access)
            _ = try await authenticator.refresh(token: mine.refresh)
            #expect(try await code { try await authenticator.authenticate(cookie: other.cookieValue) } == .invalidToken)
            #expect(try await installation.refusal("ann") == .wrongCredentials)
            #expect(try await installation.refusal("ann", password: new) == nil)
        }
    }

    @Test func `guessing the current password in a stolen session is delayed`() async throws {
        try await TestInstallation.use { installation in
            let authenticator = installation.authenticator
            _ = try await installation.addUser("ann")
            let actor = try await authenticator.authenticate(accessToken: try await installation.login("ann").access)
            var codes: [AuthError.Code?] = []
            for _ in 0..<6 {
                codes.append(
                    try await code {
                        try await authenticator.changePassword(
                            of: actor, current: "guess", new: "another lantern 47 meadow")
                    })
            }
            #expect(codes == Array(repeating: .wrongCredentials, count: 5) + [.delayed])
            #expect(try await installation.refusal("ann") == nil)
        }
    }

    @Test func `a reset gives a password that works, ends all sessions and clears delays`() async throws {
        try await TestInstallation.use { installation in
            let authenticator = installation.authenticator
            _ = try await installation.addUser("ann")
            let signedIn = try await installation.login("ann")
            for _ in 0..<6 { _ = try await installation.refusal("ann", password: "wrong") }
            let password = try await authenticator.resetPassword(email: "Ann@school.example")
            #expect(password.count == 23)
            #expect(try await code { try await authenticator.refresh(token: signedIn.refresh) } == .invalidToken)
            #expect(try await installation.refusal("ann", password: password) == nil)
            #expect(try await code { try await authenticator.resetPassword(email: "nobody@x.example") } == .unknownUser)
        }
    }

    @Test func `the last administrator can be neither disabled nor demoted`() async throws {
        try await TestInstallation.use { installation in
            let authenticator = installation.authenticator
            let first = try await installation.addUser("head", role: .admin)
            #expect(try await code { try await authenticator.setDisabled(true, user: first.id) } == .lastAdministrator)
            #expect(
                try await code { try await authenticator.updateUser(first.id) { $0.role = .student } }
                    == .lastAdministrator)
            #expect(try await installation.refusal("head") == nil)
            let second = try await installation.addUser("deputy", role: .admin)
            _ = try await authenticator.updateUser(first.id) { $0.role = .educator }
            #expect(
                try await code { try await authenticator.setDisabled(true, user: second.id) } == .lastAdministrator)
        }
    }

    @Test func `an update changes what it may and nothing else`() async throws {
        try await TestInstallation.use { installation in
            let authenticator = installation.authenticator
            let ann = try await installation.addUser("ann")
            _ = try await installation.addUser("bob")
            let changed = try await authenticator.updateUser(ann.id) {
                $0.name = " Ann B. "
                $0.email = "AnnB@school.example"
                $0.locale = "de"
                $0.id = Identifier(at: TestClock.start)
                $0.tenant = "elsewhere"
            }
            #expect(changed.name == "Ann B." && changed.email == "annb@school.example" && changed.locale == "de")
            #expect(changed.id == ann.id && changed.tenant == ann.tenant)
            #expect(
                try await code { try await authenticator.updateUser(ann.id) { $0.email = "bob@school.example" } }
                    == .emailTaken)
            #expect(
                try await code { try await authenticator.updateUser(ann.id, tenant: "elsewhere") { $0.name = "X" } }
                    == .unknownUser)
        }
    }

    @Test func `messages hold nothing that anybody typed`() async throws {
        try await TestInstallation.use { installation in
            let marker = "zebra-marker"
            var errors: [AuthError] = []
            do {
                _ = try await installation.authenticator.createUser(
                    name: marker, email: "\(marker)@x.example", password: marker + marker, role: .student)
            } catch let error as AuthError { errors.append(error) }
            do {
                _ = try await installation.authenticator.createUser(
                    name: marker, email: marker, password: TestInstallation.password, role: .student)
            } catch let error as AuthError { errors.append(error) }
            do {
                _ = try await installation.login(marker, password: marker)
            } catch let error as AuthError { errors.append(error) }
            #expect(errors.map(\.code) == [.weakPassword, .invalidEmail, .wrongCredentials])
            for error in errors { #expect(!String(reflecting: error).contains("zebra") && !"\(error)".isEmpty) }
        }
    }
}

@Suite("Signing keys")
struct SigningKeyTests {
    private func keyIDs(_ jwks: JSONValue) -> [String] { jwks["keys"]?.array?.compactMap { $0["kid"]?.string } ?? [] }

    @Test func `the key set has the current and the next key and no secret`() async throws {
        try await TestInstallation.use { installation in
            let keys = try #require(installation.authenticator.jwks["keys"]?.array)
            #expect(keys.count == 2)
            for key in keys {
                #expect(key.object?.keys == ["kty", "crv", "x", "kid", "alg", "use"])
                #expect(key["kty"] == "OKP" && key["crv"] == "Ed25519" && key["alg"] == "EdDSA" && key["use"] == "sig")
                #expect(Base64URL.decode(key["x"]?.string ?? "")?.count == 32)
            }
        }
    }

    @Test func `keys survive a restart`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let token = try await installation.login("ann").access
            let again = try await Authenticator(
                database: installation.database, configuration: installation.authenticator.configuration,
                clock: installation.clock.wall)
            #expect(again.jwks == installation.authenticator.jwks)
            _ = try await again.authenticate(accessToken: token)
        }
    }

    @Test func `after ninety days the next key signs, and the old one's tokens live out`() async throws {
        try await TestInstallation.use { installation in
            let authenticator = installation.authenticator
            _ = try await installation.addUser("ann")
            let before = keyIDs(authenticator.jwks)
            installation.clock.advance(by: .seconds(90 * 86_400 - 60))
            let old = try await installation.login("ann").access
            #expect(keyIDs(authenticator.jwks) == before)
            installation.clock.advance(by: .seconds(120))
            let new = try await installation.login("ann").access
            let after = keyIDs(authenticator.jwks)
            #expect(after.count == 3 && Array(after.prefix(2)) == before)
            func keyID(_ token: String) throws -> String? {
                let head = try #require(Base64URL.decode(token.utf8.prefix { $0 != UInt8(ascii: ".") }))
                return try JSONValue(parsing: head)["kid"]?.string
            }
            #expect(try keyID(old) == before[0])
            #expect(try keyID(new) == before[1])
            _ = try await authenticator.authenticate(accessToken: old)
            _ = try await authenticator.authenticate(accessToken: new)

            installation.clock.advance(by: .seconds(3600))
            let restarted = try await Authenticator(
                database: installation.database, configuration: authenticator.configuration,
                clock: installation.clock.wall)
            #expect(keyIDs(restarted.jwks) == Array(after.dropFirst()))
        }
    }

    @Test func `two servers that start at once agree on the keys`() async throws {
        try await TestInstallation.use { installation in
            installation.clock.advance(by: .seconds(200 * 86_400))
            let sets = try await withThrowingTaskGroup(of: JSONValue.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await Authenticator(
                            database: installation.database, configuration: installation.authenticator.configuration,
                            clock: installation.clock.wall
                        ).jwks
                    }
                }
                return try await group.reduce(into: Set<JSONValue>()) { $0.insert($1) }
            }
            #expect(sets.count == 1)
        }
    }
}
