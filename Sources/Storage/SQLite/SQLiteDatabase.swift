// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
import Threads

/// A database in one file: one connection that writes and several that read beside it.
///
/// ```swift
/// let database = try await SQLiteDatabase.open(path: "oracy.db")
/// let count = try await database.read { transaction in try transaction.users.count() }
/// ```
public final class SQLiteDatabase: Database {
    /// How a database is opened; the defaults serve one server.
    public struct Configuration: Sendable, Hashable {
        /// How many transactions read at once.
        public var readers: Int = 4
        /// How long to wait for another process that writes.
        public var busyTimeout: Duration = .seconds(10)
        /// How many transactions may wait; further ones fail with code `overloaded`.
        public var queueLimit: Int = 4096
        /// How many waiting transactions share one commit.
        public var groupLimit: Int = 64
        /// The length of the write-ahead log, in pages of 4 KiB, at which it is moved into the database although
        /// transactions wait: 64 MB.
        public var checkpointPages: Int = 16_384
        /// The same when no transaction waits: 4 MB.
        public var idleCheckpointPages: Int = 1024
        /// Whether the whole file is checked when it is opened (`PRAGMA quick_check`).
        public var checksFile: Bool = true

        /// Creates the default configuration.
        public init() {}
    }

    private let writer: SQLiteWriter
    private let readers: SQLiteReaders

    /// Opens the file, makes it when it is absent, checks it and brings its schema up to date.
    ///
    /// Before an existing database is migrated, it is copied to a file beside it.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - configuration: How it is opened.
    ///   - clock: What the time is.
    ///   - onMigration: Called with what is being done to bring an existing database up to date, from another thread.
    /// - Throws: ``StorageError``, with code `newerSchema` when a newer version of the program has been here.
    public static func open(
        path: String, configuration: Configuration = Configuration(), clock: WallClock = .system,
        onMigration: @escaping @Sendable (MigrationStep) -> Void = { _ in }
    ) async throws -> SQLiteDatabase {
        try await open(
            path: path, configuration: configuration, clock: clock, migrations: SQLiteMigration.all,
            onMigration: onMigration)
    }

    static func open(
        path: String, configuration: Configuration, clock: WallClock, migrations: [SQLiteMigration],
        onMigration: @escaping @Sendable (MigrationStep) -> Void = { _ in }
    ) async throws -> SQLiteDatabase {
        let opener = ThreadPool(name: "sqlite-open", threads: 1)
        defer { opener.close() }
        return try await opener.run {
            try SQLiteFile(path: path).makeIfAbsent()
            let connection = try SQLiteConnection(
                path: path, access: .writing, busyTimeout: configuration.busyTimeout)
            let migrator = SQLiteMigrator(
                connection: connection, path: path, migrations: migrations, clock: clock, onStep: onMigration)
            try migrator.checkOwner()
            try connection.configureForWriting()
            if configuration.checksFile { try connection.check() }
            try migrator.migrate()
            return try SQLiteDatabase(writing: connection, path: path, configuration: configuration)
        }
    }

    private init(writing connection: SQLiteConnection, path: String, configuration: Configuration) throws {
        readers = try SQLiteReaders(path: path, configuration: configuration)
        writer = SQLiteWriter(connection: connection, configuration: configuration)
    }

    /// Queues reads; see ``Database/submitRead(_:completion:)``.
    public func submitRead(
        _ body: @escaping @Sendable (Transaction) throws -> Void,
        completion: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) {
        readers.submit(body, completion: completion)
    }

    /// Queues a transaction that writes; see ``Database/submitWrite(_:completion:)``.
    public func submitWrite(
        _ body: @escaping @Sendable (Transaction) throws -> Void,
        completion: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) {
        writer.submit(SQLiteWriter.Work(body: body, completion: completion))
    }

    /// Runs what waits, moves the log into the database, closes the file and ends the threads.
    public func close() async {
        await readers.close()
        await writer.close()
    }
}

extension SQLiteConnection {
    /// Reads the whole file and reports damage.
    func check() throws {
        let rows = try run("PRAGMA quick_check(1)", [])
        let verdict: String = try rows.first?.single() ?? ""
        guard verdict == "ok" else {
            throw StorageError(.corrupt, "the database file is damaged (quick_check); restore a backup")
        }
    }
}
