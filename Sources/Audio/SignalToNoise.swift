// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// An estimate of how far the speech stands above the background.
///
/// The noise is the median power of the 20 ms frames outside speech that are no louder than the speech, so that coughs
/// and clicks in pauses hardly count; the speech is the mean power inside the spans less that noise. Where all is speech
/// to the detector, as in babble, the amplitudes' distribution decides (``AmplitudeDistribution``).
struct SignalToNoise {
    /// The ratio, -10...60 dB.
    let decibels: Double
    /// Why it is doubtful, for a person.
    let doubt: String?

    private static let limits = -10.0...60.0
    /// Fewer frames than these (0.3 s) don't show the background.
    private static let leastFrames = 15
    /// What rounding to 16 bits leaves behind, and a little more (-95 dB).
    private static let digitalSilence = 3e-10

    /// - Returns: nil without speech.
    init?(_ waveform: Waveform, _ powers: FramePowers, speech: [SpeechSpan], speechPower: Double?) {
        guard let speechPower, speechPower > 0 else { return nil }
        let outside = powers.outside(speech).sorted()
        let quieter = outside.prefix { $0 <= speechPower }
        let background = quieter.count >= Self.leastFrames ? quieter : outside[...]
        let noise: Double
        if background.count >= Self.leastFrames {
            noise = background[background.count / 2]
            doubt =
                noise < Self.digitalSilence
                ? "The pauses are digitally silent, so the true background is unknown." : nil
        } else {
            // The quietest moments between words.
            let all = powers.values.sorted()
            noise = all[all.count / 20]
            doubt = "There is almost no pause in which the background can be heard."
        }
        guard noise > 0 else {
            decibels = Self.limits.upperBound
            return
        }
        let clean = max(speechPower - noise, speechPower * 1e-3)
        let byPauses = min(max(Decibels.level(power: clean / noise), Self.limits.lowerBound), Self.limits.upperBound)
        let byAmplitudes = outside.isEmpty ? AmplitudeDistribution.signalToNoise(waveform) : nil
        decibels = min(byPauses, byAmplitudes ?? byPauses)
    }
}
