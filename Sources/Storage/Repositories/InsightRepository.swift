// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Transaction {
    /// What reports over many answers are made from.
    public var insight: InsightRepository { InsightRepository(transaction: self) }
}

/// Which answers a report is about.
public struct InsightScope: Sendable, Hashable {
    /// The course; nil for all courses of one person.
    public var course: Identifier<Course>?
    /// Only answers to this question.
    public var question: Identifier<Question>?
    /// Only answers of this person.
    public var owner: Identifier<User>?
    /// Only answers that were received in this time.
    public var time: Range<Timestamp>?
    /// Whether answers of the course's own educators don't count.
    public var leavesOutEducators: Bool

    /// Creates a scope.
    public init(
        course: Identifier<Course>?, question: Identifier<Question>? = nil, owner: Identifier<User>? = nil,
        time: Range<Timestamp>? = nil, leavesOutEducators: Bool = false
    ) {
        self.course = course
        self.question = question
        self.owner = owner
        self.time = time
        self.leavesOutEducators = leavesOutEducators
    }
}

/// One answer, with what the machine and people found of it.
public struct InsightAnswer: Sendable, Hashable {
    /// The answer.
    public var response: Identifier<Response>
    /// Who answered.
    public var owner: Identifier<User>
    /// The question.
    public var question: Identifier<Question>
    /// When it was received.
    public var createdAt: Timestamp
    /// How far it has come.
    public var state: Response.State
    /// Whether the machine could not measure it.
    public var isUnscorable: Bool
    /// Whether its question keeps results from students until they are released.
    public var isWithheld: Bool
    /// The machine's newest score; nil without one.
    public var machine: AnswerScore?
    /// What people's final marks make together; nil before there is one.
    public var grade: StoredGrade?
    /// How far the viewer's own mark has come; nil when they have not begun.
    public var ownMark: Mark.State?
    /// The values of the figures that were asked for, in order; nil where there is none.
    public var figures: [Double?] = []
    /// What became of the key points, where that was asked for.
    public var keyPoints: [InsightOutcome] = []

    /// Whether the machine's findings are kept from the viewer, as one of those who mark: the rule of the marking desk.
    public var hidesMachine: Bool {
        if let ownMark { return ownMark != .final }
        let isSettled =
            grade.map { $0.isInModeration || $0.current.source == .agreed || $0.released != nil } ?? false
        return isWithheld && !isSettled
    }
}

/// What became of one key point.
public struct InsightOutcome: Sendable, Hashable {
    /// The key point.
    public var keyPoint: String
    /// What became of it.
    public var state: KeyPointResult.State
    /// What it earns of its weight.
    public var credit: Double
    /// When the words that show it were said, in milliseconds; nil where nothing shows it, or without a recording.
    public var time: Range<Int>?
}

/// What is said of a recogniser by people who corrected its words, for one answer.
public struct InsightCorrection: Sendable, Hashable {
    /// The answer.
    public var response: Identifier<Response>
    /// The recogniser's errors / the words of the corrected text.
    public var wordErrorRate: Double
    /// The words of the corrected text.
    public var words: Int
    /// What the recogniser's words earned; nil where they were not assessed.
    public var recognisedScore: Double?
    /// What the corrected words earned; nil where they were not assessed.
    public var correctedScore: Double?
}

/// The figures of one course.
public struct InsightCourse: Sendable, Hashable {
    /// A sum with the number of what was added.
    public struct Sum: Sendable, Hashable {
        /// The sum.
        public var total: Double
        /// How many values it has.
        public var n: Int
    }

    /// The course.
    public var id: Identifier<Course>
    /// Its name.
    public var name: String
    /// How many questions it has.
    public var questions: Int
    /// How many students belong to it.
    public var students: Int
    /// How many answers it has.
    public var answers: Int
    /// How many people gave them.
    public var answering: Int
    /// How many answers the machine could not measure.
    public var unscorable: Int
    /// How many answers have a final mark.
    public var marked: Int
    /// How many grades the students have.
    public var released: Int
    /// The machine's scores, but for those that are in doubt.
    public var machine = Sum(total: 0, n: 0)
    /// The grades by people, but for those whose markers differ.
    public var grade = Sum(total: 0, n: 0)
    /// The tone.
    public var sentiment = Sum(total: 0, n: 0)
    /// The entities of an answer.
    public var entities = Sum(total: 0, n: 0)
    /// The recogniser's word error rates against people's corrections.
    public var wordErrorRate = Sum(total: 0, n: 0)
    /// Measures by key.
    public var measures: [String: Sum] = [:]
}

