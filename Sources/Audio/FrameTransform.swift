// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// The Fourier transform of 16 real frames of 400 samples at a time, a frame in each lane.
///
/// The samples are packed into complex numbers, 200 for a frame, transformed by Stockham's algorithm with the factors
/// 4, 5, 5 and 2 (Stockham 1966; radix-5 after Winograd 1978), and unpacked (Press et al., Numerical Recipes, §12.3).
/// Buffers are reused: one per thread.
final class FrameTransform {
    /// As many frames as are transformed together.
    static let lanes = 16
    /// Samples in a frame.
    static let size = 400
    /// Frequencies of a frame: 0 to half the sampling rate.
    static let frequencies = size / 2 + 1

    typealias Lanes = SIMD16<Float>

    private static let half = size / 2
    private let buffers: UnsafeMutableBufferPointer<Lanes>  // [4, half]: real and imaginary parts, twice
    /// exp(-2πik/400).
    private let cosines: [Float]
    private let sines: [Float]

    init() {
        buffers = .allocate(capacity: 4 * Self.half)
        buffers.initialize(repeating: .zero)
        cosines = (0..<Self.size).map { Float(cos(2 * Double.pi * Double($0) / Double(Self.size))) }
        sines = (0..<Self.size).map { Float(-sin(2 * Double.pi * Double($0) / Double(Self.size))) }
    }

    deinit { buffers.deallocate() }

    /// Computes |X|² for every frequency of 16 frames.
    ///
    /// - Parameters:
    ///   - samples: The first frame; the others start `step` samples later each. `16 * step + 400` samples are read at
    ///     most.
    ///   - step: From the start of one frame to the next.
    ///   - window: Factors of the samples of a frame. `[400]`
    ///   - power: Receives the result. `[201]`
    func power(
        of samples: UnsafePointer<Float>, step: Int, window: UnsafePointer<Float>,
        into power: UnsafeMutablePointer<Lanes>
    ) {
        guard let base = buffers.baseAddress else { return }
        let half = Self.half
        let first = Complex(re: base, im: base + half)
        let second = Complex(re: base + 2 * half, im: base + 3 * half)
        for index in 0..<half {
            var even = Lanes.zero
            var odd = Lanes.zero
            for lane in 0..<Self.lanes {
                let sample = samples + lane * step + 2 * index
                even[lane] = sample[0]
                odd[lane] = sample[1]
            }
            first.re[index] = even * window[2 * index]
            first.im[index] = odd * window[2 * index + 1]
        }
        cosines.withUnsafeBufferPointer { cosines in
            sines.withUnsafeBufferPointer { sines in
                let turn = Turn(cosines: cosines, sines: sines)
                Self.radix4(first, second, count: 50, turn)
                Self.radix5(second, first, count: 10, stride: 4, turn)
                Self.radix5(first, second, count: 2, stride: 20, turn)
                Self.radix2(second, first)
                Self.unpack(first, into: power, turn)
            }
        }
    }

    private struct Complex {
        let re: UnsafeMutablePointer<Lanes>
        let im: UnsafeMutablePointer<Lanes>
    }

    /// The roots of unity.
    private struct Turn {
        let cosines: UnsafeBufferPointer<Float>
        let sines: UnsafeBufferPointer<Float>

        /// Stores `(re, im)` times exp(-2πi·index/400).
        @inline(__always)
        func store(_ re: Lanes, _ im: Lanes, turnedBy index: Int, at place: Int, of target: Complex) {
            let c = cosines[index]
            let s = sines[index]
            target.re[place] = re * c - im * s
            target.im[place] = re * s + im * c
        }
    }

    /// The first stage: `count` butterflies of four.
    @inline(__always)
    private static func radix4(_ x: Complex, _ y: Complex, count: Int, _ turn: Turn) {
        for p in 0..<count {
            let (a, b, c, d) = (p, p + count, p + 2 * count, p + 3 * count)
            let sumRe = x.re[a] + x.re[c]
            let sumIm = x.im[a] + x.im[c]
            let differenceRe = x.re[a] - x.re[c]
            let differenceIm = x.im[a] - x.im[c]
            let otherSumRe = x.re[b] + x.re[d]
            let otherSumIm = x.im[b] + x.im[d]
            let otherDifferenceRe = x.re[b] - x.re[d]
            let otherDifferenceIm = x.im[b] - x.im[d]
            y.re[4 * p] = sumRe + otherSumRe
            y.im[4 * p] = sumIm + otherSumIm
            let angle = size / (4 * count) * p
            turn.store(
                differenceRe + otherDifferenceIm, differenceIm - otherDifferenceRe, turnedBy: angle, at: 4 * p + 1,
                of: y)
            turn.store(sumRe - otherSumRe, sumIm - otherSumIm, turnedBy: 2 * angle, at: 4 * p + 2, of: y)
            turn.store(
                differenceRe - otherDifferenceIm, differenceIm + otherDifferenceRe, turnedBy: 3 * angle, at: 4 * p + 3,
                of: y)
        }
    }

