// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio

/// Drops segments that the decoder made up in silence (openai-whisper, transcribe.py,
/// `hallucination_silence_threshold`).
///
/// Such segments have improbable, very short or very long words, and silence or more of the kind around them.
struct HallucinationGuard: Sendable, Hashable {
    /// Silence of this length, in seconds, is long enough to make up words in.
    var silence: Double

    /// The window that is looked at.
    struct Window: Sendable, Hashable {
        /// Its first frame.
        var seek: Int
        /// Frames of the recording in it.
        var frames: Int
        /// Frames of the whole recording.
        var contentFrames: Int
        /// When the last word before it ended, in seconds.
        var lastSpeechEnd: Double
    }

    private static let marks = WordTiming.openingMarks + WordTiming.closingMarks

    /// Removes segments that are probably made up, and moves the next window accordingly.
    ///
    /// - Returns: Whether the window is dropped as a whole, because it begins with a silence that is to be skipped.
    func review(_ result: inout WindowSegments, in window: Window) -> Bool {
        let offset = Double(window.seek) / WindowSegments.framesPerSecond
        let windowEnd = Double(window.seek + LogMelSpectrogram.windowFrames) / WindowSegments.framesPerSecond
        func frames(_ seconds: Double) -> Int {
            Int((seconds * WindowSegments.framesPerSecond).rounded(.toNearestOrEven))
        }
        if !result.endsWithSilence, let end = result.end, end > offset {
            result.nextSeek = windowEnd - end > silence ? frames(end) : window.seek + window.frames
        }
        guard let first = result.segments.first(where: { !$0.words.isEmpty }) else { return false }
        if Self.isAnomaly(first) {
            let gap = first.start - offset
            if gap > silence {
                result.nextSeek = window.seek + frames(gap)
                return true
            }
        }
        var lastEnd = window.lastSpeechEnd
        for (index, segment) in result.segments.enumerated() where !segment.words.isEmpty {
            if Self.isAnomaly(segment) {
                let next = result.segments[(index + 1)...].first { !$0.words.isEmpty }
                let nextStart =
                    next?.words.first?.start ?? offset + Double(window.frames) / WindowSegments.framesPerSecond
                let isQuietBefore =
                    segment.start - lastEnd > silence || segment.start < silence || segment.start - offset < 2
                let isQuietAfter =
                    nextStart - segment.end > silence || next.map(Self.isAnomaly) ?? false
                    || windowEnd - segment.end < 2
                if isQuietBefore, isQuietAfter {
                    result.nextSeek = frames(max(offset + 1, segment.start))
                    if Double(window.contentFrames) / WindowSegments.framesPerSecond - segment.end < silence {
                        result.nextSeek = window.contentFrames
                    }
                    result.segments.removeSubrange(index...)
                    break
                }
            }
            lastEnd = segment.end
        }
        return false
    }

    /// Whether the first words of a segment are mostly improbable or of a strange length.
    static func isAnomaly(_ segment: TimedSegment) -> Bool {
        guard !segment.words.isEmpty else { return false }
        let words = segment.words.filter { !marks.holds($0.text) }.prefix(8)
        let score = words.reduce(0) { $0 + anomaly(of: $1) }
        return score >= 3 || score + 0.01 >= Double(words.count)
    }

    private static func anomaly(of word: TimedWord) -> Double {
        let duration = word.end - word.start
        var score = word.probability < 0.15 ? 1.0 : 0
        if duration < 0.133 { score += (0.133 - duration) * 15 }
        if duration > 2 { score += duration - 2 }
        return score
    }
}
