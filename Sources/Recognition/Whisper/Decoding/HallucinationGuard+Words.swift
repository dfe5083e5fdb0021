// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension HallucinationGuard {
    /// How far the time of a word may be from speech, in seconds: attention and detectors are both less than exact.
    private static let reach = 0.5
    /// The length of a step of attention, in seconds: nobody says a word within one.
    private static let step = 0.02
    /// So many words within a step each, at the end of a window, were not heard.
    private static let pile = 3
    /// A loop has so many words or more in all, and so many rounds.
    private static let loop = (words: 8, rounds: 4)

    /// Removes words that can't have been said.
    ///
    /// - Those that lie half a second or more from any speech: what faster-whisper's `vad_filter` reaches by not letting
    ///   the model hear the silence.
    /// - Three or more at the end of a window that last no longer than a step of attention each: there was no sound
    ///   left to align them with.
    /// - The rounds after the first of a loop at the end, when the text is known to be one.
    ///
    /// - Parameters:
    ///   - segments: Those of a window, with timed words.
    ///   - endOfText: The first token that is no text.
    ///   - isLoop: Whether the window's text compresses as only loops do, at every temperature.
    func removeImpossibleWords(from segments: inout [TimedSegment], isLoop: Bool, endOfText: Int) {
        for index in segments.indices {
            let kept = segments[index].words.filter(isNearSpeech)
            segments[index].keep(kept, endOfText: endOfText)
        }
        let words = segments.flatMap(\.words)
        let isAtEnd = words.reversed().prefix { $0.end - $0.start <= Self.step + 1e-6 }
        var excess = isAtEnd.count >= Self.pile ? isAtEnd.count : 0
        if isLoop {
            let rest = words.dropLast(excess)
            let (length, rounds) = Repetition.atEnd(of: rest.map { $0.text.trimmingSpaces.lowercased() })
            if rounds >= Self.loop.rounds, length * rounds >= Self.loop.words { excess += length * (rounds - 1) }
        }
        for index in segments.indices.reversed() where excess > 0 {
            let count = segments[index].words.count
            segments[index].keep(segments[index].words.dropLast(excess), endOfText: endOfText)
            excess -= min(count, excess)
        }
        segments.removeAll { segment in segment.words.isEmpty && segment.tokens.allSatisfy { $0 >= endOfText } }
    }

    private func isNearSpeech(_ word: TimedWord) -> Bool {
        guard let speech else { return true }
        return speech.contains { span in
            word.start < span.upperBound + Self.reach && word.end > span.lowerBound - Self.reach
        }
    }
}

extension TimedSegment {
    /// Leaves some of the words, and their tokens between the timestamps of the segment.
    fileprivate mutating func keep(_ kept: [TimedWord], endOfText: Int) {
        guard kept.count < words.count else { return }
        let opening = tokens.prefix { $0 >= endOfText }
        let closing = tokens.dropFirst(opening.count).reversed().prefix { $0 >= endOfText }.reversed()
        tokens = opening + kept.flatMap(\.tokens) + closing
        words = kept
        if let first = kept.first, let last = kept.last { (start, end) = (max(start, first.start), last.end) }
    }
}
