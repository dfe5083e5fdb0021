// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// A class as ``CohortReport`` describes it, but only those who count themselves to one group, and nothing from which a
/// few of them could be told (``GroupDisclosure``): no names, no single values such as the least, rounded to 0.01.
public struct GroupReport: StatisticsReport, Hashable {
    /// A mean with its standard deviation.
    struct Spread: Hashable {
        let key: String
        let mean: Statistic
        let standardDeviation: Statistic
    }

    private struct Question: Hashable {
        let id: String
        let title: String
        let answers: Int
        let score: Statistic
    }

    private struct KeyPoint: Hashable {
        let question: String
        let id: String
        let label: String
        let missed: Statistic
    }

    /// The group.
    public let group: String
    /// How many of its answers are looked at; 0 where nothing may be shown.
    public let answers: Int
    private let spreads: [Spread]
    private let questions: [Question]
    private let keyPoints: [KeyPoint]

    /// So many students must have missed a key point, and as many not, before the share is shown.
    static let fewestEitherWay = 5

    /// Describes a group.
    ///
    /// - Parameters:
    ///   - group: The group.
    ///   - groups: The groups of those students who have declared one, by their identifiers.
    ///   - answers: The answers of everybody, oldest first.
    ///   - months: For each answer the month in which it was given.
    ///   - questions: What was asked, in order.
    ///   - keys: The keys of the measures, in order.
    ///   - fewest: How many students are enough.
    public init(
        of group: String, groups: [String: String], answers: [CohortReport.Answer], months: [Int],
        questions: [CohortReport.Question], measures keys: [String], fewest: Int = Fairness.fewestStudents,
        bootstrap: Bootstrap? = nil
    ) {
        let material = GroupMaterial(of: group, groups: groups, answers: answers, months: months, fewest: fewest)
        let bootstrap = bootstrap ?? .sized(for: answers.count)
        let shown = material.shown { _ in true }
        let columns =
            [material.values(\.score)] + keys.indices.map { key in material.values { $0.measure(key) } }
        self.group = group
        self.answers = shown.count
        spreads = zip(["score"] + keys, Distribution.describe(columns, bootstrap: bootstrap)).map { key, distribution in
            Spread(
                key: key, mean: distribution.mean.rounded(few: fewest),
                standardDeviation: distribution.standardDeviation.rounded(few: fewest))
        }
        let asked = questions.filter { question in shown.contains { answers[$0].question == question.id } }
        self.questions = asked.map { question in
            let score = Distribution(
                material.values { $0.question == question.id ? $0.score : nil }, bootstrap: bootstrap)
            return Question(
                id: question.id, title: question.title,
                answers: shown.count { answers[$0].question == question.id }, score: score.mean.rounded(few: fewest))
        }
        keyPoints = asked.flatMap { question in
            question.keyPoints.map { point in
                KeyPoint(
                    question: question.id, id: point.id, label: point.text,
                    missed: Self.missed(point.id, question.id, answers, material, fewest, bootstrap))
            }
        }
    }

    private static func missed(
        _ point: String, _ question: String, _ answers: [CohortReport.Answer], _ material: GroupMaterial, _ fewest: Int,
        _ bootstrap: Bootstrap
    ) -> Statistic {
        func isMissed(_ answer: CohortReport.Answer) -> Bool? {
            guard answer.question == question else { return nil }
            return answer.keyPoints[point].flatMap { Cohort.isMissed($0.state) }
        }
        let found = material.shown { isMissed($0) != nil }.map { answers[$0] }
        let missed = found.filter { isMissed($0) == true }
        let share = Distribution(found.map { isMissed($0) == true ? 1 : 0 }, bootstrap: bootstrap).mean
        for part in [missed, found.filter { isMissed($0) == false }]
        where !found.isEmpty && Set(part.map(\.student)).count < fewestEitherWay {
            return Statistic(
                na: "Fewer than \(fewestEitherWay) students missed it, or fewer did not, so the share is not shown.",
                n: 0)
        }
        return share.rounded(few: fewest)
    }

