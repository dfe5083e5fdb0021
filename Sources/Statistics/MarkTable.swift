// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The marks of the students who have one for every item, by item.
struct MarkTable {
    let students: Int
    /// For each item the students' marks.
    let columns: [[Double]]
    let totals: [Double]
    /// For each item the students' totals of the other items.
    private let rests: [[Double]]

    init(_ rows: [[Double]], width: Int) {
        students = rows.count
        columns = (0..<width).map { item in rows.map { $0[item] } }
        totals = rows.map { $0.reduce(0, +) }
        // Summed and not subtracted, so that what is constant stays so.
        rests = (0..<width).map { item in
            rows.map { row in
                row.indices.reduce(0) { $1 == item ? $0 : $0 + row[$1] }
            }
        }
    }

    /// The corrected item-total correlation of each item, and alpha after them.
    func statistics(_ indices: [Int]) -> [Double?] {
        columns.indices.map { item in
            columns.count < 2 ? nil : PairMoments(columns[item], rests[item], indices).correlation
        } + [alpha(indices)]
    }

    /// Cronbach's alpha, with all items or without one; nil for fewer than two items and for totals that are all the
    /// same.
    func alpha(_ indices: [Int], without left: Int? = nil) -> Double? {
        let count = Double(columns.count - (left == nil ? 0 : 1))
        guard count > 1 else { return nil }
        let sums = left.map { rests[$0] } ?? totals
        let total = PairMoments(sums, sums, indices).sumXX
        guard total > 0 else { return nil }
        var parts = 0.0
        for item in columns.indices where item != left {
            parts += PairMoments(columns[item], columns[item], indices).sumXX
        }
        return count / (count - 1) * (1 - parts / total)
    }

    /// The mean mark of the 27 % of students with the highest totals less that of the 27 % with the lowest; nil when
    /// all totals are the same.
    func upperLower(_ item: Int) -> Double? {
        let size = max(1, (0.27 * Double(students)).rounded())
        let order = totals.indices.sorted { totals[$0] < totals[$1] }
        guard let first = order.first, let last = order.last, totals[first] < totals[last] else { return nil }
        return (mean(of: item, order.reversed(), size) - mean(of: item, order, size))
    }

    /// The mean mark of the first students of an order by totals. Those who share the total at the border count with
    /// equal parts.
    private func mean(of item: Int, _ order: some Sequence<Int>, _ size: Double) -> Double {
        var taken = 0.0
        var sum = 0.0
        var tied = 0.0
        var tiedSum = 0.0
        var total: Double?
        for student in order {
            if totals[student] != total {
                if taken + tied >= size { break }
                taken += tied
                sum += tiedSum
                tied = 0
                tiedSum = 0
                total = totals[student]
            }
            tied += 1
            tiedSum += columns[item][student]
        }
        return (sum + tiedSum * min(1, (size - taken) / tied)) / size
    }

    /// Covariance with the rest / covariance of the sorted marks with the sorted rest, after Moodle's documentation of
    /// its quiz statistics; nil where the latter is 0.
    func discriminativeEfficiency(_ item: Int) -> Double? {
        let everyone = Array(0..<students)
        let moments = PairMoments(columns[item], rests[item], everyone)
        let highest = PairMoments(columns[item].sorted(), rests[item].sorted(), everyone)
        guard moments.sumXX > 0, moments.sumYY > 0, highest.sumXY > 0 else { return nil }
        return min(1, moments.sumXY / highest.sumXY)
    }
}
