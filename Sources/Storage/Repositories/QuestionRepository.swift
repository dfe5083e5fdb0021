// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
public import Domain
import JSON

extension Transaction {
    /// Questions and their versions.
    public var questions: QuestionRepository { QuestionRepository(transaction: self) }
}

/// A question as one viewer sees it. The expected answer is in it: what a student may see is decided by the caller.
public struct QuestionSummary: Sendable, Hashable {
    /// The question with its current version.
    public var question: Question
    /// The viewer's part in its course; nil for an administrator who is no member.
    public var part: Membership.Part?
    /// How many answers all its versions have.
    public var responseCount: Int
    /// How many of them are the viewer's.
    public var myResponseCount: Int
}

/// Questions and their versions.
public struct QuestionRepository {
    let transaction: Transaction

    /// Adds a question with its first version.
    ///
    /// - Throws: ``StorageError`` with code `constraint` when the course does not exist.
    public func insert(_ question: Question) throws {
        try transaction.run(
            Self.table.insert, question.id, question.tenant, question.course, question.current.number,
            question.createdAt)
        try insert(question.current, of: question.id)
        try noteExpectedAnswer(of: question.id)
    }

    /// The question, if the viewer belongs to its course or is an administrator.
    public func find(_ id: Identifier<Question>, visibleTo viewer: Viewer) throws -> QuestionSummary? {
        try transaction.run(
            Self.visible(where: "x.id = ?4"), viewer.user, viewer.tenant, viewer.isAdmin, id
        ).first?.decode(Self.summary)
    }

    /// The question whoever asks; for work that the server does by itself.
    public func load(_ id: Identifier<Question>) throws -> Question? {
        try transaction.run(Self.table.one, id).first?.decode(Self.question)
    }

    /// The questions of a course, or of all courses that the viewer sees; oldest first, as they were set.
    public func list(
        course: Identifier<Course>? = nil, visibleTo viewer: Viewer, page: PageRequest = PageRequest()
    ) throws -> Page<QuestionSummary> {
        let filter = course == nil ? "?6 IS NULL" : "x.course = ?6"
        let questions = try transaction.run(
            Self.visible(where: "x.id > ?4 AND \(filter) ORDER BY x.id LIMIT ?5"),
            viewer.user, viewer.tenant, viewer.isAdmin, page.above, page.limit + 1, course
        ).map { try $0.decode(Self.summary) }
        return Page(probing: questions, page) { $0.question.id.text }
    }

    /// All questions of a course that the viewer sees, oldest first, without counting their answers.
    public func all(in course: Identifier<Course>, visibleTo viewer: Viewer) throws -> [Question] {
        try transaction.run(
            Self.table.visible(where: "x.course = ?4 ORDER BY x.id"), viewer.user, viewer.tenant, viewer.isAdmin, course
        ).map { row in
            try row.decode { columns in
                let question = try Self.question(&columns)
                _ = try columns.next(Membership.Part?.self)
                return question
            }
        }
    }

    /// One version; for work on an answer that was given to it.
    public func version(_ id: Identifier<QuestionVersion>) throws -> QuestionVersion? {
        try transaction.run(Self.table.version, id).first?.decode(Self.version)
    }

    /// All versions of a question, newest first.
    public func versions(of id: Identifier<Question>) throws -> [QuestionVersion] {
        try transaction.run(Self.table.versions, id).map { try $0.decode(Self.version) }
    }

    /// Changes what is asked: in place while nobody has answered the current version and no answers are scored by it, else
    /// as a new version, because an answer must stay beside the question it was given to, and a score beside what it was
    /// made by.
    ///
    /// - Parameter draft: The new wording; its number is not used, its id only for a new version.
    /// - Returns: The question as it is now.
    /// - Throws: ``StorageError`` with code `notFound`.
    public func revise(_ id: Identifier<Question>, as draft: QuestionVersion) throws -> Question {
        guard var question = try load(id) else { throw StorageError.notFound("question") }
        let isInUse: Bool =
            try transaction.run(
                """
                SELECT EXISTS (SELECT 1 FROM response WHERE question_version = ?1)
                    OR EXISTS (SELECT 1 FROM rescoring WHERE question_version = ?1)
                """, question.current.id
            ).first?.single() ?? false
        var version = draft
        if isInUse {
            version.number = question.current.number + 1
            try insert(version, of: id)
            try transaction.run(Self.table.advance, id, version.number)
        } else {
            version.id = question.current.id
            version.number = question.current.number
            try transaction.run(
                """
                UPDATE question_version
                SET title = ?2, prompt = ?3, expected_answer = ?4, language = ?5, time_limit = ?6, created_at = ?7,
                    languages = ?8, key_points = ?9, withheld = ?10, partial_credit = ?11,
                    contradicted_credit = ?12, scenario = ?13, facts = ?14, vocabulary = ?15
                WHERE id = ?1
                """,
                version.id, version.title, version.prompt, version.expectedAnswer, version.language,
                version.timeLimit, version.createdAt, LanguageCoding.document(version.languages),
                KeyPointCoding.document(version.keyPoints), version.isWithheld, version.partialCredit,
                version.contradictedCredit, version.scenario, FactCoding.document(version.facts),
                KeyPointCoding.texts(version.vocabulary))
        }
        try noteExpectedAnswer(of: id)
        question.current = version
        return question
    }

