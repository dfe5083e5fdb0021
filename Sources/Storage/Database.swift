// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Synchronization

/// What a database driver gives inside a transaction; used by one thread at a time and never kept.
public protocol SQLConnection: AnyObject {
    /// Runs one statement and gives its rows one after another, to a body that runs no other.
    ///
    /// - Throws: ``StorageError``, and what `body` throws, which ends the statement.
    func run(_ statement: Statement, _ arguments: [SQLValue], each body: (Row) throws -> Void) throws
}

extension SQLConnection {
    /// Runs one statement and returns its rows.
    ///
    /// - Throws: ``StorageError``.
    @discardableResult
    func run(_ statement: Statement, _ arguments: [SQLValue]) throws -> [Row] {
        var rows: [Row] = []
        try run(statement, arguments) { rows.append($0) }
        return rows
    }
}

/// A database: SQLite today, PostgreSQL behind the same door.
///
/// Bodies run on threads of the driver's own, never on the cooperative pool, and hold a transaction: they must not
/// wait for anything but the database. A driver may have to run a body again from the start (a serialisation failure,
/// or a failure of a transaction it was grouped with), so a body has no effect outside the database.
///
/// Cancelling the calling task does not interrupt a transaction that has been submitted.
public protocol Database: Sendable {
    /// Queues reads that see one consistent state. Several may run at once.
    ///
    /// - Parameters:
    ///   - body: The reads; a thrown error is passed on to `completion`.
    ///   - completion: Called once, from any thread.
    func submitRead(
        _ body: @escaping @Sendable (Transaction) throws -> Void,
        completion: @escaping @Sendable (Result<Void, any Error>) -> Void)

    /// Queues reads and writes as one transaction.
    ///
    /// - Parameters:
    ///   - body: The work; when it throws, nothing of it is kept.
    ///   - completion: Called once, from any thread; with success only when everything is durable.
    func submitWrite(
        _ body: @escaping @Sendable (Transaction) throws -> Void,
        completion: @escaping @Sendable (Result<Void, any Error>) -> Void)

    /// Finishes what runs and closes the files or connections. Later calls fail with code `closed`.
    func close() async
}

extension Database {
    /// Runs reads that see one consistent state. Several may run at once.
    ///
    /// - Throws: What the body throws, or ``StorageError``.
    public func read<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value {
        let slot = Slot<Value>()
        return try await withCheckedThrowingContinuation { continuation in
            submitRead {
                slot.put(try body($0))
            } completion: { result in
                continuation.resume(with: result.flatMap { slot.result })
            }
        }
    }

    /// Runs reads and writes as one transaction: all of it is durable when this returns, or nothing happened.
    ///
    /// - Throws: What the body throws, or ``StorageError``.
    @discardableResult
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        let slot = Slot<Value>()
        return try await withCheckedThrowingContinuation { continuation in
            submitWrite {
                slot.put(try body($0))
            } completion: { result in
                continuation.resume(with: result.flatMap { slot.result })
            }
        }
    }
}

/// Carries a body's value from the driver's thread to the caller.
private final class Slot<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func put(_ new: Value) { value.withLock { $0 = new } }

    var result: Result<Value, any Error> {
        guard let value = value.withLock({ $0 }) else {
            return .failure(StorageError(.misuse, "the database driver reported success without running the body"))
        }
        return .success(value)
    }
}

/// An open transaction: the door to the repositories.
///
/// Repositories are extensions in files of their own (`transaction.users`, `transaction.jobs`, …).
public struct Transaction {
    /// The connection, for repositories.
    let connection: any SQLConnection

    /// Runs one statement; for repositories.
    @discardableResult
    func run(_ statement: Statement, _ arguments: [SQLValue]) throws -> [Row] {
        try connection.run(statement, arguments)
    }

    /// Runs one statement whose rows are many, and reads each before the next, so that they are never all in memory.
    func map<Value>(
        _ statement: Statement, _ arguments: [SQLValue], _ body: (inout Columns) throws -> Value
    ) throws -> [Value] {
        var values: [Value] = []
        try connection.run(statement, arguments) { values.append(try $0.decode(body)) }
        return values
    }

    /// Runs one statement; for repositories.
    ///
    /// ```swift
    /// try transaction.run("SELECT name FROM course WHERE id = ?1", course.id)
    /// ```
    @discardableResult
    func run(_ statement: Statement, _ arguments: any SQLConvertible...) throws -> [Row] {
        try connection.run(statement, arguments.map(\.sql))
    }
}
