// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation

/// Music from numbers, at 16 kHz.
public enum Music {
    /// Broken chords of plucked strings over a bass, about 120 beats a minute.
    public static func chords(seconds: Int) -> [Float] {
        let roots = [220.0, 174.61, 261.63, 196.0]
        var samples = [Float](repeating: 0, count: seconds * 16_000)
        for note in 0..<seconds * 4 {
            let root = roots[note / 8 % roots.count]
            let pitches = [root, root * [1, 1.25, 1.5, 2][note % 4], root / 2]
            for index in 0..<12_000 where note * 4_000 + index < samples.count {
                let time = Double(index) / 16_000
                var value = 0.0
                for pitch in pitches {
                    for partial in 1...5 {
                        value += sin(2 * .pi * pitch * Double(partial) * time) / Double(partial * partial)
                    }
                }
                samples[note * 4_000 + index] += Float(0.05 * value * exp(-4 * time))
            }
        }
        return samples
    }
}
