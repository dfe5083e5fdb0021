// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Dutch: double vowels, au, ei, eu, ie, ij, oe, ou and ui are one syllable; a diaeresis begins a new one.
enum DutchSyllables {
    static func count(_ word: SpelledWord) -> Int {
        var count = 0
        var index = 0
        while index < word.count {
            guard isVowel(word, index) else {
                index += 1
                continue
            }
            count += 1
            index += length(word, index)
        }
        return count
    }

    private static func isVowel(_ word: SpelledWord, _ index: Int) -> Bool {
        switch word[index] {
        case "a", "e", "i", "o", "ä", "ë", "ï", "ö", "ü", "á", "é", "í", "ó", "ú", "è", "à", "ê", "ô": true
        case "u": word[index - 1] != "q"
        case "y": index > 0 && !isPlainVowel(word[index + 1]) || word.count == 1
        default: false
        }
    }

    private static func isPlainVowel(_ letter: Unicode.Scalar) -> Bool {
        switch letter {
        case "a", "e", "i", "o", "u": true
        default: false
        }
    }

    private static let digraphs = [
        "aa", "ee", "oo", "uu", "ie", "ij", "oe", "eu", "ou", "au", "ui", "ei", "ey", "ay", "oy", "ai", "oi", "óó",
        "éé",
    ]

    /// How many letters from a vowel on form its syllable's nucleus.
    private static func length(_ word: SpelledWord, _ index: Int) -> Int {
        for nucleus in ["eeuw", "ieuw", "aai", "eau", "oei", "ooi"] where word.has(nucleus, at: index) { return 3 }
        // serieus and financieel have i before a digraph.
        if word[index] == "i", word[index + 1] == "e",
            word[index + 2] == "e" || (word[index + 2] == "u" && word[index + 3] != "w")
        {
            return 1
        }
        for nucleus in digraphs
        where word.has(nucleus, at: index) {
            return nucleus == "eu" && word.has("eum", at: index) && index + 3 == word.count ? 1 : 2
        }
        return 1
    }
}
