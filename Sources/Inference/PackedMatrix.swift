// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels

/// A layer's weights, packed for products (oracy_kernels.h describes the layout) in the model's precision.
final class PackedMatrix: Sendable {
    let precision: Precision
    /// The size of a row that is multiplied.
    let inner: Int
    /// The size of a row of the result.
    let columns: Int
    /// Groups of 64 columns, the last one padded.
    let panels: Int
    private let memory: AlignedMemory
    /// For int8: what a column's integers are multiplied with.
    let scales: Tensor?
    /// For int8: the sum of a column's integers.
    let sums: AlignedMemory?

    /// The bytes of one panel.
    let panelSize: Int

    /// Inputs that are kept out of the packed weights, in ascending order, and their weights in float, [input, column].
    let apart: [Int32]
    let apartWeights: Tensor

    /// Packs [columns, inner] weights, the layout of linear layers in checkpoints.
    ///
    /// - Parameter apart: Inputs whose weights stay float, outside of the packed matrix; none in float32.
    init(_ weights: UnsafePointer<Float>, columns: Int, inner: Int, precision: Precision, apart: [Int] = []) {
        self.precision = precision
        self.inner = inner
        self.columns = columns
        let panel = Int(ORACY_PANEL)
        panels = (columns + panel - 1) / panel
        let group = 16 * precision.numbersInGroup
        panelSize = (inner + group - 1) / group * group * panel * precision.numberSize
        memory = AlignedMemory(bytes: panels * panelSize)
        let apart = precision == .float32 ? [] : apart
        self.apart = apart.map { Int32($0) }
        apartWeights = Tensor(shape: [apart.count, panels * panel])
        for (place, input) in apart.enumerated() {
            for column in 0..<columns {
                apartWeights.pointer[place * panels * panel + column] = weights[column * inner + input]
            }
        }
        let row = Tensor(shape: [inner])
        // A column of the matrix, without the inputs that are kept apart.
        func packable(_ column: Int) -> UnsafePointer<Float> {
            guard !apart.isEmpty else { return weights + column * inner }
            row.pointer.update(from: weights + column * inner, count: inner)
            for input in apart { row.pointer[input] = 0 }
            return UnsafePointer(row.pointer)
        }
        switch precision {
        case .float32:
            oracy_packRowsFloat(weights, inner, columns, inner, 0, memory.pointer(to: Float.self))
            (scales, sums) = (nil, nil)
        case .bfloat16:
            if apart.isEmpty {
                oracy_packRowsBFloat16(weights, inner, columns, inner, 0, memory.pointer(to: UInt16.self))
            } else {
                for column in 0..<columns {
                    oracy_packRowsBFloat16(
                        packable(column), inner, 1, inner, column, memory.pointer(to: UInt16.self))
                }
            }
            (scales, sums) = (nil, nil)
        case .int8:
            let scales = Tensor(shape: [panels * panel])
            let sums = AlignedMemory(bytes: panels * panel * MemoryLayout<Int32>.size)
            let codes = AlignedMemory(bytes: inner)
            for column in 0..<columns {
                oracy_quantizeColumn(
                    packable(column), inner, codes.pointer(to: Int8.self), scales.pointer + column,
                    sums.pointer(to: Int32.self) + column)
                oracy_packRowsInt8(
                    codes.pointer(to: Int8.self), inner, 1, inner, column, memory.pointer(to: Int8.self))
            }
            (self.scales, self.sums) = (scales, sums)
        }
    }

    /// Where panel 0 starts.
    var start: UnsafeRawPointer { UnsafeRawPointer(memory.start) }

    /// Where panel `panel` starts.
    func panel(_ panel: Int) -> UnsafeRawPointer { UnsafeRawPointer(memory.start + panel * panelSize) }
}

extension Precision {
    /// How many inner indices lie side by side in a packed matrix.
    var numbersInGroup: Int {
        switch self {
        case .float32: 1
        case .bfloat16: 2
        case .int8: 4
        }
    }

    /// The bytes of one number.
    package var numberSize: Int { 4 / numbersInGroup }
}
