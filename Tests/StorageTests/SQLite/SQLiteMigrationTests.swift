// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Foundation
import Synchronization
import TestPrograms
import Testing

@testable import Storage

@Suite struct SQLiteMigrationTests {
    private static let first = SQLiteMigration(
        number: 1, name: "first", sql: "CREATE TABLE a (x INTEGER NOT NULL) STRICT; INSERT INTO a VALUES (1);")
    private static let second = SQLiteMigration(
        number: 2, name: "second", sql: "ALTER TABLE a ADD COLUMN y TEXT; INSERT INTO a VALUES (2, 'two');")

    private static func open(_ path: String, _ migrations: [SQLiteMigration]) async throws -> SQLiteDatabase {
        try await SQLiteDatabase.open(
            path: path, configuration: .init(), clock: WallClock { noon }, migrations: migrations)
    }

    private static func rows(_ database: any Database, _ statement: Statement) async throws -> [Row] {
        try await database.read { try $0.run(statement) }
    }

    @Test func `numbers count from 1 without gaps`() {
        #expect(SQLiteMigration.all.map(\.number) == Array(1...SQLiteMigration.all.count))
    }

    @Test func `an old database is copied, then brought up to date`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.db")
        await (try Self.open(path, [Self.first])).close()
        #expect(folder.names == ["a.db"])
        let database = try await Self.open(path, [Self.first, Self.second])
        #expect(try await Self.rows(database, "SELECT x, y FROM a ORDER BY x").count == 2)
        let journal = try await Self.rows(database, "SELECT number, name, sha256, applied_at FROM schema_migration")
        #expect(
            journal
                == [Self.first, Self.second].map {
                    Row([$0.number.sql, $0.name.sql, $0.checksum.sql, noon.sql])
                })
        #expect(try await Self.rows(database, "PRAGMA user_version") == [Row([2.sql])])
        #expect(try await Self.rows(database, "PRAGMA application_id") == [Row([0x4F52_4359.sql])])
        await database.close()
        #expect(folder.names == ["a.db", "a.db.before-schema-2"])

        let copy = try await Self.open(folder.path("a.db.before-schema-2"), [Self.first])
        #expect(try await Self.rows(copy, "SELECT * FROM a") == [Row([1.sql])])
        await copy.close()
    }

    @Test func `says what is done to an old database, and how far it has come`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.db")
        let before = SQLiteMigration(
            number: 1, name: "before",
            sql: """
                CREATE TABLE response (id TEXT PRIMARY KEY) STRICT;
                WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2500)
                INSERT INTO response SELECT printf('%05d', x) FROM n;
                """)
        let copying = "INSERT INTO b SELECT r.id FROM response r WHERE 1"
        let long = SQLiteMigration(
            number: 2, name: "long",
            sql: "CREATE TABLE b (id TEXT) STRICT; \(copying); CREATE UNIQUE INDEX b_id ON b (id);",
            portion: .init(statement: copying, key: "r.id"))
        let steps = Mutex<[String]>([])
        func open(_ migrations: [SQLiteMigration]) async throws -> SQLiteDatabase {
            try await SQLiteDatabase.open(
                path: path, configuration: .init(), clock: WallClock { noon }, migrations: migrations
            ) { step in steps.withLock { $0.append("\(step)") } }
        }
        await (try open([before])).close()
        #expect(steps.withLock { $0 }.isEmpty)
        let database = try await open([before, long])
        #expect(
            try await Self.rows(database, "SELECT count(*), count(DISTINCT id) FROM b") == [Row([2500.sql, 2500.sql])])
        #expect(try await Self.rows(database, "SELECT name FROM sqlite_schema WHERE name = 'b_id'").count == 1)
        await database.close()
        #expect(
            steps.withLock { $0 } == [
                "copying the database to \(path).before-schema-2", "migration 2 of 2, long",
                "migration 2 of 2, long: 33 %",
                "migration 2 of 2, long: 66 %", "migration 2 of 2, long: 100 %",
            ])
    }

    @Test func `the statement that takes long stands in its migration`() {
        for migration in SQLiteMigration.all {
            if let portion = migration.portion { #expect(migration.sql.contains(portion.statement + ";")) }
        }
    }

    @Test func `opening again changes nothing`() async throws {
        let folder = try TemporaryFolder()
        for _ in 0..<2 { await (try Self.open(folder.path("a.db"), [Self.first, Self.second])).close() }
        #expect(folder.names == ["a.db"])
    }

    @Test func `a newer database is refused with advice`() async throws {
        let folder = try TemporaryFolder()
        await (try Self.open(folder.path("a.db"), [Self.first, Self.second])).close()
        let failure = await #expect(throws: StorageError.self) {
            _ = try await Self.open(folder.path("a.db"), [Self.first])
        }
        #expect(failure?.code == .newerSchema)
        #expect(failure?.message.contains("schema 2, this program knows up to 1") == true)
    }

    @Test func `a changed migration is refused`() async throws {
        let folder = try TemporaryFolder()
        await (try Self.open(folder.path("a.db"), [Self.first])).close()
        let changed = SQLiteMigration(number: 1, name: "first", sql: Self.first.sql + " ")
        for migrations in [[changed], [changed, Self.second]] {
            let failure = try await code { _ = try await Self.open(folder.path("a.db"), migrations) }
            #expect(failure == .changedMigration)
        }
    }

    @Test(
        "a migration that fails leaves the database as it was",
        arguments: [
            "ALTER TABLE a ADD COLUMN y TEXT; INSERT INTO nowhere VALUES (1);",
            "ALTER TABLE a ADD COLUMN y TEXT; COMMIT; SELECT 1;",
        ])
    func failure(sql: String) async throws {
        let folder = try TemporaryFolder()
        await (try Self.open(folder.path("a.db"), [Self.first])).close()
        let broken = SQLiteMigration(number: 2, name: "broken", sql: sql)
        let failure = try await code { _ = try await Self.open(folder.path("a.db"), [Self.first, broken]) }
        #expect(failure == .migration)
        if !sql.contains("COMMIT") {
            let database = try await Self.open(folder.path("a.db"), [Self.first])
            #expect(try await Self.rows(database, "SELECT * FROM a") == [Row([1.sql])])
            await database.close()
        }
    }

    @Test func `a process killed in the middle of a migration leaves the database as it was`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.db")
        await (try Self.open(path, [Self.first])).close()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let connection = try SQLiteConnection(path: path, access: .writing, busyTimeout: .seconds(1))
            try connection.configureForWriting()
            let migrator = SQLiteMigrator(
                connection: connection, path: path,
                migrations: [SQLiteMigrationTests.first, SQLiteMigrationTests.second],
                clock: WallClock { noon })
            try migrator.migrate { _ in kill(getpid(), SIGKILL) }
        }
        let database = try await Self.open(path, [Self.first])
        #expect(try await Self.rows(database, "SELECT * FROM a") == [Row([1.sql])])
        await database.close()
        let migrated = try await Self.open(path, [Self.first, Self.second])
        #expect(try await Self.rows(migrated, "SELECT * FROM a").count == 2)
        await migrated.close()
    }

    @Test func `two processes that migrate at once apply each migration once`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.db")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { await (try Self.open(path, [Self.first, Self.second])).close() }
            }
            try await group.waitForAll()
        }
        let database = try await Self.open(path, [Self.first, Self.second])
        #expect(try await Self.rows(database, "SELECT * FROM a").count == 2)
        await database.close()
    }

    @Test func `files of other programs are left alone`() async throws {
        let folder = try TemporaryFolder()
        let foreign = folder.path("foreign.db")
        try Data().write(to: URL(filePath: foreign))
        let connection = try SQLiteConnection(path: foreign, access: .writing, busyTimeout: .seconds(1))
        try connection.script("CREATE TABLE theirs (x); PRAGMA application_id = 7;")
        let before = try Data(contentsOf: URL(filePath: foreign))
        #expect(try await code { _ = try await Self.open(foreign, [Self.first]) } == .foreignFile)
        #expect(try Data(contentsOf: URL(filePath: foreign)) == before)

        let text = folder.path("text.db")
        try Data(String(repeating: "not a database ", count: 100).utf8).write(to: URL(filePath: text))
        #expect(try await code { _ = try await Self.open(text, [Self.first]) } == .corrupt)
        #expect(
            try await code { _ = try await Self.open(folder.path("no/such/folder.db"), [Self.first]) } == .cannotOpen)
    }
}
