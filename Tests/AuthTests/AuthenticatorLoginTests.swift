// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Storage
import Testing

@testable import Auth

@Suite("Logins")
struct AuthenticatorLoginTests {
    @Test func `a wrong password, an unknown address and a text that is no address get the same answer`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            func refusal(_ email: String) async -> AuthError? {
                do {
                    _ = try await installation.authenticator.login(
                        email: email, password: "not the password", session: SessionRequest(kind: .api))
                    return nil
                } catch { return error as? AuthError }
            }
            let wrong = await refusal("ann@school.example")
            #expect(wrong?.code == .wrongCredentials)
            #expect(await refusal("nobody@school.example") == wrong)
            #expect(await refusal("not an address") == wrong)
            #expect(await refusal("") == wrong)
        }
    }

    @Test func `an unknown address costs a password check like a known one`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let hasher = installation.authenticator.hasher
            for name in ["ann", "nobody"] {
                let before = hasher.verifications
                #expect(try await installation.refusal(name, password: "not the password") == .wrongCredentials)
                #expect(hasher.verifications == before + 1)
            }
        }
    }

    @Test func `known and unknown addresses are delayed alike`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            for name in ["ann", "nobody"] {
                var codes: [AuthError.Code?] = []
                for _ in 0..<7 { codes.append(try await installation.refusal(name, password: "wrong", from: nil)) }
                #expect(codes == Array(repeating: .wrongCredentials, count: 5) + [.delayed, .delayed])
            }
        }
    }

    @Test func `addresses are found however they are written`() async throws {
        try await TestInstallation.use { installation in
            let ann = try await installation.addUser("ann")
            let signedIn = try await installation.authenticator.login(
                email: "  ANN@School.Example ", password: TestInstallation.password, session: SessionRequest(kind: .api)
            )
            #expect(signedIn.user.id == ann.id)
        }
    }

    @Test func `the right password is refused during a delay and accepted after it`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            for _ in 0..<6 { _ = try await installation.refusal("ann", password: "wrong") }
            #expect(try await installation.refusal("ann") == .delayed)
            installation.clock.advance(by: .seconds(1))
            #expect(try await installation.refusal("ann") == nil)
            // And everything is forgotten.
            for _ in 0..<5 {
                #expect(try await installation.refusal("ann", password: "wrong") == .wrongCredentials)
            }
        }
    }

    @Test func `a delay tells how long to wait and holds for one network only`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            for failures in 0..<8 {
                _ = try await installation.refusal("ann", password: "wrong", from: "198.51.100.9")
                if failures >= 4 { installation.clock.advance(by: .seconds(1 << (failures - 4))) }
            }
            // Eight failures: the last one must be waited for eight seconds, and they are over.
            #expect(try await installation.refusal("ann", password: "wrong", from: "198.51.100.9") == .wrongCredentials)
            let error = await #expect(throws: AuthError.self) {
                try await installation.login("ann", from: "198.51.100.200")
            }
            #expect(error?.code == .delayed && error?.retryAfter == .seconds(16))
            #expect(try await installation.refusal("ann", from: "192.0.2.7") == nil)
        }
    }

    @Test func `many guesses at once are counted before they are checked`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let hasher = installation.authenticator.hasher
            let before = hasher.verifications
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<40 {
                    group.addTask { _ = try await installation.refusal("ann", password: "wrong") }
                }
                try await group.waitForAll()
            }
            #expect(hasher.verifications == before + 5)
        }
    }

    @Test func `after a hundred failures in a row only known networks and a reset open an account`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            #expect(try await installation.refusal("ann", from: "192.0.2.7") == nil)
            let hasher = installation.authenticator.hasher
            let before = hasher.verifications
            for network in 0..<60 {
                for _ in 0..<5 {
                    _ = try await installation.refusal("ann", password: "wrong", from: "10.0.\(network).1")
                }
            }
            #expect(hasher.verifications == before + 100)
            #expect(try await installation.refusal("ann", from: "10.0.99.1") == .attemptsExhausted)
            #expect(try await installation.refusal("ann", from: "192.0.2.99") == nil)

            for network in 0..<60 {
                for _ in 0..<5 {
                    _ = try await installation.refusal("ann", password: "wrong", from: "10.1.\(network).1")
                }
            }
            #expect(try await installation.refusal("ann", from: "10.1.99.1") == .attemptsExhausted)
            let password = try await installation.authenticator.resetPassword(email: "ann@school.example")
            #expect(try await installation.refusal("ann", password: password, from: "10.1.99.1") == nil)
        }
    }

    @Test func `an unknown address is exhausted like a known one`() async throws {
        try await TestInstallation.use { installation in
            for network in 0..<20 {
                for _ in 0..<5 {
                    _ = try await installation.refusal("nobody", password: "wrong", from: "10.0.\(network).1")
                }
            }
            #expect(try await installation.refusal("nobody", from: "10.0.99.1") == .attemptsExhausted)
        }
    }

    @Test func `one network may fail thirty times a minute over all accounts, and succeed as often as it likes`()
        async throws
    {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            for _ in 0..<40 { #expect(try await installation.refusal("ann") == nil) }
            for index in 0..<30 {
                #expect(try await installation.refusal("user\(index)", password: "wrong") == .wrongCredentials)
            }
            #expect(try await installation.refusal("ann") == .delayed)
            #expect(try await installation.refusal("ann", from: "198.51.100.1") == nil)
            installation.clock.advance(by: .seconds(2))
            #expect(try await installation.refusal("ann") == nil)
        }
    }

    @Test func `an old delay is forgotten after a day`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            for _ in 0..<5 { _ = try await installation.refusal("ann", password: "wrong") }
            installation.clock.advance(by: .seconds(86_400))
            for _ in 0..<5 {
                #expect(try await installation.refusal("ann", password: "wrong") == .wrongCredentials)
            }
            #expect(try await installation.refusal("ann", password: "wrong") == .delayed)
        }
    }

    @Test func `a disabled account is told so only with the right password`() async throws {
        try await TestInstallation.use { installation in
            let ann = try await installation.addUser("ann")
            let signedIn = try await installation.login("ann")
            let cookie = try await installation.login("ann", kind: .browser).cookieValue
            let disabled = try await installation.authenticator.setDisabled(true, user: ann.id)
            #expect(disabled.isDisabled)
            #expect(try await installation.refusal("ann") == .accountDisabled)
            #expect(try await installation.refusal("ann", password: "wrong") == .wrongCredentials)
            let authenticator = installation.authenticator
            #expect(
                try await code { try await authenticator.authenticate(accessToken: signedIn.access) } == .invalidToken)
            #expect(try await code { try await authenticator.authenticate(cookie: cookie) } == .invalidToken)
            #expect(try await code { try await authenticator.refresh(token: signedIn.refresh) } == .invalidToken)
            // Enabling brings no old session back.
            _ = try await authenticator.setDisabled(false, user: ann.id)
            #expect(try await code { try await authenticator.authenticate(cookie: cookie) } == .invalidToken)
            #expect(try await installation.refusal("ann") == nil)
        }
    }

    @Test func `a login renews a hash of another cost`() async throws {
        try await TestInstallation.use { installation in
            let ann = try await installation.addUser("ann")
            func hash() async throws -> String? {
                try await installation.database.read { try $0.users.credentials(ann.id)?.passwordHash }
            }
            let old = try await hash()
            #expect(old?.hasPrefix("$argon2id$v=19$m=8,t=1,p=1$") == true)
            _ = try await installation.login("ann")
            #expect(try await hash() == old)
            var configuration = installation.authenticator.configuration
            configuration.passwordCost = .floor
            let stronger = try await Authenticator(
                database: installation.database, configuration: configuration, clock: installation.clock.wall)
            _ = try await stronger.login(
                email: ann.email, password: TestInstallation.password, session: SessionRequest(kind: .api))
            #expect(try await hash()?.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$") == true)
            #expect(try await installation.refusal("ann") == nil)
        }
    }

    @Test func `too many logins at once are refused and not counted as failures`() async throws {
        try await TestInstallation.use({
            $0.hashingThreads = 1
            $0.hashingQueueLimit = 0
        }) { installation async throws in
            // With no room to wait, nothing is ever taken.
            #expect(try await installation.refusal("ann") == .overloaded)
            for _ in 0..<20 { #expect(try await installation.refusal("ann") == .overloaded) }
        }
    }

    @Test func `a password of more than 1,024 bytes is wrong without being computed`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let before = installation.authenticator.hasher.verifications
            #expect(
                try await installation.refusal("ann", password: String(repeating: "x", count: 1025))
                    == .wrongCredentials)
            #expect(installation.authenticator.hasher.verifications == before)
        }
    }
}
