// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// All courses of an institution, one to a row, and all together.
public struct InstitutionReport: StatisticsReport, Hashable {
    /// A sum with the number of what was added.
    public struct Sum: Sendable, Hashable {
        /// The sum.
        public var total: Double
        /// How many values it has.
        public var n: Int

        /// Creates a sum.
        public init(total: Double = 0, n: Int = 0) {
            self.total = total
            self.n = n
        }

        var mean: Double? { n > 0 ? total / Double(n) : nil }

        static func + (one: Self, other: Self) -> Self { Self(total: one.total + other.total, n: one.n + other.n) }
    }

    /// One course.
    public struct Course: Sendable, Hashable {
        /// Its identifier; nil for all together.
        public var id: String?
        /// Its name; nil for all together.
        public var name: String?
        /// Counts by name, in the order of ``InstitutionReport/counts``.
        public var counts: [Int]
        /// Sums by name, in the order of ``InstitutionReport/means``.
        public var sums: [Sum]
        /// The machine's and people's scores of answers that have both, 0...1.
        public var pairs: [Pair]

        /// Describes a course.
        public init(id: String?, name: String?, counts: [Int], sums: [Sum], pairs: [Pair]) {
            self.id = id
            self.name = name
            self.counts = counts
            self.sums = sums
            self.pairs = pairs
        }
    }

    /// Two scores of one answer, 0...1.
    public struct Pair: Sendable, Hashable {
        /// The machine's.
        public var machine: Double
        /// What people found.
        public var human: Double

        /// Creates a pair.
        public init(machine: Double, human: Double) {
            self.machine = machine
            self.human = human
        }
    }

    /// A course with how far machine and people agree on its bands.
    private struct Row: Hashable {
        let course: Course
        let statistics: [Statistic]
    }

    /// What is counted.
    public let counts: [String]
    /// Of what means are given.
    public let means: [String]
    private let rows: [Row]
    private let total: Row

    /// Compares courses.
    ///
    /// - Parameters:
    ///   - counts: What is counted.
    ///   - means: Of what means are given.
    ///   - courses: The courses in order.
    ///   - people: How many people answered in all courses together, in the place of the sum of that count: somebody may
    ///     be in two courses.
    ///   - band: The band that a score lies in.
    public init(
        counts: [String], means: [String], courses: [Course], people: (count: String, total: Int),
        band: (Double) -> Int
    ) {
        self.counts = counts
        self.means = means
        var whole = Course(
            id: nil, name: nil, counts: counts.map { _ in 0 }, sums: means.map { _ in Sum() }, pairs: [])
        for course in courses {
            whole.counts = zip(whole.counts, course.counts).map(+)
            whole.sums = zip(whole.sums, course.sums).map(+)
            whole.pairs += course.pairs
        }
        if let place = counts.firstIndex(of: people.count) { whole.counts[place] = people.total }
        func row(_ course: Course) -> Row {
            let agreement = Agreement(
                machine: course.pairs.map { Double(band($0.machine)) },
                human: course.pairs.map { Double(band($0.human)) }, bootstrap: .sized(for: course.pairs.count))
            return Row(
                course: course,
                statistics: [
                    agreement.exact, agreement.adjacent, agreement.quadraticWeightedKappa,
                    agreement.standardizedMeanDifference,
                ])
        }
        rows = courses.map(row)
        total = row(whole)
    }

    private static let agreement = ["exact", "adjacent", "qwk", "smd"]

    private func json(_ row: Row) -> JSONValue {
        var object: JSONObject = ["id": .optional(row.course.id), "name": .optional(row.course.name)]
        for (key, count) in zip(counts, row.course.counts) { object[key] = .integer(Int64(count)) }
        for (key, sum) in zip(means, row.course.sums) {
            object[key] = .optional(sum.mean)
            object["\(key)_n"] = .integer(Int64(sum.n))
        }
        object.add(Array(zip(Self.agreement, row.statistics)).map { (key: $0, statistic: $1) })
        return .object(object)
    }

    /// `{courses: [{id, name, COUNT, …, MEAN, MEAN_n, …, exact, adjacent, qwk, smd}], total}`.
    public var json: JSONValue { ["courses": .array(rows.map(json)), "total": json(total)] }

    /// `courses`, with all together in the last row, whose id and name are empty.
    public var tables: [Table] {
        var table = Table(
            name: "courses",
            columns: ["id", "name"] + counts + means.flatMap { [$0, "\($0)_n"] }
                + Self.agreement.flatMap(Statistic.columns))
        for row in rows + [total] {
            table.append(
                [.optional(row.course.id), .optional(row.course.name)] + row.course.counts.map { .integer($0) }
                    + row.course.sums.flatMap { [Table.Cell.optional($0.mean), .integer($0.n)] }
                    + row.statistics.flatMap(\.cells))
        }
        return [table]
    }
}
