// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio

/// Drops segments that the decoder made up in silence (openai-whisper, transcribe.py,
/// `hallucination_silence_threshold`).
///
/// Such segments have improbable, very short or very long words, and silence or more of the kind around them. Where it is
/// known when somebody speaks, that counts more than the times of words: nothing is dropped that lies in speech, and
/// ``removeImpossibleWords(from:isLoop:endOfText:)`` drops what lies far from any.
struct HallucinationGuard: Sendable, Hashable {
    /// Silence of this length, in seconds, is long enough to make up words in.
    var silence: Double = 2
    /// When somebody speaks, in seconds of the recording; nil when it is not known.
    var speech: [ClosedRange<Double>]?

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
            let isGoingOn = speech.map { $0.contains { min($0.upperBound, windowEnd) - max($0.lowerBound, end) > 0.3 } }
            result.nextSeek = isGoingOn ?? (windowEnd - end > silence) ? frames(end) : window.seek + window.frames
        }
        guard let first = result.segments.first(where: { !$0.words.isEmpty }) else { return false }
        if isMadeUp(first) {
            let gap = first.start - offset
            if gap > silence {
                result.nextSeek = window.seek + frames(gap)
                return true
            }
        }
        var lastEnd = window.lastSpeechEnd
        for (index, segment) in result.segments.enumerated() where !segment.words.isEmpty {
            if isMadeUp(segment) {
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

    /// Whether a segment looks made up and does not lie, by half or more, where somebody speaks.
    private func isMadeUp(_ segment: TimedSegment) -> Bool {
        guard Self.isAnomaly(segment) else { return false }
        guard let speech else { return true }
        let spoken = speech.reduce(0) {
            $0 + max(0, min($1.upperBound, segment.end) - max($1.lowerBound, segment.start))
        }
        return spoken < (segment.end - segment.start) / 2
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