    /// `{group, answers, measures: {score, KEY: {mean, sd}}, questions: [{id, title, answers, score}], key_points:
    /// [{question, id, label, missed}]}`.
    public var json: JSONValue {
        var measures = JSONObject()
        for spread in spreads {
            measures[spread.key] = ["mean": spread.mean.json, "sd": spread.standardDeviation.json]
        }
        return [
            "group": .string(group), "answers": .integer(Int64(answers)), "measures": .object(measures),
            "questions": .array(
                questions.map { question in
                    [
                        "id": .string(question.id), "title": .string(question.title),
                        "answers": .integer(Int64(question.answers)), "score": question.score.json,
                    ]
                }),
            "key_points": .array(
                keyPoints.map { point in
                    [
                        "question": .string(point.question), "id": .string(point.id), "label": .string(point.label),
                        "missed": point.missed.json,
                    ]
                }),
        ]
    }

    /// `distributions`, `questions` and `key_points`.
    public var tables: [Table] {
        var spreadTable = Table(
            name: "distributions",
            columns: ["group", "measure"] + Statistic.columns("mean") + Statistic.columns("sd"))
        for spread in spreads {
            spreadTable.append(
                [.text(group), .text(spread.key)] + spread.mean.cells + spread.standardDeviation.cells)
        }
        var questionTable = Table(
            name: "questions", columns: ["group", "id", "title", "answers"] + Statistic.columns("score"))
        for question in questions {
            questionTable.append(
                [.text(group), .text(question.id), .text(question.title), .integer(question.answers)]
                    + question.score.cells)
        }
        var pointTable = Table(
            name: "key_points", columns: ["group", "question", "id", "label"] + Statistic.columns("missed"))
        for point in keyPoints {
            pointTable.append(
                [.text(group), .text(point.question), .text(point.id), .text(point.label)] + point.missed.cells)
        }
        return [spreadTable, questionTable, pointTable]
    }
}

/// The answers of everybody, with where each lies.
private struct GroupMaterial {
    private let answers: [CohortReport.Answer]
    private let places: [GroupDisclosure.Place]
    private let group: Int
    private let fewest: Int

    init(
        of group: String, groups: [String: String], answers: [CohortReport.Answer], months: [Int], fewest: Int
    ) {
        struct Cell: Hashable {
            let question: String
            let month: Int
        }
        let cells = Tally(zip(answers, months).map { Cell(question: $0.question, month: $1) }).units
        let students = Tally(answers.map(\.student)).units
        let names = Tally(groups.values.sorted() + [group])
        let numbers = Dictionary(names.kinds.enumerated().map { ($1, $0) }) { $1 }
        self.answers = Array(answers.prefix(cells.count))
        self.group = numbers[group] ?? -1
        self.fewest = fewest
        places = cells.indices.map { index in
            GroupDisclosure.Place(
                cell: cells[index], student: students[index],
                group: groups[answers[index].student].flatMap { numbers[$0] })
        }
    }

    /// The group's answers that have something, where that may be shown.
    func shown(_ has: (CohortReport.Answer) -> Bool) -> [Int] {
        let having = answers.indices.filter { has(answers[$0]) }
        let cells = GroupDisclosure.cells(showing: group, of: having.lazy.map { places[$0] }, fewest: fewest)
        return having.filter { places[$0].group == group && cells.contains(places[$0].cell) }
    }

    /// The values of the group's answers, where they may be shown.
    func values(_ value: (CohortReport.Answer) -> Double?) -> [Double?] {
        shown { value($0) != nil }.map { value(answers[$0]) }
    }
}

extension Statistic {
    /// To two decimals, so that single values can't be worked out of means of them; without a value where there are few.
    fileprivate func rounded(few: Int) -> Statistic {
        func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
        guard let value else {
            return Statistic(na: "There are fewer than \(few) students, or too few others, so nothing is shown.", n: 0)
        }
        return Statistic(
            rounded(value), n: n, interval: interval.map { rounded($0.lowerBound)...rounded($0.upperBound) },
            otherwise: "")
    }
}
