// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
import JSON

extension Transaction {
    /// What people find of answers.
    public var marks: MarkRepository { MarkRepository(transaction: self) }
}

/// A mark with the name of who gave it.
public struct StoredMark: Sendable, Hashable {
    /// The mark.
    public var mark: Mark
    /// The name of its marker.
    public var markerName: String
}

/// What a final mark was at some time.
public struct MarkRevision: Sendable, Hashable {
    /// The mark's version.
    public var version: Int
    /// What the answer earned by it.
    public var score: Double
    /// Why it was given or changed.
    public var reason: String?
    /// When.
    public var createdAt: Timestamp
}

/// What people find of answers. Who may see which mark is decided by the caller.
public struct MarkRepository {
    let transaction: Transaction

    /// All marks of an answer, oldest first.
    public func list(of response: Identifier<Response>) throws -> [StoredMark] {
        try transaction.run(
            """
            SELECT \(Self.columns), u.name FROM mark m JOIN "user" u ON u.id = m.marker
            WHERE m.response = ?1 ORDER BY m.id
            """, response
        ).map { row in try row.decode { StoredMark(mark: try Self.mark(&$0), markerName: try $0.next()) } }
    }

    /// A marker's own mark of an answer; nil until it has been begun.
    public func find(_ response: Identifier<Response>, by marker: Identifier<User>) throws -> Mark? {
        try transaction.run(
            "SELECT \(Self.columns) FROM mark m WHERE m.response = ?1 AND m.marker = ?2 AND m.kind = 'marker'",
            response, marker
        ).first?.decode(Self.mark)
    }

    /// Marks of all answers in the order of their ids; for work that looks at all of them.
    ///
    /// - Parameters:
    ///   - previous: Where to go on after; nil for the first ones.
    ///   - limit: How many at most.
    public func all(after previous: Identifier<Mark>? = nil, limit: Int = 200) throws -> [Mark] {
        try transaction.run(
            "SELECT \(Self.columns) FROM mark m WHERE ?1 IS NULL OR m.id > ?1 ORDER BY m.id LIMIT ?2", previous, limit
        ).map { try $0.decode(Self.mark) }
    }

    /// Stores a mark in place of the version that its marker has seen. Every final version is kept.
    ///
    /// - Parameters:
    ///   - mark: The mark; its version is not used.
    ///   - version: The version that it follows; 0 for a new mark.
    /// - Returns: The mark with its version.
    /// - Throws: ``StorageError`` with code `conflict` when there is another version, `unique` when the marker has
    ///   begun a mark meanwhile.
    public func store(_ mark: Mark, after version: Int) throws -> Mark {
        var stored = mark
        stored.version = version + 1
        stored.rubricDigest = try transaction.rubrics.digest(of: mark.rubricVersion)
        let levels = RubricCoding.document(mark.levels)
        let comments = RubricCoding.document(mark.comments)
        if version == 0 {
            try transaction.run(
                """
                INSERT INTO mark (id, response, rubric_version, marker, kind, state, levels, global_rating, comments,
                    reason, score, version, created_at, updated_at, reason_wanted, rubric_sha256)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, ?12, ?13, ?14, ?15)
                """,
                mark.id, mark.response, mark.rubricVersion, mark.marker, mark.kind, mark.state, levels,
                mark.globalRating, comments, mark.reason, mark.score, mark.createdAt, mark.updatedAt,
                mark.isReasonWanted, stored.rubricDigest)
        } else {
            let changed = try transaction.run(
                """
                UPDATE mark SET state = ?2, levels = ?3, global_rating = ?4, comments = ?5, reason = ?6, score = ?7,
                    version = version + 1, updated_at = ?8, reason_wanted = ?10, rubric_sha256 = ?11
                WHERE id = ?1 AND version = ?9 RETURNING id
                """,
                mark.id, mark.state, levels, mark.globalRating, comments, mark.reason, mark.score, mark.updatedAt,
                version, mark.isReasonWanted, stored.rubricDigest)
            guard !changed.isEmpty else {
                throw StorageError(.conflict, "the mark has been changed meanwhile; read it again")
            }
        }
        if mark.state == .final {
            try transaction.run(
                """
                INSERT INTO mark_revision (mark, version, levels, global_rating, comments, reason, score, created_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                """,
                mark.id, stored.version, levels, mark.globalRating, comments, mark.reason, mark.score, mark.updatedAt)
        }
        return stored
    }

    /// What a mark has been since it was final, newest first.
    public func revisions(of mark: Identifier<Mark>) throws -> [MarkRevision] {
        try transaction.run(
            "SELECT version, score, reason, created_at FROM mark_revision WHERE mark = ?1 ORDER BY version DESC", mark
        ).map { row in
            try row.decode { columns in
                MarkRevision(
                    version: try columns.next(), score: try columns.next(), reason: try columns.next(),
                    createdAt: try columns.next())
            }
        }
    }

    private static let columns = """
        m.id, m.response, m.rubric_version, m.marker, m.kind, m.state, m.levels, m.global_rating, m.comments,
        m.reason, m.reason_wanted, m.rubric_sha256, m.score, m.version, m.created_at, m.updated_at
        """

    private static func mark(_ columns: inout Columns) throws -> Mark {
        Mark(
            id: try columns.next(), response: try columns.next(), rubricVersion: try columns.next(),
            marker: try columns.next(), kind: try columns.next(), state: try columns.next(),
            levels: try RubricCoding.chosen(try columns.next()), globalRating: try columns.next(),
            comments: try RubricCoding.comments(try columns.next()), reason: try columns.next(),
            isReasonWanted: try columns.next(), rubricDigest: try columns.next(), score: try columns.next(),
            version: try columns.next(), createdAt: try columns.next(), updatedAt: try columns.next())
    }
}
