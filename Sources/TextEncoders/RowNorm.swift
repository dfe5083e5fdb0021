// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference

/// Layer normalisation (Ba, Kiros and Hinton 2016) with an epsilon of the model's choice: BERT's is 1e-12.
struct RowNorm: Sendable {
    private let gain: Tensor
    private let bias: Tensor
    private let epsilon: Float

    init(gain: Tensor, bias: Tensor, epsilon: Float) {
        precondition(gain.count == bias.count)
        self.gain = gain
        self.bias = bias
        self.epsilon = epsilon
    }

    /// Normalises dense rows in place.
    func apply(to rows: UnsafeMutablePointer<Float>, count: Int) {
        let width = gain.count
        let (gain, bias) = (gain.pointer, bias.pointer)
        for row in 0..<count {
            let x = rows + row * width
            let mean = Self.sum(x, width) / Float(width)
            let factor = 1 / (Self.squares(x, width, around: mean) / Float(width) + epsilon).squareRoot()
            for index in 0..<width { x[index] = (x[index] - mean) * factor * gain[index] + bias[index] }
        }
    }

    @inline(__always)
    private static func sum(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
        var sums = SIMD16<Float>()
        var index = 0
        while index + 16 <= count {
            sums += UnsafeRawPointer(x + index).loadUnaligned(as: SIMD16<Float>.self)
            index += 16
        }
        var sum = sums.sum()
        while index < count {
            sum += x[index]
            index += 1
        }
        return sum
    }

    @inline(__always)
    private static func squares(_ x: UnsafePointer<Float>, _ count: Int, around mean: Float) -> Float {
        let center = SIMD16<Float>(repeating: mean)
        var sums = SIMD16<Float>()
        var index = 0
        while index + 16 <= count {
            let distance = UnsafeRawPointer(x + index).loadUnaligned(as: SIMD16<Float>.self) - center
            sums += distance * distance
            index += 16
        }
        var sum = sums.sum()
        while index < count {
            sum += (x[index] - mean) * (x[index] - mean)
            index += 1
        }
        return sum
    }
}
