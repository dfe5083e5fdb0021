// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Turns a signal down where its true peak exceeds a ceiling, smoothly and ahead of time.
struct PeakLimiter {
    /// The highest amplitude that passes.
    let ceiling: Float

    /// Samples that share one gain before smoothing (1 ms).
    private static let blockLength = 16
    /// How many blocks the gain takes to fall and to rise.
    private static let ramp = 5

    /// Limits in place; a signal that stays below the ceiling is not touched.
    func limit(_ samples: inout [Float]) {
        let gains = blockGains(samples)
        guard gains.contains(where: { $0 < 1 }) else { return }
        // The least gain around each block, then the mean of these: at no sample more than what its block needs.
        let least = gains.indices.map { index in
            gains[max(0, index - Self.ramp - 1)...min(gains.count - 1, index + Self.ramp + 1)].min() ?? 1
        }
        let smooth: [Float] = least.indices.map { index in
            let near = least[max(0, index - Self.ramp)...min(least.count - 1, index + Self.ramp)]
            return near.reduce(0, +) / Float(near.count)
        }
        for index in samples.indices {
            let position = (Float(index) + 0.5) / Float(Self.blockLength) - 0.5
            let before = max(0, min(smooth.count - 1, Int(position.rounded(.down))))
            let after = min(smooth.count - 1, before + 1)
            let share = max(0, min(1, position - Float(before)))
            samples[index] *= smooth[before] + (smooth[after] - smooth[before]) * share
        }
    }

    private func blockGains(_ samples: [Float]) -> [Float] {
        stride(from: 0, to: samples.count, by: Self.blockLength).map { start in
            let peak = TruePeak.peak(
                of: samples, in: start..<min(samples.count, start + Self.blockLength), over: ceiling)
            return peak > ceiling ? ceiling / peak : 1
        }
    }
}

/// The peak of the continuous signal that samples stand for, by 4-fold interpolation (ITU-R BS.1770-4, annex 2).
enum TruePeak {
    private static let reach = 8
    private static let phases = 4

    /// A Hann-windowed sinc for each of the three positions between two samples. `[phase - 1][tap]`
    private static let filters: [[Float]] = (1..<phases).map { phase in
        (-reach + 1...reach).map { tap in
            let distance = Double(tap) - Double(phase) / Double(phases)
            let window = 0.5 + 0.5 * cos(Double.pi * distance / (Double(reach) + 0.5))
            return Float(sin(Double.pi * distance) / (Double.pi * distance) * window)
        }
    }

    /// The highest amplitude at and after the samples of a range.
    ///
    /// - Parameter threshold: Where both neighbours are below half of this, the points between aren't looked at.
    static func peak(of samples: [Float], in range: Range<Int>, over threshold: Float = 0) -> Float {
        samples.withUnsafeBufferPointer { samples in
            var peak: Float = 0
            for index in range {
                peak = max(peak, abs(samples[index]))
                let next = index + 1 < samples.count ? samples[index + 1] : 0
                guard max(abs(samples[index]), abs(next)) > threshold / 2 else { continue }
                for filter in filters {
                    var sum: Float = 0
                    for tap in 0..<2 * reach {
                        let position = index + tap - reach + 1
                        if position >= 0, position < samples.count { sum += samples[position] * filter[tap] }
                    }
                    peak = max(peak, abs(sum))
                }
            }
            return peak
        }
    }
}
