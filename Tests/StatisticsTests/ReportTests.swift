// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Statistics
import Testing

@Suite("Statistics: reports")
struct ReportTests {
    /// Whether every table has a cell for each of its distinct columns, and the JSON can be read.
    private func check(_ report: some StatisticsReport, tables: [String]) throws {
        #expect(report.tables.map(\.name) == tables)
        for table in report.tables {
            #expect(!table.columns.isEmpty)
            #expect(Set(table.columns).count == table.columns.count)
            #expect(table.rows.allSatisfy { $0.count == table.columns.count })
        }
        #expect(try JSONValue(parsing: report.json.utf8).text == report.json.text)
    }

    @Test func `items`() throws {
        let items = (1...4).map { ItemReport.Item(id: "q\($0)", label: "=Question \($0)", maximum: 1) }
        let marks: [[Double?]] = ["1101", "1001", "0001", "1111", "1100"].map { row in row.map { $0 == "1" ? 1 : 0 } }
        let report = ItemReport(items: items, marks: marks)
        try check(report, tables: ["items", "exam"])
        #expect(report.json["alpha"]?["n"]?.integer == 5)
        #expect(report.json["alpha"]?["valid"]?.string == "low")
        #expect(report.json["items"]?.array?[3]["flags"] == ["negative_discrimination"])
        #expect(report.json["items"]?.array?[0]["facility"]?["value"]?.double == 0.8)
        let lines = report.tables[0].csv.split(separator: "\r\n")
        #expect(lines[0].hasPrefix("id,label,maximum,missing,flags,facility,facility_low,facility_high,facility_n,"))
        #expect(lines[4].hasPrefix("q4,'=Question 4,1.0,0,negative_discrimination,0.8,"))
        try check(ItemReport(items: [], marks: []), tables: ["items", "exam"])
    }

