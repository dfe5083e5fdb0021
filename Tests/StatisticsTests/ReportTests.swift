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
                name: "content",
                markers: [
                    AgreementReport.Marker(name: "machine", marks: [1, 2, 3, 4, 5, 3]),
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
        #expect(report.json["groups"]?.array?[0]["alpha_ordinal"]?["n"]?.integer == 6)
        #expect(report.json["groups"]?.array?[1]["icc"]?["valid"]?.string == "na")
        #expect(report.json["groups"]?.array?[1]["icc"]?["value"]?.isNull == true)
        #expect(report.tables[0].rows.count == 4)
    }

    @Test func `a class: distributions, key points, and what to listen to`() throws {
        let states: [CohortReport.State] = [.covered, .missing, .contradicted, .uncertain, .missing]
        let answers = states.enumerated().map { index, state in
            CohortReport.Answer(
                response: "r\(index)", student: index == 0 ? nil : "s\(index)", score: index == 4 ? nil : Double(index),
                measures: index == 0 ? ["flesch_re": 60] : [:], keyPoints: ["k1": .covered, "k2": state])
        }
        let report = CohortReport(
            answers: answers, measures: ["flesch_re", "unknown"],
            keyPoints: [("k1", "allergies"), ("k2", "no ibuprofen"), ("k3", "allergies")])
        try check(report, tables: ["answers", "distributions", "key_points"])
        #expect(report.keyPoints.map(\.id) == ["k2", "k1", "k3"])
        #expect(report.keyPoints[0].missed.value == 0.75)
        #expect(report.keyPoints[0].missed.n == 4)
        #expect(report.keyPoints[0].examples == ["r2", "r1", "r4"])
        #expect(report.keyPoints[2].missed.valid == .na)
        #expect(report.score.median == 1.5)
        #expect(report.score.lowerQuartile == 0.75)
        #expect(report.score.missing == 1)
        #expect(report.measures[1].n == 0)
        #expect(report.json["score"]?["mean"]?["value"]?.double == 1.5)
        #expect(report.json["measures"]?["unknown"]?["median"]?.isNull == true)
        #expect(report.json["answers"]?.array?[4]["score"]?.isNull == true)
        #expect(report.json["key_points"]?.array?[0]["counts"]?["missing"]?.integer == 2)
        #expect(
            report.tables[0].csv.hasPrefix(
                "response,student,score,flesch_re,unknown,no ibuprofen,allergies,allergies (k3)\r\n"
                    + "r0,,0.0,60.0,,covered,covered,\r\n"))
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
            ProgressReport.Attempt(response: "r\(index)", time: "2026-11-2\(index)T10:00:00Z", mark: mark)
        }
        let report = ProgressReport(
            student: "s", measure: "score", attempts: attempts, standardErrorOfMeasurement: 5)
        try check(report, tables: ["attempts", "progress"])
        #expect(report.json["reliable_change"]?.bool == true)
        #expect(report.json["attempts"]?.array?[1]["mark"]?.isNull == true)
        #expect(report.json["attempts"]?.array?[2]["change"]?.double == 20)
        #expect(report.tables[0].csv.contains("\r\nr1,2026-11-21T10:00:00Z,,,,,\r\n"))
        try check(
            ProgressReport(student: "s", measure: "score", attempts: [], standardErrorOfMeasurement: nil),
            tables: ["attempts", "progress"])
    }
}
