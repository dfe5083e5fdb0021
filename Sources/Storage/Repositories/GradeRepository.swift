// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Transaction {
    /// What answers have earned by their marks.
    public var grades: GradeRepository { GradeRepository(transaction: self) }
}

/// What an answer has earned by its final marks, and what its student was told.
public struct StoredGrade: Sendable, Hashable {
    /// What the marks make together now.
    public var current: Grade
    /// Whether they differ so much that somebody has to agree on a mark first.
    public var isInModeration: Bool
    /// What was released; nil before that.
    public var released: Grade?
    /// When it was released first.
    public var releasedAt: Timestamp?
}

/// How many answers of a course were released and how many stay as they are.
public struct ReleaseCounts: Sendable, Hashable {
    /// Those that were released.
    public var released: [Identifier<Response>] = []
    /// Those whose markers differ.
    public var inModeration = 0
    /// Those that wait for a second marker.
    public var awaitingSecond = 0
    /// Those with a mark that has still to say why it differs from the machine's score.
    public var awaitingReason = 0
    /// Those without a final mark; they stay empty.
    public var unmarked = 0
}

/// What answers have earned by their marks.
public struct GradeRepository {
    let transaction: Transaction

    /// The grade of an answer; nil until there is a final mark.
    public func find(_ response: Identifier<Response>) throws -> StoredGrade? {
        try transaction.run(
            """
            SELECT score, source, moderation, released_score, released_source, released_at
            FROM grade WHERE response = ?1
            """, response
        ).first?.decode { columns in
            let current = Grade(score: try columns.next(), source: try columns.next())
            let isInModeration: Bool = try columns.next()
            let score: Double? = try columns.next()
            let source: Grade.Source? = try columns.next()
            return StoredGrade(
                current: current, isInModeration: isInModeration,
                released: score.flatMap { score in source.map { Grade(score: score, source: $0) } },
                releasedAt: try columns.next())
        }
    }

    /// Makes the grade anew from all final marks, and the answer a marked one. What was released follows, but not while
    /// markers differ.
    ///
    /// - Returns: The grade; nil without a final mark.
    /// - Throws: ``StorageError`` with code `notFound`, or `invalidState` while the answer is still being worked on.
    @discardableResult
    public func settle(
        _ response: Identifier<Response>, by rubric: RubricVersion, at time: Timestamp
    ) throws -> StoredGrade? {
        let marks = try transaction.marks.list(of: response).map(\.mark).filter { $0.state == .final }
        guard let grade = Grade(marks: marks) else { return nil }
        let isInModeration =
            grade.source != .agreed
            && MarkDisagreement(between: marks.filter { $0.kind == .marker }, by: rubric) != nil
        let told = try find(response)?.released
        try transaction.run(
            """
            INSERT INTO grade (response, score, source, moderation, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (response) DO UPDATE SET
                score = excluded.score, source = excluded.source, moderation = excluded.moderation,
                updated_at = excluded.updated_at,
                released_score = CASE WHEN released_at IS NULL OR excluded.moderation = 1 THEN released_score
                    ELSE excluded.score END,
                released_source = CASE WHEN released_at IS NULL OR excluded.moderation = 1 THEN released_source
                    ELSE excluded.source END
            """, response, grade.score, grade.source, isInModeration, time)
        if try transaction.responses.load(response)?.state == .released {
            if let told, try find(response)?.released != told {
                try transaction.notices.add(.gradeChanged, about: response, at: time)
            }
            try transaction.noteChange(of: response)
        } else {
            try move(response, to: .marked)
        }
        return try find(response)
    }

