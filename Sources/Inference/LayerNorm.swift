// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels

/// Layer normalisation (Ba, Kiros and Hinton 2016) with an epsilon of the model's choice.
package final class LayerNorm: Sendable {
    private let gain: Tensor
    private let bias: Tensor
    private let epsilon: Float

    /// Creates a layer from tensors of the same size.
    package init(gain: Tensor, bias: Tensor, epsilon: Float = 1e-5) {
        precondition(gain.count == bias.count)
        self.epsilon = epsilon
        self.gain = gain
        self.bias = bias
    }

    /// Normalises rows; the output may be the input.
    package func apply(to input: Rows, output: UnsafeMutablePointer<Float>, outputStride: Int) {
        for row in 0..<input.count {
            oracy_layerNorm(
                input.start + row * input.stride, gain.count, epsilon, gain.pointer, bias.pointer,
                output + row * outputStride)
        }
    }
}
