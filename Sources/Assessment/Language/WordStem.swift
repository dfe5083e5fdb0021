// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Words without their endings, so that "rinses", "rinsed" and "rinsing" are one.
///
/// A light stemmer of our own: it takes off the endings of plurals, tenses, adverbs and nouns of action, and knows the
/// commonest irregular forms. What it returns is no word, only the same for words that belong together.
enum WordStem {
    private static let irregular: [String: String] = {
        var table: [String: String] = [:]
        for line in [
            "take taken took", "give given gave", "go goes went", "freeze frozen froze", "bleed bled",
            "swell swollen", "feel felt", "lie lying lay laid lain", "keep kept", "leave left", "put putting",
            "break broken broke", "drink drank drunk", "eat ate eaten", "rise rose risen", "fall fell fallen",
            "tell told", "say said", "see seen saw", "speak spoke spoken", "write wrote written", "hold held",
            "do does did done", "have has had having", "be am is are was were been being", "think thought",
            "get got gotten getting", "come came coming", "make made", "stick stuck", "child children", "foot feet",
            "tooth teeth", "woman women", "man men", "wear wore worn", "throw threw thrown", "begin began begun",
            "forget forgot forgotten", "seek sought", "catch caught", "run ran running", "sit sat sitting",
            "stop stopped stopping", "become became", "mix mixed", "shut shutting", "die died dying", "use used using",
            "hurt hurting", "quit quitting", "let letting", "set setting", "cut cutting", "allergy allergic allergies",
            "pregnant pregnancy", "infect infection infected", "react reaction", "dizzy dizziness",
            "drowsy drowsiness", "sick sickness", "die dies", "weak weakness", "breath breathe breathing", "bath bathe",
            "medicine medication medicines medications meds", "diabetes diabetic", "asthma asthmatic",
            "vein venous", "heart cardiac", "addict addictive addiction", "toxic toxicity", "effective effectiveness",
            "note notes noted", "week weekly weeks", "day daily days", "month monthly months", "year yearly years",
            "hour hourly hours", "quite",
        ] {
            let words = line.split(separator: " ").map(String.init)
            for word in words { table[word] = words[0] }
        }
        return table
    }()

    /// The stem of a lower-case word in a language (primary subtag).
    static func of(_ word: String, language: String) -> String {
        if language != "en" { return foreign(word, language) }
        if let known = irregular[word] { return known }
        var letters = Array(word.utf8)
        guard letters.count > 3, letters.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A || $0 == 0x27 }) else { return word }
        func ends(_ ending: StaticString) -> Bool {
            let count = ending.utf8CodeUnitCount
            guard letters.count > count + 1 else { return false }
            return (0..<count).allSatisfy { letters[letters.count - count + $0] == ending.utf8Start[$0] }
        }
        func drop(_ count: Int) { letters.removeLast(min(count, letters.count)) }
        if ends("'s") { drop(2) } else if ends("'") { drop(1) }
        if ends("ies") {
            drop(3)
            letters.append(0x79)
        } else if ends("sses") || ends("xes") || ends("ches") || ends("shes") {
            drop(2)
        } else if ends("s"), !ends("ss"), !ends("us"), !ends("is") {
            drop(1)
        }
        if ends("ingly") || ends("edly") { drop(2) } else if ends("ly"), letters.count > 5 { drop(2) }
        if ends("ing"), hasVowel(letters.dropLast(3)) {
            drop(3)
            undouble(&letters)
        } else if ends("ied") {
            drop(3)
            letters.append(0x79)
        } else if ends("ed"), !ends("eed"), hasVowel(letters.dropLast(2)) {
            drop(2)
            undouble(&letters)
        }
        if ends("ness"), letters.count > 6 { drop(4) }
        if ends("ment"), letters.count > 7 { drop(4) }
        if (ends("tion") || ends("sion")) && letters.count > 6 { drop(3) }
        // "note" must not become "not".
        if ends("e"), letters.count > 4 { drop(1) }
        if ends("y"), letters.count > 3 { letters[letters.count - 1] = 0x69 }
        let stem = String(decoding: letters, as: UTF8.self)
        return irregular[stem] ?? stem
    }

    private static func hasVowel(_ letters: ArraySlice<UInt8>) -> Bool {
        letters.count >= 2 && letters.contains { [0x61, 0x65, 0x69, 0x6F, 0x75, 0x79].contains($0) }
    }

    /// "stopped" loses one p, "swelling" keeps both l: doubled l, s and z belong to the word as often as not, and one is
    /// taken off wherever it stands, in all forms alike.
    private static func undouble(_ letters: inout [UInt8]) {
        guard letters.count > 3, letters[letters.count - 1] == letters[letters.count - 2] else { return }
        if [0x6C, 0x73, 0x7A].contains(letters[letters.count - 1]) { return }
        letters.removeLast()
    }

    /// Without accents, and cut to what inflected forms have in common.
    private static func foreign(_ word: String, _ language: String) -> String {
        let folded = fold(word)
        var letters = Array(folded.utf8)
        let endings: [String] =
            switch language {
            case "de":
                [
                    "ungen", "ung", "enden", "ende", "end", "est", "ern", "em", "en", "er", "es", "et", "e", "n", "s",
                    "t",
                ]
            case "es":
                [
                    "aciones", "acion", "mente", "ando", "iendo", "ados", "adas", "ado", "ada", "arse", "ar", "er",
                    "ir", "es", "as", "os", "an", "en", "a", "o", "e", "s",
                ]
            case "fr": ["ations", "ation", "ement", "ant", "ees", "ee", "es", "er", "ez", "ir", "re", "ent", "e", "s"]
            default: []
            }
        for ending in endings where letters.count >= ending.utf8.count + 4 && folded.hasSuffix(ending) {
            letters.removeLast(ending.utf8.count)
            break
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// A word without accents: é is e, ß is ss.
    static func fold(_ word: String) -> String {
        if word.utf8.allSatisfy({ $0 < 0x80 }) { return word }
        var folded = ""
        for scalar in word.unicodeScalars { folded += accents[scalar] ?? String(scalar) }
        return folded
    }

    private static let accents: [Unicode.Scalar: String] = {
        var table: [Unicode.Scalar: String] = ["ß": "ss", "œ": "oe", "æ": "ae", "ç": "c", "ñ": "n", "ÿ": "y"]
        for (plain, accented) in [("a", "áàâäãå"), ("e", "éèêë"), ("i", "íìîï"), ("o", "óòôöõ"), ("u", "úùûü")] {
            for scalar in accented.unicodeScalars { table[scalar] = plain }
        }
        return table
    }()
}
