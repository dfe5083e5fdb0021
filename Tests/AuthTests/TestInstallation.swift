// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import Foundation
import Storage
import Synchronization
import TestPrograms
import Testing

/// A clock that stands still until a test moves it.
final class TestClock: Sendable {
    /// 2026-03-02T08:00:00Z.
    static let start = Timestamp(milliseconds: 1_772_438_400_000)

    private let time = Mutex(TestClock.start)

    var wall: WallClock { WallClock { [self] in time.withLock { $0 } } }

    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}

/// A database in a temporary file with an authenticator on it, and the first administrator set up.
struct TestInstallation: Sendable {
    static let password = "violet harbour tango 91"

    let clock: TestClock
    let database: any Database
    let authenticator: Authenticator

    /// Runs a test on a new installation and removes it.
    ///
    /// - Parameters:
    ///   - change: Changes the configuration from that of fast tests.
    static func use(
        _ change: (inout AuthConfiguration) -> Void = { _ in }, _ body: (TestInstallation) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let clock = TestClock()
        let database = try await SQLiteDatabase.open(path: folder.path("test.db"), clock: clock.wall)
        var configuration = AuthConfiguration()
        configuration.passwordCost = .weakForTests
        change(&configuration)
        let authenticator = try await Authenticator(
            database: database, configuration: configuration, clock: clock.wall)
        do {
            try await body(TestInstallation(clock: clock, database: database, authenticator: authenticator))
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }

    /// Makes an account with ``password``.
    func addUser(_ name: String, role: Role = .student) async throws -> User {
        try await authenticator.createUser(
            name: name, email: "\(name)@school.example", password: Self.password, role: role)
    }

    func login(
        _ name: String, password: String = password, kind: Session.Kind = .api, from address: String? = "192.0.2.7"
    ) async throws -> SignedIn {
        try await authenticator.login(
            email: "\(name)@school.example", password: password,
            session: SessionRequest(kind: kind, userAgent: "Test/1", address: address))
    }

    /// The code that a login is refused with; nil when it succeeds.
    func refusal(
        _ name: String, password: String = password, from address: String? = "192.0.2.7"
    ) async throws -> AuthError.Code? {
        try await code { try await login(name, password: password, from: address) }
    }

    /// The actions in the audit log, oldest first.
    func audited() async throws -> [String] {
        try await database.read { try $0.audit.list().items.map(\.action).reversed() }
    }
}

/// The code of the error that an operation fails with; nil when it succeeds.
func code<Value>(of operation: () async throws -> Value) async throws -> AuthError.Code? {
    do {
        _ = try await operation()
        return nil
    } catch let error as AuthError {
        return error.code
    }
}

extension SignedIn {
    var access: String { get throws { try #require(accessToken) } }
    var refresh: String { get throws { try #require(refreshToken) } }
    var cookieValue: String { get throws { try #require(cookie) } }
}
