// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Transaction {
    /// What is known about the stored audio files.
    public var recordings: RecordingRepository { RecordingRepository(transaction: self) }
}

/// How much one person has stored, for quotas.
public struct RecordingUsage: Sendable, Hashable {
    /// How many files there are.
    public var files: Int
    /// Their bytes together.
    public var bytes: Int64
}

/// What is known about the stored audio files. The files themselves belong to the recordings store.
public struct RecordingRepository {
    let transaction: Transaction

    /// Adds a recording whose file is safe on disk.
    ///
    /// - Throws: ``StorageError`` with code `unique` when the path is taken.
    public func insert(_ recording: Recording, tenant: String = Tenant.single) throws {
        try transaction.run(
            """
            INSERT INTO recording
                (id, owner, state, path, size, sha256, original_name, format, duration, created_at, tenant)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """,
            recording.id, recording.owner, recording.state, recording.path, recording.size, recording.sha256,
            recording.originalName, recording.format, recording.duration, recording.createdAt, tenant)
    }

    /// The recording, if the viewer may see the response it belongs to.
    public func find(_ id: Identifier<Recording>, visibleTo viewer: Viewer) throws -> Recording? {
        try transaction.run(
            """
            SELECT \(Self.columns) FROM recording a JOIN response r ON r.recording = a.id
            WHERE \(ResponseRepository.visible) AND a.id = ?4
            """,
            viewer.user, viewer.tenant, viewer.isAdmin, id
        ).first?.decode(Self.recording)
    }

    /// The recording whoever asks; for work that the server does by itself.
    public func load(_ id: Identifier<Recording>) throws -> Recording? {
        try transaction.run("SELECT \(Self.columns) FROM recording a WHERE a.id = ?1", id)
            .first?.decode(Self.recording)
    }

    /// Stores what decoding has found out.
    ///
    /// - Throws: ``StorageError`` with code `notFound`.
    public func setContent(_ id: Identifier<Recording>, format: String, duration: Double) throws {
        let changed = try transaction.run(
            "UPDATE recording SET format = ?2, duration = ?3 WHERE id = ?1 RETURNING id", id, format, duration)
        guard !changed.isEmpty else { throw StorageError.notFound("recording") }
    }

    /// Notes that the audio is to be removed; the caller unlinks the file when the transaction is durable.
    ///
    /// - Returns: The file's path below the recordings folder.
    /// - Throws: ``StorageError`` with code `notFound`.
    public func markErased(_ id: Identifier<Recording>) throws -> String {
        let paths: [String] = try transaction.run(
            "UPDATE recording SET state = 'erased' WHERE id = ?1 RETURNING path", id
        ).map { try $0.single() }
        guard let path = paths.first else { throw StorageError.notFound("recording") }
        return path
    }

    /// The paths of all files that must be there, for the janitor who removes the others.
    public func paths() throws -> Set<String> {
        let paths: [String] = try transaction.run("SELECT path FROM recording WHERE state <> 'erased'").map {
            try $0.single()
        }
        return Set(paths)
    }

    /// How much a person has stored.
    public func usage(of owner: Identifier<User>) throws -> RecordingUsage {
        let row = try transaction.run(
            "SELECT count(*), coalesce(sum(size), 0) FROM recording WHERE owner = ?1 AND state <> 'erased'", owner
        ).first
        return try row?.decode { RecordingUsage(files: try $0.next(), bytes: try $0.next()) }
            ?? RecordingUsage(files: 0, bytes: 0)
    }

    static let columns = """
        a.id, a.owner, a.state, a.path, a.size, a.sha256, a.original_name, a.format, a.duration, a.created_at
        """

    static func recording(_ columns: inout Columns) throws -> Recording {
        Recording(
            id: try columns.next(), owner: try columns.next(), state: try columns.next(), path: try columns.next(),
            size: try columns.next(), sha256: try columns.next(), originalName: try columns.next(),
            format: try columns.next(), duration: try columns.next(), createdAt: try columns.next())
    }
}
