// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Spanish: two strong vowels are two syllables, and so is a weak vowel with an accent beside a strong one (Real
/// Academia Española, Ortografía 2010, 3.4.2). An h between vowels changes nothing.
enum SpanishSyllables {
    static func count(_ word: SpelledWord) -> Int {
        var count = 0
        var previous = Vowel.none
        for index in 0..<word.count {
            if word[index] == "h", previous != .none, vowel(word, index + 1) != .none { continue }
            let vowel = vowel(word, index)
            if vowel != .none, isNewSyllable(previous, vowel, word, index) { count += 1 }
            previous = vowel
        }
        return count
    }

    private enum Vowel { case none, strong, weak, stressedWeak }

    private static func vowel(_ word: SpelledWord, _ index: Int) -> Vowel {
        switch word[index] {
        case "a", "e", "o", "á", "é", "ó", "à", "è", "ò", "â", "ê", "ô", "ö", "ä": return .strong
        case "í", "ú": return .stressedWeak
        case "i", "ü": return .weak
        case "u":
            // Silent in que, qui, gue, gui.
            let before = word[index - 1]
            guard before == "q" || before == "g" else { return .weak }
            switch word[index + 1] {
            case "e", "i", "é", "í": return .none
            case "a", "o", "á", "ó": return before == "q" ? .none : .weak
            default: return .weak
            }
        case "y":
            let next = word[index + 1]
            let isBetweenConsonants = index + 1 == word.count || !isVowelLetter(next)
            return isBetweenConsonants ? .weak : .none
        default: return .none
        }
    }

    private static func isVowelLetter(_ letter: Unicode.Scalar) -> Bool {
        switch letter {
        case "a", "e", "i", "o", "u", "á", "é", "í", "ó", "ú", "ü": true
        default: false
        }
    }

    private static func isNewSyllable(_ previous: Vowel, _ vowel: Vowel, _ word: SpelledWord, _ index: Int) -> Bool {
        switch (previous, vowel) {
        case (.none, _): true
        case (.strong, .strong), (.strong, .stressedWeak), (.stressedWeak, .strong): true
        case (.weak, .weak): word[index] == word[index - 1]
        default: false
        }
    }
}
