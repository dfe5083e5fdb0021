// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels
import COneDNN

/// What follows a layer's product, in the same pass over memory.
package struct Finish {
    /// Whether the Gaussian error linear unit follows.
    package var gelu: Bool
    /// Rows that are added last, as many and as wide as the result; may be the result itself.
    package var residual: UnsafePointer<Float>?
    /// From one row of `residual` to the next, in numbers.
    package var residualStride: Int

    package init(gelu: Bool = false, residual: UnsafePointer<Float>? = nil, residualStride: Int = 0) {
        self.gelu = gelu
        self.residual = residual
        self.residualStride = residualStride
    }
}

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
}

/// A linear layer: rows times packed weights, plus a bias.
package final class Linear: Sendable {
    private let matrix: PackedMatrix
    private let bias: Tensor

    /// The size of a row that goes in.
    package var inputs: Int { matrix.inner }
    /// The size of a row that comes out.
    package var outputs: Int { matrix.columns }
    /// The units into which the outputs can be divided among threads.
    package var panels: Int { matrix.panels }

    /// Packs the weights.
    ///
    /// - Parameters:
    ///   - weights: [outputs, inputs].
    ///   - bias: [outputs], or nil for none.
    package init(_ weights: Tensor, bias: Tensor? = nil, precision: Precision) {
        precondition(weights.shape.count == 2)
        matrix = PackedMatrix(
            weights.pointer, columns: weights.shape[0], inner: weights.shape[1], precision: precision)
        self.bias = bias ?? Tensor(shape: [weights.shape[0]])
    }

    /// Packs several layers with the same input as one, their outputs side by side.
    package convenience init(stacking layers: [(weights: Tensor, bias: Tensor?)], precision: Precision) {
        let inputs = layers.first?.weights.shape[1] ?? 0
        let outputs = layers.reduce(0) { $0 + $1.weights.shape[0] }
        let weights = Tensor(shape: [outputs, inputs])
        let bias = Tensor(shape: [outputs])
        var row = 0
        for layer in layers {
            (weights.pointer + row * inputs).update(from: layer.weights.pointer, count: layer.weights.count)
            if let numbers = layer.bias { (bias.pointer + row).update(from: numbers.pointer, count: numbers.count) }
            row += layer.weights.shape[0]
        }
        self.init(weights, bias: bias, precision: precision)
    }

    /// Computes rows of outputs on the calling thread.
    ///
    /// - Parameters:
    ///   - input: Rows of ``inputs`` numbers.
    ///   - panels: Which of the outputs to compute, in units of 64; all by default.
    ///   - output: Where output 0 of row 0 belongs, whichever panels are asked for.
    package func apply(
        to input: Rows, panels: Range<Int>? = nil, output: UnsafeMutablePointer<Float>, outputStride: Int,
        finish: Finish = Finish(), scratch: Scratch
    ) {
        let panels = panels ?? 0..<matrix.panels
        let width = Int(ORACY_PANEL)
        let first = panels.lowerBound * width
        let columns = min(panels.upperBound * width, matrix.columns) - first
        guard columns > 0, input.count > 0 else { return }
        let after = OracyFinish(
            bias: bias.pointer + first, gelu: finish.gelu, residual: finish.residual.map { $0 + first },
            residualStride: finish.residualStride)
        // Rows in blocks whose sums stay in the second-level cache.
        let block = max(16, min(128, (256 << 10) / columns / 16 * 16))
        var row = 0
        while row < input.count {
            let count = min(block, input.count - row)
            let part = Rows(input.start + row * input.stride, stride: input.stride, count: count)
            var finish = after
            finish.residual = after.residual.map { $0 + row * finish.residualStride }
            let place = output + row * outputStride + first
            switch matrix.precision {
            case .float32, .bfloat16:
                floatProduct(part, panels: panels, columns: columns, finish, place, outputStride, scratch)
            case .int8: int8Product(part, panels: panels, columns: columns, finish, place, outputStride, scratch)
            }
            row += count
        }
    }

    /// Copies the weights of one output, as they were rounded, for embeddings that share the output layer's weights.
    /// Not for int8.
    package func copyWeights(ofOutput output: Int, to destination: UnsafeMutablePointer<Float>) {
        let width = Int(ORACY_PANEL)
        let panel = matrix.panel(output / width)
        let column = output % width
        if matrix.precision == .float32 {
            let numbers = panel.assumingMemoryBound(to: Float.self)
            for k in 0..<matrix.inner { destination[k] = numbers[k * width + column] }
        } else {
            let numbers = panel.assumingMemoryBound(to: UInt16.self)
            for k in 0..<matrix.inner {
                destination[k] = Float(bitPattern: UInt32(numbers[(k / 2 * width + column) * 2 + k % 2]) << 16)
            }
        }
    }

    private func floatProduct(
        _ input: Rows, panels: Range<Int>, columns: Int, _ finish: OracyFinish, _ output: UnsafeMutablePointer<Float>,
        _ outputStride: Int, _ scratch: Scratch
    ) {
        let paddedColumns = panels.count * Int(ORACY_PANEL)
        let sums = scratch.floats(.sums, input.count * paddedColumns)
        if input.count >= matrix.precision.leastLibraryRows {
            let rows = dense(input, scratch)
            let numbers = matrix.precision == .float32 ? ORACY_PRODUCT_FLOAT : ORACY_PRODUCT_BFLOAT16
            if LibraryProducts.multiply(
                numbers, rows: rows, count: input.count, inner: matrix.inner, columns: columns,
                packed: matrix.panel(panels.lowerBound), out: sums, scratch: scratch)
            {
                oracy_finishFloat(sums, columns, input.count, columns, finish, output, outputStride)
                return
            }
        }
        let packed = matrix.panel(0)
        if matrix.precision == .float32 {
            oracy_productFloat(
                input.start, input.stride, input.count, packed.assumingMemoryBound(to: Float.self), matrix.inner,
                panels.lowerBound, panels.upperBound, sums, paddedColumns)
        } else {
            oracy_productBFloat16(
                input.start, input.stride, input.count, packed.assumingMemoryBound(to: UInt16.self), matrix.inner,
                panels.lowerBound, panels.upperBound, sums, paddedColumns)
        }
        oracy_finishFloat(sums, paddedColumns, input.count, columns, finish, output, outputStride)
    }

    /// The rows as oneDNN reads them: side by side, in the matrix's numbers.
    private func dense(_ input: Rows, _ scratch: Scratch) -> UnsafeRawPointer {
        if matrix.precision == .bfloat16 {
            let rows = scratch.memory(.rows, input.count * matrix.inner, of: UInt16.self)
            for row in 0..<input.count {
                oracy_roundBFloat16(input.start + row * input.stride, matrix.inner, 1, rows + row * matrix.inner)
            }
            return UnsafeRawPointer(rows)
        }
        guard input.stride != matrix.inner else { return UnsafeRawPointer(input.start) }
        let rows = scratch.floats(.rows, input.count * matrix.inner)
        for row in 0..<input.count {
            (rows + row * matrix.inner).update(from: input.start + row * input.stride, count: matrix.inner)
        }
        return UnsafeRawPointer(rows)
    }

    private func int8Product(
        _ input: Rows, panels: Range<Int>, columns: Int, _ finish: OracyFinish, _ output: UnsafeMutablePointer<Float>,
        _ outputStride: Int, _ scratch: Scratch
    ) {
        guard let scales = matrix.scales, let columnSums = matrix.sums else { return }
        let stride = (matrix.inner + 3) / 4 * 4
        let codes = scratch.memory(.rows, input.count * stride, of: UInt8.self)
        let rowScales = scratch.floats(.scales, 2 * input.count)
        let zeros = UnsafeMutableRawPointer(rowScales + input.count).assumingMemoryBound(to: Int32.self)
        for row in 0..<input.count {
            let place = codes + row * stride
            for padding in matrix.inner..<stride { place[padding] = 0 }
            oracy_quantizeRow(input.start + row * input.stride, matrix.inner, place, rowScales + row, zeros + row)
        }
        let first = panels.lowerBound * Int(ORACY_PANEL)
        let paddedColumns = panels.count * Int(ORACY_PANEL)
        let sums = scratch.memory(.sums, input.count * paddedColumns, of: Int32.self)
        var sumStride = columns
        if input.count < matrix.precision.leastLibraryRows || stride != matrix.inner
            || !LibraryProducts.multiply(
                ORACY_PRODUCT_INT8, rows: codes, count: input.count, inner: matrix.inner, columns: columns,
                packed: matrix.panel(panels.lowerBound), out: sums, scratch: scratch)
        {
            sumStride = paddedColumns
            oracy_productInt8(
                codes, stride, input.count, matrix.panel(0).assumingMemoryBound(to: Int8.self), matrix.inner,
                panels.lowerBound, panels.upperBound, sums, paddedColumns)
        }
        oracy_finishInt8(
            sums, sumStride, input.count, columns, rowScales, zeros, scales.pointer + first,
            columnSums.pointer(to: Int32.self) + first, finish, output, outputStride)
    }
}
