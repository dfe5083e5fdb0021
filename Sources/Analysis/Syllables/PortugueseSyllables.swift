// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Portuguese: falling diphthongs (ai, eu, ão) are one syllable; other neighbouring vowels are two, but for endings such
/// as -ia after an accent (família).
enum PortugueseSyllables {
    static func count(_ word: SpelledWord) -> Int {
        var count = 0
        var previous: Unicode.Scalar = " "
        var isInDiphthong = false
        for index in 0..<word.count {
            guard isVowel(word, index) else {
                previous = " "
                isInDiphthong = false
                continue
            }
            let letter = word[index]
            if previous == " " {
                count += 1
                isInDiphthong = false
            } else if !isInDiphthong, isDiphthong(word, index - 1, previous, letter) {
                isInDiphthong = true
            } else {
                count += 1
                isInDiphthong = false
            }
            previous = letter
        }
        return count
    }

    private static func isVowel(_ word: SpelledWord, _ index: Int) -> Bool {
        switch word[index] {
        case "a", "e", "i", "o", "á", "é", "í", "ó", "ú", "â", "ê", "ô", "ã", "õ", "à", "ü": return true
        case "y": return index > 0
        case "u":
            let before = word[index - 1]
            guard before == "q" || before == "g" else { return true }
            // Silent (que, guerra) or a glide (quando, água).
            switch word[index + 1] {
            case "e", "i", "é", "í", "ê", "a", "o", "á", "ó", "â", "ã", "õ": return false
            default: return true
            }
        default: return false
        }
    }

    private static func isDiphthong(
        _ word: SpelledWord, _ index: Int, _ first: Unicode.Scalar, _ second: Unicode.Scalar
    ) -> Bool {
        switch (first, second) {
        case ("ã", "o"), ("ã", "e"), ("õ", "e"), ("ã", "i"): return true
        case ("a", "i"), ("e", "i"), ("o", "i"), ("u", "i"), ("á", "i"), ("é", "i"), ("ó", "i"), ("ú", "i"),
            ("ê", "i"), ("ô", "i"):
            return !isClosed(word, index + 1)
        case ("a", "u"), ("e", "u"), ("i", "u"), ("o", "u"), ("á", "u"), ("é", "u"), ("í", "u"), ("ê", "u"):
            return !isClosed(word, index + 1)
        case ("a", "o"): return word.count == 2
        case ("i", "a"), ("i", "o"), ("i", "e"), ("u", "a"), ("u", "o"), ("u", "e"), ("e", "a"), ("e", "o"):
            // família, água, espécies: unstressed endings of words that carry their accent before.
            let rest = word.count - index - 2
            guard rest == 0 || (rest == 1 && word.last(1) == "s") else { return false }
            return (0..<index).contains { isAccented(word[$0]) }
        default: return false
        }
    }

    private static func isAccented(_ letter: Unicode.Scalar) -> Bool {
        switch letter {
        case "á", "é", "í", "ó", "ú", "â", "ê", "ô": true
        default: false
        }
    }

    /// Whether i or u after a vowel is a syllable of its own: before nh, and before l, m, n, r or z that close it (ainda,
    /// ruim, raiz).
    private static func isClosed(_ word: SpelledWord, _ index: Int) -> Bool {
        let next = word[index + 1]
        switch next {
        case "n", "m":
            let after = word[index + 2]
            return next == "n" && after == "h" || index + 2 == word.count || !isVowelLetter(after)
        case "l", "r", "z": return index + 2 == word.count || !isVowelLetter(word[index + 2])
        default: return false
        }
    }

    private static func isVowelLetter(_ letter: Unicode.Scalar) -> Bool {
        switch letter {
        case "a", "e", "i", "o", "u", "á", "é", "í", "ó", "ú", "â", "ê", "ô", "ã", "õ": true
        default: false
        }
    }
}
