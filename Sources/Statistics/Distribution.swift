// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// How a number is distributed over the answers of a class.
public struct Distribution: Sendable, Hashable {
    /// Answers that have it.
    public let n: Int
    /// Answers that don't.
    public let missing: Int
    /// The mean.
    public let mean: Statistic
    /// The sample standard deviation.
    public let standardDeviation: Statistic
    /// The least; nil without answers, as are the following.
    public let minimum: Double?
    /// A quarter is at most so much, by linear interpolation (definition 7 of Hyndman & Fan 1996).
    public let lowerQuartile: Double?
    /// The middle.
    public let median: Double?
    /// Three quarters are at most so much.
    public let upperQuartile: Double?
    /// The greatest.
    public let maximum: Double?

    /// Describes values; nil and what is not finite count as missing.
    public init(_ values: [Double?], bootstrap: Bootstrap = Bootstrap()) {
        self = Self.describe([values], bootstrap: bootstrap)[0]
    }

    /// Describes several numbers of the same answers, the intervals of which are made together.
    static func describe(_ columns: [[Double?]], bootstrap: Bootstrap) -> [Distribution] {
        let columns = columns.map(finite)
        let intervals = bootstrap.meanIntervals(columns)
        return columns.indices.map { column in
            Distribution(
                sorted: columns[column].compactMap { $0 }.sorted(), of: columns[column].count,
                interval: intervals[column])
        }
    }

    /// The means only of several numbers, table by table, where nothing else is asked for.
    static func means(tables: [[[Double?]]], bootstrap: Bootstrap) -> [[Statistic]] {
        let tables = tables.map { $0.map(finite) }
        return zip(tables, bootstrap.meanIntervals(tables: tables)).map { columns, intervals in
            zip(columns, intervals).map { mean(of: $0.compactMap { $0 }.sorted(), interval: $1) }
        }
    }

    /// What is not finite counts as missing.
    private static func finite(_ values: [Double?]) -> [Double?] {
        values.map { value in value.flatMap { $0.isFinite ? $0 : nil } }
    }

    private static func mean(of known: [Double], interval: ClosedRange<Double>?) -> Statistic {
        Statistic(
            known.isEmpty ? nil : Moments(known).mean, n: known.count, interval: interval,
            otherwise: "There are no values.")
    }

    private init(sorted known: [Double], of count: Int, interval: ClosedRange<Double>?) {
        n = known.count
        missing = count - known.count
        mean = Self.mean(of: known, interval: interval)
        standardDeviation = Statistic(
            Moments(known).standardDeviation, n: known.count, otherwise: "There are fewer than 2 values.")
        func quantile(_ share: Double) -> Double? {
            known.isEmpty ? nil : Bootstrap.quantile(share, ofSorted: known)
        }
        minimum = known.first
        lowerQuartile = quantile(0.25)
        median = quantile(0.5)
        upperQuartile = quantile(0.75)
        maximum = known.last
    }
}
