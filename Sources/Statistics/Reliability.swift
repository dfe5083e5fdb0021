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
    /// - Complexity: O(marks log marks), and O(marks) for each resample.
    public static func krippendorffAlpha(
        _ answers: [[Double?]], metric: Metric, bootstrap: Bootstrap = Bootstrap()
    ) -> Statistic {
        let units = answers.map { $0.compactMap { $0 }.filter(\.isFinite) }.filter { $0.count > 1 }
        guard !units.isEmpty else { return Statistic(na: "No answer was marked by two.", n: 0) }
        let marks = CoincidingMarks(units, metric: metric)
        let value = marks.alpha(Array(units.indices))
        let interval = bootstrap.interval(sampleSize: units.count, marks.alpha)
        return Statistic(
            value, n: units.count, interval: interval,
            otherwise: "All marks are the same, so that there is nothing to agree on.")
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
        let markers = answers.first?.count ?? 0
        let rows = completeRows(answers, width: markers)
        guard markers > 1 else { return Statistic(na: "There are fewer than 2 markers.", n: rows.count) }
        guard rows.count > 1 else {
            return Statistic(na: "Fewer than 2 answers were marked by every marker.", n: rows.count)
        }
        let value = intraclassCorrelation(rows, markers, Array(rows.indices))
        let interval = bootstrap.interval(sampleSize: rows.count) { intraclassCorrelation(rows, markers, $0) }
        return Statistic(
            value, n: rows.count, interval: interval,
            otherwise: "The marks don't vary, so that there is nothing to agree on.")
    }

    private static func intraclassCorrelation(_ rows: [[Double]], _ markers: Int, _ indices: [Int]) -> Double? {
        let n = Double(indices.count)
        let k = Double(markers)
        let origin = rows[indices[0]][0]
        var columns = [Double](repeating: 0, count: markers)
        for index in indices { for marker in 0..<markers { columns[marker] += rows[index][marker] - origin } }
        for marker in 0..<markers { columns[marker] /= n }
        let mean = columns.reduce(0, +) / k
        var between = 0.0
        var error = 0.0
        for index in indices {
            var total = 0.0
            for marker in 0..<markers { total += rows[index][marker] - origin }
            let row = total / k - mean
            between += row * row
            for marker in 0..<markers {
                let rest = rows[index][marker] - origin - mean - row - (columns[marker] - mean)
                error += rest * rest
            }
        }
        let meanSquareRows = k * between / (n - 1)
        let meanSquareColumns = n * columns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (k - 1)
        let meanSquareError = error / ((n - 1) * (k - 1))
        let total = meanSquareRows + (k - 1) * meanSquareError + k * (meanSquareColumns - meanSquareError) / n
        return total > 0 ? (meanSquareRows - meanSquareError) / total : nil
    }
}

/// Marks of answers that have at least two.
private struct CoincidingMarks {
    private let metric: Reliability.Metric
    private let values: [[Double]]
    /// The place of each mark among the distinct marks.
    private let places: [[Int]]
    private let distinct: Int

    init(_ units: [[Double]], metric: Reliability.Metric) {
        self.metric = metric
        values = units
        let ranks = DenseRanks(units.flatMap { $0 })
        distinct = ranks.distinct
        var next = 0
        places = units.map { unit in
            defer { next += unit.count }
            return Array(ranks.places[next..<(next + unit.count)])
        }
    }

    /// Alpha of drawn answers: 1 - observed / expected disagreement; nil when none can be expected.
    func alpha(_ indices: [Int]) -> Double? {
        var counts = [Int](repeating: 0, count: distinct)
        for index in indices { for place in places[index] { counts[place] += 1 } }
        switch metric {
        case .nominal: return nominal(indices, counts)
        case .interval: return squared(indices) { values[$0][$1] }
        case .ordinal:
            var below = 0
            let ranks = counts.map { count in
                defer { below += count }
                return Double(2 * below + count)
            }
            return squared(indices) { ranks[places[$0][$1]] }
        }
    }

    /// For distances that are 0 or 1.
    private func nominal(_ indices: [Int], _ counts: [Int]) -> Double? {
        let total = counts.reduce(0, +)
        let expected = total * total - counts.reduce(0) { $0 + $1 * $1 }
        guard expected > 0 else { return nil }
        var observed = 0.0
        for index in indices {
            let marks = places[index]
            var differing = 0
            for (position, mark) in marks.enumerated() {
                for other in marks[(position + 1)...] where other != mark { differing += 2 }
            }
            observed += Double(differing) / Double(marks.count - 1)
        }
        return 1 - observed * Double(total - 1) / Double(expected)
    }

    /// For squared distances of numbers, where sums over all pairs are sums of squares about the mean.
    ///
    /// - Parameter number: The number of an answer's mark, by the indices of both.
    private func squared(_ indices: [Int], _ number: (Int, Int) -> Double) -> Double? {
        var total = 0
        var sum = 0.0
        let origin = number(indices[0], 0)
        for index in indices {
            for mark in places[index].indices { sum += number(index, mark) - origin }
            total += places[index].count
        }
        let mean = origin + sum / Double(total)
        var spread = 0.0
        var observed = 0.0
        for index in indices {
            let count = places[index].count
            let first = number(index, 0)
            var shift = 0.0
            for mark in 0..<count { shift += number(index, mark) - first }
            let own = first + shift / Double(count)
            var within = 0.0
            for mark in 0..<count {
                let value = number(index, mark)
                within += (value - own) * (value - own)
                spread += (value - mean) * (value - mean)
            }
            observed += Double(count) * within / Double(count - 1)
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
