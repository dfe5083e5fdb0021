// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TestPrograms
import Testing

@testable import Storage

/// Databases with rows in them, made by the schema of an earlier program.
@Suite struct SQLiteUpgradeTests {
    /// Where every old migration stopped that turns rows of documents into rows of figures.
    @Test(arguments: 8...13)
    func `what an earlier program stored is found by reports, the marking queue and scoring`(schema: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("old.db")
        let old = try await Self.open(path, Array(SQLiteMigration.all.prefix(8)))
        for statement in Self.rows { try await old.write { _ = try $0.run(Statement(statement)) } }
        await old.close()
        // It may have come from there to the present in one step or in two.
        if schema > 8 { await (try Self.open(path, Array(SQLiteMigration.all.prefix(schema)))).close() }
        let database = try await Self.open(path, SQLiteMigration.all)
        try await Self.check(database)
        await database.close()
    }

    @Test func `the facts that a migration finds are those that are written with every change`() async throws {
        let folder = try TemporaryFolder()
        let old = try await Self.open(folder.path("old.db"), Array(SQLiteMigration.all.prefix(8)))
        for statement in Self.rows { try await old.write { _ = try $0.run(Statement(statement)) } }
        await old.close()
        let database = try await Self.open(folder.path("old.db"), SQLiteMigration.all)
        let tables = ["answer_fact", "marking_item"]
        for table in tables {
            let before = try await database.read { try $0.run(Statement("SELECT * FROM \(table) ORDER BY response")) }
            try await database.write { transaction in
                for answer in Self.answers { try transaction.noteChange(of: Self.id(answer)) }
            }
            let after = try await database.read { try $0.run(Statement("SELECT * FROM \(table) ORDER BY response")) }
            #expect(before == after && !before.isEmpty)
        }
        await database.close()
    }

    private static func check(_ database: any Database) async throws {
        let course: Identifier<Course> = try id("c")
        let scope = InsightScope(course: course)
        try await database.read { transaction in
            // 9: key points, tone and entities, from the documents.
            let states = try transaction.run(
                "SELECT analysis, key_point, state, credit, \"start\", \"end\" FROM key_point_state ORDER BY 1, 2")
            let (first, edited): (Identifier<AnalysisResult>, Identifier<AnalysisResult>) = (try id("a1"), try id("a2"))
            #expect(
                states == [
                    Row([first.sql, "dose".sql, "missing".sql, .real(0.0), .null, .null]),
                    Row([edited.sql, "do:se, 1".sql, "contradicted".sql, .real(0.0), 400.sql, 1_100.sql]),
                    Row([edited.sql, "dose".sql, "covered".sql, .real(1.0), .null, .null]),
                ])
            let figures = try transaction.run(
                "SELECT key, value FROM finding_figure WHERE analysis = ?1 ORDER BY 1", edited)
            #expect(
                figures == [
                    Row(["entities".sql, .real(3.0)]), Row(["entities_dose".sql, .real(1.0)]),
                    Row(["entities_drug".sql, .real(2.0)]), Row(["sentiment".sql, .real(0.25)]),
                ])
            #expect(try transaction.users.declaredGroups().isEmpty)

