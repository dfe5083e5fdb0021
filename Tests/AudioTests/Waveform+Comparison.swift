// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio

extension Waveform {
    /// The greatest normalised correlation with another signal over shifts of up to some milliseconds.
    ///
    /// The shift is looked for on every 61st sample; the correlation there is computed on every 7th.
    func bestCorrelation(with other: Waveform, withinMilliseconds limit: Int) -> Double {
        samples.withUnsafeBufferPointer { ours in
            other.samples.withUnsafeBufferPointer { theirs in
                let shift =
                    (-limit * 16...limit * 16)
                    .max { correlation(ours, theirs, $0, by: 61) < correlation(ours, theirs, $1, by: 61) } ?? 0
                return correlation(ours, theirs, shift, by: 7)
            }
        }
    }

    private func correlation(
        _ ours: UnsafeBufferPointer<Float>, _ theirs: UnsafeBufferPointer<Float>, _ shift: Int, by step: Int
    ) -> Double {
        var cross: Float = 0
        var ourEnergy: Float = 0
        var theirEnergy: Float = 0
        var index = max(0, -shift)
        let end = min(ours.count, theirs.count - shift)
        while index < end {
            let a = ours[index]
            let b = theirs[index + shift]
            cross += a * b
            ourEnergy += a * a
            theirEnergy += b * b
            index += step
        }
        return Double(cross / (ourEnergy * theirEnergy).squareRoot())
    }
}
