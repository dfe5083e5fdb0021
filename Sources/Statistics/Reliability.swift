// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Agreement among any number of markers.
public enum Reliability {
    /// What distances between marks mean to Krippendorff's alpha.
    public enum Metric: String, Sendable, Hashable, CaseIterable {
        /// Marks are names: two are the same or not.
        case nominal
        /// Marks have an order.
        case ordinal
        /// Distances between marks have a meaning.
        case interval
    }

    /// Krippendorff's alpha (Krippendorff 2011, "Computing Krippendorff's alpha-reliability"): 1 is full agreement, 0 what
    /// chance would give.
    ///
    /// An answer counts with as many marks as it has; one with a single mark says nothing and is left out. With the
    /// ordinal metric the distance of two marks is that of their mean ranks among all marks that count. Resamples are
    /// of answers.
    ///
    /// - Parameters:
    ///   - answers: For each answer the markers' marks; nil (and what is not finite) where one did not mark it.
    ///   - metric: What distances between marks mean.
    ///   - bootstrap: How intervals are made.
    /// - Returns: Alpha, with the number of answers that count.
    /// - Complexity: O(marks log marks); for each resample as many random numbers as answers, and O(answers that differ).
    public static func krippendorffAlpha(
        _ answers: [[Double?]], metric: Metric, bootstrap: Bootstrap = Bootstrap()
    ) -> Statistic {
        krippendorffAlphas(answers, metrics: [metric], bootstrap: bootstrap)[0]
    }

    /// Alpha by several metrics, from the same resamples.
    static func krippendorffAlphas(
        _ answers: [[Double?]], metrics: [Metric], bootstrap: Bootstrap
    ) -> [Statistic] {
        let tally = Tally(answers.map { $0.compactMap { $0 }.filter(\.isFinite) }.filter { $0.count > 1 })
        let n = tally.units.count
        guard n > 0 else { return metrics.map { _ in Statistic(na: "No answer was marked by two.", n: 0) } }
        let marks = CoincidingMarks(tally.kinds)
        func alphas(_ counts: [Int]) -> [Double?] { metrics.map { marks.alpha(counts, $0) } }
        return zip(alphas(tally.counts), bootstrap.intervals(of: metrics.count, tally, alphas)).map { value, interval in
            Statistic(
                value, n: n, interval: interval,
                otherwise: "All marks are the same, so that there is nothing to agree on.")
        }
    }

    /// ICC(2,1) (Shrout & Fleiss 1979; ICC(A,1) of McGraw & Wong 1996): how far single marks of markers drawn at random
    /// agree absolutely.
    ///
    /// (MSR - MSE) / (MSR + (k - 1) MSE + k (MSC - MSE) / n), with answers as rows and markers as columns. Answers that
    /// one of the markers did not mark are left out. Resamples are of answers.
    ///
    /// - Parameters:
    ///   - answers: For each answer the marks of the same markers in the same order.
    ///   - bootstrap: How intervals are made.
    public static func intraclassCorrelation(_ answers: [[Double?]], bootstrap: Bootstrap = Bootstrap()) -> Statistic {
        intraclassCorrelation(answers, markers: answers.first?.count ?? 0, bootstrap: bootstrap)
    }

    /// The same where no answer may be left to tell how many markers there are.
    static func intraclassCorrelation(_ answers: [[Double?]], markers: Int, bootstrap: Bootstrap) -> Statistic {
        let rows = completeRows(answers, width: markers)
        guard markers > 1 else { return Statistic(na: "There are fewer than 2 markers.", n: rows.count) }
        guard rows.count > 1 else {
            return Statistic(na: "Fewer than 2 answers were marked by every marker.", n: rows.count)
        }
        let tally = Tally(rows)
        func correlation(_ counts: [Int]) -> [Double?] {
            [intraclassCorrelation(tally.kinds, markers, counts, n: rows.count)]
        }
        return Statistic(
            correlation(tally.counts)[0], n: rows.count, interval: bootstrap.intervals(of: 1, tally, correlation)[0],
            otherwise: "The marks don't vary, so that there is nothing to agree on.")
    }

