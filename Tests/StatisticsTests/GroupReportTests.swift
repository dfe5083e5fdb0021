// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import TestRandom
import Testing

@testable import Statistics

/// Figures of a group, and that nothing can be subtracted from them.
@Suite struct GroupReportTests {
    private static let questions = ["q", "r"].map { id in
        CohortReport.Question(id: id, title: id.uppercased(), keyPoints: [.init(id: "k", text: "point")])
    }

    /// Answers of students 0..<count to a question in a month; every third misses the key point.
    private static func answers(_ students: Range<Int>, _ question: String = "q") -> [CohortReport.Answer] {
        students.map { student in
            CohortReport.Answer(
                response: "\(question)\(student)", student: "s\(student)", question: question,
                score: Double(student % 10) / 9, measures: [student % 2 == 0 ? 61.234 : nil],
                keyPoints: ["k": .init(student % 3 == 0 ? .missing : .covered)])
        }
    }

    private static func report(
        _ answers: [CohortReport.Answer], months: [Int]? = nil, of group: String = "A", _ groups: [String: String]
    ) -> GroupReport {
        GroupReport(
            of: group, groups: groups, answers: answers, months: months ?? answers.map { _ in 0 }, questions: questions,
            measures: ["flesch_re"], bootstrap: Bootstrap(resamples: 50))
    }

    /// Students 0..<a count themselves to A, those from there to a + b to B.
    private static func groups(_ a: Int, _ b: Int) -> [String: String] {
        Dictionary(uniqueKeysWithValues: (0..<(a + b)).map { ("s\($0)", $0 < a ? "A" : "B") })
    }

    @Test func `a group is described by rounded means, without anybody in it`() throws {
        let report = Self.report(Self.answers(0..<60), Self.groups(30, 30))
        let json = report.json
        #expect(json["answers"]?.integer == 30 && json["group"]?.string == "A")
        #expect(json["measures"]?["score"]?["mean"]?["value"]?.double == 0.5)
        #expect(json["measures"]?["score"]?["mean"]?["n"]?.integer == 30)
        #expect(json["questions"]?.array?.count == 1, "a question without answers is left out")
        // Ten of thirty.
        #expect(json["key_points"]?.array?[0]["missed"]?["value"]?.double == 0.33)
        // Only every second has the measure: fifteen are too few.
        #expect(json["measures"]?["flesch_re"]?["mean"]?["value"]?.isNull == true)
        #expect(json["measures"]?["flesch_re"]?["mean"]?["n"]?.integer == 0)
        for name in ["s0", "q0", "min", "median", "examples", "students"] {
            #expect(!json.text.contains("\"\(name)\""))
        }
        #expect(report.tables.map(\.name) == ["distributions", "questions", "key_points"])
        #expect(report.tables[0].csv.contains("A,score,0.5,"))
    }

    @Test func `a share that fewer than five make, or leave, is not shown`() {
        var answers = Self.answers(0..<60)
        for index in answers.indices { answers[index].keyPoints["k"] = .init(index < 4 ? .missing : .covered) }
        let few = Self.report(answers, Self.groups(30, 30)).json["key_points"]?.array?[0]["missed"]
        #expect(few?["value"]?.isNull == true && few?["n"]?.integer == 0)
        answers[4].keyPoints["k"] = .init(.contradicted)
        let enough = Self.report(answers, Self.groups(30, 30)).json["key_points"]?.array?[0]["missed"]
        #expect(enough?["value"]?.double == 0.17)
    }

    @Test func `nothing is shown of few, of everybody but few, and of everybody`() {
        func shown(_ students: Int, _ groups: [String: String], of group: String = "A") -> Int {
            Self.report(Self.answers(0..<students), of: group, groups).answers
        }
        #expect(shown(60, Self.groups(19, 41)) == 0, "fewer than 20")
        // 41 of B are enough, but the 19 others could be told by subtracting B from everybody.
        #expect(shown(60, Self.groups(19, 41), of: "B") == 0)
        #expect(shown(60, Self.groups(20, 40), of: "B") == 40)
        #expect(shown(41, Self.groups(41, 0)) == 0, "that everybody is in a group is known of each")
        // Three are in no group: they would be left over from A and B.
        #expect(shown(63, Self.groups(25, 35)) == 0 && shown(63, Self.groups(25, 35), of: "B") == 35)
        #expect(shown(80, Self.groups(25, 35)) == 25)
        #expect(shown(80, Self.groups(25, 35), of: "nobody's") == 0)
    }

    @Test func `whatever is left by subtracting selections is of enough students or of none`() {
        // Random classes over questions and months; each selection of whole cells is a sum of cells, so that every
        // difference is one too: it is enough that each cell is either left out or large, in each group, and in the rest.
        var generator = SplitMix(seed: 7)
        for _ in 0..<40 {
            var places: [GroupDisclosure.Place] = []
            for cell in 0..<6 {
                for student in 0..<Int.random(in: 1...120, using: &generator) {
                    let group = Int.random(in: 0...5, using: &generator)
                    places.append(.init(cell: cell, student: student, group: group < 3 ? group * group % 3 : nil))
                }
            }
            let cells = (0..<3).map { GroupDisclosure.cells(showing: $0, of: places, fewest: 20) }
            for cell in 0..<6 {
                let here = places.filter { $0.cell == cell }
                let shown = (0..<3).filter { cells[$0].contains(cell) }
                for group in shown { #expect(here.count { $0.group == group } >= 20) }
                let rest = here.count { place in !shown.contains { place.group == $0 } }
                #expect(shown.isEmpty || rest == 0 && shown.count > 1 || rest >= 20)
            }
        }
    }

    @Test func `a month in which few answered counts neither alone nor within more`() {
        // In month 1 there are 30 of each group, in month 2 only 5 of A.
        let answers = Self.answers(0..<60) + Self.answers(0..<5) + Self.answers(30..<60)
        let months = Array(repeating: 1, count: 60) + Array(repeating: 2, count: 35)
        #expect(Self.report(answers, months: months, Self.groups(30, 30)).answers == 30)
        #expect(Self.report(answers, months: months, of: "B", Self.groups(30, 30)).answers == 30)
        let february = Self.report(
            Array(answers[60...]), months: Array(months[60...]), of: "B", Self.groups(30, 30))
        #expect(february.answers == 0, "subtracted from everybody, it would tell what the five did")
    }
}
