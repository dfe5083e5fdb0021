// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A stretch of speech with its tokens.
struct TimedSegment: Sendable, Hashable {
    /// The first frame of the window it is from.
    var seek: Int
    /// Seconds from the start of the recording.
    var start: Double
    /// Seconds from the start of the recording.
    var end: Double
    /// The tokens, timestamps included.
    var tokens: [Int]
    /// The words; empty until they are timed.
    var words: [TimedWord] = []
}

/// Cuts the tokens of a window into segments at pairs of timestamps, and says where the next window starts
/// (openai-whisper, transcribe.py).
struct WindowSegments: Sendable, Hashable {
    /// The segments, in order.
    var segments: [TimedSegment]
    /// The first frame of the next window.
    var nextSeek: Int
    /// Whether the last token is a timestamp after text: then nobody speaks in the rest of the window.
    let endsWithSilence: Bool

    /// Frames of the spectrogram for each step of the timestamps.
    private static let framesPerStep = 2
    /// Frames of the spectrogram in a second.
    static let framesPerSecond = 100.0

    /// Cuts a window.
    ///
    /// - Parameters:
    ///   - tokens: What was decoded.
    ///   - timestampBegin: The first timestamp.
    ///   - seek: The window's first frame.
    ///   - frames: The frames of the recording in the window; at most 3000.
    init(_ tokens: [Int], timestampBegin: Int, seek: Int, frames: Int) {
        let offset = Double(seek) / Self.framesPerSecond
        func steps(_ token: Int) -> Int { max(0, token - timestampBegin) }
        func time(_ token: Int) -> Double { offset + Double(steps(token)) * WhisperTokenizer.timestampStep }
        let isTimestamp = tokens.map { $0 >= timestampBegin }
        endsWithSilence = isTimestamp.suffix(2) == [false, true]
        var cuts = tokens.indices.dropFirst().filter { isTimestamp[$0 - 1] && isTimestamp[$0] }
        var segments: [TimedSegment] = []
        if cuts.isEmpty {
            var duration = Double(frames) / Self.framesPerSecond
            if let last = tokens.last(where: { $0 >= timestampBegin }), last != timestampBegin {
                duration = Double(steps(last)) * WhisperTokenizer.timestampStep
            }
            segments.append(TimedSegment(seek: seek, start: offset, end: offset + duration, tokens: tokens))
            nextSeek = seek + frames
        } else {
            if endsWithSilence { cuts.append(tokens.count) }
            var done = 0
            for cut in cuts {
                let part = Array(tokens[done..<cut])
                segments.append(
                    TimedSegment(
                        seek: seek, start: time(part.first ?? timestampBegin), end: time(part.last ?? timestampBegin),
                        tokens: part))
                done = cut
            }
            // What follows the last pair is not finished: the next window starts there.
            nextSeek = endsWithSilence ? seek + frames : seek + steps(tokens[done - 1]) * Self.framesPerStep
        }
        self.segments = segments
        // The rules of timestamps see to it that windows go forward; without them, a model might not.
        if nextSeek <= seek { nextSeek = seek + frames }
    }

    /// When the last word ends, or the last segment when no word is timed; nil without segments.
    var end: Double? {
        segments.last { !$0.words.isEmpty }?.words.last?.end ?? segments.last?.end
    }
}
