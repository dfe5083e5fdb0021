// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// How well a recording was made, as numbers.
///
/// What each one means, how it is computed and how exact it is: docs/audio.md.
///
/// ```swift
/// let speech = VoiceActivityDetector().speech(in: waveform)
/// let quality = AudioQuality(measuring: waveform, speech: speech)
/// ```
public struct AudioQuality: Sendable, Hashable {
    /// Speech against background, in dB; nil without speech or without any background to compare with.
    ///
    /// Between -10 and 60: beyond, the estimate says no more.
    public let snr: Double?
    /// Why the ratio is doubtful, for a person; nil when it isn't.
    public let snrDoubt: String?
    /// The share of samples at full scale or on a flat top, in %.
    public let clipping: Double
    /// The share of time in which somebody speaks, in %; nil for an empty recording.
    public let speechShare: Double?
    /// The mean power of the speech, in dB relative to full scale; nil without speech.
    public let speechLevel: Double?
    /// The largest sample, in dB relative to full scale; nil for digital silence.
    public let peakLevel: Double?
    /// How often the speech breaks off for 5...500 ms of digital silence, as when samples were lost on the way.
    public let dropouts: Int

    /// Measures a recording as it was made: before any change of level.
    ///
    /// - Parameters:
    ///   - waveform: 16 kHz mono.
    ///   - speech: Where somebody speaks in it, by ``VoiceActivityDetector``.
    public init(measuring waveform: Waveform, speech: [SpeechSpan]) {
        let powers = FramePowers(waveform)
        let peak = waveform.peak
        let speechPower = powers.speechPower(in: speech)
        peakLevel = peak > 0 ? Decibels.level(amplitude: Double(peak)) : nil
        speechLevel = speechPower.flatMap { $0 > 0 ? Decibels.level(power: $0) : nil }
        clipping = Self.clippedShare(waveform, peak: peak)
        let spoken = speech.reduce(0) { $0 + $1.milliseconds }
        speechShare = waveform.samples.isEmpty ? nil : min(100, Double(spoken) / waveform.duration / 10)
        dropouts = Self.countDropouts(waveform, speech: speech, speechPower: speechPower ?? 0)
        let ratio = SignalToNoise(waveform, powers, speech: speech, speechPower: speechPower)
        snr = ratio?.decibels
        snrDoubt = ratio?.doubt
    }

    /// The measures `snr_db`, `clip_pct`, `speech_pct` and `level_dbfs`.
    public var measures: [Measure] {
        let noSpeech = "No speech was found in the recording."
        let share = speechShare ?? 0
        return [
            snr.map { Measure("snr_db", $0, unit: "dB", low: snrDoubt) }
                ?? Measure("snr_db", unit: "dB", na: noSpeech),
            peakLevel == nil
                ? Measure("clip_pct", unit: "%", na: "The recording is silent.")
                : Measure("clip_pct", clipping, unit: "%"),
            speechShare == nil
                ? Measure("speech_pct", unit: "%", na: "The recording is empty.")
                : Measure("speech_pct", share, unit: "%"),
            speechLevel.map { Measure("level_dbfs", $0, unit: "dBFS") }
                ?? Measure("level_dbfs", unit: "dBFS", na: noSpeech),
        ]
    }

    /// Samples at full scale, and samples in runs of at least 3 within 1 % of the largest: clipped below full scale,
    /// or before the resampler rounded the corners off.
    private static func clippedShare(_ waveform: Waveform, peak: Float) -> Double {
        guard peak > 0 else { return 0 }
        let nearPeak = peak * 0.99
        // A quiet recording has runs near its peak because its samples have few different values.
        let countsRuns = peak > 0.05
        var clipped = 0
        var run = 0
        for sample in waveform.samples {
            let magnitude = abs(sample)
            if magnitude >= nearPeak, countsRuns {
                run += 1
                if run == 3 { clipped += 3 } else if run > 3 { clipped += 1 }
            } else {
                run = 0
            }
        }
        return Double(clipped) / Double(waveform.samples.count) * 100
    }

    /// Gaps of digital silence between two loud moments, inside the spans.
    private static func countDropouts(_ waveform: Waveform, speech: [SpeechSpan], speechPower: Double) -> Int {
        guard speechPower > 0 else { return 0 }
        let silence = Float(speechPower.squareRoot() * Decibels.factor(-70))
        // Speech fades into a pause, even before a plosive; lost samples cut it off.
        let loud = speechPower * 0.1
        let edge = waveform.sampleRate / 1000
        let gapLengths = waveform.sampleRate / 200...waveform.sampleRate / 2
        var count = 0
        for span in speech {
            let range = span.samples(at: waveform.sampleRate, count: waveform.samples.count)
            var gapStart: Int?
            for index in range {
                if abs(waveform.samples[index]) <= silence {
                    gapStart = gapStart ?? index
                } else if let start = gapStart {
                    gapStart = nil
                    if gapLengths.contains(index - start), start - edge >= range.lowerBound,
                        index + edge <= range.upperBound, waveform.power(of: start - edge..<start) > loud,
                        waveform.power(of: index..<index + edge) > loud
                    {
                        count += 1
                    }
                }
            }
        }
        return count
    }
}

extension Waveform {
    /// The largest magnitude of a sample.
    var peak: Float { samples.reduce(0) { max($0, abs($1)) } }

    /// The mean square of some samples; the range is not empty.
    fileprivate func power(of range: Range<Int>) -> Double {
        samples[range].reduce(0) { $0 + Double($1 * $1) } / Double(range.count)
    }
}
