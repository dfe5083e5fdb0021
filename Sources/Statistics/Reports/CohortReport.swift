// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// A class: scores beside measures, who and what needs a look, and which key points it missed.
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

    /// A key point in one answer.
    public struct Outcome: Sendable, Hashable {
        /// What became of it.
        public var state: State
        /// When the words that show it were said, in milliseconds; nil where nothing shows it.
        public var time: Range<Int>?

        /// Describes an outcome.
        public init(_ state: State, time: Range<Int>? = nil) {
            self.state = state
            self.time = time
        }
    }

    /// The key points in one answer: a few, which are looked for one by one, because there are many answers.
    public struct Outcomes: Sendable, Hashable, ExpressibleByDictionaryLiteral {
        private struct Entry: Sendable, Hashable {
            var keyPoint: String
            var outcome: Outcome
        }

        private var entries: [Entry] = []

        /// Lists outcomes by the identifiers of the key points; of several for one, the last counts.
        public init(dictionaryLiteral elements: (String, Outcome)...) {
            self.init(capacity: elements.count)
            for (keyPoint, outcome) in elements { append(outcome, for: keyPoint) }
        }

        /// Makes room for so many outcomes.
        public init(capacity: Int) { entries.reserveCapacity(capacity) }

        /// Adds an outcome; of several for one key point, the last counts.
        public mutating func append(_ outcome: Outcome, for keyPoint: String) {
            entries.append(Entry(keyPoint: keyPoint, outcome: outcome))
        }

        /// What became of a key point; nil where it was not looked for.
        public subscript(keyPoint: String) -> Outcome? {
            get { entries.last { $0.keyPoint == keyPoint }?.outcome }
            set {
                entries.removeAll { $0.keyPoint == keyPoint }
                if let newValue { entries.append(Entry(keyPoint: keyPoint, outcome: newValue)) }
            }
        }
    }

    /// One answer.
    public struct Answer: Sendable, Hashable {
        /// The response's identifier.
        public var response: String
        /// The student's identifier.
        public var student: String
        /// The question's identifier.
        public var question: String
        /// The score, 0...1; nil where there is none.
        public var score: Double?
        /// Whether the machine could not measure it.
        public var isUnscorable: Bool
        /// The values of the measures, in the order of the report's keys; nil, or left out at the end, where there is none.
        public var measures: [Double?]
        /// What became of the key points, by their identifiers.
        public var keyPoints: Outcomes

        /// Describes an answer.
        public init(
            response: String, student: String, question: String, score: Double?, isUnscorable: Bool = false,
            measures: [Double?], keyPoints: Outcomes = [:]
        ) {
            self.response = response
            self.student = student
            self.question = question
            self.score = score
            self.isUnscorable = isUnscorable
            self.measures = measures
            self.keyPoints = keyPoints
        }

        func measure(_ place: Int) -> Double? { place < measures.count ? measures[place] : nil }
    }

    /// What people call something.
    public struct Label: Sendable, Hashable {
        /// Its identifier.
        public var id: String
        /// What people call it.
        public var text: String

        /// Names something.
        public init(id: String, text: String) {
            self.id = id
            self.text = text
        }
    }

    /// What is asked.
    public struct Question: Sendable, Hashable {
        /// Its identifier.
        public var id: String
        /// What people call it.
        public var title: String
        /// Its key points in order; their identifiers are unique within a question.
        public var keyPoints: [Label]

        /// Describes a question.
        public init(id: String, title: String, keyPoints: [Label] = []) {
            self.id = id
            self.title = title
            self.keyPoints = keyPoints
        }
    }

    /// The figures of a class.
    public let cohort: Cohort
    /// The measures' keys in order.
    public let measureKeys: [String]

    /// Describes a class.
    ///
    /// - Parameters:
    ///   - answers: Its answers, oldest first.
    ///   - students: Who could have answered, in order; those who answered and are not among them are left out of the
    ///     list of students only.
    ///   - questions: What was asked, in order.
    ///   - keys: The keys of the measures to show, such as `flesch_re`, `sentiment` or `entities_drug`, in order.
    ///   - bootstrap: How intervals are made; by default with fewer resamples the more answers there are.
    public init(
        answers: [Answer], students: [Label], questions: [Question], measures keys: [String],
        bootstrap: Bootstrap? = nil
    ) {
        measureKeys = keys
        cohort = Cohort(
            answers: answers, students: students, questions: questions, measures: keys,
            bootstrap: bootstrap ?? .sized(for: answers.count))
    }

    // MARK: JSON

    /// `{answers, score, histogram: [n; 10], measures: {key: distribution}, students: [{id, name, answers, score, ...}],
    /// questions: [...], key_points: [{question, id, label, counts, missed, examples}]}`, a distribution being
    /// `{n, missing, mean, sd, min, q1, median, q3, max}`.
    public var json: JSONValue {
        var distributions = JSONObject()
        for (key, distribution) in zip(measureKeys, cohort.measures) { distributions[key] = distribution.json }
        return [
            "answers": .integer(Int64(cohort.answers)), "score": cohort.score.json,
            "histogram": .array(cohort.histogram.map { .integer(Int64($0)) }), "measures": .object(distributions),
            "students": .array(cohort.students.map(json)), "questions": .array(cohort.questions.map(json)),
            "key_points": .array(cohort.keyPoints.map(json)),
        ]
    }

    private func json(_ student: Cohort.StudentFigures) -> JSONValue {
        var object: JSONObject = [
            "id": .string(student.student.id), "name": .string(student.student.text),
            "answers": .integer(Int64(student.answers)), "unscorable": .integer(Int64(student.unscorable)),
            "score": .optional(student.score),
        ]
        for (key, value) in zip(measureKeys, student.measures) { object[key] = .optional(value) }
        object["flags"] = .array(student.flags.map { .string($0.rawValue) })
        var scores = JSONObject()
        for (question, score) in zip(cohort.questions, student.questionScores) {
            scores[question.question.id] = .optional(score)
        }
        object["scores"] = .object(scores)
        return .object(object)
    }

    private func json(_ question: Cohort.QuestionFigures) -> JSONValue {
        var object: JSONObject = [
            "id": .string(question.question.id), "title": .string(question.question.title),
            "answers": .integer(Int64(question.answers)), "students": .integer(Int64(question.students)),
            "unscorable": .integer(Int64(question.unscorable)), "score": question.score.json,
        ]
        for (key, value) in zip(measureKeys, question.measures) { object[key] = .optional(value) }
        object["flags"] = .array(question.flags.map { .string($0.rawValue) })
        return .object(object)
    }

    private func json(_ point: Cohort.KeyPoint) -> JSONValue {
        var counts = JSONObject()
        for state in State.allCases { counts[state.rawValue] = .integer(Int64(point.counts[state] ?? 0)) }
        return [
            "question": .string(point.question), "id": .string(point.id), "label": .string(point.label),
            "counts": .object(counts), "missed": point.missed.json,
            "examples": .array(
                point.examples.map { example in
                    [
                        "response": .string(example.response), "state": .string(example.state.rawValue),
                        "start": .optional(example.start), "end": .optional(example.end),
                    ]
                }),
        ]
    }

    // MARK: Tables

    /// `students`, `questions`, `key_points`, `examples`, `distributions` and `histogram`.
    public var tables: [Table] {
        [studentTable, questionTable, keyPointTable, exampleTable, distributionTable, histogramTable]
    }

    private var studentTable: Table {
        var columns = ["id", "name", "answers", "unscorable", "score"] + measureKeys + ["flags"]
        for question in cohort.questions.map(\.question) {
            columns.append(columns.contains(question.title) ? "\(question.title) (\(question.id))" : question.title)
        }
        var table = Table(name: "students", columns: columns)
        for student in cohort.students {
            table.append(
                [
                    .text(student.student.id), .text(student.student.text), .integer(student.answers),
                    .integer(student.unscorable), .optional(student.score),
                ] + student.measures.map { .optional($0) }
                    + [.text(student.flags.map(\.rawValue).joined(separator: " "))]
                    + student.questionScores.map { .optional($0) })
        }
        return table
    }

    private var questionTable: Table {
        var table = Table(
            name: "questions",
            columns: ["id", "title", "answers", "students", "unscorable"] + Statistic.columns("score") + measureKeys
                + ["flags"])
        for question in cohort.questions {
            table.append(
                [
                    .text(question.question.id), .text(question.question.title), .integer(question.answers),
                    .integer(question.students), .integer(question.unscorable),
                ] + question.score.cells + question.measures.map { .optional($0) }
                    + [.text(question.flags.map(\.rawValue).joined(separator: " "))])
        }
        return table
    }

    private var keyPointTable: Table {
        var table = Table(
            name: "key_points",
            columns: ["question", "id", "label"] + State.allCases.map(\.rawValue) + Statistic.columns("missed"))
        for point in cohort.keyPoints {
            table.append(
                [.text(point.question), .text(point.id), .text(point.label)]
                    + State.allCases.map { .integer(point.counts[$0] ?? 0) } + point.missed.cells)
        }
        return table
    }

    private var exampleTable: Table {
        var table = Table(
            name: "examples", columns: ["question", "key_point", "response", "state", "start", "end"])
        for point in cohort.keyPoints {
            for example in point.examples {
                table.append([
                    .text(point.question), .text(point.id), .text(example.response), .text(example.state.rawValue),
                    .optional(example.start), .optional(example.end),
                ])
            }
        }
        return table
    }

    private var distributionTable: Table {
        var table = Table(name: "distributions", columns: ["measure"] + Distribution.columns)
        for (key, distribution) in [("score", cohort.score)] + Array(zip(measureKeys, cohort.measures)) {
            table.append([.text(key)] + distribution.cells)
        }
        return table
    }

    private var histogramTable: Table {
        var table = Table(name: "histogram", columns: ["from", "to", "answers"])
        for (index, count) in cohort.histogram.enumerated() {
            table.append([.number(Double(index) / 10), .number(Double(index + 1) / 10), .integer(count)])
        }
        return table
    }
}

extension Distribution {
    /// `{n, missing, mean, sd, min, q1, median, q3, max}`
    var json: JSONValue {
        [
            "n": .integer(Int64(n)), "missing": .integer(Int64(missing)), "mean": mean.json,
            "sd": standardDeviation.json, "min": .optional(minimum), "q1": .optional(lowerQuartile),
            "median": .optional(median), "q3": .optional(upperQuartile), "max": .optional(maximum),
        ]
    }

    /// The columns of a distribution in a table.
    static var columns: [String] {
        ["n", "missing"] + Statistic.columns("mean") + Statistic.columns("sd") + ["min", "q1", "median", "q3", "max"]
    }

    /// The cells of those columns.
    var cells: [Table.Cell] {
        [.integer(n), .integer(missing)] + mean.cells + standardDeviation.cells
            + [minimum, lowerQuartile, median, upperQuartile, maximum].map { .optional($0) }
    }
}
