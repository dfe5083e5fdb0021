// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// One student's marks over time, with what each attempt was.
public struct ProgressReport: StatisticsReport, Hashable {
    /// An attempt.
    public struct Attempt: Sendable, Hashable {
        /// The response's identifier.
        public var response: String
        /// What was asked, in its title.
        public var question: String
        /// When it was given (RFC 3339).
        public var time: String
        /// The mark, on a scale that all attempts share; nil where there is none.
        public var mark: Double?

        /// Describes an attempt.
        public init(response: String, question: String, time: String, mark: Double?) {
            self.response = response
            self.question = question
            self.time = time
            self.mark = mark
        }
    }

    /// The student's identifier.
    public let student: String
    /// What is followed, such as `score` or `speech_rate_wpm`.
    public let measure: String
    /// The attempts in the order of time.
    public let attempts: [Attempt]
    /// Their figures, in the same order.
    public let progress: Progress

    /// Follows one student; see ``Progress``.
    public init(student: String, measure: String, attempts: [Attempt], standardErrorOfMeasurement: Double?) {
        self.student = student
        self.measure = measure
        self.attempts = attempts
        progress = Progress(
            marks: attempts.map(\.mark), standardErrorOfMeasurement: standardErrorOfMeasurement)
    }

    /// `{student, measure, sem, change, reliable_change, slope, reliable_slope, attempts: [{response, question, time, mark,
    /// low, high, change, reliable_change}]}`.
    public var json: JSONValue {
        [
            "student": .string(student), "measure": .string(measure),
            "sem": .optional(progress.standardErrorOfMeasurement), "change": progress.change.json,
            "reliable_change": Self.flag(progress.isReliableChange), "slope": progress.slope.json,
            "reliable_slope": Self.flag(progress.isReliableSlope),
            "attempts": .array(
                zip(attempts, progress.points).map { attempt, point in
                    [
                        "response": .string(attempt.response), "question": .string(attempt.question),
                        "time": .string(attempt.time),
                        "mark": .optional(point.mark), "low": .optional(point.band?.lowerBound),
                        "high": .optional(point.band?.upperBound), "change": .optional(point.change),
                        "reliable_change": Self.flag(point.isReliableChange),
                    ]
                }),
        ]
    }

    private static func flag(_ value: Bool?) -> JSONValue { value.map(JSONValue.bool) ?? .null }

    /// `attempts`, one to a row, and `progress` with one row.
    public var tables: [Table] {
        var table = Table(
            name: "attempts",
            columns: ["response", "question", "time", "mark", "low", "high", "change", "reliable_change"])
        for (attempt, point) in zip(attempts, progress.points) {
            table.append([
                .text(attempt.response), .text(attempt.question), .text(attempt.time), .optional(point.mark),
                .optional(point.band?.lowerBound), .optional(point.band?.upperBound), .optional(point.change),
                .optional(point.isReliableChange),
            ])
        }
        var whole = Table(
            name: "progress",
            columns: ["student", "measure", "sem"] + Statistic.columns("change") + ["reliable_change"]
                + Statistic.columns("slope") + ["reliable_slope"])
        whole.append(
            [.text(student), .text(measure), .optional(progress.standardErrorOfMeasurement)] + progress.change.cells
                + [.optional(progress.isReliableChange)] + progress.slope.cells
                + [.optional(progress.isReliableSlope)])
        return [table, whole]
    }
}