/// What reports over many answers are made from. The caller decides who may read them.
public struct InsightRepository {
    let transaction: Transaction

    /// The figures that every answer's row has: the measures that are shown beside scores, the tone (`sentiment`) and the
    /// numbers of `entities`.
    public static let figureKeys = SQLiteMigration.figureKeys

    /// The answers of a scope, oldest first, or the newest of them, newest first.
    ///
    /// - Parameters:
    ///   - viewer: Whose own marks are looked for.
    ///   - figures: The figures to read, of ``figureKeys``.
    ///   - readsKeyPoints: Whether to read what became of the key points.
    ///   - newest: How many of the newest; nil for all.
    ///   - bound: Only answers older than this one.
    public func answers(
        _ scope: InsightScope, viewer: Identifier<User>, figures: [String] = [], readsKeyPoints: Bool = false,
        newest: Int? = nil, before bound: Identifier<Response>? = nil
    ) throws -> [InsightAnswer] {
        try transaction.map(
            """
            WITH own AS MATERIALIZED (SELECT response, state FROM mark WHERE marker = ?6 AND kind = 'marker')
            SELECT f.response, f.owner, f.question, f.created_at, f.state, f.unscorable, f.withheld,
                f.low, f.point, f.high, f.cap, f.holds, f.grade, f.grade_source, f.moderation, f.released_score,
                f.released_source, f.released_at, own.state, \(readsKeyPoints ? "f.key_points" : "''")
                \(try figures.map { ", \(try Self.column($0))" }.joined())
            FROM answer_fact f LEFT JOIN own ON own.response = f.response
            WHERE \(Self.filter(scope)) AND (?7 IS NULL OR f.response < ?7)
            ORDER BY f.response \(newest == nil ? "" : "DESC") LIMIT ?8
            """, Self.arguments(scope) + [viewer.sql, bound.sql, (newest ?? -1).sql]
        ) { columns in
            var answer = InsightAnswer(
                response: try columns.next(), owner: try columns.next(), question: try columns.next(),
                createdAt: try columns.next(), state: try columns.next(), isUnscorable: try columns.next(),
                isWithheld: try columns.next(), machine: try Self.machine(&columns),
                grade: try Self.grade(&columns), ownMark: try columns.next())
            answer.keyPoints = try AnswerFactCoding.keyPoints(try columns.next())
            answer.figures = try figures.map { _ in try columns.next() }
            return answer
        }
    }

    /// Those of some figures that an answer of the scope has.
    public func presentFigures(_ keys: [String], _ scope: InsightScope) throws -> Set<String> {
        guard !keys.isEmpty else { return [] }
        let columns = try keys.map { "coalesce(max(\(try Self.column($0)) IS NOT NULL), 0)" }.joined(separator: ", ")
        let row = try transaction.run(
            "SELECT \(columns) FROM answer_fact f WHERE \(Self.filter(scope))", Self.arguments(scope)
        ).first
        let found = try row?.decode { columns in try keys.map { _ in try columns.next(Bool.self) } } ?? []
        return Set(zip(keys, found).filter(\.1).map(\.0))
    }

    /// Why answers of the scope don't have some figures, by the newest one that says so.
    public func reasons(of keys: [String], _ scope: InsightScope) throws -> [String: String] {
        var reasons: [String: String] = [:]
        for key in keys {
            let (column, table) =
                key == "sentiment"
                ? ("json_extract(e.findings, '$.tone_reason')", "analysis e ON e.id = f.analysis")
                : ("e.reason", "measure e ON e.analysis = f.analysis AND e.key = '\(key)'")
            _ = try Self.column(key)
            reasons[key] = try transaction.run(
                """
                SELECT \(column) FROM answer_fact f JOIN \(table)
                WHERE \(Self.filter(scope)) AND \(column) IS NOT NULL ORDER BY f.response DESC LIMIT 1
                """, Self.arguments(scope)
            ).first?.single()
        }
        return reasons
    }

