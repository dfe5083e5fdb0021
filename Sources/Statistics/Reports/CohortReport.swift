// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// A class on one question or exam: scores beside measures, and which key points it missed.
public struct CohortReport: StatisticsReport, Hashable {
    /// What became of a key point in one answer.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Said.
        case covered
        /// Said in part.
        case partial
        /// Not said.
        case missing
        /// Said the other way round.
        case contradicted
        /// Not to be told.
        case uncertain
    }

    /// One answer.
    public struct Answer: Sendable, Hashable {
        /// The response's identifier.
        public var response: String
        /// The student's identifier; nil where it is not to be shown.
        public var student: String?
        /// The score; nil where there is none.
        public var score: Double?
        /// Measures by key, such as `flesch_re`, `sentiment` or `entities_drug`; those without a value are left out.
        public var measures: [String: Double]
        /// What became of the key points, by their identifiers.
        public var keyPoints: [String: State]

        /// Describes an answer.
        public init(
            response: String, student: String? = nil, score: Double?, measures: [String: Double] = [:],
            keyPoints: [String: State] = [:]
        ) {
            self.response = response
            self.student = student
            self.score = score
            self.measures = measures
            self.keyPoints = keyPoints
        }
    }

    /// What became of one key point in a class.
    public struct KeyPoint: Sendable, Hashable {
        /// Its identifier.
        public let id: String
        /// What people call it.
        public let label: String
        /// Answers by state.
        public let counts: [State: Int]
        /// The share of answers in which it is missing or contradicted, of those in which it can be told.
        public let missed: Statistic
        /// Responses to listen to, at most five: those that contradict it before those that miss it.
        public let examples: [String]
    }

    /// The answers in order.
    public let answers: [Answer]
    /// The measures' keys in order.
    public let measureKeys: [String]
    /// The scores' distribution.
    public let score: Distribution
    /// The measures' distributions, in the order of ``measureKeys``.
    public let measures: [Distribution]
    /// The key points, the most missed first.
    public let keyPoints: [KeyPoint]

    /// Describes a class.
    ///
    /// - Parameters:
    ///   - answers: Its answers.
    ///   - measures: The keys of the measures to show, in order.
    ///   - keyPoints: Identifiers and labels of the key points, in order.
    ///   - bootstrap: How intervals are made.
    public init(
        answers: [Answer], measures keys: [String], keyPoints points: [(id: String, label: String)],
        bootstrap: Bootstrap = Bootstrap()
    ) {
        self.answers = answers
        measureKeys = keys
        score = Distribution(answers.map(\.score), bootstrap: bootstrap)
        measures = keys.map { key in Distribution(answers.map { $0.measures[key] }, bootstrap: bootstrap) }
        let all = points.map { Self.keyPoint($0.id, $0.label, answers, bootstrap) }
        keyPoints = all.enumerated().sorted { first, second in
            let one = first.element.missed.value ?? -1
            let other = second.element.missed.value ?? -1
            return one != other ? one > other : first.offset < second.offset
        }.map(\.element)
    }

    private static func keyPoint(
        _ id: String, _ label: String, _ answers: [Answer], _ bootstrap: Bootstrap
    ) -> KeyPoint {
        let states = answers.compactMap { answer in answer.keyPoints[id].map { (answer.response, $0) } }
        let misses = states.compactMap { state -> Double? in
            switch state.1 {
            case .covered, .partial: 0
            case .missing, .contradicted: 1
            case .uncertain: nil
            }
        }
        let missed = Distribution(misses, bootstrap: bootstrap).mean
        func responses(_ wanted: State) -> [String] { states.filter { $0.1 == wanted }.map(\.0) }
        return KeyPoint(
            id: id, label: label,
            counts: Dictionary(states.map { ($0.1, 1) }, uniquingKeysWith: +), missed: missed,
            examples: Array((responses(.contradicted) + responses(.missing)).prefix(5)))
    }

    /// `{answers: [{response, student, score, measures, key_points}], score, measures: {key: distribution}, key_points:
    /// [{id, label, counts, missed, examples}]}`, a distribution being `{n, missing, mean, sd, min, q1, median, q3, max}`.
    public var json: JSONValue {
        var distributions = JSONObject()
        for (key, distribution) in zip(measureKeys, measures) { distributions[key] = Self.json(distribution) }
        return [
            "answers": .array(answers.map(json)), "score": Self.json(score), "measures": .object(distributions),
            "key_points": .array(
                keyPoints.map { point in
                    var counts = JSONObject()
                    for state in State.allCases { counts[state.rawValue] = .integer(Int64(point.counts[state] ?? 0)) }
                    return [
                        "id": .string(point.id), "label": .string(point.label), "counts": .object(counts),
                        "missed": point.missed.json, "examples": .array(point.examples.map(JSONValue.string)),
                    ]
                }),
        ]
    }

    private func json(_ answer: Answer) -> JSONValue {
        var values = JSONObject()
        for key in measureKeys { values[key] = .optional(answer.measures[key]) }
        var states = JSONObject()
        for point in keyPoints { states[point.id] = .optional(answer.keyPoints[point.id]?.rawValue) }
        return [
            "response": .string(answer.response), "student": .optional(answer.student),
            "score": .optional(answer.score), "measures": .object(values), "key_points": .object(states),
        ]
    }

    private static func json(_ distribution: Distribution) -> JSONValue {
        [
            "n": .integer(Int64(distribution.n)), "missing": .integer(Int64(distribution.missing)),
            "mean": distribution.mean.json, "sd": distribution.standardDeviation.json,
            "min": .optional(distribution.minimum), "q1": .optional(distribution.lowerQuartile),
            "median": .optional(distribution.median), "q3": .optional(distribution.upperQuartile),
            "max": .optional(distribution.maximum),
        ]
    }

    /// `answers`, `distributions` and `key_points`.
    public var tables: [Table] { [answerTable, distributionTable, keyPointTable] }

    private var answerTable: Table {
        var columns = ["response", "student", "score"] + measureKeys
        for point in keyPoints {
            columns.append(columns.contains(point.label) ? "\(point.label) (\(point.id))" : point.label)
        }
        var table = Table(name: "answers", columns: columns)
        for answer in answers {
            table.append(
                [.text(answer.response), .optional(answer.student), .optional(answer.score)]
                    + measureKeys.map { .optional(answer.measures[$0]) }
                    + keyPoints.map { .optional(answer.keyPoints[$0.id]?.rawValue) })
        }
        return table
    }

    private var distributionTable: Table {
        var table = Table(
            name: "distributions",
            columns: ["measure", "n", "missing"] + Statistic.columns("mean") + Statistic.columns("sd")
                + ["min", "q1", "median", "q3", "max"])
        for (key, distribution) in [("score", score)] + Array(zip(measureKeys, measures)) {
            let quartiles = [
                distribution.minimum, distribution.lowerQuartile, distribution.median, distribution.upperQuartile,
                distribution.maximum,
            ]
            table.append(
                [.text(key), .integer(distribution.n), .integer(distribution.missing)] + distribution.mean.cells
                    + distribution.standardDeviation.cells + quartiles.map { .optional($0) })
        }
        return table
    }

    private var keyPointTable: Table {
        var table = Table(
            name: "key_points",
            columns: ["id", "label"] + State.allCases.map(\.rawValue) + Statistic.columns("missed") + ["examples"])
        for point in keyPoints {
            table.append(
                [.text(point.id), .text(point.label)]
                    + State.allCases.map { .integer(point.counts[$0] ?? 0) } + point.missed.cells
                    + [.text(point.examples.joined(separator: " "))])
        }
        return table
    }
}
