// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// The distribution over the vocabulary that logits stand for.
///
/// Nothing is stored but the normaliser: the logarithm of a token's probability is its logit less that.
struct LogProbabilities: Sendable, Hashable {
    /// The logarithm of the sum of all exponentials; minus infinity when no token is possible.
    let normalizer: Float

    /// Normalises logits. `[vocabulary]`
    init(_ logits: [Float]) { normalizer = Self.logSumExp(logits[...]) }

    /// The logarithm of the probability of a token with this logit.
    func value(ofLogit logit: Float) -> Float { logit == -.infinity ? logit : logit - normalizer }

    /// The logarithm of the sum of the exponentials, computed so that nothing overflows; minus infinity for nothing.
    static func logSumExp(_ logits: ArraySlice<Float>) -> Float {
        logits.withUnsafeBufferPointer { logits in
            let greatest = greatest(of: logits)
            guard greatest.isFinite else { return greatest }
            return greatest + logf(sumOfExponentials(logits, less: greatest))
        }
    }

    /// The greatest value; minus infinity for none. NaN, which only a broken model gives, is passed over.
    static func greatest(of values: UnsafeBufferPointer<Float>) -> Float {
        var lanes = SIMD16<Float>(repeating: -.infinity)
        let whole = values.count & ~15
        var index = 0
        while index < whole {
            let chunk = load(values, at: index)
            lanes.replace(with: chunk, where: chunk .> lanes)
            index += 16
        }
        var result = lanes.max()
        while index < values.count {
            if values[index] > result { result = values[index] }
            index += 1
        }
        return result
    }

    private static func sumOfExponentials(_ values: UnsafeBufferPointer<Float>, less greatest: Float) -> Float {
        var lanes = SIMD16<Float>.zero
        let whole = values.count & ~15
        var index = 0
        while index < whole {
            lanes += exponential(load(values, at: index) - greatest)
            index += 16
        }
        var sum = lanes.sum()
        while index < values.count {
            if values[index] > -.infinity { sum += expf(values[index] - greatest) }
            index += 1
        }
        return sum
    }

    @inline(__always)
    private static func load(_ values: UnsafeBufferPointer<Float>, at index: Int) -> SIMD16<Float> {
        guard let base = values.baseAddress else { return .zero }
        return UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<Float>.self)
    }

    /// exp(x) for x up to 0, with a relative error below 2e-7: 2ⁿ times a polynomial in what is left (Cephes, expf).
    @inline(__always)
    private static func exponential(_ x: SIMD16<Float>) -> SIMD16<Float> {
        // Below, the result would be subnormal: then it is zero. This also catches minus infinity and NaN.
        let vanishes = .!(x .> -87)
        let x = x.replacing(with: 0, where: vanishes)
        // Adding 1.5 · 2²³ rounds to an integer, which is then in the lowest bits.
        let shifted = x * 1.442_695_04 + 12_582_912
        let n = shifted - 12_582_912
        let r = x - n * 0.693_359_375 + n * 2.121_944_4e-4
        var p = r * 1.987_569_15e-4 + 1.398_199_95e-3
        p = p * r + 8.333_451_9e-3
        p = p * r + 4.166_579_6e-2
        p = p * r + 1.666_666_55e-1
        p = p * r + 5.000_000_12e-1
        let value = p * r * r + r + 1
        let exponent = (unsafeBitCast(shifted, to: SIMD16<Int32>.self) &+ 127) &<< 23
        return (value * unsafeBitCast(exponent, to: SIMD16<Float>.self)).replacing(with: 0, where: vanishes)
    }
}
