// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Tells how noisy speech is from how its samples are distributed, without hearing the noise alone.
///
/// Speech has many small samples and few large ones (a gamma distribution of shape 0.4), noise of many sources a normal
/// distribution; how much larger the logarithm of the mean is than the mean of the logarithms says how they are mixed
/// (WADA-SNR; Kim and Stern 2008). It holds for babble too, in which there are no pauses. Above 15 dB the recording's
/// room and codec say more than the noise, so it says nothing there.
enum AmplitudeDistribution {
    private static let least = -10.0
    private static let step = 2.5
    /// What the difference is at -10, -7.5 … 15 dB, from 12 million random numbers of both distributions.
    private static let differences: [Double] = [
        0.412, 0.416, 0.424, 0.438, 0.462, 0.497, 0.544, 0.601, 0.667, 0.738, 0.812,
    ]

    /// The ratio of speech to noise, -10...15 dB; nil above, and for digital silence.
    static func signalToNoise(_ waveform: Waveform) -> Double? {
        let samples = waveform.samples
        guard !samples.isEmpty else { return nil }
        let mean = samples.reduce(0) { $0 + Double($1) } / Double(samples.count)
        var sum = 0.0
        var logarithms = 0.0
        var count = 0.0
        for sample in samples {
            let magnitude = abs(Double(sample) - mean)
            guard magnitude > 1e-9 else { continue }
            sum += magnitude
            logarithms += log(magnitude)
            count += 1
        }
        guard count > 0 else { return nil }
        let difference = log(sum / count) - logarithms / count
        guard let above = differences.firstIndex(where: { $0 > difference }) else { return nil }
        guard above > 0 else { return least }
        let (low, high) = (differences[above - 1], differences[above])
        return least + step * (Double(above - 1) + (difference - low) / (high - low))
    }
}
