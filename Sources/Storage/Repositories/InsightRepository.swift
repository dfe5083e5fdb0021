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

    /// Creates a scope.
    public init(
        course: Identifier<Course>?, question: Identifier<Question>? = nil, owner: Identifier<User>? = nil
    ) {
        self.course = course
        self.question = question
        self.owner = owner
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

    /// Whether the machine's findings are kept from the viewer, as one of those who mark: the rule of the marking desk.
    public var hidesMachine: Bool {
        if let ownMark { return ownMark != .final }
        let isSettled =
            grade.map { $0.isInModeration || $0.current.source == .agreed || $0.released != nil } ?? false
        return isWithheld && !isSettled
    }
}

/// A value of one answer.
public struct InsightValue: Sendable, Hashable {
    /// The answer.
    public var response: Identifier<Response>
    /// What it is, such as `flesch_re`.
    public var key: String
    /// The value.
    public var value: Double
}

/// What became of one key point in one answer.
public struct InsightKeyPoint: Sendable, Hashable {
    /// The answer.
    public var response: Identifier<Response>
    /// The key point.
    public var keyPoint: String
    /// What became of it.
    public var state: KeyPointResult.State
    /// What it earns of its weight.
    public var credit: Double
    /// When the words that show it were said, in milliseconds; nil where nothing shows it, or without a recording.
    public var time: Range<Int>?
}

/// One marker's final mark.
public struct InsightMark: Sendable, Hashable {
    /// The answer.
    public var response: Identifier<Response>
    /// The rubric that it was given by.
    public var rubric: Identifier<Rubric>
    /// Who marked.
    public var marker: Identifier<User>
    /// Their name.
    public var markerName: String
    /// The score of the chosen level of each criterion.
    public var levels: [String: Int]
    /// The score of the chosen level of the global scale.
    public var globalRating: Int?
    /// What the answer earns by it, 0...1.
    public var score: Double
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
    /// The machine's scores.
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

