// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// One word of an answer as the measures see it.
struct SpokenWord {
    /// What was seen of a word while it was found.
    struct Traits: OptionSet {
        let rawValue: UInt16
        /// Begins with a capital letter.
        static let capitalised = Traits(rawValue: 1 << 0)
        /// A mark such as a comma or a full stop stands between it and the next word.
        static let punctuated = Traits(rawValue: 1 << 1)
        /// The last word of a sentence.
        static let endsSentence = Traits(rawValue: 1 << 2)
        /// Parts joined by hyphens.
        static let compound = Traits(rawValue: 1 << 3)
        /// A hyphen and no word follow: perhaps broken off.
        static let cutOff = Traits(rawValue: 1 << 4)
        /// A per cent sign follows.
        static let percent = Traits(rawValue: 1 << 5)
        /// The sign of a currency precedes.
        static let dollar = Traits(rawValue: 1 << 6)
        /// The sign of a currency precedes.
        static let pound = Traits(rawValue: 1 << 7)
        /// The sign of a currency precedes.
        static let euro = Traits(rawValue: 1 << 8)
        /// A filled pause such as "um".
        static let filler = Traits(rawValue: 1 << 9)
        /// Said again directly afterwards, or given up for another word.
        static let repaired = Traits(rawValue: 1 << 10)
        /// Made from a numeral or a unit.
        static let spelled = Traits(rawValue: 1 << 11)

        /// Left out of readability, vocabulary and similarity.
        static let pruned: Traits = [.filler, .repaired]
    }

    /// Where its lower-case form begins in ``SpokenText/folded``.
    var start: UInt32
    /// The length of that form in bytes.
    var length: UInt32
    /// ``WordHash`` of that form.
    var hash: UInt64
    /// The position of the written word it belongs to, for evidence.
    var position: Int32
    /// Code points of general category L.
    var letters: Int32
    /// Code points of general category Nd.
    var digits: Int32
    /// Syllables; 0 until they are counted.
    var syllables: Int32 = 0
    /// What was seen of it.
    var traits: Traits
}

/// The words of an answer, in order, with the sentences they form.
struct SpokenText {
    /// The lower-case UTF-8 forms of the words, one after another.
    var folded: [UInt8] = []
    /// The words.
    var words: [SpokenWord] = []
    /// How many sentences a mark or an empty line ends.
    var markedSentences = 0
    /// Whether a word has digits.
    var hasDigits = false

    /// The lower-case form of a word.
    func text(of word: SpokenWord) -> String {
        String(decoding: folded[Int(word.start)..<Int(word.start + word.length)], as: UTF8.self)
    }
}
