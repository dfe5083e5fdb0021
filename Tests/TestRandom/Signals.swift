// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Signals made from numbers, at 16 kHz.
public enum Signals {
    /// Normally distributed noise at -26 dBFS.
    public static func white(seconds: Double, seed: UInt64) -> [Float] {
        var generator = SplitMix(seed: seed)
        return (0..<Int(seconds * 16_000)).map { _ in generator.normal() * 0.05 }
    }

    /// Noise with equal power in each octave (Paul Kellet's three-pole approximation).
    public static func pink(seconds: Double, seed: UInt64) -> [Float] {
        var low: Float = 0
        var middle: Float = 0
        var high: Float = 0
        return white(seconds: seconds, seed: seed).map { white in
            low = 0.99765 * low + white * 0.0990460
            middle = 0.96300 * middle + white * 0.2965164
            high = 0.57000 * high + white * 1.0526913
            return (low + middle + high + white * 0.1848) * 0.2
        }
    }

    /// Mains hum with harmonics.
    public static func hum(seconds: Double) -> [Float] {
        (0..<Int(seconds * 16_000)).map { index in
            let phase = 2 * Double.pi * 50 * Double(index) / 16_000
            return Float(0.2 * sin(phase) + 0.08 * sin(3 * phase) + 0.04 * sin(5 * phase) + 0.02 * sin(8 * phase))
        }
    }

    /// Clicks that ring for some milliseconds, about three a second.
    public static func clicks(seconds: Double, seed: UInt64) -> [Float] {
        var generator = SplitMix(seed: seed)
        var samples = [Float](repeating: 0, count: Int(seconds * 16_000))
        for _ in 0..<Int(seconds * 3) {
            let start = Int.random(in: 0..<samples.count - 100, using: &generator)
            for index in 0..<60 { samples[start + index] += 0.7 * generator.normal() * exp(-Float(index) / 15) }
        }
        return samples
    }

    /// A minute or less of chords of plucked strings over a bass, two a second.
    public static func music(seconds: Double) -> [Float] {
        let chords = [[220, 277.2, 329.6], [146.8, 220, 293.7], [164.8, 246.9, 329.6], [110, 220, 277.2]]
        return (0..<Int(seconds * 16_000)).map { index in
            let notes = chords[index / 32_000 % chords.count]
            let time = Double(index % 8_000) / 16_000
            var sum = 1.5 * sin(.pi * notes[0] * time) * exp(-time * 6)
            for note in notes {
                for partial in 1...4 {
                    sum += sin(2 * .pi * Double(partial) * note * time) / Double(partial) * exp(-time * 4)
                }
            }
            return Float(sum * 0.08)
        }
    }
}
