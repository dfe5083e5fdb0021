// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What the readability formulas count in a text.
///
/// Words are spoken words: numerals are written out, and fillers, false starts and repetitions are left out.
public struct TextCounts: Sendable, Hashable {
    /// Words, W.
    public var words: Int
    /// Sentences, S.
    public var sentences: Int
    /// Syllables, Y; 0 where there is no syllable model for the language.
    public var syllables: Int
    /// Letters, L: code points of general category L.
    public var letters: Int
    /// Letters and digits.
    public var characters: Int
    /// Words of three syllables or more, P3.
    public var polysyllables: Int
    /// The polysyllables that the fog index counts: no proper nouns, no compounds of easy words, and none that reach
    /// three syllables by -es, -ed or -ing alone.
    public var complexWords: Int
    /// Words of more than six letters, LW.
    public var longWords: Int
    /// Words of one syllable, M1.
    public var monosyllables: Int

    /// Creates counts.
    public init(
        words: Int = 0, sentences: Int = 0, syllables: Int = 0, letters: Int = 0, characters: Int = 0,
        polysyllables: Int = 0, complexWords: Int = 0, longWords: Int = 0, monosyllables: Int = 0
    ) {
        self.words = words
        self.sentences = sentences
        self.syllables = syllables
        self.letters = letters
        self.characters = characters
        self.polysyllables = polysyllables
        self.complexWords = complexWords
        self.longWords = longWords
        self.monosyllables = monosyllables
    }

    /// The mean length of a sentence in words, ASL.
    var wordsPerSentence: Double { Double(words) / Double(sentences) }
    /// The mean length of a word in syllables, ASW.
    var syllablesPerWord: Double { Double(syllables) / Double(words) }

    /// A count for every hundred words.
    func perHundredWords(_ count: Int) -> Double { 100 * Double(count) / Double(words) }
}
