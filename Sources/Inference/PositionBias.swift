// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What each head of an attention adds to the scores by how far apart two positions are (Raffel et al. 2020, 2.1).
package final class PositionBias: Sendable {
    /// The positions of the longest sequence.
    package let longest: Int
    private let heads: Int
    /// A row for each head: the distances from 1 - `longest` to `longest` - 1.
    private let natural: Tensor
    /// The same for scores that are exponents of two.
    private let binary: Tensor

    /// - Parameter value: What a head adds where the position that is looked at is so many after the one that looks.
    package init(heads: Int, longest: Int, value: (_ head: Int, _ distance: Int) -> Float) {
        self.heads = heads
        self.longest = longest
        let width = 2 * longest - 1
        natural = Tensor(shape: [heads, width])
        binary = Tensor(shape: [heads, width])
        for head in 0..<heads {
            for place in 0..<width {
                let value = value(head, place + 1 - longest)
                natural.pointer[head * width + place] = value
                // exp(x) = exp2(x log2(e)).
                binary.pointer[head * width + place] = 1.442_695_04 * value
            }
        }
    }

    /// From one head's number for a distance to the next head's.
    var stride: Int { 2 * longest - 1 }

    /// The first head's number for the distance 0, the others around it, times log2(e).
    var binaryCenter: UnsafePointer<Float> { UnsafePointer(binary.pointer + longest - 1) }

    /// What a head adds to the scores of all positions for one row.
    func row(_ row: Int, head: Int) -> UnsafePointer<Float> {
        UnsafePointer(natural.pointer + head * stride + longest - 1 - row)
    }
}
