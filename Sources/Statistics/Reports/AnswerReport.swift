// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// The answers of a class one by one, with what the figures of the class are made from.
public struct AnswerReport: StatisticsReport, Hashable {
    /// One answer.
    public struct Answer: Sendable, Hashable {
        /// Names and identifiers, in the order of ``AnswerReport/fields``; nil where there is none.
        public var fields: [String?]
        /// What it has earned, 0...1; nil where there is nothing, or where it is kept from whoever asks.
        public var score: Double?
        /// The ends of the machine's interval; nil as above.
        public var interval: ClosedRange<Double>?
        /// The values of the measures, in order; nil where there is none.
        public var measures: [Double?]

        /// Describes an answer.
        public init(fields: [String?], score: Double?, interval: ClosedRange<Double>?, measures: [Double?]) {
            self.fields = fields
            self.score = score
            self.interval = interval
            self.measures = measures
        }
    }

    /// What the fields of an answer are.
    public let fields: [String]
    /// The measures' keys.
    public let measures: [String]
    /// The answers.
    public let answers: [Answer]

    /// Lists answers.
    public init(fields: [String], measures: [String], answers: [Answer]) {
        self.fields = fields
        self.measures = measures
        self.answers = answers
    }

    /// `{items: [{FIELD, …, score, low, high, MEASURE, …}]}`.
    public var json: JSONValue {
        [
            "items": .array(
                answers.map { answer in
                    var object = JSONObject()
                    for (key, value) in zip(fields, answer.fields) { object[key] = .optional(value) }
                    object["score"] = .optional(answer.score)
                    object["low"] = .optional(answer.interval?.lowerBound)
                    object["high"] = .optional(answer.interval?.upperBound)
                    for (key, value) in zip(measures, answer.measures) { object[key] = .optional(value) }
                    return .object(object)
                })
        ]
    }

    /// `answers`.
    public var tables: [Table] {
        var table = Table(name: "answers", columns: fields + ["score", "low", "high"] + measures)
        for answer in answers {
            var cells: [Table.Cell] = []
            cells.reserveCapacity(table.columns.count)
            for field in answer.fields { cells.append(.optional(field)) }
            cells.append(.optional(answer.score))
            cells.append(.optional(answer.interval?.lowerBound))
            cells.append(.optional(answer.interval?.upperBound))
            for measure in answer.measures { cells.append(.optional(measure)) }
            table.append(cells)
        }
        return [table]
    }
}
