// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension Bootstrap {
    /// Intervals of the means of several numbers of the same units, eight at a time: whole units are drawn, of those that
    /// have one of the eight, and each number's mean is over the drawn units that have it.
    ///
    /// - Parameter columns: For each number the value of each unit, nil where it has none; as long as each other.
    func meanIntervals(_ columns: [[Double?]]) -> [ClosedRange<Double>?] { meanIntervals(tables: [columns])[0] }

    /// The same for several tables of units. The same seed draws the same places from equally many units, so that these
    /// are drawn once for all that have so many.
    ///
    /// - Parameter tables: The columns of each table.
    /// - Complexity: For each resample a random number for each unit of one of the tables of the same size, and for each
    ///   column one pass over them, eight resamples at once.
    func meanIntervals(tables: [[[Double?]]]) -> [[ClosedRange<Double>?]] {
        var intervals = tables.map { [ClosedRange<Double>?](repeating: nil, count: $0.count) }
        guard resamples > 0 else { return intervals }
        let groups = tables.indices.flatMap { table in
            MeanGroup.places(in: tables[table]).map { (table: table, group: MeanGroup(tables[table], $0)) }
        }
        for (units, groups) in Dictionary(grouping: groups, by: \.group.units) {
            var generator = SeededGenerator(seed: seed)
            var means = groups.map { $0.group.places.map { _ in [Double]() } }
            for first in stride(from: 0, to: resamples, by: Counts.scalarCount) {
                let counts = counts(of: units, from: &generator)
                // The last few may be fewer than were drawn.
                let wanted = min(resamples - first, Counts.scalarCount)
                for (index, group) in groups.enumerated() {
                    for (column, found) in group.group.means(counts).enumerated() {
                        for resample in 0..<wanted { means[index][column].append(found[resample]) }
                    }
                }
            }
            for (group, means) in zip(groups, means) {
                for (place, means) in zip(group.group.places, means) { intervals[group.table][place] = interval(means) }
            }
        }
        return intervals
    }

    /// How often each unit is drawn in each of the next eight resamples.
    private func counts(of units: Int, from generator: inout SeededGenerator) -> [Counts] {
        var counts = [Counts](repeating: .zero, count: units)
        counts.withUnsafeMutableBytes { bytes in
            // A number at a time: to set a lane of a vector would write all of it.
            let cells = bytes.bindMemory(to: Double.self)
            for resample in 0..<Counts.scalarCount {
                for _ in 0..<units { cells[generator.index(below: units) * Counts.scalarCount + resample] += 1 }
            }
        }
        return counts
    }
}

/// How often one unit was drawn in eight resamples, which are computed side by side.
private typealias Counts = SIMD8<Double>

/// Up to eight columns, of which whole units are drawn together.
private struct MeanGroup {
    /// Where the columns are in their table.
    let places: [Int]
    /// How many units have one of the numbers, and are drawn from.
    let units: Int
    /// Column by column what each of them has, 0 where it lacks the number.
    private let values: [[Double]]
    /// Column by column which units lack the number: mostly few.
    private let lacking: [[Int]]

    /// Which columns are drawn together. Those with fewer than two values have no interval. Numbers that all units have
    /// are kept apart, so that no unit is drawn for a number that it lacks.
    static func places(in columns: [[Double?]]) -> [[Int]] {
        let known = columns.map { $0.count { $0 != nil } }
        let places = columns.indices.filter { known[$0] > 1 }
        let full = places.filter { known[$0] == columns[$0].count }
        let partial = places.filter { known[$0] < columns[$0].count }
        return [full, partial].flatMap { places in
            stride(from: 0, to: places.count, by: 8).map { Array(places[$0...].prefix(8)) }
        }
    }

    init(_ columns: [[Double?]], _ places: [Int]) {
        let columns = places.map { columns[$0] }
        let rows = (columns.first ?? []).indices.filter { row in columns.contains { $0[row] != nil } }
        self.places = places
        units = rows.count
        values = columns.map { column in rows.map { column[$0] ?? 0 } }
        lacking = columns.map { column in rows.indices.filter { column[rows[$0]] == nil } }
    }

    /// The mean of each column in each of eight resamples; not a number where none of the drawn units has a value.
    func means(_ counts: [Counts]) -> [Counts] {
        zip(values, lacking).map { values, lacking in
            var sum = Counts.zero
            for (value, count) in zip(values, counts) { sum += value * count }
            var drawn = Counts(repeating: Double(units))
            for unit in lacking { drawn -= counts[unit] }
            return sum / drawn
        }
    }
}
