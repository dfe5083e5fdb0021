// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import TestRandom

extension Signals {
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
