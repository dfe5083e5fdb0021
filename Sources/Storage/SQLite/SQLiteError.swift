// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CSQLite

extension StorageError {
    /// Translates SQLite's result. Of SQLite's own message only names of columns are kept, never values.
    init(sqlite result: Int32, of database: OpaquePointer?) {
        let extended = database.map { sqlite3_extended_errcode($0) } ?? result
        let native = database.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? ""
        let code: Code
        let message: String
        var constraint: String?
        switch (extended & 0xFF, extended) {
        case (SQLITE_CONSTRAINT, SQLITE_CONSTRAINT_UNIQUE_CODE), (SQLITE_CONSTRAINT, SQLITE_CONSTRAINT_PRIMARYKEY_CODE):
            code = .unique
            constraint = native.split(separator: ": ", maxSplits: 1).last.map(String.init)
            message = "a row with the same key exists (\(constraint ?? "unknown key"))"
        case (SQLITE_CONSTRAINT, SQLITE_CONSTRAINT_FOREIGNKEY_CODE):
            code = .constraint
            message = "a row refers to another that does not exist, or is still referred to"
        case (SQLITE_CONSTRAINT, SQLITE_CONSTRAINT_TRIGGER_CODE):
            code = .constraint
            message = native
        case (SQLITE_CONSTRAINT, _):
            code = .constraint
            message = "a value is not allowed by the schema"
        case (SQLITE_BUSY, _), (SQLITE_LOCKED, _):
            code = .busy
            message = "another process is using the database; try again, or stop the other process"
        case (SQLITE_FULL, _):
            code = .full
            message = "the disk is full or the database has reached its size limit; free some space"
        case (SQLITE_CORRUPT, _), (SQLITE_NOTADB, _):
            code = .corrupt
            message = "the database file is damaged or no database; restore a backup"
        case (SQLITE_READONLY, _):
            code = .readOnly
            message = "the database may not be written; check the owner and rights of the file and its folder"
        case (SQLITE_CANTOPEN, _):
            code = .cannotOpen
            message = "the database can't be opened; check that its folder exists and may be written"
        case (SQLITE_IOERR, _), (SQLITE_NOMEM, _), (SQLITE_PERM, _), (SQLITE_PROTOCOL, _):
            code = .io
            message = "the operating system failed to read or write the database (SQLite result \(extended))"
        case (SQLITE_TOOBIG, _):
            code = .constraint
            message = "a value is too large to be stored"
        default:
            code = .misuse
            message = "SQLite refuses a statement (result \(extended)): \(native)"
        }
        self.init(code, message, constraint: constraint, nativeCode: extended)
    }
}

// The extended codes are C macros with arithmetic, which Swift does not import (sqlite3.h, "Extended Result Codes").
private let SQLITE_CONSTRAINT_FOREIGNKEY_CODE = SQLITE_CONSTRAINT | 3 << 8
private let SQLITE_CONSTRAINT_PRIMARYKEY_CODE = SQLITE_CONSTRAINT | 6 << 8
private let SQLITE_CONSTRAINT_TRIGGER_CODE = SQLITE_CONSTRAINT | 7 << 8
private let SQLITE_CONSTRAINT_UNIQUE_CODE = SQLITE_CONSTRAINT | 8 << 8
