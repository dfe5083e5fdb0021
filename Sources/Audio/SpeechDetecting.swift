// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Finds where somebody speaks.
///
/// Detectors block while they work, a few thousandths of the recording's length, and may be used from any thread.
public protocol SpeechDetecting: Sendable {
    /// What results call it, such as "spectral" or "silero-vad".
    var name: String { get }

    /// The spans of speech, in order of time, without overlap.
    ///
    /// - Parameters:
    ///   - waveform: 16 kHz mono at any level.
    ///   - timing: What is too short, and how much is added on both sides.
    func speech(in waveform: Waveform, timing: SpeechTiming) -> [SpeechSpan]
}

extension SpeechDetecting {
    /// The spans of speech with the usual timing.
    public func speech(in waveform: Waveform) -> [SpeechSpan] { speech(in: waveform, timing: SpeechTiming()) }
}

/// Which stretches count as speech, and how far around them a span reaches.
public struct SpeechTiming: Sendable, Hashable {
    /// The shortest speech that is reported, in milliseconds, before padding.
    public var minimumSpeech: Int
    /// Pauses shorter than this don't end a span, in milliseconds.
    public var minimumPause: Int
    /// What is added on both sides, in milliseconds, so that soft beginnings and endings are inside.
    public var padding: Int

    /// Creates a timing; the usual one is for measuring speech.
    public init(minimumSpeech: Int = 100, minimumPause: Int = 200, padding: Int = 60) {
        self.minimumSpeech = minimumSpeech
        self.minimumPause = minimumPause
        self.padding = padding
    }

    /// Wide margins for recognisers: their models were trained on speech with silence around it.
    public static let recognition = SpeechTiming(minimumPause: 400, padding: 200)

    /// Stretches with padding, in milliseconds, within a recording of `total` milliseconds; those that then meet are one.
    ///
    /// - Parameter stretches: In order, without overlap.
    package func spans(_ stretches: [Range<Int>], total: Int) -> [SpeechSpan] {
        stretches.reduce(into: []) { spans, stretch in
            let start = max(0, stretch.lowerBound - padding)
            let end = max(start, min(total, stretch.upperBound + padding))
            if let last = spans.last, start <= last.end {
                spans[spans.count - 1].end = max(last.end, end)
            } else {
                spans.append(SpeechSpan(start: start, end: end))
            }
        }
    }
}
