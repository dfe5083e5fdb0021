// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Finds where somebody speaks.
///
/// A frame is active when several bands rise clearly above the steady background (``NoiseFloor``); an active stretch
/// is speech when enough of it is periodic like a voice. So the level of a recording doesn't matter, steady noise and
/// hum are background, and clicks, breaths and bumps are active but not voices. Whispering is not found; music is.
///
/// ```swift
/// let spans = VoiceActivityDetector().speech(in: audio.waveform)
/// ```
///
/// A detector is a value without state; use it from any thread.
public struct VoiceActivityDetector: SpeechDetecting, Hashable {
    /// "spectral".
    public var name: String { "spectral" }

    /// Creates a detector.
    public init() {}

    /// The spans of speech; see ``SpeechDetecting``.
    ///
    /// - Complexity: O(samples); about 1/1000 of real time.
    public func speech(in waveform: Waveform, timing: SpeechTiming) -> [SpeechSpan] {
        precondition(waveform.sampleRate == Waveform.speechRate, "speech is looked for at 16 kHz")
        let spectrum = SpeechSpectrum(waveform)
        guard let floor = NoiseFloor(spectrum) else { return [] }
        let hop = SpeechSpectrum.hopMilliseconds
        let scores = Self.scores(spectrum, floor)
        let voiced = Self.merge(Self.activeStretches(scores), gap: timing.minimumPause / hop).filter { stretch in
            stretch.count * hop >= timing.minimumSpeech && Self.isVoiced(stretch, spectrum, floor)
        }
        return timing.spans(
            voiced.map { $0.lowerBound * hop..<$0.upperBound * hop }, total: waveform.samples.count / 16)
    }

    // Thresholds, in dB of mean rise per band; set on speech from 20 sources, 8 kinds of noise and mixtures of both.
    private static let rise: Float = 5
    private static let greatestRise: Float = 20
    private static let enter: Float = 1.6
    private static let stay: Float = 0.6
    private static let leastRun = 6
    private static let leastPeriodicity: Float = 0.5
    private static let leastVoicedFrames = 5
    private static let leastVoicedShare = 0.15
    /// Sounds so far below the loud parts of a recording are not its speech, in dB.
    private static let range: Float = 50

    /// By how much the bands of each frame exceed the background: the mean over bands and over 50 ms, beyond most
    /// chance variation.
    private static func scores(_ spectrum: SpeechSpectrum, _ floor: NoiseFloor) -> [Float] {
        let bands = SpeechSpectrum.bandCount
        let threshold = spectrum.loudestLevel - range
        let scores: [Float] = (0..<spectrum.frameCount).map { frame in
            guard spectrum.loudness[frame] > threshold else { return 0 }
            var sum: Float = 0
            for band in 0..<bands {
                let excess = spectrum.levels[frame * bands + band] - floor.level(band: band, frame: frame) - rise
                sum += max(0, min(greatestRise, excess))
            }
            return sum / Float(bands)
        }
        return scores.indices.map { index in
            let near = scores[max(0, index - 2)..<min(scores.count, index + 3)]
            return near.reduce(0, +) / Float(near.count)
        }
    }

    /// Runs of frames that stay above one threshold and at some point exceed a higher one.
    private static func activeStretches(_ scores: [Float]) -> [Range<Int>] {
        var stretches: [Range<Int>] = []
        var start = 0
        var isStrong = false
        for index in 0...scores.count {
            let score = index < scores.count ? scores[index] : 0
            if score >= stay {
                isStrong = isStrong || score >= enter
            } else {
                if isStrong, index - start >= leastRun { stretches.append(start..<index) }
                start = index + 1
                isStrong = false
            }
        }
        return stretches
    }

    private static func merge(_ stretches: [Range<Int>], gap: Int) -> [Range<Int>] {
        stretches.reduce(into: []) { merged, stretch in
            if let last = merged.last, stretch.lowerBound - last.upperBound < gap {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, stretch.upperBound)
            } else {
                merged.append(stretch)
            }
        }
    }

    /// Whether a stretch is voiced enough to be somebody speaking.
    private static func isVoiced(_ stretch: Range<Int>, _ spectrum: SpeechSpectrum, _ floor: NoiseFloor) -> Bool {
        let bands = SpeechSpectrum.bandCount
        let needed = max(leastVoicedFrames, Int(Double(stretch.count) * leastVoicedShare))
        var voiced = 0
        for frame in stretch where !spectrum.isSilent(frame) {
            let gains: [Float] = (0..<bands).map { band in
                let excess = spectrum.levels[frame * bands + band] - floor.level(band: band, frame: frame) - rise
                return excess <= 0 ? 0 : 1 - pow(10, -excess / 10)
            }
            if spectrum.periodicity(of: frame, gains: gains) >= leastPeriodicity { voiced += 1 }
            if voiced >= needed { return true }
        }
        return false
    }
}