    /// Shows the student of a marked answer what it has earned, and tells them so.
    ///
    /// - Throws: ``StorageError`` with code `invalidState` without a final mark or while markers differ.
    public func release(_ response: Identifier<Response>, by user: Identifier<User>, at time: Timestamp) throws {
        let changed = try transaction.run(
            """
            UPDATE grade SET released_score = score, released_source = source, released_by = ?2, released_at = ?3
            WHERE response = ?1 AND moderation = 0 RETURNING response
            """, response, user, time)
        guard !changed.isEmpty else {
            throw StorageError(.invalidState, "only an answer with final marks that agree can be released")
        }
        try move(response, to: .released)
        try transaction.notices.add(.gradeReleased, about: response, at: time)
    }

    /// Whether a final mark of an answer differs from the machine's score and has still to say why.
    public func wantsReason(_ response: Identifier<Response>) throws -> Bool {
        try transaction.run(
            """
            SELECT EXISTS (
                SELECT 1 FROM mark m JOIN grade g ON g.response = m.response
                WHERE m.response = ?1 AND m.state = 'final' AND m.reason_wanted = 1 AND g.source <> 'agreed')
            """, response
        ).first?.single() ?? false
    }

    /// Whether an answer was chosen for a second marker, nobody has been one, and somebody could.
    public func isAwaitingSecond(_ response: Identifier<Response>, in course: Identifier<Course>) throws -> Bool {
        let isChosen: Bool =
            try transaction.run(
                "SELECT EXISTS (SELECT 1 FROM marking_item WHERE response = ?1 AND state = 'second')", response
            ).first?.single() ?? false
        return try isChosen && hasSecond(for: response, in: course)
    }

    /// Releases every marked answer of a course that is not in moderation and waits neither for a second marker nor for the
    /// reason of a mark.
    ///
    /// - Parameters:
    ///   - question: Only answers to this question.
    ///   - includesAwaitingSecond: Whether those are released too that wait for a second marker. Where the course has
    ///     nobody else who could mark them, they are.
    public func releaseAll(
        of course: Identifier<Course>, question: Identifier<Question>? = nil, includesAwaitingSecond: Bool = false,
        by user: Identifier<User>, at time: Timestamp
    ) throws -> ReleaseCounts {
        let filter = question == nil ? "?2 IS NULL" : "q.id = ?2"
        let found = try transaction.run(
            """
            SELECT r.id, r.state, coalesce(g.moderation, 0), coalesce(i.state = 'second', 0)
            FROM question q JOIN response r ON r.question = q.id LEFT JOIN grade g ON g.response = r.id
            LEFT JOIN marking_item i ON i.response = r.id
            WHERE q.course = ?1 AND \(filter) ORDER BY r.id
            """, course, question
        ).map { row in
            try row.decode { columns in
                (
                    try columns.next(Identifier<Response>.self), try columns.next(Response.State.self),
                    try columns.next(Bool.self), try columns.next(Bool.self)
                )
            }
        }
        var counts = ReleaseCounts()
        for (response, state, isInModeration, isAwaitingSecond) in found {
            switch state {
            case .marked where isInModeration: counts.inModeration += 1
            case .marked where try isAwaitingSecond && !includesAwaitingSecond && hasSecond(for: response, in: course):
                counts.awaitingSecond += 1
            case .marked where try wantsReason(response): counts.awaitingReason += 1
            case .marked:
                try release(response, by: user, at: time)
                counts.released.append(response)
            case .released: break
            default: counts.unmarked += 1
            }
        }
        return counts
    }

    private func hasSecond(for response: Identifier<Response>, in course: Identifier<Course>) throws -> Bool {
        try transaction.appeals.hasUninvolvedEducator(in: course, for: response)
    }

    /// Changes the state alone: why the machine could not measure an answer stays true when a person has marked it.
    private func move(_ response: Identifier<Response>, to state: Response.State) throws {
        let reasons = try transaction.run("SELECT reason, reason_code FROM response WHERE id = ?1", response).first?
            .decode { (try $0.next(String?.self), try $0.next(String?.self)) }
        try transaction.responses.setState(response, to: state, reason: reasons?.0, reasonCode: reasons?.1)
    }
}