    /// - Parameters:
    ///   - rows: Rows of marks.
    ///   - counts: How often each of them occurs, `n` in all.
    private static func intraclassCorrelation(
        _ rows: [[Double]], _ markers: Int, _ counts: [Int], n: Int
    ) -> Double? {
        let n = Double(n)
        let k = Double(markers)
        let origin = rows[counts.firstIndex { $0 > 0 } ?? 0][0]
        var columns = [Double](repeating: 0, count: markers)
        for (row, count) in zip(rows, counts) where count > 0 {
            for marker in 0..<markers { columns[marker] += Double(count) * (row[marker] - origin) }
        }
        for marker in 0..<markers { columns[marker] /= n }
        let mean = columns.reduce(0, +) / k
        var between = 0.0
        var error = 0.0
        for (row, count) in zip(rows, counts) where count > 0 {
            let own = row.reduce(0) { $0 + ($1 - origin) } / k - mean
            between += Double(count) * (own * own)
            var rests = 0.0
            for marker in 0..<markers {
                let rest = row[marker] - origin - mean - own - (columns[marker] - mean)
                rests += rest * rest
            }
            error += Double(count) * rests
        }
        let meanSquareRows = k * between / (n - 1)
        let meanSquareColumns = n * columns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (k - 1)
        let meanSquareError = error / ((n - 1) * (k - 1))
        let total = meanSquareRows + (k - 1) * meanSquareError + k * (meanSquareColumns - meanSquareError) / n
        return total > 0 ? (meanSquareRows - meanSquareError) / total : nil
    }
}

/// The marks of answers that have at least two, each different list of them once.
private struct CoincidingMarks {
    private let values: [[Double]]
    /// The place of each mark among the distinct marks.
    private let places: [[Int]]
    private let distinct: Int

    init(_ units: [[Double]]) {
        values = units
        let ranks = DenseRanks(units.flatMap { $0 })
        distinct = ranks.distinct
        var next = 0
        places = units.map { unit in
            defer { next += unit.count }
            return Array(ranks.places[next..<(next + unit.count)])
        }
    }

    /// Alpha of answers of which each list of marks occurs as often as is counted: 1 - observed / expected
    /// disagreement; nil when none can be expected.
    func alpha(_ answers: [Int], _ metric: Reliability.Metric) -> Double? {
        var counts = [Int](repeating: 0, count: distinct)
        for (unit, count) in answers.enumerated() { for place in places[unit] { counts[place] += count } }
        switch metric {
        case .nominal: return nominal(answers, counts)
        case .interval: return squared(answers) { values[$0][$1] }
        case .ordinal:
            var below = 0
            let ranks = counts.map { count in
                defer { below += count }
                return Double(2 * below + count)
            }
            return squared(answers) { ranks[places[$0][$1]] }
        }
    }

    /// For distances that are 0 or 1.
    private func nominal(_ answers: [Int], _ counts: [Int]) -> Double? {
        let total = counts.reduce(0, +)
        let expected = total * total - counts.reduce(0) { $0 + $1 * $1 }
        guard expected > 0 else { return nil }
        var observed = 0.0
        for (unit, count) in answers.enumerated() where count > 0 {
            let marks = places[unit]
            var differing = 0
            for (position, mark) in marks.enumerated() {
                for other in marks[(position + 1)...] where other != mark { differing += 2 }
            }
            observed += Double(count * differing) / Double(marks.count - 1)
        }
        return 1 - observed * Double(total - 1) / Double(expected)
    }

    /// For squared distances of numbers, where sums over all pairs are sums of squares about the mean.
    ///
    /// - Parameter number: The number of a mark, by the indices of its list and in it.
    private func squared(_ answers: [Int], _ number: (Int, Int) -> Double) -> Double? {
        var total = 0
        var sum = 0.0
        let origin = number(answers.firstIndex { $0 > 0 } ?? 0, 0)
        for (unit, count) in answers.enumerated() where count > 0 {
            for mark in places[unit].indices { sum += Double(count) * (number(unit, mark) - origin) }
            total += count * places[unit].count
        }
        let mean = origin + sum / Double(total)
        var spread = 0.0
        var observed = 0.0
        for (unit, count) in answers.enumerated() where count > 0 {
            let marks = places[unit].count
            let first = number(unit, 0)
            var shift = 0.0
            for mark in 0..<marks { shift += number(unit, mark) - first }
            let own = first + shift / Double(marks)
            var within = 0.0
            var around = 0.0
            for mark in 0..<marks {
                let value = number(unit, mark)
                within += (value - own) * (value - own)
                around += (value - mean) * (value - mean)
            }
            spread += Double(count) * around
            observed += Double(count) * (Double(marks) * within / Double(marks - 1))
        }
        guard spread > 0 else { return nil }
        return 1 - observed * Double(total - 1) / (Double(total) * spread)
    }
}

/// The rows that have all of their first cells, without the others.
func completeRows(_ rows: [[Double?]], width: Int) -> [[Double]] {
    rows.compactMap { row in
        let cells = row.prefix(width).compactMap { $0 }.filter(\.isFinite)
        return cells.count == width && width > 0 ? cells : nil
    }
}