            // 10: what is said in part earns a half, as it always did.
            #expect(
                try transaction.run("SELECT partial_credit, scored_by FROM question_version") == [
                    Row([.real(0.5), .null])
                ])

            // 11: everything that can be marked is in the queue; a fifth gets a second marker.
            let queue = try transaction.run(
                "SELECT response, state, critical, width, final_marks FROM marking_item ORDER BY response")
            let (one, two, three, _): (Identifier<Response>, Identifier<Response>, Identifier<Response>, Void) =
                (try id("r1"), try id("r2"), try id("r3"), ())
            #expect(
                queue == [
                    Row([one.sql, "unmarked".sql, 1.sql, .real(0.5), 0.sql]),
                    Row([two.sql, "unscorable".sql, 0.sql, .real(1.0), 0.sql]),
                    Row([three.sql, "moderation".sql, 0.sql, .real(1.0), 1.sql]),
                ])
            #expect(try transaction.run("SELECT second_share FROM question_rubric") == [Row([.real(0.2)])])

            // 12: nobody is told anything of the past.
            #expect(try transaction.run("SELECT count(*) FROM notice") == [Row([0.sql])])

            // 15: an old question gives nothing beside its prompt, and what is contradicted earns nothing.
            #expect(
                try transaction.run(
                    "SELECT contradicted_credit, vocabulary, scenario, facts FROM question_version")
                    == [Row([.real(0.0), "[]".sql, .null, "[]".sql])])
            #expect(try transaction.run("SELECT DISTINCT vocabulary FROM transcript_version") == [Row(["[]".sql])])
            #expect(try transaction.run("SELECT count(*) FROM revealed_fact") == [Row([0.sql])])

            // 16: why the learned judge was not asked then is not known.
            #expect(try transaction.run("SELECT DISTINCT judge_reason FROM assessment") == [Row([.null])])

            // 17: what else was considered then is not known.
            #expect(try transaction.run("SELECT DISTINCT alternatives FROM transcript_version") == [Row(["[]".sql])])
            #expect(try transaction.run("SELECT DISTINCT other_wordings FROM assessment") == [Row(["[]".sql])])

            // 13: reports see it all.
            let viewer: Identifier<User> = try id("e")
            let answers = try transaction.insight.answers(
                scope, viewer: viewer, figures: ["sentiment", "flesch_re", "entities_drug", "mattr50"],
                readsKeyPoints: true)
            #expect(answers.map(\.response) == [one, two, three, try id("r4")])
            #expect(answers.map(\.state) == [.analysed, .unscorable, .marked, .uploaded])
            #expect(answers.map(\.isUnscorable) == [false, true, false, false])
            #expect(answers[0].figures == [0.25, 61.5, 2, nil] && answers[3].figures == [nil, nil, nil, nil])
            #expect(
                answers[0].keyPoints == [
                    InsightOutcome(keyPoint: "do:se, 1", state: .contradicted, credit: 0, time: 400..<1_100),
                    InsightOutcome(keyPoint: "dose", state: .covered, credit: 1),
                ])
            #expect(answers[0].machine == AnswerScore(low: 0.25, point: 0.5, high: 0.75, holds: [.criticalUncertain]))
            #expect(answers[2].grade?.current == Grade(score: 0.75, source: .marker) && answers[2].ownMark == .final)
            #expect(answers[2].grade?.isInModeration == true && answers[0].grade == nil)
            let correction = try transaction.insight.corrections(scope)
            #expect(
                correction == [
                    InsightCorrection(
                        response: one, wordErrorRate: 0.25, words: 8, recognisedScore: 0.2, correctedScore: 0.5)
                ])

            // 14: the question bank begins with what there is; by what earlier analyses were made nobody knows.
            #expect(try transaction.questions.bankNumber() == 1)
            #expect(try transaction.questions.expectedAnswers(language: nil, bank: 1).map(\.text) == ["Answer"])
            #expect(
                try transaction.run("SELECT count(*) FROM analysis WHERE bank IS NULL AND text_sha256 IS NULL") == [
                    Row([2.sql])
                ])
            let mark = try transaction.marks.list(of: three).first?.mark
            #expect(mark?.rubricDigest == nil && mark?.isReasonWanted == false)
            #expect(try transaction.transcripts.find(one)?.version.isConfirmation == false)
        }
    }

    private static let answers = ["r1", "r2", "r3", "r4"]

    private static func open(_ path: String, _ migrations: [SQLiteMigration]) async throws -> SQLiteDatabase {
        try await SQLiteDatabase.open(
            path: path, configuration: .init(), clock: WallClock { noon }, migrations: migrations)
    }

    /// An id that says what it is of: letters and digits that follow each other are in it.
    private static func id<Entity>(_ name: String) throws -> Identifier<Entity> {
        try #require(Identifier("00000000-0000-7000-8000-" + text(name)))
    }

    private static func text(_ name: String) -> String {
        let digits = name.utf8.map { String($0, radix: 16) }.joined()
        return String(repeating: "0", count: 12 - digits.count) + digits
    }

    /// As the program wrote them that had schema 8.
    private static var rows: [String] {
        func id(_ name: String) -> String { "'00000000-0000-7000-8000-\(text(name))'" }
        let results = { (points: String) in "'[\(points)]'" }
        let edited = results(
            #"{"id": "do:se, 1", "state": "contradicted", "credit": 0, "evidence": ["take", "5", 400, 1100]}, "#
                + #"{"id": "dose", "state": "covered", "credit": 1, "evidence": null}"#)
        let recognised = results(#"{"id": "dose", "state": "missing", "credit": 0, "evidence": null}"#)
        let findings =
            #"'{"tone": {"score": 0.25}, "entities": [{"type": "DRUG"}, {"type": "DOSE"}, {"type": "DRUG"}]}'"#
        var rows = [
            """
            INSERT INTO "user" (id, name, email, role, created_at)
            VALUES (\(id("s")), 'Sam', 's@example.org', 'student', 1), (\(id("e")), 'Eve', 'e@example.org', 'educator', 1)
            """,
            "INSERT INTO course (id, name, created_at) VALUES (\(id("c")), 'Course', 1)",
            """
            INSERT INTO membership (course, "user", part, created_at)
            VALUES (\(id("c")), \(id("s")), 'student', 1), (\(id("c")), \(id("e")), 'educator', 1)
            """,
            "INSERT INTO question (id, course, current_version, created_at) VALUES (\(id("q")), \(id("c")), 1, 1)",
            """
            INSERT INTO question_version (id, question, number, title, prompt, expected_answer, time_limit, created_at)
            VALUES (\(id("v")), \(id("q")), 1, 'Title', 'Prompt', 'Answer', 60, 1)
            """,
            "INSERT INTO rubric (id, course, current_version, created_at) VALUES (\(id("b")), \(id("c")), 1, 1)",
            """
            INSERT INTO rubric_version (id, rubric, number, title, criteria, global_scale, created_at)
            VALUES (\(id("bv")), \(id("b")), 1, 'Rubric', '[]', '[]', 1)
            """,
            "INSERT INTO question_rubric (question, rubric) VALUES (\(id("q")), \(id("b")))",
        ]
        for (index, (state, reason)) in [
            ("analysed", "NULL"), ("unscorable", "'silence'"), ("marked", "NULL"), ("uploaded", "NULL"),
        ].enumerated() {
            rows.append(
                """
                INSERT INTO recording (id, owner, state, path, size, sha256, created_at)
                VALUES (\(id("w\(index)")), \(id("s")), 'kept', '\(index)', 1, '00', 1)
                """)
            rows.append(
                """
                INSERT INTO response (id, owner, question, question_version, recording, state, reason_code, created_at)
                VALUES (\(id("r\(index + 1)")), \(id("s")), \(id("q")), \(id("v")), \(id("w\(index)")), '\(state)', \(reason),
                    \(index))
                """)
        }
        return rows + [
            """
            INSERT INTO transcript_version
                (id, response, number, origin, author, engine, word_error_rate, word_count, text, segments, created_at)
            VALUES (\(id("t1")), \(id("r1")), 1, 'asr', NULL, 'engine', NULL, 7, '', '[]', 1),
                (\(id("t2")), \(id("r1")), 2, 'human', \(id("e")), NULL, 0.25, 8, '', '[]', 2)
            """,
            """
            INSERT INTO analysis (id, response, transcript_version, question_version, engine, findings, created_at)
            VALUES (\(id("a1")), \(id("r1")), 1, \(id("v")), 'engine', NULL, 1),
                (\(id("a2")), \(id("r1")), 2, \(id("v")), 'engine', \(findings), 2)
            """,
            """
            INSERT INTO measure (analysis, position, key, value, unit, valid, reason, evidence)
            VALUES (\(id("a2")), 0, 'flesch_re', 61.5, '1', 'ok', NULL, '[]'),
                (\(id("a2")), 1, 'mattr50', NULL, '1', 'na', 'short', '[]')
            """,
            """
            INSERT INTO assessment (analysis, key_points, proposed, results, low, point, high, holds)
            VALUES (\(id("a1")), '[]', 0, \(recognised), 0.1, 0.2, 0.3, '[]'),
                (\(id("a2")), '[]', 0, \(edited), 0.25, 0.5, 0.75, '["critical_uncertain"]')
            """,
            """
            INSERT INTO mark (id, response, rubric_version, marker, kind, state, levels, comments, score, version,
                created_at, updated_at)
            VALUES (\(id("m")), \(id("r3")), \(id("bv")), \(id("e")), 'marker', 'final', '{}', '[]', 0.75, 1, 1, 1)
            """,
            """
            INSERT INTO grade (response, score, source, moderation, updated_at)
            VALUES (\(id("r3")), 0.75, 'marker', 1, 1)
            """,
        ]
    }
}
