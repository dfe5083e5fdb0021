// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension Transcript {
    /// The text with a line for every segment: the form to edit, because ``edited(to:duration:)`` reads lines as segments.
    public var lines: String { segments.map(\.text).filter { !$0.isEmpty }.joined(separator: "\n") }

    /// The transcript after a person has changed its text, with the times that are still known.
    ///
    /// Words that are still there (apart from case and punctuation) keep their times, confidence, kind and timing. Other
    /// words share the time of what they replace, or lie between their neighbours, in proportion to their length; they
    /// are ``Word/Kind-swift.enum/edited``, ``Word/Timing-swift.enum/interpolated`` and have no confidence. A word that
    /// counted as a repetition and no longer follows its twin is a plain word again.
    ///
    /// Each line of the text becomes a segment; a text of one line keeps the segments there were. The text comes back
    /// exactly, up to white space. An empty text gives no segments.
    ///
    /// - Parameters:
    ///   - text: The whole new text.
    ///   - duration: Length of the recording in milliseconds: where to put words when the transcript has no times at all.
    public func edited(to text: String, duration: Int? = nil) -> Transcript {
        var edit = TranscriptEdit(self, text: text, duration: duration)
        edit.keepUnchanged()
        edit.interpolate()
        return Transcript(
            language: language, languageProbability: languageProbability, languages: languages,
            segments: edit.segments())
    }
}

/// The work of one edit: old words, new tokens, and what the one says about the other.
private struct TranscriptEdit {
    private struct OldWord {
        var word: Word
        var segment: Int
        var key: String
    }

    private struct NewWord {
        var range: Range<String.Index>
        var key: String
        var line: Int
        /// The old word that this is, if it is unchanged.
        var origin: Int?
        /// The segment of the transcript before the edit that it belongs to.
        var segment = 0
        var word: Word
    }

    private let old: Transcript
    private let oldWords: [OldWord]
    private let text: String
    private let duration: Int
    private var lineCount = 0
    private var newWords: [NewWord] = []

    init(_ transcript: Transcript, text: String, duration: Int?) {
        old = transcript
        oldWords = transcript.segments.enumerated().flatMap { index, segment in
            segment.words.map { OldWord(word: $0, segment: index, key: "") }
        }
        self.text = text
        self.duration = max(0, duration ?? 0)
    }

    /// Cuts the text into words, and finds the old words that are still there.
    mutating func keepUnchanged() {
        let lines = text.split(whereSeparator: \.isNewline).map(TextToken.tokens).filter { !$0.isEmpty }
        lineCount = lines.count
        let tokens = lines.enumerated().flatMap { line, tokens in tokens.map { (line: line, token: $0) } }
        let oldTokens = oldWords.enumerated().flatMap { index, old in
            TextToken.tokens(in: old.word.text[...]).map { (word: index, key: $0.key) }
        }

        // An old word may be several tokens (a Chinese word of two characters): it is unchanged when all of them are
        // still there, side by side in one line.
        var counterpart: [Int?] = Array(repeating: nil, count: oldTokens.count)
        var place = (old: 0, new: 0)
        for step in EditPath.steps(from: oldTokens.map(\.key), to: tokens.map(\.token.key)) {
            if step == .equal { counterpart[place.old] = place.new }
            if step != .insert { place.old += 1 }
            if step != .delete { place.new += 1 }
        }
        var kept: [(origin: Int, count: Int)?] = Array(repeating: nil, count: tokens.count)
        var start = 0
        while start < oldTokens.count {
            let end = oldTokens[start...].firstIndex { $0.word != oldTokens[start].word } ?? oldTokens.count
            if let first = counterpart[start],
                (start..<end).allSatisfy({ counterpart[$0] == first + $0 - start }),
                tokens[first].line == tokens[first + end - start - 1].line
            {
                kept[first] = (oldTokens[start].word, end - start)
            }
            start = end
        }

        var index = 0
        newWords.reserveCapacity(tokens.count)
        while index < tokens.count {
            let last = index + (kept[index]?.count ?? 1) - 1
            let range = tokens[index].token.range.lowerBound..<tokens[last].token.range.upperBound
            let written = String(text[range])
            var word = Word(text: written, start: 0, end: 0, kind: .edited, timing: .interpolated)
            if let origin = kept[index]?.origin {
                word = oldWords[origin].word
                word.text = written
            }
            newWords.append(
                NewWord(
                    range: range, key: tokens[index...last].map(\.token.key).joined(separator: " "),
                    line: tokens[index].line, origin: kept[index]?.origin, word: word))
            index = last + 1
        }
        for index in newWords.indices where newWords[index].word.kind == .repeat {
            if index == 0 || newWords[index - 1].key != newWords[index].key { newWords[index].word.kind = .word }
        }
    }

