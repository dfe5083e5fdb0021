// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Counts spoken syllables by the spelling, in the languages whose spelling allows it.
///
/// The rules are those of school grammars: which vowels form one syllable, which are silent. docs/measures.md says how
/// often they agree with the phonemes of a speech synthesiser, language by language.
enum SyllableRules: String, CaseIterable {
    case spanish = "es"
    case french = "fr"
    case german = "de"
    case italian = "it"
    case dutch = "nl"
    case portuguese = "pt"
    case russian = "ru"
    case hungarian = "hu"

    /// The rules of a language; nil where there are none.
    init?(_ language: TextLanguage) {
        self.init(rawValue: language.code)
    }

    /// The syllables of a lower-case word in UTF-8.
    ///
    /// Parts that hyphens or apostrophes join count each; a part without vowels is spelt out when it stands alone. A
    /// word is at least one syllable, but for the Russian prepositions of one consonant.
    func syllables(_ word: UnsafeBufferPointer<UInt8>) -> Int {
        let letters = Array(String(decoding: word, as: UTF8.self).unicodeScalars)
        var sum = 0
        for part in letters.split(whereSeparator: { $0 == "-" || $0 == "'" || $0 == "’" }) {
            sum += syllables(SpelledWord(letters: part))
        }
        if sum > 0 { return sum }
        if self == .russian, letters.count == 1 { return 0 }
        return max(1, letters.count { $0.properties.isAlphabetic })
    }

    private func syllables(_ word: SpelledWord) -> Int {
        switch self {
        case .spanish: SpanishSyllables.count(word)
        case .french: FrenchSyllables.count(word)
        case .german: GermanSyllables.count(word)
        case .italian: ItalianSyllables.count(word)
        case .dutch: DutchSyllables.count(word)
        case .portuguese: PortugueseSyllables.count(word)
        case .russian: RussianSyllables.count(word)
        case .hungarian: HungarianSyllables.count(word)
        }
    }
}

/// Russian: every vowel letter is a syllable.
enum RussianSyllables {
    static func count(_ word: SpelledWord) -> Int {
        word.letters.count { letter in
            switch letter {
            case "а", "е", "ё", "и", "о", "у", "ы", "э", "ю", "я": true
            default: false
            }
        }
    }
}

/// Hungarian: every vowel letter is a syllable; y only at the end of names (gy, ly, ny and ty are consonants).
enum HungarianSyllables {
    static func count(_ word: SpelledWord) -> Int {
        var count = 0
        for index in 0..<word.count {
            switch word[index] {
            case "a", "á", "e", "é", "i", "í", "o", "ó", "ö", "ő", "u", "ú", "ü", "ű": count += 1
            case "y" where index > 0 && index == word.count - 1:
                switch word[index - 1] {
                case "g", "l", "n", "t": break
                default: count += 1
                }
            default: break
            }
        }
        return count
    }
}
