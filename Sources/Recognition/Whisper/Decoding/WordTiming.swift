// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A word, when it is spoken, and how sure the model is of it.
struct TimedWord: Sendable, Hashable {
    /// The word, with the space before it and the punctuation around it.
    var text: String
    /// Its tokens.
    var tokens: [Int]
    /// Seconds: from the start of the window until the words are put into segments, then of the recording.
    var start: Double
    /// Seconds, as `start`.
    var end: Double
    /// The mean probability of its tokens.
    var probability: Double
}

/// Makes words with times from the alignment of a window's tokens, and puts them into its segments (openai-whisper,
/// timing.py).
struct WordTiming: Sendable {
    /// The words of all segments, in order; their times are from the start of the window.
    private(set) var words: [TimedWord]

    /// Punctuation that goes to the word after it, when a space is before it.
    static let openingMarks = "\"'“¿([{-"
    /// Punctuation that goes to the word before it.
    static let closingMarks = "\"'.。,，!！?？:：”)]}、"
    private static let sentenceEndMarks = ".。!！?？"

    /// Cuts text into words and times them.
    ///
    /// - Parameters:
    ///   - tokens: The text tokens of all segments of the window.
    ///   - probabilities: The probability of each token among those of text. `[token]`
    ///   - starts: When each token begins, and the end of the text after the last, in seconds from the start of the
    ///     window. `[token + 1]`
    ///   - language: Whisper's code.
    init(
        _ tokens: [Int], probabilities: [Double], starts: [Double], language: String?, _ tokenizer: WhisperTokenizer
    ) {
        precondition(probabilities.count == tokens.count && starts.count == tokens.count + 1)
        words = []
        guard !tokens.isEmpty else { return }
        // The end stands in for the word after the last, so that characters cut off by it are treated the same.
        let spelled = tokenizer.words(of: tokens + [tokenizer.endOfText], language: language)
        var first = 0
        for word in spelled where first < tokens.count {
            let count = min(word.tokens.count, tokens.count - first)
            let mean = probabilities[first..<first + count].reduce(0, +) / Double(count)
            words.append(
                TimedWord(
                    text: word.text, tokens: Array(word.tokens.prefix(count)), start: starts[first],
                    end: starts[first + count], probability: mean))
            first += count
        }
    }

    /// The words of a text as they are written, with their punctuation.
    static func words(of tokens: [Int], language: String?, _ tokenizer: WhisperTokenizer) -> [String] {
        let zeros = [Double](repeating: 0, count: tokens.count)
        var words = WordTiming(tokens, probabilities: zeros, starts: zeros + [0], language: language, tokenizer).words
        mergePunctuation(&words)
        return words.map(\.text.trimmingSpaces).filter { !$0.isEmpty }
    }

    /// Words that are timed already, from the start of the window.
    init(_ words: [TimedWord]) { self.words = words }

    /// The median length of a word, at most 0.7 s; words without length do not count.
    private var medianDuration: Double {
        let durations = words.map { $0.end - $0.start }.filter { $0 != 0 }.sorted()
        guard !durations.isEmpty else { return 0 }
        let middle = durations.count / 2
        let median =
            durations.count % 2 == 1 ? durations[middle] : (durations[middle - 1] + durations[middle]) / 2
        return min(0.7, median)
    }

