// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// French, as it is spoken in the north: a final e is silent, and so is an e inside a word between single consonants.
enum FrenchSyllables {
    static func count(_ word: SpelledWord) -> Int {
        let end = spokenEnd(word)
        var count = 0
        var index = 0
        while index < end {
            guard isVowel(word, index) else {
                index += 1
                continue
            }
            var groupEnd = index
            while groupEnd < end, isVowel(word, groupEnd) { groupEnd += 1 }
            if !(groupEnd == index + 1 && isSilentE(word, index, isFirst: count == 0)) {
                count += nuclei(word, index..<groupEnd)
            }
            index = groupEnd
        }
        return max(count, word.letters.contains(where: isVowelLetter) && end < word.count ? 1 : 0)
    }

    private static func isVowelLetter(_ letter: Unicode.Scalar) -> Bool {
        switch letter {
        case "a", "e", "i", "o", "u", "y", "à", "â", "ä", "é", "è", "ê", "ë", "î", "ï", "ô", "ö", "ù", "û", "ü", "œ",
            "æ":
            true
        default: false
        }
    }

    private static func isVowel(_ word: SpelledWord, _ index: Int) -> Bool {
        let letter = word[index]
        guard isVowelLetter(letter) else { return false }
        switch letter {
        case "u":
            // Silent in qu and in gue, gui.
            if word[index - 1] == "q" { return false }
            if word[index - 1] == "g", isVowelLetter(word[index + 1]) { return false }
            return true
        case "y":
            // A consonant at the beginning and between vowels (yeux, payer).
            return !(isVowelLetter(word[index + 1]) && (index == 0 || isVowelLetter(word[index - 1])))
        case "e":
            // Silent after g before a, o, u (mangeons).
            return
                !(word[index - 1] == "g"
                && (word[index + 1] == "a" || word[index + 1] == "o" || word[index + 1] == "â"))
        default: return true
        }
    }

    /// Where the spoken letters end: before a silent e, es or ent.
    private static func spokenEnd(_ word: SpelledWord) -> Int {
        let count = word.count
        guard count > 2 else { return count }
        if word.ends("e") { return count - 1 }
        if word.ends("es"), count > 3 { return count - 2 }
        if word.ends("ent"), count > 4, isSilentENT(word) { return count - 3 }
        return count
    }

    /// The ending of verbs (parlent), which nouns, adjectives and adverbs share only in the spelling (souvent).
    private static func isSilentENT(_ word: SpelledWord) -> Bool {
        if word.ends("ment") {
            return word.ends(any: [
                "aiment", "briment", "dorment", "estiment", "firment", "forment", "nfirment", "priment",
            ])
        }
        return !word.ends(any: spokenENT)
    }

    private static let spokenENT = [
        "accent", "accident", "adolescent", "adhérent", "agent", "absent", "apparent", "argent", "cident", "client",
        "cohérent", "compétent", "concurrent", "conscient", "conséquent", "content", "continent", "convent",
        "couvent", "différent", "efficient", "éloquent", "éminent", "équivalent", "évent", "évident", "excellent",
        "fluent", "fréquent", "gent", "indigent", "influent", "ingrédient", "inhérent", "innocent", "insolent",
        "intelligent", "latent", "opulent", "orient", "parent", "patient", "permanent", "pertinent", "précédent",
        "présent", "président", "prudent", "pourcent", "quotient", "récent", "récipient", "résident", "sergent",
        "serpent", "souvent", "talent", "torrent", "transparent", "turbulent", "urgent", "violent", "virulent",
    ]

    /// An e without accent between single consonants, not in the first syllable (maint-e-nant, samedi).
    private static func isSilentE(_ word: SpelledWord, _ index: Int, isFirst: Bool) -> Bool {
        guard word[index] == "e", !isFirst, index + 2 < word.count else { return false }
        // Open: one consonant follows, or two that begin a syllable.
        guard !isVowelLetter(word[index + 1]), isVowelLetter(word[index + 2]), word[index + 1] != "x" else {
            return false
        }
        // One consonant sound stands before.
        let before = word[index - 1]
        let second = word[index - 2]
        if isVowelLetter(second) { return true }
        return second == before || word.has("ch", at: index - 2) && isVowelLetter(word[index - 3])
            || word.has("gn", at: index - 2) && isVowelLetter(word[index - 3])
            || word.has("ph", at: index - 2) && isVowelLetter(word[index - 3])
            || (second == "n" || second == "m") && isVowelLetter(word[index - 3])
    }

    private static func nuclei(_ word: SpelledWord, _ group: Range<Int>) -> Int {
        var nuclei = 1
        for index in group.dropFirst() where isApart(word, index) { nuclei += 1 }
        return nuclei
    }

    /// Whether a vowel begins a syllable after the vowel before it.
    private static func isApart(_ word: SpelledWord, _ index: Int) -> Bool {
        let before = word[index - 1]
        switch word[index] {
        case "é", "è", "ê", "ë", "ï", "ü", "ö":
            // i, u, ou before é are glides but after two consonants (février, créer).
            switch before {
            case "i", "u", "y": return isAfterCluster(word, index - 1)
            default: return true
            }
        case "a", "â", "à":
            switch before {
            case "i", "u", "y": return isAfterCluster(word, index - 1) || before == "u" && word[index - 2] != "o"
            case "o", "é", "a": return true
            default: return false
            }
        case "o", "ô":
            switch before {
            case "i", "u", "y": return isAfterCluster(word, index - 1)
            case "é", "a", "o": return true
            default: return false
            }
        case "e":
            switch before {
            case "i", "u", "y":
                return isAfterCluster(word, index - 1)
            case "é": return index + 1 < word.count
            default: return false
            }
        case "i", "î": return before == "é"
        case "u", "û": return before == "é"
        default: return false
        }
    }

    /// Whether two consonants, of which the second is l or r, stand before a vowel (oublier, février).
    private static func isAfterCluster(_ word: SpelledWord, _ index: Int) -> Bool {
        let second = word[index - 1]
        let first = word[index - 2]
        guard second == "l" || second == "r" else { return false }
        switch first {
        case "b", "c", "d", "f", "g", "p", "t", "v": return true
        default: return false
        }
    }
}
