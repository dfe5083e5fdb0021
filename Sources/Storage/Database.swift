// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What a database driver gives inside a transaction; used by one thread at a time and never kept.
public protocol SQLConnection: AnyObject {
    /// Runs one statement and returns its rows.
    ///
    /// - Throws: ``StorageError``.
    func run(_ statement: Statement, _ arguments: [SQLValue]) throws -> [Row]
}

/// A database: SQLite today, PostgreSQL behind the same door.
///
/// Bodies run on threads of the driver's own, never on the cooperative pool, and hold a transaction: they must not
/// wait for anything but the database.
public protocol Database: Sendable {
    /// Runs reads that see one consistent state. Several may run at once.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value

    /// Runs reads and writes as one transaction: all of it is durable when this returns, or nothing happened.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value

    /// Finishes what runs and closes the files or connections.
    func close() async
}

/// An open transaction: the door to the repositories.
///
/// Repositories are extensions in files of their own (`transaction.users`, `transaction.jobs`, …).
public struct Transaction {
    /// The connection, for repositories.
    let connection: any SQLConnection

    /// Runs one statement; for repositories.
    @discardableResult
    func run(_ statement: Statement, _ arguments: [SQLValue] = []) throws -> [Row] {
        try connection.run(statement, arguments)
    }
}