    /// The answers of a scope, oldest first.
    ///
    /// - Parameter viewer: Whose own marks are looked for.
    public func answers(_ scope: InsightScope, viewer: Identifier<User>) throws -> [InsightAnswer] {
        try transaction.run(
            """
            SELECT r.id, r.owner, r.question, r.created_at, r.state, r.reason_code IS NOT NULL, v.withheld,
                s.low, s.point, s.high, s.cap, s.holds,
                g.score, g.source, g.moderation, g.released_score, g.released_source, g.released_at,
                (SELECT m.state FROM mark m WHERE m.response = r.id AND m.marker = ?4 AND m.kind = 'marker')
            \(Self.source) JOIN question_version v ON v.id = r.question_version
            LEFT JOIN assessment s ON s.analysis = \(Self.newestAnalysis)
            LEFT JOIN grade g ON g.response = r.id
            WHERE \(Self.filter(scope)) ORDER BY r.id
            """, scope.course, scope.question, scope.owner, viewer
        ).map { row in
            try row.decode { columns in
                InsightAnswer(
                    response: try columns.next(), owner: try columns.next(), question: try columns.next(),
                    createdAt: try columns.next(), state: try columns.next(), isUnscorable: try columns.next(),
                    isWithheld: try columns.next(), machine: try Self.machine(&columns),
                    grade: try Self.grade(&columns), ownMark: try columns.next())
            }
        }
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

    /// Some measures of the newest analyses; those that are `na` are absent.
    public func measures(_ keys: [String], _ scope: InsightScope) throws -> [InsightValue] {
        try transaction.run(
            """
            SELECT r.id, e.key, e.value \(Self.source)
            JOIN measure e ON e.analysis = \(Self.newestAnalysis)
            WHERE \(Self.filter(scope)) AND e.value IS NOT NULL AND e.key IN (\(Self.places(keys.count)))
            """, [scope.course.sql, scope.question.sql, scope.owner.sql] + keys.map(\.sql)
        ).map(Self.value)
    }

    /// The tone and the numbers of entities of the newest analyses; kinds of which there are none are absent.
    public func figures(_ scope: InsightScope) throws -> [InsightValue] {
        try transaction.run(
            """
            SELECT r.id, e.key, e.value \(Self.source)
            JOIN finding_figure e ON e.analysis = \(Self.newestAnalysis) WHERE \(Self.filter(scope))
            """, scope.course, scope.question, scope.owner
        ).map(Self.value)
    }

    private static func value(_ row: Row) throws -> InsightValue {
        try row.decode {
            InsightValue(response: try $0.next(), key: try $0.next(), value: try $0.next())
        }
    }

    /// What became of the key points in the newest analyses.
    public func keyPoints(_ scope: InsightScope) throws -> [InsightKeyPoint] {
        try transaction.run(
            """
            SELECT r.id, e.key_point, e.state, e.credit, e."start", e."end" \(Self.source)
            JOIN key_point_state e ON e.analysis = \(Self.newestAnalysis)
            WHERE \(Self.filter(scope)) ORDER BY r.id
            """, scope.course, scope.question, scope.owner
        ).map { row in
            try row.decode { columns in
                var point = InsightKeyPoint(
                    response: try columns.next(), keyPoint: try columns.next(), state: try columns.next(),
                    credit: try columns.next())
                let (start, end): (Int?, Int?) = (try columns.next(), try columns.next())
                if let start, let end, start <= end { point.time = start..<end }
                return point
            }
        }
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

    /// Everybody's own final marks, by answer.
    public func marks(_ scope: InsightScope) throws -> [InsightMark] {
        try transaction.run(
            """
            SELECT m.response, b.rubric, m.marker, u.name, m.levels, m.global_rating, m.score \(Self.source)
            JOIN mark m ON m.response = r.id JOIN rubric_version b ON b.id = m.rubric_version
            JOIN "user" u ON u.id = m.marker
            WHERE \(Self.filter(scope)) AND m.state = 'final' AND m.kind = 'marker' ORDER BY r.id, m.id
            """, scope.course, scope.question, scope.owner
        ).map { row in
            try row.decode { columns in
                InsightMark(
                    response: try columns.next(), rubric: try columns.next(), marker: try columns.next(),
                    markerName: try columns.next(), levels: try RubricCoding.chosen(try columns.next()),
                    globalRating: try columns.next(), score: try columns.next())
            }
        }
    }

    /// Answers whose words a person has corrected: the newest correction against the recogniser's newest words.
    public func corrections(_ scope: InsightScope) throws -> [InsightCorrection] {
        try transaction.run(
            """
            SELECT r.id, t.word_error_rate, t.word_count, \(Self.score(origin: "asr")), \(Self.score(origin: "human"))
            \(Self.source) JOIN transcript_version t ON t.response = r.id AND t.number = (
                SELECT max(number) FROM transcript_version WHERE response = r.id AND origin = 'human')
            WHERE \(Self.filter(scope)) AND t.word_error_rate IS NOT NULL ORDER BY r.id
            """, scope.course, scope.question, scope.owner
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
    /// - Parameter measures: The measures whose means are given beside tone and entities.
    public func courses(tenant: String, measures: [String]) throws -> [InsightCourse] {
        let sums = measures.indices.map { ", sum(e\($0).value), count(e\($0).value)" }.joined()
        let joins = measures.indices.map {
            " LEFT JOIN measure e\($0) ON e\($0).analysis = i.analysis AND e\($0).key = ?\($0 + 2)"
        }.joined()
        return try transaction.run(
            """
            WITH item AS (
                SELECT q.course AS course, r.id AS response, r.owner AS owner, r.reason_code AS reason, r.state AS state,
                    \(Self.newestAnalysis) AS analysis
                \(Self.source)
                WHERE q.tenant = ?1 AND NOT EXISTS (SELECT 1 FROM membership m
                    WHERE m.course = q.course AND m."user" = r.owner AND m.part = 'educator'))
            SELECT c.id, c.name,
                (SELECT count(*) FROM question q WHERE q.course = c.id),
                (SELECT count(*) FROM membership m WHERE m.course = c.id AND m.part = 'student'),
                count(i.response), count(DISTINCT i.owner), count(i.reason), count(g.score),
                count(CASE WHEN i.state = 'released' THEN 1 END),
                sum(s.point), count(s.point), sum(CASE WHEN g.moderation = 0 THEN g.score END),
                count(CASE WHEN g.moderation = 0 THEN 1 END),
                sum(t.value), count(t.value), sum(n.value), count(n.value),
                sum(z.word_error_rate), count(z.word_error_rate)\(sums)
            FROM course c LEFT JOIN item i ON i.course = c.id
            LEFT JOIN assessment s ON s.analysis = i.analysis
            LEFT JOIN grade g ON g.response = i.response
            LEFT JOIN finding_figure t ON t.analysis = i.analysis AND t.key = 'sentiment'
            LEFT JOIN finding_figure n ON n.analysis = i.analysis AND n.key = 'entities'
            LEFT JOIN transcript_version z ON z.response = i.response AND z.number = (
                SELECT max(y.number) FROM transcript_version y WHERE y.response = i.response AND y.origin = 'human')
            \(joins)
            WHERE c.tenant = ?1 GROUP BY c.id, c.name ORDER BY c.id
            """, [tenant.sql] + measures.map(\.sql)
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
            SELECT count(DISTINCT r.owner) \(Self.source)
            WHERE q.tenant = ?1 AND NOT EXISTS (SELECT 1 FROM membership m
                WHERE m.course = q.course AND m."user" = r.owner AND m.part = 'educator')
            """, tenant
        ).first?.single() ?? 0
    }

    /// The machine's and people's scores of every answer of a tenant that has both, by course.
    public func scorePairs(tenant: String) throws -> [Identifier<Course>: [(machine: Double, human: Double)]] {
        let rows = try transaction.run(
            """
            SELECT q.course, s.point, g.score \(Self.source) JOIN grade g ON g.response = r.id
            JOIN assessment s ON s.analysis = \(Self.newestAnalysis)
            WHERE q.tenant = ?1 AND g.moderation = 0
            """, tenant
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

    /// Answers that have a question.
    private static let source = "FROM question q JOIN response r ON r.question = q.id"

    /// Takes the scope's course, question and owner as ?1, ?2 and ?3.
    private static func filter(_ scope: InsightScope) -> String {
        """
        \(scope.course == nil ? "?1 IS NULL" : "q.course = ?1") AND \(scope.question == nil ? "?2 IS NULL" : "q.id = ?2")
            AND \(scope.owner == nil ? "?3 IS NULL" : "r.owner = ?3")
        """
    }

    private static let newestAnalysis = """
        (SELECT n.id FROM analysis n WHERE n.response = r.id
            ORDER BY n.transcript_version DESC, n.created_at DESC, n.id DESC LIMIT 1)
        """

    /// What the newest version of one origin earned.
    private static func score(origin: String) -> String {
        """
        (SELECT z.point FROM transcript_version y JOIN analysis x ON x.response = y.response
            AND x.transcript_version = y.number JOIN assessment z ON z.analysis = x.id
            WHERE y.response = r.id AND y.origin = '\(origin)' ORDER BY y.number DESC, x.created_at DESC LIMIT 1)
        """
    }

    /// Placeholders from ?4 on.
    private static func places(_ count: Int) -> String {
        (0..<count).map { "?\($0 + 4)" }.joined(separator: ", ")
    }
}