    /// Gives every changed word a time and a segment, run by run between unchanged words.
    mutating func interpolate() {
        var index = 0
        var before: Int?
        while index < newWords.count {
            if let origin = newWords[index].origin {
                newWords[index].segment = oldWords[origin].segment
                before = origin
                index += 1
                continue
            }
            let end = newWords[index...].firstIndex { $0.origin != nil } ?? newWords.count
            let after = end < newWords.count ? newWords[end].origin : nil
            place(index..<end, instead: (before.map { $0 + 1 } ?? 0)..<(after ?? oldWords.count))
            index = end
        }
    }

    /// Spreads new words over the time of the old words they replace or, when there are none, over the gap.
    private mutating func place(_ run: Range<Int>, instead replaced: Range<Int>) {
        let span: (start: Int, end: Int)
        if let first = replaced.first, let last = replaced.last {
            span = (oldWords[first].word.start, oldWords[last].word.end)
        } else if oldWords.isEmpty {
            span = (old.segments.first?.start ?? 0, old.segments.last?.end ?? duration)
        } else {
            let next = replaced.lowerBound
            let end = next < oldWords.count ? oldWords[next].word.start : old.segments.last?.end ?? 0
            let start = next > 0 ? oldWords[next - 1].word.end : old.segments.first?.start ?? 0
            span = (min(start, end), end)
        }
        let length = max(0, span.end - span.start)
        let total = run.reduce(0) { $0 + newWords[$1].word.text.count }
        var passed = 0
        for (offset, index) in run.enumerated() {
            newWords[index].word.start = span.start + length * passed / max(1, total)
            passed += newWords[index].word.text.count
            newWords[index].word.end = span.start + length * passed / max(1, total)
            if !replaced.isEmpty {
                newWords[index].segment = oldWords[replaced.lowerBound + offset * replaced.count / run.count].segment
            } else if !oldWords.isEmpty {
                newWords[index].segment = oldWords[max(0, replaced.lowerBound - 1)].segment
            }
        }
    }

    /// The new words by line or, in a text of one line, by the segments they come from.
    func segments() -> [Segment] {
        let isOneLine = lineCount == 1
        var groups: [Range<Int>] = []
        for index in newWords.indices {
            if let last = groups.last,
                isOneLine
                    ? newWords[last.lowerBound].segment == newWords[index].segment
                    : newWords[last.lowerBound].line == newWords[index].line
            {
                groups[groups.count - 1] = last.lowerBound..<index + 1
            } else {
                groups.append(index..<index + 1)
            }
        }
        var segments: [Segment] = []
        for (number, group) in groups.enumerated() {
            let first = newWords[group.lowerBound]
            let last = newWords[group.upperBound - 1]
            // An unchanged word at the edge of its old segment keeps that edge, as far as the neighbours leave room.
            var start = first.word.start
            if let origin = first.origin, origin == 0 || oldWords[origin - 1].segment != oldWords[origin].segment {
                start = min(start, max(old.segments[oldWords[origin].segment].start, segments.last?.end ?? 0))
            }
            var end = last.word.end
            if let origin = last.origin,
                origin + 1 == oldWords.count || oldWords[origin + 1].segment != oldWords[origin].segment
            {
                let next = number + 1 < groups.count ? newWords[group.upperBound].word.start : Int.max
                end = max(end, min(old.segments[oldWords[origin].segment].end, next))
            }
            let before = old.segments.indices.contains(first.segment) ? old.segments[first.segment] : nil
            segments.append(
                Segment(
                    start: start, end: end, text: String(text[first.range.lowerBound..<last.range.upperBound]),
                    words: newWords[group].map(\.word), language: before?.language,
                    languageProbability: before?.languageProbability))
        }
        return segments
    }
}
