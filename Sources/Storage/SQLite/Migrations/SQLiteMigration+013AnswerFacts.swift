// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// What reports over many answers read: one row for each answer to a question, in the order of a course's answers
    /// (docs/insight.md).
    static let answerFacts = SQLiteMigration(
        number: 13, name: "answer_facts",
        sql: """
            CREATE TABLE answer_fact (
                course TEXT NOT NULL,
                response TEXT NOT NULL UNIQUE REFERENCES response (id) ON DELETE CASCADE,
                question TEXT NOT NULL,
                owner TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                state TEXT NOT NULL,
                unscorable INTEGER NOT NULL CHECK (unscorable IN (0, 1)),
                withheld INTEGER NOT NULL CHECK (withheld IN (0, 1)),
                analysis TEXT,
                low REAL, point REAL, high REAL, cap REAL, holds TEXT,
                grade REAL, grade_source TEXT, moderation INTEGER,
                released_score REAL, released_source TEXT, released_at INTEGER,
                word_error_rate REAL, corrected_words INTEGER, recognised_score REAL, corrected_score REAL,
                \(figureKeys.map { "\($0) REAL" }.joined(separator: ", ")),
                key_points TEXT NOT NULL,
                PRIMARY KEY (course, response)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO answer_fact (\(factColumns)) \(facts);
            CREATE INDEX answer_fact_question ON answer_fact (question, response);
            CREATE INDEX answer_fact_owner ON answer_fact (owner, response);
            """,
        portion: Portion(statement: "INSERT INTO answer_fact (\(factColumns)) \(facts)", key: "r.id"))

    /// The measures that have a column: those that are shown beside scores.
    private static let measureKeys = [
        "flesch_re", "szigriszt_pazos", "kandel_moles", "amstad", "gulpease", "douma", "martins", "oborneva",
        "flesch_hu",
        "osman", "words_per_sentence", "speech_rate_wpm", "filled_pause_per_min", "mattr50", "word_count", "mean_conf",
    ]

    /// The figures of findings that have one.
    private static let findingKeys = [
        "sentiment", "entities", "entities_person", "entities_org", "entities_place", "entities_date",
        "entities_quantity", "entities_drug", "entities_dose", "entities_condition",
    ]

    /// Columns of numbers, each named as what it holds.
    static let figureKeys = measureKeys + findingKeys

    /// The columns in the order in which ``facts`` gives them.
    static let factColumns =
        """
        course, response, question, owner, created_at, state, unscorable, withheld, analysis, low, point, high, cap, holds,
            grade, grade_source, moderation, released_score, released_source, released_at,
            word_error_rate, corrected_words, recognised_score, corrected_score, key_points,
            \(figureKeys.joined(separator: ", "))
        """

    /// The facts of every answer, from what the newest analysis and the newest correction found.
    ///
    /// Key points are one after another, each as a letter for its state, what it earns, the times, the bytes of its id, a
    /// colon and the id, such as `c,1.0,400,1100,4:dose`; see ``AnswerFactCoding``.
    ///
    /// Released with the migration: where reports have to know more, the query goes on in another place.
    static let facts = """
        SELECT q.course, r.id, r.question, r.owner, r.created_at, r.state, r.reason_code IS NOT NULL, v.withheld, a.id,
            s.low, s.point, s.high, s.cap, s.holds,
            g.score, g.source, g.moderation, g.released_score, g.released_source, g.released_at,
            t.word_error_rate, t.word_count, \(score(origin: "asr")), \(score(origin: "human")),
            coalesce((SELECT group_concat(CASE e.state WHEN 'covered' THEN 'c' WHEN 'partial' THEN 'p'
                    WHEN 'missing' THEN 'm' WHEN 'contradicted' THEN 'x' ELSE 'u' END
                    || ',' || CASE WHEN CAST(CAST(e.credit AS TEXT) AS REAL) = e.credit THEN CAST(e.credit AS TEXT)
                        ELSE printf('%!.20g', e.credit) END
                    || ',' || coalesce(e."start", '') || ',' || coalesce(e."end", '')
                    || ',' || length(CAST(e.key_point AS BLOB)) || ':' || e.key_point, '')
                FROM key_point_state e WHERE e.analysis = a.id), ''),
            \(measureKeys.map { figure($0, in: "measure") }.joined(separator: ",\n    ")),
            \(findingKeys.map { figure($0, in: "finding_figure") }.joined(separator: ",\n    "))
        FROM response r JOIN question q ON q.id = r.question JOIN question_version v ON v.id = r.question_version
        LEFT JOIN analysis a ON a.id = (
            SELECT n.id FROM analysis n WHERE n.response = r.id
            ORDER BY n.transcript_version DESC, n.created_at DESC, n.id DESC LIMIT 1)
        LEFT JOIN assessment s ON s.analysis = a.id
        LEFT JOIN grade g ON g.response = r.id
        LEFT JOIN transcript_version t ON t.response = r.id AND t.word_error_rate IS NOT NULL AND t.number = (
            SELECT max(number) FROM transcript_version WHERE response = r.id AND origin = 'human')
        WHERE 1
        """

    private static func figure(_ key: String, in table: String) -> String {
        "(SELECT e.value FROM \(table) e WHERE e.analysis = a.id AND e.key = '\(key)')"
    }

    /// What the newest version of one origin earned.
    private static func score(origin: String) -> String {
        """
        (SELECT z.point FROM transcript_version y JOIN analysis x ON x.response = y.response
                AND x.transcript_version = y.number JOIN assessment z ON z.analysis = x.id
                WHERE y.response = r.id AND y.origin = '\(origin)' ORDER BY y.number DESC, x.created_at DESC LIMIT 1)
        """
    }
}
