// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels

/// The keys and values of one attention, head by head, packed so that both of its products run on the kernels that
/// weights run on: keys as a matrix whose columns are positions, values as one whose inner index is the position.
///
/// Nothing here holds scores for more than a few query positions at once.
package final class KeyValueStore: Sendable {
    /// How many heads there are.
    package let heads: Int
    /// The numbers of one head, at most 64.
    package let headSize: Int
    /// How many positions there is room for.
    package let capacity: Int
    /// Float or bfloat16.
    package let precision: Precision
    private let paddedHead: Int
    private let keys: AlignedMemory
    private let values: AlignedMemory

    /// Makes room for `capacity` positions, rounded up to whole panels.
    package init(heads: Int, headSize: Int, capacity: Int, precision: Precision) {
        precondition(headSize <= Int(ORACY_PANEL) && precision != .int8)
        self.heads = heads
        self.headSize = headSize
        self.capacity = (capacity + 63) / 64 * 64
        self.precision = precision
        let group = 16 * precision.numbersInGroup
        paddedHead = (headSize + group - 1) / group * group
        keys = AlignedMemory(bytes: heads * self.capacity * paddedHead * precision.numberSize)
        values = AlignedMemory(bytes: heads * self.capacity * Int(ORACY_PANEL) * precision.numberSize)
    }

    private func keys(_ head: Int) -> UnsafeMutableRawPointer {
        keys.start + head * capacity * paddedHead * precision.numberSize
    }

    private func values(_ head: Int) -> UnsafeMutableRawPointer {
        values.start + head * capacity * Int(ORACY_PANEL) * precision.numberSize
    }

    /// Stores the keys and values of consecutive positions. Different threads may store different positions, if they
    /// begin at multiples of 64, or different heads.
    ///
    /// - Parameters:
    ///   - keys: Rows whose first `heads * headSize` numbers are keys.
    ///   - values: Rows of values, likewise.
    ///   - position: The position of the first row.
    package func store(keys: Rows, values: Rows, at position: Int) {
        precondition(keys.count == values.count && position + keys.count <= capacity)
        let panel = Int(ORACY_PANEL)
        for head in 0..<heads {
            let key = keys.start + head * headSize
            let value = values.start + head * headSize
            if precision == .float32 {
                oracy_packRowsFloat(
                    key, keys.stride, keys.count, headSize, position,
                    self.keys(head).assumingMemoryBound(to: Float.self))
                oracy_packInnerFloat(
                    value, values.stride, values.count, min(headSize, panel), position, capacity,
                    self.values(head).assumingMemoryBound(to: Float.self))
            } else {
                oracy_packRowsBFloat16(
                    key, keys.stride, keys.count, headSize, position,
                    self.keys(head).assumingMemoryBound(to: UInt16.self))
                oracy_packInnerBFloat16(
                    value, values.stride, values.count, min(headSize, panel), position, capacity,
                    self.values(head).assumingMemoryBound(to: UInt16.self))
            }
        }
    }

    /// Copies the first `length` positions of another store of the same sizes.
    package func copy(from other: KeyValueStore, length: Int) {
        precondition(other.capacity == capacity && other.heads == heads && length <= capacity)
        let positions = (length + 63) / 64 * 64
        for head in 0..<heads {
            keys(head).copyMemory(
                from: other.keys(head), byteCount: positions * paddedHead * precision.numberSize)
            values(head).copyMemory(
                from: other.values(head), byteCount: positions * Int(ORACY_PANEL) * precision.numberSize)
        }
    }

    /// What one head's queries find: the average of the values, weighted by the softmax of the scaled scores. A row's
    /// result has the same bits whatever rows are computed with it.
    ///
    /// - Parameters:
    ///   - queries: Rows whose first `headSize` numbers are queries.
    ///   - length: How many positions there are to look at.
    ///   - output: Where `headSize` numbers of each row go.
    ///   - weights: Where the softmax of each row goes, `length` numbers a row; nil when it is not wanted.
    ///   - bias: What is added to scores: the first row is at position 0. With one, everything is done exactly.
    ///   - exactly: Whether queries and softmax stay float, which is as fast for a few rows and several times slower for
    ///     many. By default they are rounded to bfloat16 where the store is.
    package func attend(
        _ queries: Rows, head: Int, length: Int, output: UnsafeMutablePointer<Float>, outputStride: Int,
        weights: UnsafeMutablePointer<Float>? = nil, bias: PositionBias? = nil, exactly: Bool = false, scratch: Scratch
    ) {
        precondition(length > 0 && length <= capacity)
        let isRounded = !exactly && weights == nil && bias == nil && precision == .bfloat16 && oracy_hasBFloat16()
        let block = isRounded ? Int(ORACY_ATTENTION_ROWS) : 48
        var row = 0
        while row < queries.count {
            let count = min(block, queries.count - row)
            let rows = Rows(queries.start + row * queries.stride, stride: queries.stride, count: count)
            let place = output + row * outputStride
            if isRounded {
                attendRounded(rows, head, length, place, outputStride, scratch)
            } else {
                attendExactly(
                    rows, head, length, place, outputStride, weights.map { $0 + row * length },
                    bias: bias.map { bias in { bias.row(row + $0, head: head) } }, scratch)
            }
            row += count
        }
    }

    private func attendRounded(
        _ queries: Rows, _ head: Int, _ length: Int, _ output: UnsafeMutablePointer<Float>, _ outputStride: Int,
        _ scratch: Scratch
    ) {
        // exp(x) = exp2(x log2(e)).
        let factor = 1.442_695_04 / Float(headSize).squareRoot()
        let rounded = scratch.memory(.query, queries.count * paddedHead, of: UInt16.self)
        for row in 0..<queries.count {
            let place = rounded + row * paddedHead
            oracy_roundBFloat16(queries.start + row * queries.stride, headSize, factor, place)
            (place + headSize).update(repeating: 0, count: paddedHead - headSize)
        }
        oracy_attend(
            rounded, paddedHead, queries.count, headSize, keys(head).assumingMemoryBound(to: UInt16.self),
            values(head).assumingMemoryBound(to: UInt16.self), length, output, outputStride)
    }

    private func attendExactly(
        _ queries: Rows, _ head: Int, _ length: Int, _ output: UnsafeMutablePointer<Float>, _ outputStride: Int,
        _ weights: UnsafeMutablePointer<Float>?, bias: ((_ row: Int) -> UnsafePointer<Float>)?, _ scratch: Scratch
    ) {
        let panel = Int(ORACY_PANEL)
        let padded = (length + panel - 1) / panel * panel
        let count = queries.count
        let factor = 1 / Float(headSize).squareRoot()
        let scaled = scratch.floats(.query, count * paddedHead)
        let scores = scratch.floats(.scores, count * padded)
        let context = scratch.floats(.context, count * panel)
        for row in 0..<count {
            let place = scaled + row * paddedHead
            oracy_scale(queries.start + row * queries.stride, headSize, factor, place)
            (place + headSize).update(repeating: 0, count: paddedHead - headSize)
        }
        multiply(scaled, stride: paddedHead, count, headSize, keys(head), panels: padded / panel, scores)
        let sums = scratch.floats(.scales, count)
        for row in 0..<count {
            if let bias { oracy_add(scores + row * padded, bias(row), length, scores + row * padded) }
            sums[row] = oracy_exponentials(scores + row * padded, length, padded)
            if let weights { oracy_scale(scores + row * padded, length, 1 / sums[row], weights + row * length) }
        }
        multiply(scores, stride: padded, count, length, values(head), panels: 1, context)
        for row in 0..<count {
            oracy_scale(context + row * panel, headSize, 1 / sums[row], output + row * outputStride)
        }
    }

    private func multiply(
        _ rows: UnsafePointer<Float>, stride: Int, _ count: Int, _ inner: Int, _ packed: UnsafeRawPointer,
        panels: Int, _ out: UnsafeMutablePointer<Float>
    ) {
        let columns = panels * Int(ORACY_PANEL)
        if precision == .float32 {
            oracy_productFloat(
                rows, stride, count, packed.assumingMemoryBound(to: Float.self), inner, 0, panels, out, columns)
        } else {
            oracy_productBFloat16(
                rows, stride, count, packed.assumingMemoryBound(to: UInt16.self), inner, 0, panels, out, columns)
        }
    }
}
