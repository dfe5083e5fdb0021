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
        var index = 0
        while index < text.words.count {
            defer { index += 1 }
            var word = text.words[index]
            if let group = spacedGroup(at: index, in: text) {
                append([group.digits], for: word, to: &words, of: &text)
                // The digits are one word in the place of the groups.
                word = words.removeLast()
                word.digits = Int32(group.digits.utf8.count)
                word.letters = 0
                word.traits = text.words[group.last].traits
                text.words[group.last] = word
                index = group.last
            }
            if let number = afterNumber, word.digits == 0, let unit = unit(text.text(of: word), after: number) {
                if let one = Self.oneBeforeUnit[language.code], number == "1", let last = words.popLast() {
                    append([one], for: last, to: &words, of: &text)
                }
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
        let bytes = Self.westernDigits(text.text(of: text.words[index]))
        if let number = plainNumber(bytes) {
            guard var words = spell(number, asYear: isYear(number, at: index, in: text)) else { return nil }
            if language == .english {
                let isOne = number == "1"
                if traits.contains(.percent) { words.append("percent") }
                if traits.contains(.dollar) { words.append(isOne ? "dollar" : "dollars") }
                if traits.contains(.pound) { words.append(isOne ? "pound" : "pounds") }
                if traits.contains(.euro) { words.append(isOne ? "euro" : "euros") }
            } else {
                for (trait, unit) in Self.signs where traits.contains(trait) {
                    words += speller.unit(unit, after: number, language: language) ?? Self.percent[language.code] ?? []
                }
            }
            return Reading(words: words, number: number)
        }
        guard let firstLetter = bytes.firstIndex(where: { !Self.isNumberByte($0) }) else { return digitByDigit(bytes) }
        if firstLetter > 0, let number = plainNumber(Array(bytes[..<firstLetter])) {
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

    /// The number that is written: digits, groups of three, and a decimal part, with the signs of the language; nil for
    /// anything else.
    func plainNumber(_ bytes: [UInt8]) -> String? {
        guard Self.decimalComma.contains(language.code) else { return Self.plainNumber(bytes) }
        // 1.000 and 1.000,5 and 0,5; a full stop before any other number of digits is a decimal point (0.5).
        let swapped = bytes.map { $0 == 0x2C ? 0x2E : $0 == 0x2E ? 0x2C : $0 }
        return Self.plainNumber(swapped) ?? Self.plainNumber(bytes)
    }

    /// Languages that write a comma before decimals.
    private static let decimalComma: Set<String> = [
        "es", "fr", "de", "it", "nl", "pt", "ru", "hu", "da", "sv", "nb", "no", "nn", "fi", "pl", "cs", "sk", "uk",
        "bg", "hr", "sr", "sl", "ro", "tr", "el", "id", "vi", "ca", "gl", "eu",
    ]

    /// Digits with groups of three after commas, and decimals after a full stop.
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

    /// Languages that write a space between groups of three digits.
    private static let spacedGroups: Set<String> = [
        "fr", "ru", "hu", "uk", "bg", "pl", "cs", "sk", "sv", "fi", "nb", "no", "nn",
    ]

    /// A number whose groups are words of their own (1 000), and the last of them.
    private func spacedGroup(at index: Int, in text: SpokenText) -> (digits: String, last: Int)? {
        guard Self.spacedGroups.contains(language.code), isDigits(text.words[index], 1...3, in: text) else {
            return nil
        }
        var digits = text.text(of: text.words[index])
        var last = index
        while last + 1 < text.words.count, digits.utf8.count < 15, !text.words[last].traits.contains(.punctuated),
            !text.words[last].traits.contains(.percent), isDigits(text.words[last + 1], 3...3, in: text)
        {
            last += 1
            digits += text.text(of: text.words[last])
        }
        return last > index && !digits.hasPrefix("0") ? (digits, last) : nil
    }

    private func isDigits(_ word: SpokenWord, _ count: ClosedRange<Int>, in text: SpokenText) -> Bool {
        count.contains(Int(word.digits)) && word.length == word.digits && word.letters == 0
    }

    /// The bytes of a word with the digits 0 to 9 for those of other writings.
    private static func westernDigits(_ word: String) -> [UInt8] {
        guard word.utf8.contains(where: { $0 >= 0x80 }) else { return Array(word.utf8) }
        var bytes: [UInt8] = []
        for scalar in word.unicodeScalars {
            switch (scalar.value, scalar.properties.numericType, scalar.properties.numericValue) {
            case (0x66B, _, _): bytes.append(0x2E)
            case (0x66C, _, _): bytes.append(0x2C)
            case (_, .decimal, let value?): bytes.append(0x30 + UInt8(value))
            default: bytes.append(contentsOf: String(scalar).utf8)
            }
        }
        return bytes
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
        guard word.utf8.count <= 12 else { return nil }
        if language == .english {
            guard let unit = Self.units[word] else { return nil }
            return (number == "1" ? unit.one : unit.other).split(separator: " ").map(String.init)
        }
        guard let unit = Self.symbols[word] else { return nil }
        return speller.unit("unit/" + unit, after: number, language: language)
    }

    /// What ICU calls the units that are written as symbols, in lower case.
    private static let symbols: [String: String] = [
        "mg": "milligram", "g": "gram", "kg": "kilogram", "mcg": "microgram", "µg": "microgram", "μg": "microgram",
        "ng": "nanogram", "ml": "milliliter", "cl": "centiliter", "dl": "deciliter", "l": "liter", "mm": "millimeter",
        "cm": "centimeter", "m": "meter", "km": "kilometer", "mmol": "millimole", "mmhg": "millimeter-ofhg",
        "kcal": "kilocalorie", "h": "hour", "min": "minute", "s": "second", "ms": "millisecond",
        "мг": "milligram", "г": "gram", "кг": "kilogram", "мкг": "microgram", "мл": "milliliter", "л": "liter",
        "мм": "millimeter", "см": "centimeter", "м": "meter", "км": "kilometer", "ммоль": "millimole", "ч": "hour",
        "мин": "minute", "с": "second",
        "ملغ": "milligram", "ملغم": "milligram", "مجم": "milligram", "مغ": "milligram", "غ": "gram", "جم": "gram",
        "كغ": "kilogram", "كجم": "kilogram", "مل": "milliliter",
    ]

    /// What signs beside a number mean.
    private static let signs: [(SpokenWord.Traits, String)] = [
        (.percent, "unit/percent"), (.dollar, "currency/USD"), (.pound, "currency/GBP"), (.euro, "currency/EUR"),
    ]

    /// Per cent where ICU has the sign alone.
    private static let percent = ["zh": ["百分之"], "ko": ["퍼센트"]]

    /// The word for one before a unit, where it is another than in counting.
    private static let oneBeforeUnit = ["es": "un", "it": "un", "de": "ein"]

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
