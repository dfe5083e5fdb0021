// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
public import Domain
import JSON

extension Transaction {
    /// Rubrics and their versions.
    public var rubrics: RubricRepository { RubricRepository(transaction: self) }
}

/// A rubric as one viewer sees it.
public struct RubricSummary: Sendable, Hashable {
    /// The rubric.
    public var rubric: Rubric
    /// The viewer's part in its course; nil for an administrator who is no member.
    public var part: Membership.Part?
}

/// Rubrics and their versions. A version that a mark was given by never changes.
public struct RubricRepository {
    let transaction: Transaction

    /// Adds a rubric with its first version.
    ///
    /// - Throws: ``StorageError`` with code `constraint` when the course does not exist.
    public func insert(_ rubric: Rubric) throws {
        try transaction.run(
            Self.table.insert, rubric.id, rubric.tenant, rubric.course, rubric.current.number, rubric.createdAt)
        try insert(rubric.current, of: rubric.id)
    }

    /// The rubric, if the viewer belongs to its course or is an administrator.
    public func find(_ id: Identifier<Rubric>, visibleTo viewer: Viewer) throws -> RubricSummary? {
        try transaction.run(
            Self.table.visible(where: "x.id = ?4"), viewer.user, viewer.tenant, viewer.isAdmin, id
        ).first?.decode(Self.summary)
    }

    /// The rubrics of a course, oldest first; none when the viewer doesn't belong to it.
    public func list(of course: Identifier<Course>, visibleTo viewer: Viewer) throws -> [RubricSummary] {
        try transaction.run(
            Self.table.visible(where: "x.course = ?4 ORDER BY x.id"), viewer.user, viewer.tenant, viewer.isAdmin, course
        ).map { try $0.decode(Self.summary) }
    }

    /// The version that new marks are given by; nil when there is no such rubric.
    public func current(_ id: Identifier<Rubric>) throws -> RubricVersion? {
        try load(id)?.current
    }

    /// One version; for showing a mark that was given by it.
    public func version(_ id: Identifier<RubricVersion>) throws -> RubricVersion? {
        try transaction.run(Self.table.version, id).first?.decode(Self.version)
    }

    /// All versions of a rubric, newest first.
    public func versions(of id: Identifier<Rubric>) throws -> [RubricVersion] {
        try transaction.run(Self.table.versions, id).map { try $0.decode(Self.version) }
    }

    /// Changes a rubric: in place while nobody has marked by the current version, else as a new version, because a
    /// mark must stay beside the criteria it was given by.
    ///
    /// - Parameter draft: The new content; its number is not used, its id only for a new version.
    /// - Returns: The rubric as it is now.
    /// - Throws: ``StorageError`` with code `notFound`.
    public func revise(_ id: Identifier<Rubric>, as draft: RubricVersion) throws -> Rubric {
        guard var rubric = try load(id) else { throw StorageError.notFound("rubric") }
        let isUsed: Bool =
            try transaction.run("SELECT EXISTS (SELECT 1 FROM mark WHERE rubric_version = ?1)", rubric.current.id)
            .first?.single() ?? false
        var version = draft
        if isUsed {
            version.number = rubric.current.number + 1
            try insert(version, of: id)
            try transaction.run(Self.table.advance, id, version.number)
        } else {
            version.id = rubric.current.id
            version.number = rubric.current.number
            try transaction.run(
                "UPDATE rubric_version SET title = ?2, criteria = ?3, global_scale = ?4, created_at = ?5 WHERE id = ?1",
                version.id, version.title, RubricCoding.document(version.criteria),
                RubricCoding.document(version.globalScale), version.createdAt)
        }
        rubric.current = version
        return rubric
    }

    /// The SHA-256 of what a version of a rubric says: its title, criteria with levels and weights, and global scale.
    public func digest(of id: Identifier<RubricVersion>) throws -> String? {
        guard let version = try version(id) else { return nil }
        let document: JSONValue = [
            .string(version.title), RubricCoding.document(version.criteria), RubricCoding.document(version.globalScale),
        ]
        return Hexadecimal.encode(SHA256.hash(document.text.utf8))
    }

