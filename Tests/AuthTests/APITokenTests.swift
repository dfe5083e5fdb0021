// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Domain
import Storage
import Testing

@testable import Auth

@Suite("API tokens")
struct APITokenTests {
    private func actor(_ name: String, _ installation: TestInstallation) async throws -> Auth.Actor {
        let access = try await installation.login(name).access
        return try await installation.authenticator.authenticate(accessToken: access)
    }

    @Test func `let a program act as their owner until they are ended`() async throws {
        try await TestInstallation.use { installation in
            let ann = try await installation.addUser("ann", role: .educator)
            let authenticator = installation.authenticator
            let person = try await actor("ann", installation)
            let (token, text) = try await authenticator.createAPIToken(named: "Script", lifetime: nil, for: person)
            #expect(text.hasPrefix("oracy_") && text.utf8.count == 49)
            let program = try await authenticator.authenticate(apiToken: text)
            #expect(program.user == ann && program.session == nil && program.credentialID == token.id.text)
            #expect(try await authenticator.apiTokens(of: person).map(\.lastUsedAt) == [TestClock.start])
            #expect(try await authenticator.endAPIToken(token.id, of: person))
            await #expect(throws: AuthError.invalidToken) { try await authenticator.authenticate(apiToken: text) }
            #expect(try await installation.audited().suffix(2) == ["token.create", "token.end"])
        }
    }

    @Test func `are refused when they are over, changed, or their owner's account is disabled`() async throws {
        try await TestInstallation.use { installation in
            let ann = try await installation.addUser("ann")
            let authenticator = installation.authenticator
            let person = try await actor("ann", installation)
            let (_, lasting) = try await authenticator.createAPIToken(named: "a", lifetime: nil, for: person)
            let (_, brief) = try await authenticator.createAPIToken(named: "b", lifetime: .seconds(60), for: person)
            for bad in [
                "", "oracy_", String(lasting.dropLast()), lasting + "A", "oracy_" + String(repeating: "A", count: 43),
            ] {
                await #expect(throws: AuthError.invalidToken) { try await authenticator.authenticate(apiToken: bad) }
            }
            installation.clock.advance(by: .seconds(60))
            await #expect(throws: AuthError.expired) { try await authenticator.authenticate(apiToken: brief) }
            _ = try await authenticator.authenticate(apiToken: lasting)
            _ = try await authenticator.setDisabled(true, user: ann.id)
            await #expect(throws: AuthError.invalidToken) { try await authenticator.authenticate(apiToken: lasting) }
        }
    }

    @Test func `give no way to make others, to end sessions or to change the password`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let authenticator = installation.authenticator
            let person = try await actor("ann", installation)
            let (token, text) = try await authenticator.createAPIToken(named: "a", lifetime: nil, for: person)
            let program = try await authenticator.authenticate(apiToken: text)
            await #expect(throws: AuthError.loginRequired) {
                try await authenticator.createAPIToken(named: "b", lifetime: nil, for: program)
            }
            await #expect(throws: AuthError.loginRequired) {
                try await authenticator.endAPIToken(token.id, of: program)
            }
            await #expect(throws: AuthError.loginRequired) { try await authenticator.logoutAll(program) }
            await #expect(throws: AuthError.loginRequired) { try await authenticator.logout(program) }
            let session = try #require(person.session?.id)
            await #expect(throws: AuthError.loginRequired) { try await authenticator.endSession(session, of: program) }
            await #expect(throws: AuthError.loginRequired) {
                try await authenticator.changePassword(
                    of: program, current: TestInstallation.password, new: "quite another 4711 harbour")
            }
        }
    }

    @Test func `survive their owner's new password, and end with a reset by somebody else`() async throws {
        try await TestInstallation.use { installation in
            let ann = try await installation.addUser("ann")
            let authenticator = installation.authenticator
            let person = try await actor("ann", installation)
            let (_, text) = try await authenticator.createAPIToken(named: "a", lifetime: nil, for: person)
            try await authenticator.changePassword(
                of: person, current: TestInstallation.password, new: "quite another 4711 harbour")
            _ = try await authenticator.authenticate(apiToken: text)
            _ = try await authenticator.resetPassword(email: ann.email)
            await #expect(throws: AuthError.invalidToken) { try await authenticator.authenticate(apiToken: text) }
        }
    }

    @Test func `belong to one person, are limited in number, and leave only a digest`() async throws {
        try await TestInstallation.use({ $0.apiTokensPerUser = 2 }) { installation in
            _ = try await installation.addUser("ann")
            _ = try await installation.addUser("bob")
            let authenticator = installation.authenticator
            let ann = try await actor("ann", installation)
            let bob = try await actor("bob", installation)
            let (token, text) = try await authenticator.createAPIToken(named: "a", lifetime: nil, for: ann)
            _ = try await authenticator.createAPIToken(named: "b", lifetime: nil, for: ann)
            await #expect(throws: AuthError.tooManyTokens) {
                try await authenticator.createAPIToken(named: "c", lifetime: nil, for: ann)
            }
            await #expect(throws: AuthError.invalidName) {
                try await authenticator.createAPIToken(named: " \n", lifetime: nil, for: bob)
            }
            #expect(try await !authenticator.endAPIToken(token.id, of: bob))
            #expect(try await authenticator.apiTokens(of: bob).isEmpty)
            let found = try await installation.database.read { transaction in
                try (
                    transaction.apiTokens.find(hash: SHA256.hash(text.utf8))?.token.id,
                    transaction.apiTokens.find(hash: Array(text.utf8))?.token.id
                )
            }
            #expect(found == (token.id, nil))
        }
    }
}
