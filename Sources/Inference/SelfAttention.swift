// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels

/// Attention of a sequence's positions to each other, as encoders of texts have it.
package final class SelfAttention {
    private let heads: Int
    private let headSize: Int
    private let precision: Precision
    private let bias: PositionBias?
    private var store: KeyValueStore?

    /// - Parameters:
    ///   - headSize: The numbers of one head, at most 64.
    ///   - precision: Float or bfloat16.
    ///   - bias: What is added to scores, if anything is.
    package init(heads: Int, headSize: Int, precision: Precision, bias: PositionBias? = nil) {
        self.heads = heads
        self.headSize = headSize
        self.precision = precision
        self.bias = bias
    }

    /// Computes one sequence on the calling thread.
    ///
    /// - Parameters:
    ///   - projections: A row for each position: the queries of all heads, their keys, their values. No more than a bias is
    ///     for.
    ///   - output: Where the heads' results go, side by side.
    package func apply(
        to projections: Rows, output: UnsafeMutablePointer<Float>, outputStride: Int, scratch: Scratch
    ) {
        guard projections.count > 0 else { return }
        precondition(bias.map { projections.count <= $0.longest } ?? true)
        let width = heads * headSize
        let (queries, stride, count) = (projections.start, projections.stride, projections.count)
        if precision == .bfloat16, count <= Int(ORACY_SHORT_SEQUENCE), oracy_attendsShort(headSize) {
            return oracy_attendShort(
                queries, queries + width, queries + 2 * width, stride, count, heads, headSize, bias?.binaryCenter,
                bias?.stride ?? 0, output, outputStride)
        }
        let store = store(positions: count)
        store.store(
            keys: Rows(queries + width, stride: stride, count: count),
            values: Rows(queries + 2 * width, stride: stride, count: count), at: 0)
        for head in 0..<heads {
            let offset = head * headSize
            store.attend(
                Rows(queries + offset, stride: stride, count: count), head: head, length: count,
                output: output + offset, outputStride: outputStride, bias: bias, scratch: scratch)
        }
    }

    /// Memory for keys and values, kept for the next sequence.
    private func store(positions: Int) -> KeyValueStore {
        if let store, store.capacity >= positions { return store }
        let store = KeyValueStore(heads: heads, headSize: headSize, capacity: positions, precision: precision)
        self.store = store
        return store
    }
}
