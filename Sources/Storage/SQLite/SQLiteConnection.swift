// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CSQLite
import Domain

/// One connection to a SQLite file, with its prepared statements.
final class SQLiteConnection: SQLConnection, @unchecked Sendable {
    // Safe to pass on: opened without SQLite's own mutex, a connection is used by one thread at a time; the writer
    // thread owns its one, and a reader thread takes one out of the pool for the time of a transaction.

    /// What a connection is for.
    enum Access {
        /// The one connection that writes.
        case writing
        /// One of those that only read.
        case reading
    }

    private let handle: OpaquePointer
    private var isOpen = true
    private var prepared: [String: OpaquePointer] = [:]

    /// The number of pages in the write-ahead log after the latest commit.
    private(set) var logPages = 0

    /// Opens the file, which must be there.
    ///
    /// - Throws: ``StorageError``.
    init(path: String, access: Access, busyTimeout: Duration) throws {
        let flags = access == .writing ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
        var opened: OpaquePointer?
        let result = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard result == SQLITE_OK, let opened else {
            let error = StorageError(sqlite: result, of: opened)
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        sqlite3_busy_timeout(handle, Int32(clamping: busyTimeout.milliseconds))
        let hardened = oracy_harden(handle)
        guard hardened == SQLITE_OK else { throw StorageError(sqlite: hardened, of: handle) }
        try script("PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;")
        if access == .reading { try script("PRAGMA query_only = ON;") }
    }

    deinit { close() }

    /// Closes the file. The last connection to do so removes the log beside it.
    func close() {
        guard isOpen else { return }
        isOpen = false
        for statement in prepared.values { sqlite3_finalize(statement) }
        prepared = [:]
        sqlite3_close_v2(handle)
    }

    /// Makes the file's settings those of a database that several connections use and that survives a power cut.
    func configureForWriting() throws {
        let mode: String = try run("PRAGMA journal_mode = WAL", []).first?.single() ?? ""
        guard mode == "wal" else {
            throw StorageError(.io, "this file system does not allow a write-ahead log; use a local disk")
        }
        // The driver checkpoints when nobody waits, so SQLite must not do it within somebody's commit.
        try script(
            """
            PRAGMA synchronous = FULL;
            PRAGMA secure_delete = ON;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA journal_size_limit = \(64 << 20);
            """)
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue().logPages = Int(pages)
                return SQLITE_OK
            }, context)
    }

    /// Whether a transaction is open; SQLite ends one by itself after some failures, such as a full disk.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Moves committed pages from the log into the database, as far as readers allow, without waiting for them.
    func checkpoint() {
        var remaining: Int32 = 0
        var moved: Int32 = 0
        let result = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, &remaining, &moved)
        if result == SQLITE_OK { logPages = Int(max(0, remaining - moved)) }
    }

    /// Moves everything into the database and empties the log.
    func checkpointAndTruncate() {
        sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        logPages = 0
    }

    /// Runs several statements without arguments or results.
    func script(_ text: String) throws {
        let result = sqlite3_exec(handle, text, nil, nil, nil)
        guard result == SQLITE_OK else { throw StorageError(sqlite: result, of: handle) }
    }

    func run(_ statement: Statement, _ arguments: [SQLValue], each body: (Row) throws -> Void) throws {
        guard isOpen else { throw StorageError.databaseClosed }
        let prepared = try prepare(statement.sqlite)
        defer {
            sqlite3_reset(prepared)
            sqlite3_clear_bindings(prepared)
        }
        let expected = Int(sqlite3_bind_parameter_count(prepared))
        guard expected == arguments.count else {
            throw StorageError(.misuse, "a statement takes \(expected) arguments, not \(arguments.count)")
        }
        for (index, argument) in arguments.enumerated() {
            try bind(argument, to: prepared, at: Int32(index + 1))
        }
        let columns = sqlite3_column_count(prepared)
        while true {
            let result = sqlite3_step(prepared)
            switch result {
            case SQLITE_ROW: try body(Row((0..<columns).map { value(of: prepared, at: $0) }))
            case SQLITE_DONE: return
            default: throw StorageError(sqlite: result, of: handle)
            }
        }
    }

    private func prepare(_ text: String) throws -> OpaquePointer {
        if let statement = prepared[text] { return statement }
        var statement: OpaquePointer?
        let result = sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard result == SQLITE_OK else { throw StorageError(sqlite: result, of: handle) }
        guard let statement else { throw StorageError(.misuse, "an empty statement") }
        prepared[text] = statement
        return statement
    }

    private func bind(_ value: SQLValue, to statement: OpaquePointer, at index: Int32) throws {
        let result: Int32
        switch value {
        case .null: result = sqlite3_bind_null(statement, index)
        case .integer(let value): result = sqlite3_bind_int64(statement, index, value)
        case .real(let value): result = sqlite3_bind_double(statement, index, value)
        case .text(var value):
            result = value.withUTF8 { bytes in
                guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
                return bytes.withMemoryRebound(to: CChar.self) {
                    oracy_bindText(statement, index, $0.baseAddress, count)
                }
            }
        case .blob(let value):
            result = value.withUnsafeBytes { bytes in
                guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
                return oracy_bindBlob(statement, index, bytes.baseAddress, count)
            }
        }
        guard result == SQLITE_OK else { throw StorageError(sqlite: result, of: handle) }
    }

    private func value(of statement: OpaquePointer, at column: Int32) -> SQLValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            guard let start = sqlite3_column_text(statement, column) else { return .null }
            let count = Int(sqlite3_column_bytes(statement, column))
            return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            guard let start = sqlite3_column_blob(statement, column) else { return .blob([]) }
            let count = Int(sqlite3_column_bytes(statement, column))
            return .blob([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default: return .null
        }
    }
}
