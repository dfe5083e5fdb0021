// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// The short-time power of a waveform in bands that matter for speech.
///
/// Frames of 32 ms every 10 ms under a Hann window, in 20 bands from 125 Hz to 6 kHz whose widths grow with frequency
/// as the ear's do. Frame `i` is centred on 10 ms · i + 5 ms.
struct SpeechSpectrum {
    static let frameLength = 512
    static let hop = 160
    /// Milliseconds from one frame to the next.
    static let hopMilliseconds = 10

    /// The first bin of each band and, last, the bin after the last band; a bin is 31.25 Hz wide.
    static let edges = [4, 6, 8, 10, 12, 15, 18, 21, 25, 29, 34, 40, 47, 55, 65, 76, 90, 106, 125, 150, 192]
    static var bandCount: Int { edges.count - 1 }

    /// Number of frames.
    let frameCount: Int
    /// Power in dB for a full-scale reference of 0 dB. `[frame * bandCount + band]`
    private(set) var levels: [Float]
    /// The level of a frame's strongest band, in dB; -infinity for digital silence.
    private(set) var loudness: [Float]
    /// The loudness that 5 % of the frames that aren't digital silence exceed.
    private(set) var loudestLevel: Float = -.infinity
    /// How many frames of 32 ms overlap one in part, on each side.
    static let overlap = 3

    private let samples: [Float]
    private let transform = RealFourierTransform(size: frameLength)
    private static let window = (0..<frameLength).map {
        Float(0.5 - 0.5 * cos(2 * Double.pi * (Double($0) + 0.5) / Double(frameLength)))
    }
    /// Power below this is none (-200 dB).
    private static let leastPower: Float = 1e-20

    init(_ waveform: Waveform) {
        samples = waveform.samples
        frameCount = (samples.count + Self.hop - 1) / Self.hop
        levels = Array(repeating: 0, count: frameCount * Self.bandCount)
        loudness = Array(repeating: -.infinity, count: frameCount)
        var power = [Float](repeating: 0, count: Self.frameLength / 2 + 1)
        for frame in 0..<frameCount {
            guard computePower(of: frame, into: &power) else { continue }
            var loudest: Float = -.infinity
            power.withUnsafeBufferPointer { power in
                levels.withUnsafeMutableBufferPointer { levels in
                    Self.edges.withUnsafeBufferPointer { edges in
                        for band in 0..<Self.bandCount {
                            var sum: Float = 0
                            for bin in edges[band]..<edges[band + 1] { sum += power[bin] }
                            let level = 10 * log10(max(sum, Self.leastPower))
                            levels[frame * Self.bandCount + band] = level
                            loudest = max(loudest, level)
                        }
                    }
                }
            }
            loudness[frame] = loudest
        }
        let audible = loudness.filter { $0 > -.infinity }.sorted()
        loudestLevel = audible.isEmpty ? -.infinity : audible[audible.count * 95 / 100]
    }

    /// Whether a frame is digital silence: exact zeros, or what a lossy codec makes of them.
    ///
    /// No room is 75 dB quieter than the speech in it.
    func isSilent(_ frame: Int) -> Bool { loudness[frame] <= loudestLevel - 75 }

    /// Computes the power spectrum of a frame, scaled so that a full-scale sine has power 1/2 in all.
    ///
    /// - Returns: Whether the frame holds anything but zeros; if not, `power` is untouched.
    private func computePower(of frame: Int, into power: inout [Float]) -> Bool {
        let start = frame * Self.hop + Self.hop / 2 - Self.frameLength / 2
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.frameLength) { buffer in
            guard let base = buffer.baseAddress else { return false }
            var peak: Float = 0
            samples.withUnsafeBufferPointer { samples in
                Self.window.withUnsafeBufferPointer { window in
                    for index in 0..<Self.frameLength {
                        let position = start + index
                        let sample = position >= 0 && position < samples.count ? samples[position] : 0
                        peak = max(peak, abs(sample))
                        base[index] = sample * window[index]
                    }
                }
            }
            guard peak > 0 else { return false }
            power.withUnsafeMutableBufferPointer { power in
                guard let result = power.baseAddress else { return }
                transform.power(of: base, into: result)
                // One-sided, and a Hann window keeps 3/8 of the power.
                let scale = 2 / (Float(Self.frameLength) * Float(Self.frameLength) * 0.375)
                for index in 0..<power.count { power[index] *= scale }
            }
            return true
        }
    }

    /// How periodic a frame is at the pitches of human voices, 0...1, after the noise has been taken away.
    ///
    /// The autocorrelation is the transform of the power spectrum; dividing by that of the window gives an undamped
    /// function its true height (Boersma 1993). Only 80 Hz to 2 kHz count, where voices are periodic and microphone
    /// noise is not.
    ///
    /// - Parameters:
    ///   - frame: The frame's index.
    ///   - gains: What part of each band's power is not noise, 0...1. `[band]`
    func periodicity(of frame: Int, gains: [Float]) -> Float {
        var power = [Float](repeating: 0, count: Self.frameLength / 2 + 1)
        guard computePower(of: frame, into: &power) else { return 0 }
        var even = [Float](repeating: 0, count: Self.frameLength)
        var band = 0
        for bin in 3...64 {
            while band + 1 < Self.bandCount, bin >= Self.edges[band + 1] { band += 1 }
            let value = power[bin] * gains[band]
            even[bin] = value
            even[Self.frameLength - bin] = value
        }
        transform.realPart(of: even, into: &power)
        guard power[0] > 0 else { return 0 }
        var best: Float = 0
        for lag in Self.pitchLags where power[lag] > power[lag - 1] && power[lag] >= power[lag + 1] {
            best = max(best, power[lag] / power[0] / Self.windowCorrelation[lag])
        }
        return min(best, 1)
    }

    /// 70 Hz to 500 Hz: from deep men's voices to children's, in samples.
    private static let pitchLags = 32...228

    /// The normalised autocorrelation of the window, as it comes out of a circular transform of the same length.
    private static let windowCorrelation: [Float] = {
        let energy = window.reduce(0) { $0 + $1 * $1 }
        return (0...frameLength / 2).map { lag in
            var sum: Float = 0
            for index in 0..<frameLength { sum += window[index] * window[(index + lag) % frameLength] }
            return sum / energy
        }
    }()
}