    private static func machine(_ columns: inout Columns) throws -> AnswerScore? {
        let (low, point, high): (Double?, Double?, Double?) = (
            try columns.next(), try columns.next(), try columns.next()
        )
        let cap: Double? = try columns.next()
        let holds: String? = try columns.next()
        guard let low, let point, let high, let holds else { return nil }
        // Most answers have none, and a document that need not be parsed is not.
        return AnswerScore(
            low: low, point: point, high: high,
            holds: holds == "[]" ? [] : try KeyPointCoding.holds(try .init(sql: .text(holds))), cap: cap)
    }

    private static func grade(_ columns: inout Columns) throws -> StoredGrade? {
        let (score, source, moderation): (Double?, Grade.Source?, Bool?) = (
            try columns.next(), try columns.next(), try columns.next()
        )
        let (released, releasedSource): (Double?, Grade.Source?) = (try columns.next(), try columns.next())
        let releasedAt: Timestamp? = try columns.next()
        guard let score, let source, let moderation else { return nil }
        return StoredGrade(
            current: Grade(score: score, source: source), isInModeration: moderation,
            released: released.flatMap { released in
                releasedSource.map { Grade(score: released, source: $0) }
            }, releasedAt: releasedAt)
    }

    /// The values of one measure or figure in the newest analyses; those that are `na` are absent.
    public func values(of key: String, _ scope: InsightScope) throws -> [Identifier<Response>: Double] {
        let rows =
            if Self.figureKeys.contains(key) {
                try transaction.run(
                    """
                    SELECT f.response, \(try Self.column(key)) FROM answer_fact f
                    WHERE \(Self.filter(scope)) AND \(try Self.column(key)) IS NOT NULL
                    """, Self.arguments(scope))
            } else {
                try transaction.run(
                    """
                    SELECT f.response, e.value FROM answer_fact f JOIN measure e ON e.analysis = f.analysis
                    WHERE \(Self.filter(scope)) AND e.key = ?6 AND e.value IS NOT NULL
                    """, Self.arguments(scope) + [key.sql])
            }
        let pairs = try rows.map { row in
            try row.decode { (try $0.next(Identifier<Response>.self), try $0.next(Double.self)) }
        }
        return Dictionary(pairs) { $1 }
    }

    /// The key points that each question's answers were last looked at for, with their labels: those of the newest
    /// assessment, which were proposed where the question has none of its own.
    public func assessedKeyPoints(_ question: Identifier<Question>) throws -> [KeyPoint] {
        try transaction.run(
            """
            SELECT s.key_points FROM response r JOIN analysis a ON a.response = r.id
            JOIN assessment s ON s.analysis = a.id
            WHERE r.question = ?1 ORDER BY r.id DESC, a.created_at DESC LIMIT 1
            """, question
        ).first.map { try KeyPointCoding.keyPoints(try $0.single()) } ?? []
    }

    /// Answers whose words a person has corrected: the newest correction against the recogniser's newest words.
    public func corrections(_ scope: InsightScope) throws -> [InsightCorrection] {
        try transaction.run(
            """
            SELECT f.response, f.word_error_rate, f.corrected_words, f.recognised_score, f.corrected_score
            FROM answer_fact f WHERE \(Self.filter(scope)) AND f.word_error_rate IS NOT NULL ORDER BY f.response
            """, Self.arguments(scope)
        ).map { row in
            try row.decode { columns in
                InsightCorrection(
                    response: try columns.next(), wordErrorRate: try columns.next(), words: try columns.next(),
                    recognisedScore: try columns.next(), correctedScore: try columns.next())
            }
        }
    }

