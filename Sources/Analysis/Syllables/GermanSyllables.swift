// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// German: ai, au, äu, ei, eu, ie and double vowels are one syllable; other neighbouring vowels are two.
enum GermanSyllables {
    static func count(_ word: SpelledWord) -> Int {
        var count = 0
        var isOpen = false
        for index in 0..<word.count {
            guard isVowel(word, index) else {
                isOpen = false
                continue
            }
            if isOpen, isPair(word, index) {
                isOpen = false
            } else {
                count += 1
                isOpen = true
            }
        }
        return count
    }

    private static func isVowel(_ word: SpelledWord, _ index: Int) -> Bool {
        switch word[index] {
        case "a", "e", "i", "o", "ä", "ö", "ü", "é", "è", "à", "á", "ó", "ô", "ê": return true
        case "u": return word[index - 1] != "q"
        case "y": return index > 0 && !(index + 1 < word.count && isPlainVowel(word[index + 1])) || word.count == 1
        default: return false
        }
    }

    private static func isPlainVowel(_ letter: Unicode.Scalar) -> Bool {
        switch letter {
        case "a", "e", "i", "o", "u", "ä", "ö", "ü": true
        default: false
        }
    }

    /// Whether the vowel at an index forms a syllable with the one before.
    private static func isPair(_ word: SpelledWord, _ index: Int) -> Bool {
        switch (word[index - 1], word[index]) {
        case ("a", "i"), ("a", "u"), ("ä", "u"), ("o", "u"), ("a", "y"), ("e", "y"), ("o", "y"), ("a", "a"), ("o", "o"):
            return true
        case ("e", "i"): return !hasPrefix(word, index)
        // Museum, Petroleum
        case ("e", "u"): return !hasPrefix(word, index) && !(word.has("um", at: index) && index + 2 == word.count)
        // Ideen, Museen
        case ("e", "e"): return !hasPrefix(word, index) && !(word.ends("een") && index + 2 == word.count)
        case ("i", "e"): return !isApartIE(word, index)
        // Nation, Million, Region
        case ("i", "o"): return word[index + 1] == "n" && index > 1 && !word.ends("spion")
        case ("o", "i"): return index + 1 < word.count && word[index + 1] != "d"
        default: return false
        }
    }

    /// Whether the e before a vowel belongs to the prefix be- or ge- of a verb.
    private static func hasPrefix(_ word: SpelledWord, _ index: Int) -> Bool {
        index == 2 && (word[0] == "b" || word[0] == "g") && prefixes.contains { word.starts($0) }
    }

    private static let prefixes = [
        "beeil", "beein", "beehr", "beend", "beerd", "beinh", "beirr", "beun", "beur", "geehr", "geeig", "geein",
        "geend", "geerb", "geimp", "geirr", "geur",
    ]

    /// Whether -ie- is two vowels, as in Latin words and names of countries (Familie, Patient, Spanien).
    private static func isApartIE(_ word: SpelledWord, _ index: Int) -> Bool {
        if word.has("ienz", at: index - 1) || word.has("ienn", at: index - 1) { return true }
        if word.has("ient", at: index - 1) { return !word.has("dient", at: index - 2) }
        let rest = word.count - index - 1
        return (rest == 0 || (rest == 1 && word.last(1) == "n")) && word.ends(any: apartEndings)
    }

    private static let apartEndings = [
        "abien", "adien", "aktie", "aktien", "alien", "anien", "arien", "arterie", "asien", "atien", "bosnien",
        "belgien", "bulgarien", "erien", "esien", "familie", "familien", "ferien", "folie", "folien", "historie",
        "ilien", "immobilie", "indien", "inien", "kastanie", "komödie", "komödien", "linie", "lilie", "medien",
        "mien", "ornien", "petersilie", "pinie", "prämie", "prinzipien", "serbien", "serie", "serien", "studie",
        "studien", "syrien", "tinien", "tragödie", "tragödien", "umbien", "wenien", "äthiopien",
    ]
}