    /// A stage of `count` groups of `stride` butterflies of five.
    @inline(__always)
    private static func radix5(_ x: Complex, _ y: Complex, count: Int, stride: Int, _ turn: Turn) {
        let c1 = Float(0.309016994374947424)  // cos 72°
        let c2 = Float(-0.809016994374947424)  // cos 144°
        let s1 = Float(0.951056516295153572)  // sin 72°
        let s2 = Float(0.587785252292473129)  // sin 144°
        let reach = count * stride
        for p in 0..<count {
            let angle = size / (5 * count) * p
            for q in 0..<stride {
                let source = q + stride * p
                let target = q + stride * 5 * p
                let re0 = x.re[source]
                let im0 = x.im[source]
                let sum1Re = x.re[source + reach] + x.re[source + 4 * reach]
                let sum1Im = x.im[source + reach] + x.im[source + 4 * reach]
                let difference1Re = x.re[source + reach] - x.re[source + 4 * reach]
                let difference1Im = x.im[source + reach] - x.im[source + 4 * reach]
                let sum2Re = x.re[source + 2 * reach] + x.re[source + 3 * reach]
                let sum2Im = x.im[source + 2 * reach] + x.im[source + 3 * reach]
                let difference2Re = x.re[source + 2 * reach] - x.re[source + 3 * reach]
                let difference2Im = x.im[source + 2 * reach] - x.im[source + 3 * reach]
                y.re[target] = re0 + sum1Re + sum2Re
                y.im[target] = im0 + sum1Im + sum2Im
                let middle1Re = re0 + sum1Re * c1 + sum2Re * c2
                let middle1Im = im0 + sum1Im * c1 + sum2Im * c2
                let middle2Re = re0 + sum1Re * c2 + sum2Re * c1
                let middle2Im = im0 + sum1Im * c2 + sum2Im * c1
                // What is added to the middle, turned by -90°.
                let side1Re = difference1Im * s1 + difference2Im * s2
                let side1Im = -(difference1Re * s1 + difference2Re * s2)
                let side2Re = difference1Im * s2 - difference2Im * s1
                let side2Im = -(difference1Re * s2 - difference2Re * s1)
                turn.store(
                    middle1Re + side1Re, middle1Im + side1Im, turnedBy: angle, at: target + stride, of: y)
                turn.store(
                    middle2Re + side2Re, middle2Im + side2Im, turnedBy: 2 * angle, at: target + 2 * stride, of: y)
                turn.store(
                    middle2Re - side2Re, middle2Im - side2Im, turnedBy: 3 * angle, at: target + 3 * stride, of: y)
                turn.store(
                    middle1Re - side1Re, middle1Im - side1Im, turnedBy: 4 * angle, at: target + 4 * stride, of: y)
            }
        }
    }

    /// The last stage: a hundred butterflies of two.
    @inline(__always)
    private static func radix2(_ x: Complex, _ y: Complex) {
        let reach = half / 2
        for q in 0..<reach {
            y.re[q] = x.re[q] + x.re[q + reach]
            y.im[q] = x.im[q] + x.im[q + reach]
            y.re[q + reach] = x.re[q] - x.re[q + reach]
            y.im[q + reach] = x.im[q] - x.im[q + reach]
        }
    }

    /// The power of the real frames' spectra: from those of the even and the odd samples, which are the symmetric and
    /// the antisymmetric part of the packed one.
    @inline(__always)
    private static func unpack(_ z: Complex, into power: UnsafeMutablePointer<Lanes>, _ turn: Turn) {
        let low = z.re[0] + z.im[0]
        let high = z.re[0] - z.im[0]
        power[0] = low * low
        power[half] = high * high
        for index in 1...half / 2 {
            let mirror = half - index
            let evenRe = (z.re[index] + z.re[mirror]) * 0.5
            let evenIm = (z.im[index] - z.im[mirror]) * 0.5
            let oddRe = (z.im[index] + z.im[mirror]) * 0.5
            let oddIm = (z.re[mirror] - z.re[index]) * 0.5
            let turnedRe = oddRe * turn.cosines[index] - oddIm * turn.sines[index]
            let turnedIm = oddRe * turn.sines[index] + oddIm * turn.cosines[index]
            let re = evenRe + turnedRe
            let im = evenIm + turnedIm
            power[index] = re * re + im * im
            let mirrorRe = evenRe - turnedRe
            let mirrorIm = turnedIm - evenIm
            power[mirror] = mirrorRe * mirrorRe + mirrorIm * mirrorIm
        }
    }
}
