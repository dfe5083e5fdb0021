// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels

/// Rows of length 1, which are compared by the cosine of their angle.
package enum Directions {
    /// For each of some rows the cosine of the closest one of others, and the other way round; -1 where there is none. The same
    /// bits on every processor.
    ///
    /// - Parameters:
    ///   - first: [rows, width].
    ///   - second: [others, width].
    package static func closest(
        _ first: [Float], _ second: [Float], width: Int
    ) -> (own: [Float], other: [Float]) {
        precondition(width > 0 && first.count % width == 0 && second.count % width == 0)
        let (rows, others) = (first.count / width, second.count / width)
        var own = [Float](repeating: -1, count: rows)
        var other = [Float](repeating: -1, count: others)
        guard rows > 0, others > 0 else { return (own, other) }
        oracy_closest(first, rows, second, others, width, &own, &other)
        return (own, other)
    }
}
