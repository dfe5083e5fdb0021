// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Domain

/// One step of the schema, forward only. Once released, its text never changes: its SHA-256 is stored and compared.
struct SQLiteMigration: Sendable {
    /// Counts from 1 without gaps.
    let number: Int
    /// What it brings, for people.
    let name: String
    /// The statements, without any that begin or end a transaction.
    let sql: String
    /// The one of its statements that takes long where there are many answers; nil where none does.
    var portion: Portion?

    /// A statement that can be run for some answers after the other.
    struct Portion: Sendable {
        /// The statement as it stands in the text, with a condition at its end.
        let statement: String
        /// What it calls the id of an answer.
        let key: String
    }

    /// The SHA-256 of the text.
    var checksum: String { Hexadecimal.encode(SHA256.hash(sql.utf8)) }
}

/// Brings a SQLite file's schema up to date.
struct SQLiteMigrator {
    /// Says whose file it is, in the file's header: "ORCY".
    static let applicationID: Int64 = 0x4F52_4359

    let connection: SQLiteConnection
    let path: String
    let migrations: [SQLiteMigration]
    let clock: WallClock
    /// Called with what is being done to a database that has had migrations before.
    var onStep: (MigrationStep) -> Void = { _ in }

    /// Refuses files of other programs, before anything is written into them.
    func checkOwner() throws {
        let (owner, tables) = try inSnapshot {
            let tables: Int64? = try connection.run("SELECT count(*) FROM sqlite_schema", []).first?.single()
            return (try pragma("application_id"), tables ?? 0)
        }
        if owner == Self.applicationID { return }
        guard owner == 0, tables == 0 else {
            throw StorageError(.foreignFile, "this file is a database of another program: \(path)")
        }
    }

    /// Applies what is missing, each migration in a transaction of its own.
    ///
    /// - Parameter beforeCommit: Called in each transaction when all is written; for tests that fail here.
    /// - Throws: ``StorageError``; migrations before the one that failed stay.
    func migrate(beforeCommit: (SQLiteMigration) throws -> Void = { _ in }) throws {
        let latest = migrations.last?.number ?? 0
        let version = try inSnapshot { try verify() }
        guard version < latest else { return }
        if version > 0 {
            // So that a migration can be taken back by hand.
            let copy = "\(path).before-schema-\(version + 1)"
            onStep(.copying(to: copy))
            try SQLiteFile(path: path).copy(to: copy, through: connection)
        }
        for migration in migrations where migration.number > version {
            func report(_ share: Double) {
                guard version > 0 else { return }
                onStep(.applying(number: migration.number, last: latest, name: migration.name, share: share))
            }
            report(0)
            try apply(migration, beforeCommit: beforeCommit, report)
        }
    }

    /// Compares what the database has had with what the program knows.
    ///
    /// - Returns: The number of the latest migration; 0 for a new file.
    private func verify() throws -> Int {
        let version = Int(try pragma("user_version"))
        let latest = migrations.last?.number ?? 0
        guard version <= latest else {
            throw StorageError(
                .newerSchema,
                """
                the database has schema \(version), this program knows up to \(latest); \
                run the newer version of the program, or restore a backup made before the update
                """)
        }
        guard version > 0 else { return 0 }
        let stored = try connection.run("SELECT number, sha256 FROM schema_migration ORDER BY number", []).map { row in
            try row.decode { (number: try $0.next(Int.self), checksum: try $0.next(String.self)) }
        }
        let known = migrations.prefix(version).map { (number: $0.number, checksum: $0.checksum) }
        guard stored.count == known.count, zip(stored, known).allSatisfy({ $0 == $1 }) else {
            throw StorageError(
                .changedMigration,
                """
                the database was made by a different build: the text of a migration it has had is not this program's; \
                run the build that made it
                """)
        }
        return version
    }

    private func apply(
        _ migration: SQLiteMigration, beforeCommit: (SQLiteMigration) throws -> Void, _ report: (Double) -> Void
    ) throws {
        try connection.run("BEGIN EXCLUSIVE", [])
        do {
            // Another process may have been here while this one waited for the lock.
            if try verify() < migration.number {
                try connection.script(Self.journalTable)
                try run(migration, report)
                guard connection.isInTransaction else {
                    throw StorageError(.migration, "a migration must not end its transaction")
                }
                try connection.run(
                    "INSERT INTO schema_migration (number, name, sha256, applied_at) VALUES (?1, ?2, ?3, ?4)",
                    [migration.number.sql, migration.name.sql, migration.checksum.sql, clock.now().sql])
                try connection.script(
                    "PRAGMA user_version = \(migration.number); PRAGMA application_id = \(Self.applicationID);")
                try beforeCommit(migration)
            }
            try connection.run("COMMIT", [])
        } catch {
            if connection.isInTransaction { _ = try? connection.run("ROLLBACK", []) }
            guard let error = error as? StorageError else { throw error }
            throw StorageError(
                error.code == .misuse ? .migration : error.code,
                "migration \(migration.number) (\(migration.name)) failed, nothing of it was kept: \(error.message)",
                constraint: error.constraint, nativeCode: error.nativeCode)
        }
    }

    /// Runs the statements; the one that takes long for so many answers at once that there is something to report.
    private func run(_ migration: SQLiteMigration, _ report: (Double) -> Void) throws {
        guard let portion = migration.portion, let place = migration.sql.firstRange(of: portion.statement) else {
            return try connection.script(migration.sql)
        }
        try connection.script(String(migration.sql[..<place.lowerBound]))
        let ends: [String] = try connection.run(
            """
            SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM response)
            WHERE number % \(Self.portionSize) = 0
            """, []
        ).map { try $0.single() }
        let bounds = [nil] + ends.map(Optional.some) + [nil]
        for (index, (first, last)) in zip(bounds, bounds.dropFirst()).enumerated() {
            try connection.run(
                Statement(
                    portion.statement
                        + " AND (?1 IS NULL OR \(portion.key) > ?1) AND (?2 IS NULL OR \(portion.key) <= ?2)"),
                [first.sql, last.sql])
            report(Double(index + 1) / Double(bounds.count - 1))
        }
        // What follows the statement and its semicolon.
        try connection.script(String(migration.sql[place.upperBound...].drop { $0 == ";" }))
    }

    /// How many answers a portion has.
    private static let portionSize = 1_000

    /// Reads several things as they are at one moment: another process may be migrating.
    private func inSnapshot<Value>(_ body: () throws -> Value) throws -> Value {
        try connection.run("BEGIN", [])
        defer { _ = try? connection.run("ROLLBACK", []) }
        return try body()
    }

    private func pragma(_ name: String) throws -> Int64 {
        try connection.run(Statement("PRAGMA \(name)"), []).first?.single() ?? 0
    }

    private static let journalTable = """
        CREATE TABLE IF NOT EXISTS schema_migration (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            applied_at INTEGER NOT NULL
        ) STRICT;
        """
}
