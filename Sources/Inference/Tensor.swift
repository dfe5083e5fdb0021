// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels
import Glibc

/// Memory for numbers, zeroed and aligned to cache lines (the kernels' vectors are as wide).
package final class AlignedMemory: @unchecked Sendable {
    // Safe to share: the address never changes; who writes where is decided by the owner, one writer a place.
    package let start: UnsafeMutableRawPointer
    package let size: Int

    package init(bytes: Int) {
        size = (max(bytes, 1) + 63) / 64 * 64
        // Large pages spare the processor the search for small ones, which costs a tenth of reading weights in order and
        // two thirds of taking memory for the first time. Where the system has none, nothing is lost.
        let page = 2 << 20
        start = .allocate(byteCount: size, alignment: size < page ? 64 : page)
        if size >= page { madvise(start, size, MADV_HUGEPAGE) }
        start.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    }

    deinit { start.deallocate() }

    package func pointer<Number: BitwiseCopyable>(to type: Number.Type) -> UnsafeMutablePointer<Number> {
        start.assumingMemoryBound(to: type)
    }
}

/// Float numbers with an explicit shape, outermost dimension first, dense.
package final class Tensor: Sendable {
    /// The sizes of the dimensions.
    package let shape: [Int]
    /// How many numbers there are.
    package let count: Int
    private let memory: AlignedMemory

    /// Creates a tensor of zeros.
    package init(shape: [Int]) {
        self.shape = shape
        count = shape.reduce(1, *)
        memory = AlignedMemory(bytes: count * MemoryLayout<Float>.size)
    }

    /// Creates a tensor from numbers.
    package convenience init(shape: [Int], _ numbers: [Float]) {
        self.init(shape: shape)
        precondition(numbers.count == count, "as many numbers as the shape says")
        numbers.withUnsafeBufferPointer { source in
            if let start = source.baseAddress { pointer.update(from: start, count: count) }
        }
    }

    /// The first number. Valid while the tensor lives.
    package var pointer: UnsafeMutablePointer<Float> { memory.pointer(to: Float.self) }

    /// A copy of the numbers.
    package var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    /// Whether every number is finite.
    package var isFinite: Bool {
        let bits = UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt32.self)
        // Infinities and what is no number have all bits of the exponent; the rest compares like integers.
        var largest: UInt32 = 0
        for index in 0..<count { largest = max(largest, bits[index] & 0x7fff_ffff) }
        return largest < 0x7f80_0000
    }

    /// The place of the largest of some numbers, the first among equals; there must be one.
    package static func indexOfMaximum(_ numbers: UnsafeMutableBufferPointer<Float>) -> Int {
        guard let start = numbers.baseAddress else { return 0 }
        return oracy_indexOfMaximum(start, numbers.count)
    }
}