    /// Figures of every course of a tenant, oldest first. What educators of a course answered there doesn't count.
    ///
    /// - Parameter measures: The measures whose means are given beside tone and entities, of ``figureKeys``.
    public func courses(tenant: String, measures: [String]) throws -> [InsightCourse] {
        let sums = try
            ([
                "CASE WHEN \(Self.isKnown) THEN f.point END", "CASE WHEN f.moderation = 0 THEN f.grade END",
                "f.sentiment", "f.entities",
                "f.word_error_rate",
            ] + measures.map(Self.column)).map { ", sum(\($0)), count(\($0))" }.joined()
        return try transaction.run(
            """
            SELECT c.id, c.name,
                (SELECT count(*) FROM question q WHERE q.course = c.id),
                (SELECT count(*) FROM membership m WHERE m.course = c.id AND m.part = 'student'),
                count(f.response), count(DISTINCT f.owner), coalesce(sum(f.unscorable), 0), count(f.grade),
                count(CASE WHEN f.state = 'released' THEN 1 END)\(sums)
            FROM course c LEFT JOIN answer_fact f ON f.course = c.id AND \(Self.isNoEducator)
            WHERE c.tenant = ?1 GROUP BY c.id, c.name ORDER BY c.id
            """, [tenant.sql]
        ).map { row in
            try row.decode { columns in
                var course = InsightCourse(
                    id: try columns.next(), name: try columns.next(), questions: try columns.next(),
                    students: try columns.next(), answers: try columns.next(), answering: try columns.next(),
                    unscorable: try columns.next(), marked: try columns.next(), released: try columns.next())
                func sum() throws -> InsightCourse.Sum {
                    InsightCourse.Sum(total: try columns.next(Double?.self) ?? 0, n: try columns.next())
                }
                course.machine = try sum()
                course.grade = try sum()
                course.sentiment = try sum()
                course.entities = try sum()
                course.wordErrorRate = try sum()
                for key in measures { course.measures[key] = try sum() }
                return course
            }
        }
    }

    /// How many different people have answered in a tenant's courses, but for those who teach there.
    public func countAnswering(tenant: String) throws -> Int {
        try transaction.run(
            """
            SELECT count(DISTINCT f.owner) FROM course c JOIN answer_fact f ON f.course = c.id
            WHERE c.tenant = ?1 AND \(Self.isNoEducator)
            """, [tenant.sql]
        ).first?.single() ?? 0
    }

    /// The machine's and people's scores of every answer of a tenant that has both, by course; not those of educators, and
    /// not where the machine's is in doubt.
    public func scorePairs(tenant: String) throws -> [Identifier<Course>: [(machine: Double, human: Double)]] {
        let rows = try transaction.run(
            """
            SELECT f.course, f.point, f.grade FROM course c JOIN answer_fact f ON f.course = c.id
            WHERE c.tenant = ?1 AND f.moderation = 0 AND \(Self.isKnown) AND \(Self.isNoEducator)
            ORDER BY f.question, f.response
            """, [tenant.sql]
        ).map { row in
            try row.decode { columns in
                (
                    try columns.next(Identifier<Course>.self),
                    (
                        machine: try columns.next(Double.self),
                        human: try columns.next(Double.self)
                    )
                )
            }
        }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }

    // MARK: Statements

    /// A figure's column.
    ///
    /// - Throws: ``StorageError`` with code `misuse` for a figure that has none.
    private static func column(_ key: String) throws -> String {
        guard figureKeys.contains(key) else { throw StorageError(.misuse, "there are no facts named \(key)") }
        return "f.\(key)"
    }

    /// Takes ``arguments(_:)`` as ?1 to ?5. Each kind of scope has a text, and so an index, of its own.
    static func filter(_ scope: InsightScope) -> String {
        """
        \(scope.course == nil ? "?1 IS NULL" : "f.course = ?1") AND
            \(scope.question == nil ? "?2 IS NULL" : "f.question = ?2")
            AND \(scope.owner == nil ? "?3 IS NULL" : "f.owner = ?3")
            AND (?4 IS NULL OR f.created_at >= ?4) AND (?5 IS NULL OR f.created_at < ?5)
            \(scope.leavesOutEducators ? "AND \(scope.course == nil ? isNoEducator : isNoneOfTheEducators)" : "")
        """
    }

    static func arguments(_ scope: InsightScope) -> [SQLValue] {
        [
            scope.course.sql, scope.question.sql, scope.owner.sql, (scope.time?.lowerBound).sql,
            (scope.time?.upperBound).sql,
        ]
    }

    /// Holds where nothing leaves open what the machine's score is: ``AnswerScore/isInDoubt``.
    private static let isKnown = """
        instr(replace(replace(f.holds, '"critical_contradicted"', ''), '"essential_missing"', ''), '"') = 0
        """

    /// Holds within a scope's course for answers of others than its educators: these few are looked up once.
    private static let isNoneOfTheEducators = """
        f.owner NOT IN (SELECT m."user" FROM membership m WHERE m.course = ?1 AND m.part = 'educator')
        """

    private static let isNoEducator = """
        NOT EXISTS (SELECT 1 FROM membership m WHERE m.course = f.course AND m."user" = f.owner AND m.part = 'educator')
        """
}
