// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// The discrete Fourier transform of real signals whose length is a power of two.
///
/// The signal is packed into a complex one of half the length, transformed by radix-2 decimation in time (Cooley and
/// Tukey 1965) and unpacked (Press et al., Numerical Recipes, §12.3). Buffers are reused: one per thread.
final class RealFourierTransform {
    /// The length of the signal.
    let size: Int
    private let half: Int
    private let reversed: [Int]
    private let cosines: [Float]
    private let sines: [Float]
    private var real: [Float]
    private var imaginary: [Float]

    init(size: Int) {
        precondition(size >= 4 && size & (size - 1) == 0)
        self.size = size
        let half = size / 2
        self.half = half
        let bits = half.trailingZeroBitCount
        reversed = (0..<half).map { index in
            (0..<bits).reduce(0) { $0 | ((index >> $1) & 1) << (bits - 1 - $1) }
        }
        // exp(-2πik/size); the half-length transform uses every second one.
        cosines = (0..<half).map { Float(cos(2 * Double.pi * Double($0) / Double(size))) }
        sines = (0..<half).map { Float(-sin(2 * Double.pi * Double($0) / Double(size))) }
        real = Array(repeating: 0, count: half)
        imaginary = Array(repeating: 0, count: half)
    }

    /// Computes |X|² for the frequencies 0...size/2.
    ///
    /// - Parameters:
    ///   - signal: `size` samples.
    ///   - power: Receives `size / 2 + 1` values.
    func power(of signal: UnsafePointer<Float>, into power: UnsafeMutablePointer<Float>) {
        transform(signal) { index, re, im in power[index] = re * re + im * im }
    }

    /// Computes the real part of X for the frequencies 0...size/2: all there is for an even signal.
    func realPart(of signal: UnsafePointer<Float>, into part: UnsafeMutablePointer<Float>) {
        transform(signal) { index, re, _ in part[index] = re }
    }

    @inline(__always)
    private func transform(_ signal: UnsafePointer<Float>, _ emit: (Int, Float, Float) -> Void) {
        real.withUnsafeMutableBufferPointer { real in
            imaginary.withUnsafeMutableBufferPointer { imaginary in
                cosines.withUnsafeBufferPointer { cosines in
                    sines.withUnsafeBufferPointer { sines in
                        reversed.withUnsafeBufferPointer { reversed in
                            for index in 0..<half {
                                real[reversed[index]] = signal[2 * index]
                                imaginary[reversed[index]] = signal[2 * index + 1]
                            }
                        }
                        butterflies(real, imaginary, cosines, sines)
                        emit(0, real[0] + imaginary[0], 0)
                        emit(half, real[0] - imaginary[0], 0)
                        for index in 1..<half {
                            let mirror = half - index
                            // The spectra of the even and the odd samples.
                            let evenRe = (real[index] + real[mirror]) / 2
                            let evenIm = (imaginary[index] - imaginary[mirror]) / 2
                            let oddRe = (imaginary[index] + imaginary[mirror]) / 2
                            let oddIm = (real[mirror] - real[index]) / 2
                            emit(
                                index, evenRe + cosines[index] * oddRe - sines[index] * oddIm,
                                evenIm + cosines[index] * oddIm + sines[index] * oddRe)
                        }
                    }
                }
            }
        }
    }

    @inline(__always)
    private func butterflies(
        _ real: UnsafeMutableBufferPointer<Float>, _ imaginary: UnsafeMutableBufferPointer<Float>,
        _ cosines: UnsafeBufferPointer<Float>, _ sines: UnsafeBufferPointer<Float>
    ) {
        var width = 1
        while width < half {
            let step = half / width
            var start = 0
            while start < half {
                var offset = 0
                while offset < width {
                    let wRe = cosines[offset * step]
                    let wIm = sines[offset * step]
                    let low = start + offset
                    let high = low + width
                    let re = real[high] * wRe - imaginary[high] * wIm
                    let im = real[high] * wIm + imaginary[high] * wRe
                    real[high] = real[low] - re
                    imaginary[high] = imaginary[low] - im
                    real[low] += re
                    imaginary[low] += im
                    offset += 1
                }
                start += 2 * width
            }
            width *= 2
        }
    }
}
