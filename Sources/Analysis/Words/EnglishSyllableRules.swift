// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Counts the syllables of English words that the pronunciation dictionary doesn't know, from their spelling.
///
/// Vowel groups, corrected for silent e, for suffixes, and for neighbouring vowels that are spoken apart. The rules
/// were made on one half of the dictionary; docs/measures.md says how often they are right on the other.
struct EnglishSyllableRules {
    private let word: UnsafeBufferPointer<UInt8>
    private var count: Int { word.count }

    /// The syllables of a lower-case word (UTF-8), at least 1.
    static func syllables(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count + 1) { buffer in
            var (stem, extra) = withoutEnding(text)
            var length = 0
            var index = 0
            while index < stem.count {
                let byte = stem[index]
                if byte == 0xC3, index + 1 < stem.count {
                    buffer[length] = plainLetter(stem[index + 1])
                    length += 1
                    index += 1
                } else if byte != 0x27 {
                    buffer[length] = byte
                    length += 1
                }
                index += 1
            }
            guard length > 0 else { return max(1, extra) }
            let rules = EnglishSyllableRules(word: UnsafeBufferPointer(rebasing: buffer[..<length]))
            extra += rules.hasVowel ? max(1, rules.spoken) : rules.spelledOut
            return extra
        }
    }

    /// Cuts off 's, n't and a last apostrophe: what is left, and the syllables of what was cut off.
    private static func withoutEnding(_ text: UnsafeBufferPointer<UInt8>) -> (Slice<UnsafeBufferPointer<UInt8>>, Int) {
        let word = EnglishSyllableRules(word: text)
        if word.ends("'s") {
            let stem = EnglishSyllableRules(word: UnsafeBufferPointer(rebasing: text[..<(text.count - 2)]))
            return (text[..<(text.count - 2)], stem.endsInSibilant ? 1 : 0)
        }
        if word.ends("n't") {
            let stem = EnglishSyllableRules(word: UnsafeBufferPointer(rebasing: text[..<(text.count - 3)]))
            let isOne = ["do", "ca", "wo", "are", "were", "ai"].contains {
                stem.count == $0.utf8CodeUnitCount && stem.ends($0)
            }
            return (text[..<(text.count - 3)], isOne ? 0 : 1)
        }
        if word.ends("'") { return (text[..<(text.count - 1)], 0) }
        return (text[...], 0)
    }

    /// Whether a plural or possessive s makes a syllable of its own after it.
    var endsInSibilant: Bool {
        ["s", "x", "z", "ch", "sh", "ce", "ge", "se", "ze"].contains { ends($0) }
    }

    /// The rules for a word, to ask how it ends.
    init(word: UnsafeBufferPointer<UInt8>) { self.word = word }

    /// The base letter of a Latin-1 letter (its second UTF-8 byte). A final é is spoken, so it becomes i.
    private static func plainLetter(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0xA0...0xA6: 0x61
        case 0xA7: 0x63
        case 0xA8...0xAF: 0x69
        case 0xB1: 0x6E
        case 0xB2...0xB6, 0xB8: 0x6F
        case 0xB9...0xBC: 0x75
        case 0xBD, 0xBF: 0x79
        default: 0x74
        }
    }

    /// Names of letters: every letter is one syllable but w, which has three.
    private var spelledOut: Int { word.reduce(0) { $0 + ($1 == 0x77 ? 3 : 1) } }

    private var hasVowel: Bool { word.contains(where: Self.isVowel) }

    private static func isVowel(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61, 0x65, 0x69, 0x6F, 0x75, 0x79: true  // a e i o u y
        default: false
        }
    }

    private func isVowel(at index: Int) -> Bool { index >= 0 && index < count && Self.isVowel(word[index]) }

    /// The letter at an index counted from the end, the last being 1; a space outside the word.
    private func fromEnd(_ offset: Int) -> UInt8 { offset <= count ? word[count - offset] : 0x20 }

    private func letter(_ index: Int) -> UInt8 { index >= 0 && index < count ? word[index] : 0x20 }

    /// Whether the word ends in some letters.
    func ends(_ suffix: StaticString) -> Bool {
        let length = suffix.utf8CodeUnitCount
        guard count >= length else { return false }
        var offset = length
        while offset > 0 {
            offset &-= 1
            if word[count &- length &+ offset] != suffix.utf8Start[offset] { return false }
        }
        return true
    }

    private func starts(_ prefix: StaticString) -> Bool {
        let length = prefix.utf8CodeUnitCount
        guard count >= length else { return false }
        return (0..<length).allSatisfy { word[$0] == prefix.utf8Start[$0] }
    }

    private static func has(_ letters: StaticString, _ byte: UInt8) -> Bool {
        (0..<letters.utf8CodeUnitCount).contains { letters.utf8Start[$0] == byte }
    }

    private var spoken: Int { vowelGroups - silentEndings - silentInnerE + hiatus + otherEndings }

    private var vowelGroups: Int {
        var groups = 0
        var inGroup = false
        for index in 0..<count {
            var isVowel = Self.isVowel(word[index])
            switch word[index] {
            case 0x79 where index == 0: isVowel = isVowel && !self.isVowel(at: 1)  // yes
            case 0x79 where self.isVowel(at: index - 1) && self.isVowel(at: index + 1):  // beyond, but eye
                isVowel = word[index - 1] == 0x65 && word[index + 1] == 0x65
            case 0x75 where index > 0 && word[index - 1] == 0x71: isVowel = false  // qu
            default: break
            }
            if isVowel, !inGroup { groups += 1 }
            inGroup = isVowel
        }
        return groups
    }

    /// 1 when the last e is written but not spoken.
    private var silentEndings: Int {
        if count > 2, fromEnd(1) == 0x65, !isVowel(at: count - 2) {  // -e
            let afterConsonant = count > 3 && !isVowel(at: count - 3)
            if fromEnd(2) == 0x6C, afterConsonant, !ends("ville"), !ends("elle") { return 0 }  // table
            if fromEnd(2) == 0x72, afterConsonant, !Self.has("rwh", fromEnd(3)) { return 0 }  // centre
            return 1
        }
        guard count > 3, !isVowel(at: count - 3) else { return 0 }
        if ends("es") {
            if Self.has("szxcg", fromEnd(3)) || ends("ches") || ends("shes") { return 0 }  // dosages
            if fromEnd(3) == 0x6C, !isVowel(at: count - 4) { return 0 }  // tables
            return 1
        }
        if ends("ed") {
            if fromEnd(3) == 0x74 || fromEnd(3) == 0x64 { return 0 }  // treated
            // handled
            if fromEnd(3) == 0x6C, count > 4, !isVowel(at: count - 4), !Self.has("lr", fromEnd(4)) { return 0 }
            return 1
        }
        return 0
    }

    /// Suffixes and second parts of compounds before which an e is silent, longer ones first.
    private static let suffixes: [StaticString] = [
        "lessness", "fulness", "keepers", "workers", "holders", "houses", "keeper", "makers", "making", "worker",
        "holder", "lessly", "ments", "fully", "house", "maker", "works", "field", "lines", "board", "guard", "where",
        "thing", "ville", "ment", "less", "ness", "work", "land", "wood", "line", "time", "book", "town", "burg",
        "boat", "side", "ways", "dale", "berg", "port", "ward", "hood", "some", "ful", "man", "men", "way", "ton",
        "son", "ly",
    ]

    /// 1 when an e before a suffix is silent, as in "movement" or "housework".
    private var silentInnerE: Int {
        guard let suffix = Self.suffixes.first(where: { ends($0) }) else { return 0 }
        let end = count - suffix.utf8CodeUnitCount
        guard end > 2, word[end - 1] == 0x65, !isVowel(at: end - 2), isVowel(at: end - 3) else { return 0 }
        return word[end - 2] == 0x76 && ends("land") ? 0 : 1  // Cleveland
    }

    /// Neighbouring vowels that are spoken apart.
    private var hiatus: Int {
        var extra = 0
        for index in 0..<(count - 1) where isVowel(at: index) && isVowel(at: index + 1) && isApart(index) { extra += 1 }
        return extra
    }

    private func isApart(_ index: Int) -> Bool {
        let before = letter(index - 1)
        let after = letter(index + 2)
        let isLast = index + 2 == count
        switch (word[index], word[index + 1]) {
        case (0x69, 0x61):  // ia: media, but special
            let isSoft = Self.has("ctsg", before) && (Self.has("ln", after) || isLast) && index != 1
            return !isSoft
        case (0x69, 0x6F): return !(Self.has("tscgx", before) && Self.has("nu", after))  // io: period, but nation
        case (0x69, 0x75), (0x69, 0x69), (0x75, 0x75), (0x61, 0x6F): return true  // iu ii uu ao
        case (0x65, 0x6F): return !(before == 0x67 && after == 0x6E) && !starts("peopl")  // eo: video, but pigeon
        case (0x75, 0x61): return !Self.has("qg", before)  // ua: actual
        case (0x75, 0x6F): return before != 0x71  // uo: fluoride
        case (0x65, 0x61): return isApartEA(index)
        case (0x69, 0x65):  // ie: variety, carriers, nutrient
            if after == 0x74, ends("iety") { return true }
            if after == 0x72, index > 0, Self.has("abcdefghklmnprstuvwz", before) {
                return index + 3 == count || (index + 4 == count && fromEnd(1) == 0x73)
            }
            return after == 0x6E && letter(index + 3) == 0x74 && index > 0 && !Self.has("tc", before)
        case (0x75, 0x65): return after == 0x72 && index > 0  // ue: truer
        case (0x6F, 0x65): return (after == 0x72 && index > 0) || after == 0x74  // oe: goer, poet
        case (0x75, 0x69): return after == 0x74 && ends("uity")  // ui: continuity
        case (0x79, 0x69): return !isVowel(at: index - 1)  // yi: carrying
        case (0x65, 0x69): return after == 0x6E && ends("eing")  // ei: being
        case (0x6F, 0x69): return after == 0x6E && ends("oing")  // oi: going
        default: return false
        }
    }

    /// ea: area, created but treated, reaction.
    private func isApartEA(_ index: Int) -> Bool {
        let rest = count - index - 2
        if rest == 0 { return count > 4 }
        func leaves(_ suffixes: [StaticString]) -> Bool {
            suffixes.contains { $0.utf8CodeUnitCount == rest && ends($0) }
        }
        if leaves(["tion", "tions", "te", "tes", "tor", "tors", "tive", "tively"]) { return true }
        if leaves(["ted", "ting"]) {
            let before = letter(index - 1)
            if before == 0x6E || before == 0x6D || (before == 0x72 && letter(index - 2) == 0x63) { return true }
        }
        return (starts("rea") || starts("prea")) && Self.has("cs", letter(index + 2)) && !starts("reas")
            && !starts("reac")
    }

    private var otherEndings: Int {
        var extra = 0
        if ends("ically") { extra -= 1 }
        if ends("iest") || ends("ieth") { extra += 1 }
        if ends("ayed") || ends("oyed") || ends("eyed") { extra -= 1 }
        if count > 4, ends("gue") || ends("gues") { extra -= 1 }
        for suffix in ["lings", "lers", "ling", "ler"] as [StaticString] where ends(suffix) {
            // A syllabic l: handling, settler.
            let end = count - suffix.utf8CodeUnitCount
            guard end > 2, Self.has("bpdtgkfzs", word[end - 1]), !isVowel(at: end - 2) else { break }
            let isLing = suffix.utf8Start[1] == 0x69
            if !isLing || word[end - 1] == word[end - 2] || Self.has("nmrckst", word[end - 2]) { extra += 1 }
            break
        }
        if count > 5, starts("rei"), Self.has("nm", word[3]), !Self.has("aehdsg", word[4]) { extra += 1 }  // reinvent
        if count > 6, starts("rea"), Self.has("cfpsnwl", word[3]), Self.has("cqfpslntw", word[4]) { extra += 1 }
        if count > 3, ends("sm") || ends("sms") { extra += 1 }  // spasm
        if count > 3, starts("mc") { extra += 1 }
        return extra
    }
}
