// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

extension Waveform {
    /// The level of speech that recognisers get, in dB relative to full scale.
    public static let targetLevel = -23.0

    /// No true peak is higher than this after ``levelled(speech:)``, in dB relative to full scale.
    public static let peakCeiling = -1.0

    /// The greatest change of level, in dB: brings speech at -83 dBFS to the target.
    private static let greatestGain = 60.0

    /// Brings the speech to a level of -23 dBFS.
    ///
    /// Peaks that would exceed -1 dBTP (true peak, ITU-R BS.1770) are turned down for some milliseconds, so that a
    /// click does not keep the speech quiet. Without speech nothing is changed: noise is never blown up.
    ///
    /// - Parameter speech: Where somebody speaks; looked for when nil.
    /// - Returns: The waveform and by how much it was raised, in dB (outside limited peaks).
    public func levelled(speech: [SpeechSpan]? = nil) -> (waveform: Waveform, gainDecibels: Double) {
        let speech = speech ?? VoiceActivityDetector().speech(in: self)
        guard let power = FramePowers(self).speechPower(in: speech), power > 0 else { return (self, 0) }
        let wanted = Self.targetLevel - Decibels.level(power: power)
        let decibels = min(max(wanted, -Self.greatestGain), Self.greatestGain)
        let factor = Float(Decibels.factor(decibels))
        var result = self
        result.samples.withUnsafeMutableBufferPointer { samples in
            for index in samples.indices { samples[index] *= factor }
        }
        PeakLimiter(ceiling: Float(Decibels.factor(Self.peakCeiling - 0.2))).limit(&result.samples)
        return (result, decibels)
    }
}