    /// Which share of a question's answers a second person marks, unless somebody says otherwise.
    public static let usualSecondShare = 0.2

    /// Says what answers to a question are marked by; nil for nothing.
    ///
    /// - Parameters:
    ///   - rubric: The rubric.
    ///   - question: The question.
    ///   - share: Which share of the answers a second person marks, 0...1; nil for the one that was said before, or the
    ///     usual one.
    /// - Throws: ``StorageError`` with code `constraint` when one of them does not exist.
    public func assign(
        _ rubric: Identifier<Rubric>?, to question: Identifier<Question>, secondShare share: Double? = nil
    ) throws {
        let share = try share ?? secondShare(of: question) ?? Self.usualSecondShare
        if let rubric {
            try transaction.run(
                """
                INSERT INTO question_rubric (question, rubric, second_share) VALUES (?1, ?2, ?3)
                ON CONFLICT (question) DO UPDATE SET rubric = excluded.rubric, second_share = excluded.second_share
                """, question, rubric, share)
        } else {
            try transaction.run("DELETE FROM question_rubric WHERE question = ?1", question)
        }
        try transaction.markingQueue.refresh(answersTo: question)
    }

    /// Which share of a question's answers a second person marks; nil while it has no rubric.
    public func secondShare(of question: Identifier<Question>) throws -> Double? {
        try transaction.run("SELECT second_share FROM question_rubric WHERE question = ?1", question).first?.single()
    }

    /// What answers to a question are marked by; nil when nobody has said so.
    public func assigned(to question: Identifier<Question>) throws -> Rubric? {
        try transaction.run(
            """
            SELECT \(Self.table.columns) FROM \(Self.table.source) JOIN question_rubric a ON a.rubric = x.id
            WHERE a.question = ?1
            """, question
        ).first?.decode(Self.rubric)
    }

    /// The version that an answer is marked by: that of its first mark, so that all its marks can be compared, else
    /// the current one of its question's rubric.
    public func version(for response: Response) throws -> RubricVersion? {
        let used: Identifier<RubricVersion>? = try transaction.run(
            "SELECT rubric_version FROM mark WHERE response = ?1 ORDER BY id LIMIT 1", response.id
        ).first?.single()
        if let used { return try version(used) }
        return try response.question.flatMap { try assigned(to: $0)?.current }
    }

    private func load(_ id: Identifier<Rubric>) throws -> Rubric? {
        try transaction.run(Self.table.one, id).first?.decode(Self.rubric)
    }

    private func insert(_ version: RubricVersion, of rubric: Identifier<Rubric>) throws {
        try transaction.run(
            """
            INSERT INTO rubric_version (id, rubric, number, title, criteria, global_scale, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            version.id, rubric, version.number, version.title, RubricCoding.document(version.criteria),
            RubricCoding.document(version.globalScale), version.createdAt)
    }

    private static let table = VersionedTable(
        name: "rubric",
        versionColumns: "v.id, v.number, v.title, v.criteria, v.global_scale, v.created_at")

    private static func version(_ columns: inout Columns) throws -> RubricVersion {
        RubricVersion(
            id: try columns.next(), number: try columns.next(), title: try columns.next(),
            criteria: try RubricCoding.criteria(try columns.next()),
            globalScale: try RubricCoding.levels(try columns.next()), createdAt: try columns.next())
    }

    private static func rubric(_ columns: inout Columns) throws -> Rubric {
        Rubric(
            id: try columns.next(), tenant: try columns.next(), course: try columns.next(),
            current: try version(&columns), createdAt: try columns.next())
    }

    private static func summary(_ columns: inout Columns) throws -> RubricSummary {
        RubricSummary(rubric: try rubric(&columns), part: try columns.next())
    }
}
