// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
public import Domain

/// What an administrator does at the machine itself, without logging in: whoever can read the database may do it.
public struct Administration: Sendable {
    private let authenticator: Authenticator

    /// Opens the configured database.
    ///
    /// - Throws: `StorageError`, ``HomeError``.
    public init(_ configuration: ServerConfiguration) async throws {
        try Home.prepare(configuration.home)
        let database = try await Home.openDatabase(configuration)
        var auth = AuthConfiguration()
        auth.passwordCost = PasswordCost(
            iterations: configuration.passwords.operations, memoryKiB: configuration.passwords.memoryBytes >> 10)
        authenticator = try await Authenticator(database: database, configuration: auth)
    }

    /// Makes an account that may do everything.
    ///
    /// - Throws: `AuthError` when the address, the name or the password is not acceptable.
    public func createAdministrator(name: String, email: String, password: String) async throws -> User {
        try await authenticator.createUser(name: name, email: email, password: password, role: .admin)
    }

    /// Gives an account a new random password and ends all its sessions.
    ///
    /// - Returns: The password; it is stored nowhere else.
    public func resetPassword(email: String) async throws -> String {
        try await authenticator.resetPassword(email: email)
    }
}