    /// The version whose key points say what answers to a version earn: itself, or the one that answers were rescored by.
    public func scoringVersion(of id: Identifier<QuestionVersion>) throws -> Identifier<QuestionVersion> {
        let newer: Identifier<QuestionVersion>?? = try transaction.run(
            "SELECT scored_by FROM question_version WHERE id = ?1", id
        ).first?.single()
        return newer.flatMap { $0 } ?? id
    }

    /// The SHA-256 of what a version expects, and by which answers are scored: expected answer, language, key points, and
    /// what those earn that are said in part or contradicted.
    func digest(of id: Identifier<QuestionVersion>) throws -> String? {
        guard let version = try version(id) else { return nil }
        let document: JSONValue = [
            .string(version.expectedAnswer), .optional(version.language), KeyPointCoding.document(version.keyPoints),
            .number(version.partialCredit), .number(version.contradictedCredit),
        ]
        return Hexadecimal.encode(SHA256.hash(document.text.utf8))
    }

    /// Adds a version by which the answers to earlier ones are scored too; nothing is changed in place.
    ///
    /// - Parameters:
    ///   - draft: The new version; its number is not used.
    ///   - versions: Those whose answers it scores.
    /// - Returns: The version with its number.
    /// - Throws: ``StorageError`` with code `notFound`.
    func supersede(
        _ versions: [Identifier<QuestionVersion>], of id: Identifier<Question>, by draft: QuestionVersion
    ) throws -> QuestionVersion {
        guard let question = try load(id) else { throw StorageError.notFound("question") }
        var version = draft
        version.number = question.current.number + 1
        try insert(version, of: id)
        try transaction.run(Self.table.advance, id, version.number)
        for earlier in versions {
            try transaction.run("UPDATE question_version SET scored_by = ?2 WHERE id = ?1", earlier, version.id)
        }
        try noteExpectedAnswer(of: id)
        return version
    }

    private func insert(_ version: QuestionVersion, of question: Identifier<Question>) throws {
        try transaction.run(
            """
            INSERT INTO question_version
                (id, question, number, title, prompt, expected_answer, language, time_limit, created_at,
                languages, key_points, withheld, partial_credit, contradicted_credit, scenario, facts, vocabulary)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
            """,
            version.id, question, version.number, version.title, version.prompt, version.expectedAnswer,
            version.language, version.timeLimit, version.createdAt, LanguageCoding.document(version.languages),
            KeyPointCoding.document(version.keyPoints), version.isWithheld, version.partialCredit,
            version.contradictedCredit, version.scenario, FactCoding.document(version.facts),
            KeyPointCoding.texts(version.vocabulary))
    }

    private static let table = VersionedTable(
        name: "question",
        versionColumns: """
            v.id, v.number, v.title, v.prompt, v.expected_answer, v.key_points, v.partial_credit,
            v.contradicted_credit, v.scenario, v.facts, v.vocabulary, v.language, v.languages, v.time_limit, v.withheld, v.created_at
            """)

    private static func visible(where condition: String) -> Statement {
        table.visible(
            with: """
                , (SELECT count(*) FROM response r WHERE r.question = x.id),
                (SELECT count(*) FROM response r WHERE r.question = x.id AND r.owner = ?1)
                """, where: condition)
    }

    private static func version(_ columns: inout Columns) throws -> QuestionVersion {
        QuestionVersion(
            id: try columns.next(), number: try columns.next(), title: try columns.next(), prompt: try columns.next(),
            expectedAnswer: try columns.next(), keyPoints: try KeyPointCoding.keyPoints(try columns.next()),
            partialCredit: try columns.next(), contradictedCredit: try columns.next(), scenario: try columns.next(),
            facts: try FactCoding.facts(try columns.next()), vocabulary: try KeyPointCoding.texts(try columns.next()),
            language: try columns.next(),
            languages: try LanguageCoding.expected(try columns.next()),
            timeLimit: try columns.next(), isWithheld: try columns.next(),
            createdAt: try columns.next())
    }

    private static func question(_ columns: inout Columns) throws -> Question {
        Question(
            id: try columns.next(), tenant: try columns.next(), course: try columns.next(),
            current: try version(&columns), createdAt: try columns.next())
    }

    private static func summary(_ columns: inout Columns) throws -> QuestionSummary {
        QuestionSummary(
            question: try question(&columns), part: try columns.next(), responseCount: try columns.next(),
            myResponseCount: try columns.next())
    }
}
