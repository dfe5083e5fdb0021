// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Italian: a, e and o are syllables; i and u beside another vowel are glides, but for endings with a stressed i that
/// the spelling doesn't show.
enum ItalianSyllables {
    static func count(_ word: SpelledWord) -> Int {
        var count = 0
        var groups = 0
        var index = 0
        while index < word.count {
            guard isVowel(word[index]) else {
                index += 1
                continue
            }
            var end = index
            while end < word.count, isVowel(word[end]) { end += 1 }
            count += nuclei(word, index..<end)
            groups += 1
            index = end
        }
        if hasStressedEnding(word, groups: groups) { count += 1 }
        return count
    }

    /// The strong vowels of a group, and a weak one that ends it after a glide (aiuto); one where all are weak.
    private static func nuclei(_ word: SpelledWord, _ group: Range<Int>) -> Int {
        let strong = group.count { !isWeak(word[$0]) }
        let last = group.upperBound - 1
        let endsAfterGlide =
            group.count > 2 && isWeak(word[last]) && isWeak(word[last - 1]) && !isWeak(word[last - 2])
        return max(1, strong + (endsAfterGlide ? 1 : 0))
    }

    private static func isWeak(_ letter: Unicode.Scalar) -> Bool { letter == "i" || letter == "u" }

    private static func isVowel(_ letter: Unicode.Scalar) -> Bool {
        switch letter {
        case "a", "e", "i", "o", "u", "à", "è", "é", "ì", "í", "ò", "ó", "ù", "ú", "y": true
        default: false
        }
    }

    /// Endings such as -logia, and short words such as mio and due.
    private static func hasStressedEnding(_ word: SpelledWord, groups: Int) -> Bool {
        let first = word.last(2)
        guard isWeak(first), !isVowel(word.last(3)), isVowel(word.last(1)), word.last(3) != "q" else { return false }
        if groups == 1 {
            switch word.last(1) {
            case "a", "e", "o": return !(first == "i" && (word.last(3) == "c" || word.last(3) == "g"))
            default: return false
            }
        }
        return first == "i" && word.ends(any: stressedEndings) && !word.ends("germania")
    }

    private static let stressedEndings = [
        "afia", "afie", "agenzia", "agenzie", "alleria", "apia", "apie", "armonia", "atia", "atie", "attia", "attie",
        "avia", "breria", "bugia", "bugie", "cceria", "compagnia", "compagnie", "cortesia", "egoria", "egorie",
        "emia", "emie", "energia", "energie", "allergia", "allergie", "fantasia", "farmacia", "farmacie", "ferrovia",
        "ferrovie", "gelosia", "gheria", "giuria", "gneria", "gonia", "iferia", "invio", "lgia", "lgie", "lleria",
        "magia", "mania", "maria", "nomia", "ofia", "ogia", "ogie", "opia", "opsia", "patia", "poesia", "pulizia",
        "pulizie", "ragia", "ragie", "regia", "spia", "strategia", "teoria", "teorie", "terapia", "tteria", "tterie",
        "urgia", "zeria",
    ]
}
