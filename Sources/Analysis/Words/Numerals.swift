// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Writes numerals and the units after them as they are spoken: "500 mg" is "five hundred milligrams".
///
/// The same speech so has the same counts whether a recogniser writes numerals or words.
struct Numerals {
    private let speller: NumberSpeller
    private let language: TextLanguage

    /// Creates the rules for a language.
    init(speller: NumberSpeller, language: TextLanguage) {
        self.speller = speller
        self.language = language
    }

    /// Expands the numerals of a text; does nothing where ICU can't write numbers in the language.
    func expand(_ text: inout SpokenText) {
        guard text.hasDigits else { return }
        var words: [SpokenWord] = []
        words.reserveCapacity(text.words.count + text.words.count / 4)
        var afterNumber: String?
        for index in text.words.indices {
            let word = text.words[index]
            if let number = afterNumber, word.digits == 0, let unit = unit(text.text(of: word), after: number) {
                append(unit, for: word, to: &words, of: &text)
                afterNumber = nil
                continue
            }
            afterNumber = nil
            guard word.digits > 0, let reading = reading(of: index, in: text) else {
                words.append(word)
                continue
            }
            append(reading.words, for: word, to: &words, of: &text)
            if !word.traits.contains(.punctuated) { afterNumber = reading.number }
        }
        text.words = words
    }

    private struct Reading {
        var words: [String]
        /// The number, when a unit may follow.
        var number: String?
    }

    /// How a word with digits is read; nil to leave it as it is.
    private func reading(of index: Int, in text: SpokenText) -> Reading? {
        let traits = text.words[index].traits
        let bytes = Array(text.text(of: text.words[index]).utf8)
        if let number = Self.plainNumber(bytes) {
            guard var words = spell(number, asYear: isYear(number, at: index, in: text)) else { return nil }
            if language == .english {
                let isOne = number == "1"
                if traits.contains(.percent) { words.append("percent") }
                if traits.contains(.dollar) { words.append(isOne ? "dollar" : "dollars") }
                if traits.contains(.pound) { words.append(isOne ? "pound" : "pounds") }
                if traits.contains(.euro) { words.append(isOne ? "euro" : "euros") }
            }
            return Reading(words: words, number: number)
        }
        guard let firstLetter = bytes.firstIndex(where: { !Self.isNumberByte($0) }) else { return digitByDigit(bytes) }
        if firstLetter > 0, let number = Self.plainNumber(Array(bytes[..<firstLetter])) {
            let rest = String(decoding: bytes[firstLetter...], as: UTF8.self)
            if language == .english, ["st", "nd", "rd", "th"].contains(rest) {
                return speller.words(number, language: language, reading: .ordinal).map { Reading(words: $0) }
            }
            if let unit = unit(rest, after: number), let words = spell(number) {
                return Reading(words: words + unit)
            }
        }
        return mixed(bytes)
    }

    /// A word of letters and digits, such as "b12" or "12-hour": one word, with its numbers in words.
    private func mixed(_ bytes: [UInt8]) -> Reading? {
        var output = ""
        var index = 0
        while index < bytes.count {
            let isDigit = Self.isDigit(bytes[index])
            let end = bytes[index...].firstIndex { Self.isDigit($0) != isDigit } ?? bytes.count
            let run = String(decoding: bytes[index..<end], as: UTF8.self)
            if isDigit {
                guard let words = spell(run) else { return nil }
                if let last = output.utf8.last, last != 0x2D { output += "-" }
                output += words.joined(separator: "-")
            } else {
                if index > 0, bytes[index] != 0x2D { output += "-" }
                output += run
            }
            index = end
        }
        return Reading(words: [output])
    }

    private func digitByDigit(_ bytes: [UInt8]) -> Reading? {
        var words: [String] = []
        for byte in bytes where Self.isDigit(byte) {
            guard let digit = speller.words(String(UnicodeScalar(byte)), language: language) else { return nil }
            words += digit
        }
        return words.isEmpty ? nil : Reading(words: words)
    }

    /// Words before a number that make one from 1900 to 2099 a year in English.
    private static let beforeYears: Set<String> = [
        "in", "since", "by", "from", "until", "till", "during", "year", "before", "after", "of",
    ]

    private func isYear(_ number: String, at index: Int, in text: SpokenText) -> Bool {
        guard language == .english, number.utf8.count == 4, number.hasPrefix("19") || number.hasPrefix("20"),
            index > 0, Self.beforeYears.contains(text.text(of: text.words[index - 1]))
        else { return false }
        return index + 1 == text.words.count || unit(text.text(of: text.words[index + 1]), after: number) == nil
    }