    @Test func `agreement, for every two markers and for all`() throws {
        let report = AgreementReport(criteria: [
            AgreementReport.Criterion(
                name: "content", machine: AgreementReport.Marker(name: "machine", marks: [1, 2, 3, 4, 5, 3]),
                markers: [
                    AgreementReport.Marker(name: "Ann", marks: [1, 2, 3, 5, 5, nil]),
                    AgreementReport.Marker(name: "Bob", marks: [2, 2]),
                    AgreementReport.Marker(name: "Cem", marks: [nil, nil, nil, nil, nil, 4]),
                ]),
            AgreementReport.Criterion(name: "delivery", markers: []),
        ])
        try check(report, tables: ["pairs", "groups"])
        #expect(
            report.pairs.map { [$0.first, $0.second] } == [
                ["machine", "Ann"], ["machine", "Bob"], ["machine", "Cem"], ["Ann", "Bob"],
            ])
        #expect(report.pairs[0].agreement.exact.value == 0.8)
        #expect(report.json["pairs"]?.array?[1]["missing"]?.integer == 4)
        #expect(report.json["groups"]?.array?[0]["alpha_ordinal"]?["n"]?.integer == 2, "of people, without the machine")
        #expect(report.json["groups"]?.array?[1]["icc"]?["valid"]?.string == "na")
        #expect(report.json["groups"]?.array?[1]["icc"]?["value"]?.isNull == true)
        #expect(report.tables[0].rows.count == 4)
    }

    @Test func `a class: who and what needs a look, and what to listen to`() throws {
        let states: [CohortReport.State] = [.covered, .missing, .contradicted, .uncertain, .missing]
        let answers = states.enumerated().map { index, state in
            CohortReport.Answer(
                response: "r\(index)", student: index < 3 ? "s0" : "s1", question: "q",
                score: index == 4 ? nil : 0.9 - 0.2 * Double(index), isUnscorable: index == 4,
                measures: index == 0 ? [60, nil] : [],
                keyPoints: [
                    "k1": .init(.covered), "k2": .init(state, time: state == .contradicted ? 1_000..<2_500 : nil),
                ])
        }
        let report = CohortReport(
            answers: answers,
            students: [.init(id: "s0", text: "Ann"), .init(id: "s1", text: "Bob"), .init(id: "s2", text: "=Cem")],
            questions: [
                .init(
                    id: "q", title: "Warfarin",
                    keyPoints: [
                        .init(id: "k1", text: "allergies"), .init(id: "k2", text: "no ibuprofen"),
                        .init(id: "k3", text: "allergies"),
                    ])
            ], measures: ["flesch_re", "unknown"])
        try check(
            report, tables: ["students", "questions", "key_points", "examples", "distributions", "histogram"])
        let cohort = report.cohort
        #expect(cohort.keyPoints.map(\.id) == ["k2", "k1", "k3"])
        #expect(cohort.keyPoints[0].missed.value == 0.75)
        #expect(cohort.keyPoints[0].missed.n == 4)
        #expect(cohort.keyPoints[0].examples.map(\.response) == ["r2", "r1", "r4"])
        #expect(cohort.keyPoints[0].examples.map(\.start) == [1_000, nil, nil])
        #expect(cohort.keyPoints[2].missed.valid == .na)
        #expect(cohort.score.missing == 1)
        #expect(cohort.histogram == [0, 0, 0, 1, 0, 1, 0, 1, 0, 1])
        #expect(cohort.measures[1].n == 0)
        #expect(
            cohort.students.map(\.flags) == [[.falling], [.lowScore, .unscorable], [.noAnswers]],
            "\(cohort.students.map(\.flags))")
        #expect(cohort.students.map { $0.questionScores[0] } == [0.5, 0.9 - 0.2 * 3, nil])
        #expect(cohort.questions[0].flags == [.unscorable, .missedKeyPoint])
        #expect(report.json["measures"]?["unknown"]?["median"]?.isNull == true)
        #expect(report.json["students"]?.array?[2]["score"]?.isNull == true)
        #expect(report.json["key_points"]?.array?[0]["counts"]?["missing"]?.integer == 2)
        #expect(report.tables[0].csv.contains("\r\ns2,'=Cem,0,0,,,,no_answers,\r\n"))
        #expect(report.tables[3].csv.contains("\r\nq,k2,r2,contradicted,1000,2500\r\n"))
    }

    @Test func `answers one by one`() throws {
        let report = AnswerReport(
            fields: ["response", "student_name"], measures: ["sentiment"],
            answers: [
                .init(fields: ["r", "+Ann"], score: 0.5, interval: 0.25...0.75, measures: [nil]),
                .init(fields: ["s", nil], score: nil, interval: nil, measures: [-0.5]),
            ])
        try check(report, tables: ["answers"])
        #expect(
            report.tables[0].csv
                == "response,student_name,score,low,high,sentiment\r\nr,'+Ann,0.5,0.25,0.75,\r\ns,,,,,-0.5\r\n")
        #expect(report.json["items"]?.array?[1]["sentiment"]?.double == -0.5)
    }

    @Test func `a pass mark from the border and from judges`() throws {
        let performances = (0..<40).map { index in
            StandardReport.Performance(rating: Double(index % 4), score: 0.3 + 0.2 * Double(index % 4))
        }
        let report = StandardReport(
            performances: performances, borderline: 1,
            items: [.init(id: "k1", label: "one", weight: 3), .init(id: "k2", label: "two", weight: 1)],
            judges: [("Ann", [0.5, 0.9]), ("Bob", [0.7, 0.3]), ("Cem", [nil, 1])])
        try check(report, tables: ["regression", "angoff", "performances", "judges", "items"])
        let cut = try #require(report.regression.cut.value)
        #expect(abs(cut - 0.5) < 1e-12)
        #expect(report.json["regression"]?["performances"]?.array?.count == 4)
        #expect(report.json["regression"]?["performances"]?.array?[0]["count"]?.integer == 10)
        #expect(abs(try #require(report.angoff.cut.value) - 0.6) < 1e-12, "(0.6 + 0.6) / 2")
        #expect(report.json["angoff"]?["judges"]?.array?[2]["cut"]?.isNull == true)
        #expect(report.json["angoff"]?["items"]?.array?[0]["estimate"]?["n"]?.integer == 2)
        try check(
            StandardReport(performances: [], borderline: 1, items: [], judges: []),
            tables: ["regression", "angoff", "performances", "judges", "items"])
    }

    @Test func `an institution: course by course, and together`() throws {
        let report = InstitutionReport(
            counts: ["answers", "students"], means: ["score"],
            courses: [
                .init(
                    id: "a", name: "A", counts: [4, 3], sums: [.init(total: 2, n: 4)],
                    pairs: [.init(machine: 0.5, human: 0.5), .init(machine: 0.1, human: 0.5)]),
                .init(id: "b", name: "B", counts: [1, 1], sums: [.init(total: 1, n: 1)], pairs: []),
                .init(id: "c", name: "C", counts: [0, 0], sums: [.init()], pairs: []),
            ], people: (count: "students", total: 3)
        ) { Int($0 * 5) }
        try check(report, tables: ["courses"])
        #expect(report.json["total"]?["answers"]?.integer == 5)
        #expect(report.json["total"]?["students"]?.integer == 3, "somebody is in two courses")
        #expect(report.json["total"]?["score"]?.double == 0.6)
        #expect(report.json["courses"]?.array?[0]["exact"]?["value"]?.double == 0.5)
        #expect(report.json["courses"]?.array?[2]["score"]?.isNull == true)
        #expect(report.tables[0].rows.count == 4)
    }

    @Test func `fairness: nothing of a small group but its name`() throws {
        let answers = (0..<45).map { student in
            var answer = Fairness.Answer(group: student < 30 ? "large" : "small", student: student)
            answer.wordErrors = student % 3
            answer.referenceWords = 10
            return answer
        }
        let report = FairnessReport(attribute: "first language", answers: answers)
        try check(report, tables: ["groups"])
        #expect(report.json["groups"]?.array?[0]["wer"]?["value"]?.double == 0.1)
        #expect(report.json["groups"]?.array?[1]["suppressed"]?.bool == true)
        #expect(report.json["groups"]?.array?[1]["students"]?.isNull == true)
        #expect(report.json["overall"]?["students"]?.integer == 30)
        let lines = report.tables[0].csv.split(separator: "\r\n")
        #expect(lines[2].hasPrefix("first language,small,,,true,,,,0,na,"))
        #expect(lines[3].hasPrefix("first language,,30,30,false,0.1,"))
    }

    @Test func `progress`() throws {
        let attempts = [60, nil, 80].enumerated().map { index, mark in
            ProgressReport.Attempt(
                response: "r\(index)", question: "Warfarin", time: "2026-11-2\(index)T10:00:00Z", mark: mark)
        }
        let report = ProgressReport(
            student: "s", measure: "score", attempts: attempts, standardErrorOfMeasurement: 5)
        try check(report, tables: ["attempts", "progress"])
        #expect(report.json["reliable_change"]?.bool == true)
        #expect(report.json["attempts"]?.array?[1]["mark"]?.isNull == true)
        #expect(report.json["attempts"]?.array?[2]["change"]?.double == 20)
        #expect(report.tables[0].csv.contains("\r\nr1,Warfarin,2026-11-21T10:00:00Z,,,,,\r\n"))
        try check(
            ProgressReport(student: "s", measure: "score", attempts: [], standardErrorOfMeasurement: nil),
            tables: ["attempts", "progress"])
    }
}
