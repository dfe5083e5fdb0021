// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels

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
    ///   - apart: Inputs, in ascending order, that are so much larger than the others that rounding them would cost
    ///     accuracy: they are multiplied in float, at a price of one multiplication more for each of them and output
    ///     (LLM.int8(), Dettmers et al. 2022). Without effect in float32.
    package init(_ weights: Tensor, bias: Tensor? = nil, precision: Precision, apart: [Int] = []) {
        precondition(weights.shape.count == 2)
        precondition(apart.allSatisfy { 0..<weights.shape[1] ~= $0 })
        matrix = PackedMatrix(
            weights.pointer, columns: weights.shape[0], inner: weights.shape[1], precision: precision, apart: apart)
        self.bias = bias ?? Tensor(shape: [weights.shape[0]])
    }

    /// Packs several layers with the same input as one, their outputs side by side.
    package convenience init(
        stacking layers: [(weights: Tensor, bias: Tensor?)], precision: Precision, apart: [Int] = []
    ) {
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
        self.init(weights, bias: bias, precision: precision, apart: apart)
    }

    /// Computes rows of outputs on the calling thread. A row's outputs have the same bits whatever rows and panels are
    /// computed with them.
    ///
    /// - Parameters:
    ///   - input: Rows of ``inputs`` numbers.
    ///   - panels: Which of the outputs to compute, in units of 64; all by default.
    ///   - output: Where output 0 of row 0 belongs, whichever panels are asked for.
    package func apply(
        to input: Rows, panels: Range<Int>? = nil, output: UnsafeMutablePointer<Float>, outputStride: Int,
        finish: Finish = Finish(), scratch: Scratch
    ) {
        apply(input.count, panels: panels, output: .floats(output, outputStride), finish: finish, scratch) {
            Operand(
                Rows(input.start + $0.lowerBound * input.stride, stride: input.stride, count: $0.count), for: matrix,
                scratch)
        }
    }

    /// Memory for rows that go into this layer, if rounded numbers are all that it looks at: then the layer before can
    /// write them so, and the floats in between never exist.
    package func roundedInput(rows: Int, in area: Scratch.Area, _ scratch: Scratch) -> RoundedRows? {
        guard matrix.precision == .bfloat16, oracy_hasBFloat16(), matrix.apart.isEmpty else { return nil }
        let stride = Operand.paddedSize(inputs, unit: 32)
        let start = scratch.memory(area, rows * stride, of: UInt16.self)
        for row in 0..<rows { (start + row * stride + inputs).update(repeating: 0, count: stride - inputs) }
        return RoundedRows(start: start, stride: stride, count: rows)
    }

    /// Computes the rows that another layer's ``roundedInput(rows:in:_:)`` has room for. They have the bits that the
    /// other layer would have rounded the floats to.
    package func apply(to input: Rows, output: RoundedRows, finish: Finish = Finish(), scratch: Scratch) {
        precondition(output.count == input.count)
        apply(input.count, panels: nil, output: .rounded(output), finish: finish, scratch) {
            Operand(
                Rows(input.start + $0.lowerBound * input.stride, stride: input.stride, count: $0.count), for: matrix,
                scratch)
        }
    }

    /// Computes rows of outputs from rows that were rounded before, with the same bits.
    package func apply(
        to input: RoundedRows, output: UnsafeMutablePointer<Float>, outputStride: Int, finish: Finish = Finish(),
        scratch: Scratch
    ) {
        apply(input.count, panels: nil, output: .floats(output, outputStride), finish: finish, scratch) {
            Operand(input, from: $0.lowerBound, count: $0.count)
        }
    }

    private enum Output {
        case floats(UnsafeMutablePointer<Float>, Int)
        case rounded(RoundedRows)
    }

    private func apply(
        _ count: Int, panels: Range<Int>?, output: Output, finish: Finish, _ scratch: Scratch,
        operand: (Range<Int>) -> Operand
    ) {
        let panels = panels ?? 0..<matrix.panels
        let width = Int(ORACY_PANEL)
        var row = 0
        while row < count {
            let operand = operand(row..<min(row + Self.block, count))
            let rows = operand.rows
            // As many panels at a time as have sums that stay in the second-level cache.
            let step = max(4, 512 / rows.count)
            for first in stride(from: panels.lowerBound, to: panels.upperBound, by: step) {
                let end = min(first + step, panels.upperBound)
                let (column, count) = (first * width, min(end * width, matrix.columns) - first * width)
                let after = OracyFinish(
                    bias: bias.pointer + column, gelu: finish.gelu,
                    residual: finish.residual.map { $0 + row * finish.residualStride + column },
                    residualStride: finish.residualStride)
                multiply(operand, panels: first..<end, columns: count, after, output, row: row, scratch)
            }
            row += rows.count
        }
    }

    /// The rows that are prepared together.
    private static let block = 256

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

    /// Multiplies prepared rows with some panels and finishes the sums.
    private func multiply(
        _ operand: Operand, panels: Range<Int>, columns: Int, _ finish: OracyFinish,
        _ output: Output, row firstRow: Int, _ scratch: Scratch
    ) {
        let rows = operand.rows
        let stride = panels.count * Int(ORACY_PANEL)
        let (first, end) = (panels.lowerBound, panels.upperBound)
        let column = first * Int(ORACY_PANEL)
        let sums = scratch.floats(.sums, rows.count * stride)
        let integers = UnsafeMutableRawPointer(sums).assumingMemoryBound(to: Int32.self)
        switch operand.numbers {
        case .floats where matrix.precision == .float32:
            oracy_productFloat(
                rows.start, rows.stride, rows.count, matrix.start.assumingMemoryBound(to: Float.self), matrix.inner,
                first, end, sums, stride)
        case .floats:
            oracy_productBFloat16(
                rows.start, rows.stride, rows.count, matrix.start.assumingMemoryBound(to: UInt16.self), matrix.inner,
                first, end, sums, stride)
        case .rounded(let start, let rowStride):
            oracy_productRounded(
                start, rowStride, rows.count, matrix.start.assumingMemoryBound(to: UInt16.self), matrix.inner, first,
                end, false, sums, stride)
        case .codes(let start, let rowStride, _, _):
            oracy_productInt8(
                start, rowStride, rows.count, matrix.start.assumingMemoryBound(to: Int8.self), matrix.inner, first,
                end, integers, stride)
        }
        func finishRows(_ range: Range<Int>, _ finish: OracyFinish) {
            let row = range.lowerBound
            var finish = finish
            finish.residual = finish.residual.map { $0 + row * finish.residualStride }
            switch (operand.numbers, output) {
            case (.codes(_, _, let scales, let zeros), _):
                guard let columnScales = matrix.scales, let columnSums = matrix.sums else { return }
                func finishCodes(
                    _ rows: Range<Int>, _ finish: OracyFinish, _ out: UnsafeMutablePointer<Float>, _ outStride: Int
                ) {
                    oracy_finishInt8(
                        integers + rows.lowerBound * stride, stride, rows.count, columns, scales + rows.lowerBound,
                        zeros + rows.lowerBound, columnScales.pointer + column,
                        columnSums.pointer(to: Int32.self) + column, finish, out, outStride)
                }
                switch output {
                case .floats(let start, let outputStride):
                    finishCodes(range, finish, start + (firstRow + row) * outputStride + column, outputStride)
                case .rounded(let target):
                    let finished = scratch.floats(.context, columns)
                    for row in range {
                        var finish = finish
                        finish.residual = finish.residual.map { $0 + (row - range.lowerBound) * finish.residualStride }
                        finishCodes(row..<row + 1, finish, finished, 0)
                        oracy_roundBFloat16(
                            finished, columns, 1, target.start + (firstRow + row) * target.stride + column)
                    }
                }
            case (_, .floats(let start, let outputStride)):
                oracy_finishFloat(
                    sums + row * stride, stride, range.count, columns, finish,
                    start + (firstRow + row) * outputStride + column, outputStride)
            case (_, .rounded(let target)):
                oracy_finishRounded(
                    sums + row * stride, stride, range.count, columns, finish,
                    target.start + (firstRow + row) * target.stride + column, target.stride)
            }
        }
        guard !operand.apart.isEmpty else { return finishRows(0..<rows.count, finish) }
        let shifted = scratch.floats(.bias, columns)
        let weights = matrix.apartWeights
        for row in 0..<rows.count {
            oracy_addInputs(
                bias.pointer + column, rows.start + row * rows.stride, operand.apart, operand.apart.count,
                weights.pointer + column, weights.shape[1], columns, shifted)
            var finish = finish
            finish.bias = UnsafePointer(shifted)
            finishRows(row..<row + 1, finish)
        }
    }
}
