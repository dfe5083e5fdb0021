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
    let matrix: PackedMatrix
    let bias: Tensor

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
        let panels = panels ?? 0..<matrix.panels
        var row = 0
        while row < input.count {
            let rows = Rows(
                input.start + row * input.stride, stride: input.stride, count: min(Self.block, input.count - row))
            var finish = finish
            finish.residual = finish.residual.map { $0 + row * finish.residualStride }
            multiplyAll(
                Operand(rows, for: matrix, scratch), panels: panels, output + row * outputStride, outputStride, finish,
                scratch)
            row += rows.count
        }
    }

    /// The rows that are prepared together.
    static let block = 256

    /// As many panels at a time as have sums that stay in the second-level cache.
    static func panelsAtOnce(rows: Int) -> Int { max(4, 512 / rows) }

    /// Multiplies prepared rows with any number of panels and finishes the sums; places are those of row 0, output 0.
    func multiplyAll(
        _ operand: Operand, panels: Range<Int>, _ output: UnsafeMutablePointer<Float>, _ outputStride: Int,
        _ finish: Finish, _ scratch: Scratch
    ) {
        let width = Int(ORACY_PANEL)
        let step = Self.panelsAtOnce(rows: operand.count)
        for first in stride(from: panels.lowerBound, to: panels.upperBound, by: step) {
            let end = min(first + step, panels.upperBound)
            let (column, count) = (first * width, min(end * width, matrix.columns) - first * width)
            let after = OracyFinish(
                bias: bias.pointer + column, gelu: finish.gelu, residual: finish.residual.map { $0 + column },
                residualStride: finish.residualStride)
            multiply(
                operand, panels: first..<end, columns: count, after, output + column, outputStride, scratch)
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
                destination[k] = Float(bitPattern: UInt32(numbers[oracy_pairPlace(k, column)]) << 16)
            }
        }
    }

    /// Multiplies prepared rows with some panels and finishes the sums.
    func multiply(
        _ operand: Operand, panels: Range<Int>, columns: Int, _ finish: OracyFinish,
        _ output: UnsafeMutablePointer<Float>, _ outputStride: Int, _ scratch: Scratch
    ) {
        let stride = panels.count * Int(ORACY_PANEL)
        let column = panels.lowerBound * Int(ORACY_PANEL)
        let sums = scratch.floats(.sums, operand.count * stride)
        let integers = UnsafeMutableRawPointer(sums).assumingMemoryBound(to: Int32.self)
        sum(operand, panels: panels, sums)
        func finishRows(_ range: Range<Int>, _ finish: OracyFinish) {
            let (row, place) = (range.lowerBound, output + range.lowerBound * outputStride)
            var finish = finish
            finish.residual = finish.residual.map { $0 + row * finish.residualStride }
            if case .codes(_, _, let scales, let zeros) = operand.numbers, let columnScales = matrix.scales,
                let columnSums = matrix.sums
            {
                oracy_finishInt8(
                    integers + row * stride, stride, range.count, columns, scales + row, zeros + row,
                    columnScales.pointer + column, columnSums.pointer(to: Int32.self) + column, finish, place,
                    outputStride)
            } else {
                oracy_finishFloat(sums + row * stride, stride, range.count, columns, finish, place, outputStride)
            }
        }
        guard !operand.apart.isEmpty, let rows = operand.source else { return finishRows(0..<operand.count, finish) }
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

    /// The sums of prepared rows' products with some panels, [rows, panels * 64]; in int8 they are integers.
    func sum(_ operand: Operand, panels: Range<Int>, _ sums: UnsafeMutablePointer<Float>) {
        let stride = panels.count * Int(ORACY_PANEL)
        let (first, end, inner) = (panels.lowerBound, panels.upperBound, matrix.inner)
        switch operand.numbers {
        case .floats(let rows) where matrix.precision == .float32:
            oracy_productFloat(
                rows.start, rows.stride, rows.count, matrix.start.assumingMemoryBound(to: Float.self), inner, first,
                end, sums, stride)
        case .floats(let rows):
            oracy_productBFloat16(
                rows.start, rows.stride, rows.count, matrix.start.assumingMemoryBound(to: UInt16.self), inner, first,
                end, sums, stride)
        case .rounded(let start, let rowStride):
            oracy_productRounded(
                start, rowStride, operand.count, matrix.start.assumingMemoryBound(to: UInt16.self), inner, first, end,
                false, sums, stride)
        case .codes(let start, let rowStride, _, _):
            oracy_productInt8(
                start, rowStride, operand.count, matrix.start.assumingMemoryBound(to: Int8.self), inner, first, end,
                UnsafeMutableRawPointer(sums).assumingMemoryBound(to: Int32.self), stride)
        }
    }
}
