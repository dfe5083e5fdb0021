// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Foundation

/// Signals made from numbers, at 16 kHz.
enum Signals {
    static func white(seconds: Double, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<Int(seconds * 16_000)).map { _ in generator.normal() * 0.05 }
    }

    /// Noise with equal power in each octave (Paul Kellet's three-pole approximation).
    static func pink(seconds: Double, seed: UInt64) -> [Float] {
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
    static func hum(seconds: Double) -> [Float] {
        (0..<Int(seconds * 16_000)).map { index in
            let phase = 2 * Double.pi * 50 * Double(index) / 16_000
            return Float(0.2 * sin(phase) + 0.08 * sin(3 * phase) + 0.04 * sin(5 * phase) + 0.02 * sin(8 * phase))
        }
    }

    /// Clicks that ring for some milliseconds, about three a second.
    static func clicks(seconds: Double, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        var samples = [Float](repeating: 0, count: Int(seconds * 16_000))
        for _ in 0..<Int(seconds * 3) {
            let start = Int.random(in: 0..<samples.count - 100, using: &generator)
            for index in 0..<60 { samples[start + index] += 0.7 * generator.normal() * exp(-Float(index) / 15) }
        }
        return samples
    }

    static func mix(_ waveform: Waveform, _ noise: [Float], gain: Float) -> Waveform {
        Waveform(samples: zip(waveform.samples, noise).map { $0 + gain * $1 })
    }

    static func power(_ samples: some Collection<Float>) -> Double {
        samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(samples.count)
    }

    /// The samples of a waveform inside spans.
    static func samples(of waveform: Waveform, in spans: [SpeechSpan]) -> [Float] {
        spans.flatMap { waveform.samples[$0.samples(at: 16_000, count: waveform.samples.count)] }
    }
}
