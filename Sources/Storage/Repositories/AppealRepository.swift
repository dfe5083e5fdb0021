// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Transaction {
    /// Students' objections to released grades.
    public var appeals: AppealRepository { AppealRepository(transaction: self) }
}

/// An appeal with what is shown beside it.
public struct AppealDetails: Sendable, Hashable {
    /// The appeal.
    public var appeal: Appeal
    /// The name of who objects.
    public var authorName: String
    /// The name of who has answered it.
    public var resolverName: String?
    /// The title of the question that was answered.
    public var questionTitle: String
    /// The course of the question.
    public var course: Identifier<Course>
}

/// Students' objections to released grades: one an answer.
public struct AppealRepository {
    let transaction: Transaction

    /// Adds an appeal.
    ///
    /// - Throws: ``StorageError`` with code `unique` when the answer has one.
    public func insert(_ appeal: Appeal) throws {
        try transaction.run(
            "INSERT INTO appeal (id, response, author, text, state, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            appeal.id, appeal.response, appeal.author, appeal.text, appeal.state, appeal.createdAt)
    }

    /// The appeal of an answer, whoever asks; the caller has found the answer for somebody who may see it.
    public func find(of response: Identifier<Response>) throws -> AppealDetails? {
        try transaction.run("\(Self.select) WHERE a.response = ?1", response).first?.decode(Self.details)
    }

    /// The appeal, if the viewer may see its answer.
    public func find(_ id: Identifier<Appeal>, visibleTo viewer: Viewer) throws -> AppealDetails? {
        try transaction.run(
            "\(Self.select) WHERE \(ResponseRepository.visible) AND a.id = ?4",
            viewer.user, viewer.tenant, viewer.isAdmin, id
        ).first?.decode(Self.details)
    }

    /// The appeals of a course, or of everything that the viewer sees; oldest first.
    public func list(
        course: Identifier<Course>? = nil, state: Appeal.State? = nil, visibleTo viewer: Viewer,
        page: PageRequest = PageRequest()
    ) throws -> Page<AppealDetails> {
        let byCourse = course == nil ? "?6 IS NULL" : "q.course = ?6"
        let byState = state == nil ? "?7 IS NULL" : "a.state = ?7"
        let appeals = try transaction.run(
            """
            \(Self.select) WHERE \(ResponseRepository.visible) AND a.id > ?4 AND \(byCourse) AND \(byState)
            ORDER BY a.id LIMIT ?5
            """,
            viewer.user, viewer.tenant, viewer.isAdmin, page.above, page.limit + 1, course, state
        ).map { try $0.decode(Self.details) }
        return Page(probing: appeals, page) { $0.appeal.id.text }
    }

    /// How many appeals of a course, or of everything that the viewer sees, are open.
    public func openCount(course: Identifier<Course>? = nil, visibleTo viewer: Viewer) throws -> Int {
        try transaction.run(
            """
            SELECT count(*) FROM appeal a JOIN response r ON r.id = a.response JOIN question q ON q.id = r.question
            WHERE \(ResponseRepository.visible) AND a.state = 'open' AND \(course == nil ? "?4 IS NULL" : "q.course = ?4")
            """,
            viewer.user, viewer.tenant, viewer.isAdmin, course
        ).first?.single() ?? 0
    }

    /// Answers an open appeal, and tells the student so.
    ///
    /// - Parameters:
    ///   - id: The appeal.
    ///   - user: Who answers.
    ///   - reason: What they say.
    ///   - mark: The mark that they give instead; nil when the grade stays.
    ///   - time: When.
    /// - Throws: ``StorageError`` with code `invalidState` when it has been answered.
    public func resolve(
        _ id: Identifier<Appeal>, by user: Identifier<User>, reason: String, newMark mark: Identifier<Mark>?,
        at time: Timestamp
    ) throws {
        let changed = try transaction.run(
            """
            UPDATE appeal SET state = 'resolved', resolver = ?2, resolution = ?3, new_mark = ?4, resolved_at = ?5
            WHERE id = ?1 AND state = 'open' RETURNING response
            """, id, user, reason, mark, time)
        guard let response: Identifier<Response> = try changed.first?.single() else {
            throw StorageError(.invalidState, "the appeal has been answered")
        }
        try transaction.notices.add(.appealResolved, about: response, at: time)
    }

    /// Whether a course has an educator who can log in and has neither given nor marked an answer.
    public func hasUninvolvedEducator(
        in course: Identifier<Course>, for response: Identifier<Response>
    ) throws -> Bool {
        try transaction.run(
            """
            SELECT EXISTS (SELECT 1 FROM membership m JOIN "user" u ON u.id = m."user"
                WHERE m.course = ?1 AND m.part = 'educator' AND u.role <> 'student' AND u.disabled = 0
                    AND NOT EXISTS (SELECT 1 FROM mark k WHERE k.response = ?2 AND k.marker = u.id)
                    AND NOT EXISTS (SELECT 1 FROM response r WHERE r.id = ?2 AND r.owner = u.id))
            """, course, response
        ).first?.single() ?? false
    }

    private static let select = """
        SELECT a.id, a.response, a.author, a.text, a.state, a.resolver, a.resolution, a.new_mark, a.created_at,
            a.resolved_at, u.name, z.name, v.title, q.course
        FROM appeal a
        JOIN response r ON r.id = a.response
        JOIN question q ON q.id = r.question
        JOIN question_version v ON v.id = r.question_version
        JOIN "user" u ON u.id = a.author
        LEFT JOIN "user" z ON z.id = a.resolver
        """

    private static func details(_ columns: inout Columns) throws -> AppealDetails {
        AppealDetails(
            appeal: Appeal(
                id: try columns.next(), response: try columns.next(), author: try columns.next(),
                text: try columns.next(), state: try columns.next(), resolver: try columns.next(),
                resolution: try columns.next(), newMark: try columns.next(), createdAt: try columns.next(),
                resolvedAt: try columns.next()),
            authorName: try columns.next(), resolverName: try columns.next(), questionTitle: try columns.next(),
            course: try columns.next())
    }
}
