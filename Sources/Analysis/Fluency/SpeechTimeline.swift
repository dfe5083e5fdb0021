// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The times of an answer's words, and what they say about the flow of speech. All times are whole milliseconds, so
/// that a silence of exactly the threshold is a pause on every machine.
struct SpeechTimeline {
    /// A word of the transcript.
    struct TimedWord {
        /// When it starts.
        var start: Int
        /// When it ends.
        var end: Int
        /// How many words it is when spoken ("500" is two); 0 for a filler.
        var words: Int
        /// Its syllables; 0 for a filler and where there is no syllable model.
        var syllables: Int
        /// Its letters and digits; 0 for a filler.
        var characters = 0
        /// Whether it is a filled pause.
        var isFiller = false
        /// Whether a mark such as a comma follows it.
        var isPunctuated = false
    }

    /// A silence between two words.
    struct Pause {
        /// The index of the word before it.
        var after: Int
        /// How long it lasts.
        var milliseconds: Int
    }

    /// Words.
    let words: [TimedWord]
    /// The silences that reach the threshold.
    let pauses: [Pause]
    /// From the start of the first word to the end of the last, in milliseconds.
    let span: Int
    /// When the first word starts.
    let start: Int
    /// When the last word ends.
    let end: Int
    /// Whether pauses and times are other words' than those that are counted, so that no pause is between two of them.
    let isBorrowed: Bool

    /// Finds the pauses. Times outside 0...2^31 are moved to its ends, and words that overlap have no gap between them.
    init(words: [TimedWord], pauseThreshold: Int) {
        let range = 0...Int(Int32.max)
        let words = words.map { word in
            var word = word
            word.start = min(max(word.start, range.lowerBound), range.upperBound)
            word.end = min(max(word.end, word.start), range.upperBound)
            return word
        }
        var pauses: [Pause] = []
        var end = words.first?.start ?? 0
        for (index, word) in words.enumerated() {
            let gap = word.start - end
            if index > 0, gap >= max(1, pauseThreshold) { pauses.append(Pause(after: index - 1, milliseconds: gap)) }
            end = max(end, word.end)
        }
        self.words = words
        self.pauses = pauses
        self.end = end
        start = words.first?.start ?? 0
        span = end - start
        isBorrowed = false
    }

    /// The words of one timeline in the time of another: what was said as a person wrote it down, while a recogniser heard
    /// speech.
    init(words: [TimedWord], while heard: SpeechTimeline) {
        self.words = words
        pauses = heard.pauses
        start = heard.start
        end = heard.end
        span = heard.span
        isBorrowed = true
    }

    /// The time spoken: the span without its pauses.
    var phonation: Int { span - pausesTotal }
    /// All pauses together.
    var pausesTotal: Int { pauses.reduce(0) { $0 + $1.milliseconds } }
    /// The words without fillers.
    var wordCount: Int { words.reduce(0) { $0 + $1.words } }
    /// The syllables without fillers.
    var syllableCount: Int { words.reduce(0) { $0 + $1.syllables } }
    /// The letters and digits without fillers.
    var characterCount: Int { words.reduce(0) { $0 + $1.characters } }
    /// The indices of the fillers.
    var fillers: [Int] { words.indices.filter { words[$0].isFiller } }
    /// The stretches of speech between pauses.
    var runs: Int { pauses.count + 1 }

    /// The middle of the lengths of the pauses, in milliseconds; nil without pauses.
    var medianPause: Double? {
        let sorted = pauses.map(\.milliseconds).sorted()
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? Double(sorted[middle]) : Double(sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The silence after a word before the next one begins, in milliseconds; 0 where they meet or overlap.
    func gap(after index: Int) -> Int {
        index + 1 < words.count ? max(0, words[index + 1].start - words[index].end) : 0
    }
}
