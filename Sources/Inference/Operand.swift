// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels

/// Rows of floats in memory that someone else owns.
package struct Rows {
    package var start: UnsafePointer<Float>
    /// From one row to the next, in numbers.
    package var stride: Int
    package var count: Int

    package init(_ start: UnsafePointer<Float>, stride: Int, count: Int) {
        self.start = start
        self.stride = stride
        self.count = count
    }

    /// A distance for rows of `width` numbers that go into a product: a cache line more, so that rows as wide as a power
    /// of two do not compete for the same sets of a cache.
    package static func spacedStride(_ width: Int) -> Int { width + 16 }
}

/// Rows in the numbers in which they are multiplied with a matrix: as they are, rounded or quantised.
struct Operand {
    enum Numbers {
        case floats(Rows)
        /// Numbers and the distance of two rows.
        case rounded(UnsafePointer<UInt16>, Int)
        /// Numbers, the distance of two rows, and the scale and the zero point of each row.
        case codes(UnsafePointer<UInt8>, Int, UnsafePointer<Float>, UnsafePointer<Int32>)
    }

    let count: Int
    /// The rows as they were, where they were not rounded before.
    let source: Rows?
    let numbers: Numbers
    /// The inputs that are kept out of the product.
    let apart: [Int32]

    /// Prepares rows in the scratch's memory, where they stay until other rows are prepared.
    init(_ rows: Rows, for matrix: PackedMatrix, _ scratch: Scratch) {
        count = rows.count
        source = rows
        apart = matrix.apart
        switch matrix.precision {
        case .float32: numbers = .floats(rows)
        case .bfloat16: numbers = oracy_hasBFloat16() ? Self.round(rows, matrix.inner, scratch) : .floats(rows)
        case .int8: numbers = Self.quantize(rows, matrix, scratch)
        }
    }

    /// Takes rows that were rounded already, of which none is kept out of the product.
    init(rounded: UnsafePointer<UInt16>, stride: Int, count: Int) {
        self.count = count
        source = nil
        numbers = .rounded(rounded, stride)
        apart = []
    }

    /// Rows end a cache line after what a matrix unit reads, so that they do not compete for the same sets of a cache.
    static func paddedSize(_ inner: Int, unit: Int) -> Int { ((inner + unit - 1) / unit + 1) * unit }

    private static func round(_ rows: Rows, _ inner: Int, _ scratch: Scratch) -> Numbers {
        let stride = paddedSize(inner, unit: 32)
        let rounded = scratch.memory(.rows, rows.count * stride, of: UInt16.self)
        for row in 0..<rows.count {
            let place = rounded + row * stride
            oracy_roundBFloat16(rows.start + row * rows.stride, inner, 1, place)
            (place + inner).update(repeating: 0, count: stride - inner)
        }
        return .rounded(rounded, stride)
    }

    private static func quantize(_ rows: Rows, _ matrix: PackedMatrix, _ scratch: Scratch) -> Numbers {
        let inner = matrix.inner
        let stride = paddedSize(inner, unit: 64)
        let codes = scratch.memory(.rows, rows.count * stride, of: UInt8.self)
        let scales = scratch.floats(.scales, 2 * rows.count)
        let zeros = UnsafeMutableRawPointer(scales + rows.count).assumingMemoryBound(to: Int32.self)
        let rest = scratch.floats(.bias, matrix.apart.isEmpty ? 0 : inner)
        for row in 0..<rows.count {
            var source = rows.start + row * rows.stride
            if !matrix.apart.isEmpty {
                rest.update(from: source, count: inner)
                for input in matrix.apart { rest[Int(input)] = 0 }
                source = UnsafePointer(rest)
            }
            let place = codes + row * stride
            oracy_quantizeRow(source, inner, place, scales + row, zeros + row)
            (place + inner).update(repeating: 0, count: stride - inner)
        }
        return .codes(codes, stride, scales, zeros)
    }
}
