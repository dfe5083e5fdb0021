// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Transaction {
    /// Courses and who belongs to them.
    public var courses: CourseRepository { CourseRepository(transaction: self) }
}

/// A course as one viewer sees it.
public struct CourseSummary: Sendable, Hashable {
    /// The course.
    public var course: Course
    /// The viewer's part in it; nil for an administrator who is no member.
    public var part: Membership.Part?
    /// How many questions it has.
    public var questionCount: Int
    /// How many people belong to it.
    public var memberCount: Int
}

/// One person of a course.
public struct CourseMember: Sendable, Hashable {
    /// The person.
    public var user: User
    /// What they do in the course.
    public var part: Membership.Part
}

/// Courses and who belongs to them.
public struct CourseRepository {
    let transaction: Transaction

    /// Adds a course.
    public func insert(_ course: Course) throws {
        try transaction.run(
            """
            INSERT INTO course (id, tenant, name, language, created_at, languages, tone)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            course.id, course.tenant, course.name, course.language, course.createdAt,
            LanguageCoding.document(course.languages), course.readsTone)
    }

    /// Stores a course's name, languages, and whether tone is read.
    ///
    /// - Throws: ``StorageError`` with code `notFound`.
    public func update(_ course: Course) throws {
        let changed = try transaction.run(
            """
            UPDATE course SET name = ?3, language = ?4, languages = ?5, tone = ?6
            WHERE id = ?1 AND tenant = ?2 RETURNING id
            """,
            course.id, course.tenant, course.name, course.language, LanguageCoding.document(course.languages),
            course.readsTone)
        guard !changed.isEmpty else { throw StorageError.notFound("course") }
    }

    /// Whether the tone of answers to a question version is read: its course decides.
    ///
    /// - Throws: ``StorageError`` with code `notFound` when there is no such version.
    public func readsTone(of version: Identifier<QuestionVersion>) throws -> Bool {
        let row = try transaction.run(
            """
            SELECT c.tone FROM question_version v JOIN question q ON q.id = v.question JOIN course c ON c.id = q.course
            WHERE v.id = ?1
            """,
            version
        ).first
        guard let row else { throw StorageError.notFound("question version") }
        return try row.single()
    }

    /// The course, if the viewer belongs to it or is an administrator.
    public func find(_ id: Identifier<Course>, visibleTo viewer: Viewer) throws -> CourseSummary? {
        try transaction.run(
            """
            SELECT \(Self.summaryColumns)
            FROM course c LEFT JOIN membership m ON m.course = c.id AND m."user" = ?1
            WHERE c.tenant = ?2 AND (?3 = 1 OR m.part IS NOT NULL) AND c.id = ?4
            """,
            viewer.user, viewer.tenant, viewer.isAdmin, id
        ).first?.decode(Self.summary)
    }

    /// The courses that the viewer belongs to, all of the tenant for an administrator; newest first.
    public func list(visibleTo viewer: Viewer, page: PageRequest = PageRequest()) throws -> Page<CourseSummary> {
        let courses = try transaction.run(
            """
            SELECT \(Self.summaryColumns)
            FROM course c LEFT JOIN membership m ON m.course = c.id AND m."user" = ?1
            WHERE c.tenant = ?2 AND (?3 = 1 OR m.part IS NOT NULL) AND c.id < ?4
            ORDER BY c.id DESC LIMIT ?5
            """,
            viewer.user, viewer.tenant, viewer.isAdmin, page.below, page.limit + 1
        ).map { try $0.decode(Self.summary) }
        return Page(probing: courses, page) { $0.course.id.text }
    }

    /// A person's part in a course; nil when they don't belong to it.
    public func part(of user: Identifier<User>, in course: Identifier<Course>) throws -> Membership.Part? {
        try transaction.run(
            "SELECT part FROM membership WHERE course = ?1 AND \"user\" = ?2", course, user
        ).first?.single()
    }

    /// Adds a person to a course, or changes their part in it.
    ///
    /// - Throws: ``StorageError`` with code `constraint` when the course or the person does not exist.
    public func setMember(_ membership: Membership, at time: Timestamp) throws {
        try transaction.run(
            """
            INSERT INTO membership (course, "user", part, created_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (course, "user") DO UPDATE SET part = excluded.part
            """,
            membership.course, membership.user, membership.part, time)
    }

    /// Takes a person out of a course; their answers stay.
    ///
    /// - Returns: Whether they belonged to it.
    public func removeMember(_ user: Identifier<User>, from course: Identifier<Course>) throws -> Bool {
        let removed = try transaction.run(
            "DELETE FROM membership WHERE course = ?1 AND \"user\" = ?2 RETURNING part", course, user)
        return !removed.isEmpty
    }

    /// Everybody in a course: educators first, then by name.
    public func members(of course: Identifier<Course>) throws -> [CourseMember] {
        try transaction.run(
            """
            SELECT \(UserRepository.columns), m.part
            FROM membership m JOIN "user" u ON u.id = m."user"
            WHERE m.course = ?1 ORDER BY m.part, u.name, u.id
            """,
            course
        ).map { try $0.decode { CourseMember(user: try UserRepository.user(&$0), part: try $0.next()) } }
    }

    private static let summaryColumns = """
        c.id, c.tenant, c.name, c.language, c.languages, c.tone, c.created_at, m.part,
        (SELECT count(*) FROM question q WHERE q.course = c.id),
        (SELECT count(*) FROM membership n WHERE n.course = c.id)
        """

    private static func summary(_ columns: inout Columns) throws -> CourseSummary {
        CourseSummary(
            course: Course(
                id: try columns.next(), tenant: try columns.next(), name: try columns.next(),
                language: try columns.next(), languages: try LanguageCoding.expected(try columns.next()),
                readsTone: try columns.next(), createdAt: try columns.next()),
            part: try columns.next(), questionCount: try columns.next(), memberCount: try columns.next())
    }
}