    /// A number in words; numbers with a leading zero and long ones digit by digit.
    private func spell(_ number: String, asYear: Bool = false) -> [String]? {
        let digits = number.utf8.count
        let isInteger = !number.utf8.contains(0x2E)
        if isInteger, digits > 15 || (digits > 1 && number.utf8.first == 0x30) {
            return digitByDigit(Array(number.utf8))?.words
        }
        return speller.words(number, language: language, reading: asYear ? .year : .cardinal)
    }

    /// The number that is written: digits, groups of three after commas, and a decimal part; nil for anything else.
    static func plainNumber(_ bytes: [UInt8]) -> String? {
        var groups = bytes.split(separator: 0x2E, maxSplits: 2, omittingEmptySubsequences: false)
        guard groups.count <= 2, let whole = groups.first, !whole.isEmpty else { return nil }
        let thousands = whole.split(separator: 0x2C, omittingEmptySubsequences: false)
        guard whole.count <= 40, bytes.count <= 60, thousands.allSatisfy({ $0.allSatisfy(isDigit) }) else { return nil }
        if thousands.count > 1 {
            guard (1...3).contains(thousands[0].count), thousands.dropFirst().allSatisfy({ $0.count == 3 }) else {
                return nil
            }
            groups[0] = ArraySlice(thousands.joined())
        }
        if groups.count == 2 {
            guard !groups[1].isEmpty, groups[1].allSatisfy(isDigit) else { return nil }
        }
        return groups.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    private static func isNumberByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == 0x2E || byte == 0x2C || byte == 0x3B || byte == 0x27
    }

    /// Units after a number in English: the words for one and for any other number.
    private static let units: [String: (one: String, other: String)] = [
        "mg": ("milligram", "milligrams"), "g": ("gram", "grams"), "kg": ("kilogram", "kilograms"),
        "mcg": ("microgram", "micrograms"), "µg": ("microgram", "micrograms"), "μg": ("microgram", "micrograms"),
        "ng": ("nanogram", "nanograms"), "ml": ("millilitre", "millilitres"), "l": ("litre", "litres"),
        "dl": ("decilitre", "decilitres"), "mm": ("millimetre", "millimetres"), "cm": ("centimetre", "centimetres"),
        "m": ("metre", "metres"), "km": ("kilometre", "kilometres"), "mmol": ("millimole", "millimoles"),
        "iu": ("international unit", "international units"), "h": ("hour", "hours"), "hr": ("hour", "hours"),
        "hrs": ("hour", "hours"), "min": ("minute", "minutes"), "mins": ("minute", "minutes"),
        "s": ("second", "seconds"), "sec": ("second", "seconds"), "secs": ("second", "seconds"),
        "ms": ("millisecond", "milliseconds"), "mmhg": ("millimetre of mercury", "millimetres of mercury"),
        "bpm": ("beat per minute", "beats per minute"), "kcal": ("kilocalorie", "kilocalories"),
        "x": ("time", "times"), "am": ("a.m.", "a.m."), "pm": ("p.m.", "p.m."),
    ]

    private func unit(_ word: String, after number: String) -> [String]? {
        guard language == .english, word.utf8.count <= 4, let unit = Self.units[word] else { return nil }
        return (number == "1" ? unit.one : unit.other).split(separator: " ").map(String.init)
    }

    /// Puts spoken words in the place of a written one.
    private func append(
        _ spoken: [String], for word: SpokenWord, to words: inout [SpokenWord], of text: inout SpokenText
    ) {
        let ends: SpokenWord.Traits = [.punctuated, .endsSentence, .cutOff]
        for (index, part) in spoken.enumerated() {
            let start = text.folded.count
            text.folded.append(contentsOf: part.utf8)
            var new = word
            new.start = UInt32(truncatingIfNeeded: start)
            new.length = UInt32(truncatingIfNeeded: part.utf8.count)
            new.hash = WordHash.of(part)
            new.letters = Int32(part.unicodeScalars.count { $0.properties.generalCategory.isLetter })
            new.digits = 0
            new.traits.subtract([.percent, .dollar, .pound, .euro])
            new.traits.insert(.spelled)
            if index > 0 { new.traits.remove(.capitalised) }
            if index < spoken.count - 1 { new.traits.subtract(ends) }
            if part.utf8.contains(0x2D) { new.traits.insert(.compound) }
            words.append(new)
        }
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isLetter: Bool {
        switch self {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }
}