    /// Puts the words into their segments, shortens those that swallow a pause, and moves the segments' ends to the
    /// words' where the timestamps are not better.
    ///
    /// - Parameters:
    ///   - segments: Those of the window whose text tokens these are the words of.
    ///   - lastSpeechEnd: When the last word before the window ended, in seconds of the recording.
    func place(into segments: inout [TimedSegment], lastSpeechEnd: Double, endOfText: Int) {
        guard let offset = segments.first.map({ Double($0.seek) / WindowSegments.framesPerSecond }) else { return }
        let median = medianDuration
        let longest = median * 2
        var alignment = words
        if median > 0 { Self.shortenSentenceEnds(&alignment, longest) }
        Self.mergePunctuation(&alignment)
        var lastSpeechEnd = lastSpeechEnd
        var next = 0
        for index in segments.indices {
            let count = segments[index].tokens.count { $0 < endOfText }
            var taken = 0
            var placed: [TimedWord] = []
            while next < alignment.count, taken < count {
                var word = alignment[next]
                taken += word.tokens.count
                next += 1
                guard !word.text.isEmpty else { continue }
                word.start = Self.hundredths(offset + word.start)
                word.end = Self.hundredths(offset + word.end)
                placed.append(word)
            }
            segments[index].words = placed
            guard !placed.isEmpty else { continue }
            Self.shortenAfterPause(&segments[index].words, lastSpeechEnd, median, longest)
            Self.reconcile(&segments[index], median)
            lastSpeechEnd = segments[index].end
        }
    }

    private static func hundredths(_ seconds: Double) -> Double {
        (seconds * 100).rounded(.toNearestOrEven) / 100
    }

    /// A long mark at the end of a sentence, or a long word after one, is mostly pause.
    private static func shortenSentenceEnds(_ words: inout [TimedWord], _ longest: Double) {
        for index in words.indices.dropFirst() where words[index].end - words[index].start > longest {
            if sentenceEndMarks.holds(words[index].text) {
                words[index].end = words[index].start + longest
            } else if sentenceEndMarks.holds(words[index - 1].text) {
                words[index].start = words[index].end - longest
            }
        }
    }

    /// Joins punctuation to the word that it belongs to; what was joined is left empty.
    static func mergePunctuation(_ words: inout [TimedWord]) {
        func move(_ source: Int, to target: Int, before: Bool) {
            let (text, tokens) = (words[source].text, words[source].tokens)
            words[target].text = before ? text + words[target].text : words[target].text + text
            words[target].tokens = before ? tokens + words[target].tokens : words[target].tokens + tokens
            words[source].text = ""
            words[source].tokens = []
        }
        var following = words.count - 1
        for previous in words.indices.dropLast().reversed() {
            let text = words[previous].text
            if text.unicodeScalars.first == " ", openingMarks.holds(text.trimmingSpaces) {
                move(previous, to: following, before: true)
            } else {
                following = previous
            }
        }
        var previous = 0
        for following in words.indices.dropFirst() {
            if words[previous].text.unicodeScalars.last != " ", closingMarks.holds(words[following].text) {
                move(following, to: previous, before: false)
            } else {
                previous = following
            }
        }
    }

    /// The first words after a pause are not longer than twice the median.
    private static func shortenAfterPause(
        _ words: inout [TimedWord], _ lastSpeechEnd: Double, _ median: Double, _ longest: Double
    ) {
        let hasSecond = words.count > 1
        guard words[0].end - lastSpeechEnd > median * 4,
            words[0].end - words[0].start > longest
                || (hasSecond && words[1].end - words[0].start > longest * 2)
        else { return }
        if hasSecond, words[1].end - words[1].start > longest {
            let boundary = max(words[1].end / 2, words[1].end - longest)
            words[0].end = boundary
            words[1].start = boundary
        }
        words[0].start = max(0, words[0].end - longest)
    }

    /// Takes the timestamp where a first or last word reaches half a second beyond it, the word's time otherwise.
    private static func reconcile(_ segment: inout TimedSegment, _ median: Double) {
        let last = segment.words.count - 1
        if segment.start < segment.words[0].end, segment.start - 0.5 > segment.words[0].start {
            segment.words[0].start = max(0, min(segment.words[0].end - median, segment.start))
        } else {
            segment.start = segment.words[0].start
        }
        if segment.end > segment.words[last].start, segment.end + 0.5 < segment.words[last].end {
            segment.words[last].end = max(segment.words[last].start + median, segment.end)
        } else {
            segment.end = segment.words[last].end
        }
    }
}

extension String {
    /// Whether a text is a part of this one, as the empty text always is.
    func holds(_ part: String) -> Bool { utf8.contains(part.utf8) }
}
