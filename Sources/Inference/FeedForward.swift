// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels

/// The feed-forward part of a transformer's layer: a linear layer, the Gaussian error linear unit, a linear layer.
///
/// In bfloat16 on processors that multiply such numbers, what is between the two is rounded in the pass that finishes the
/// first one's sums: it is written once, in half the memory.
package struct FeedForward: Sendable {
    private let first: Linear
    private let second: Linear

    /// Puts two layers together; the second one takes what the first one gives.
    package init(_ first: Linear, _ second: Linear) {
        precondition(first.outputs == second.inputs)
        self.first = first
        self.second = second
    }

    /// Computes rows on the calling thread. A row's outputs have the same bits whatever rows are computed with them.
    package func apply(
        to input: Rows, output: UnsafeMutablePointer<Float>, outputStride: Int, finish: Finish = Finish(),
        scratch: Scratch
    ) {
        guard first.matrix.precision == .bfloat16, second.matrix.precision == .bfloat16, oracy_hasBFloat16(),
            first.matrix.apart.isEmpty, second.matrix.apart.isEmpty
        else {
            let stride = Rows.spacedStride(first.outputs)
            let hidden = scratch.floats(.wide, input.count * stride)
            first.apply(to: input, output: hidden, outputStride: stride, finish: Finish(gelu: true), scratch: scratch)
            return second.apply(
                to: Rows(hidden, stride: stride, count: input.count), output: output, outputStride: outputStride,
                finish: finish, scratch: scratch)
        }
        for start in stride(from: 0, to: input.count, by: Linear.block) {
            let rows = Rows(
                input.start + start * input.stride, stride: input.stride, count: min(Linear.block, input.count - start))
            var finish = finish
            finish.residual = finish.residual.map { $0 + start * finish.residualStride }
            let hidden = roundedHidden(rows, scratch)
            second.multiplyAll(
                hidden, panels: 0..<second.panels, output + start * outputStride, outputStride, finish, scratch)
        }
    }

    private func roundedHidden(_ rows: Rows, _ scratch: Scratch) -> Operand {
        let stride = Operand.paddedSize(first.outputs, unit: 32)
        let hidden = scratch.memory(.wide, rows.count * stride, of: UInt16.self)
        let operand = Operand(rows, for: first.matrix, scratch)
        let panel = Int(ORACY_PANEL)
        let step = Linear.panelsAtOnce(rows: rows.count)
        for panels in Swift.stride(from: 0, to: first.panels, by: step) {
            let end = min(panels + step, first.panels)
            let column = panels * panel
            let width = (end - panels) * panel
            let sums = scratch.floats(.sums, rows.count * width)
            first.sum(operand, panels: panels..<end, sums)
            oracy_finishRounded(
                sums, width, rows.count, min(end * panel, first.outputs) - column,
                OracyFinish(bias: first.bias.pointer + column, gelu: true, residual: nil, residualStride: 0),
                hidden + column, stride)
        }
        for row in 0..<rows.count {
            (hidden + row * stride + first.outputs).update(repeating: 0, count: stride - first.outputs)
        }
        return Operand(rounded: hidden, stride: stride, count: rows.count)
    }
}
