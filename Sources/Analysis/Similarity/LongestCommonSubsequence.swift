// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The longest run of terms that two answers have in common in the same order, others between them allowed.
struct LongestCommonSubsequence {
    /// The positions in the first answer of the terms in common, rising.
    let positions: [Int]

    /// The work that is allowed: 16 million comparisons, some 30 MB for a moment.
    static let mostComparisons = 16_000_000

    /// Compares two answers; nil when they are too long. Time and memory grow with the product of the lengths.
    init?<Term: Equatable>(_ first: [Term], _ second: [Term]) {
        let (cells, overflow) = (first.count + 1).multipliedReportingOverflow(by: second.count + 1)
        guard !overflow, cells <= Self.mostComparisons, min(first.count, second.count) <= Int(UInt16.max) else {
            return nil
        }
        let width = second.count + 1
        // lengths[i * width + j]: the length for the terms from i in the first and from j in the second.
        var lengths = [UInt16](repeating: 0, count: cells)
        for i in stride(from: first.count - 1, through: 0, by: -1) {
            for j in stride(from: second.count - 1, through: 0, by: -1) {
                lengths[i * width + j] =
                    first[i] == second[j]
                    ? lengths[(i + 1) * width + j + 1] + 1
                    : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
            }
        }
        var positions: [Int] = []
        var i = 0
        var j = 0
        while i < first.count, j < second.count {
            if first[i] == second[j] {
                positions.append(i)
                i += 1
                j += 1
            } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        self.positions = positions
    }
}
