// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What the measures are computed with. The values are stored with the results as part of ``AnswerAnalyzer/engine``.
public struct AnalysisConfiguration: Sendable, Hashable {
    /// Where English syllables are looked up.
    public enum PronunciationDictionary: Sendable, Hashable {
        /// The dictionary of Debian's pocketsphinx-en-us; rules alone where it is not installed.
        case installed
        /// A dictionary in the CMU format, one word and its phones to a line.
        case file(String)
        /// Rules alone.
        case none
    }

    /// Where English syllables are looked up.
    public var dictionary: PronunciationDictionary
    /// The shortest silence between two words that counts as a pause, in milliseconds (De Jong & Bosker 2013: 250).
    public var pauseThreshold: Int
    /// The shortest long pause, in milliseconds.
    public var longPauseThreshold: Int
    /// The shortest silence that can end a sentence where nothing is punctuated, in milliseconds.
    public var sentencePause: Int
    /// The fewest words of a sentence that is found by pauses.
    public var sentenceMinimumWords: Int
    /// Words that the recogniser is less sure of (0...1) count as doubtful.
    public var lowConfidence: Double

    /// Creates a configuration; the defaults are the documented ones.
    public init(
        dictionary: PronunciationDictionary = .installed, pauseThreshold: Int = 250, longPauseThreshold: Int = 1_500,
        sentencePause: Int = 700, sentenceMinimumWords: Int = 4, lowConfidence: Double = 0.5
    ) {
        self.dictionary = dictionary
        self.pauseThreshold = pauseThreshold
        self.longPauseThreshold = longPauseThreshold
        self.sentencePause = sentencePause
        self.sentenceMinimumWords = sentenceMinimumWords
        self.lowConfidence = lowConfidence
    }
}
