// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Reads numbers as they are said in English: "five hundred", "two and a half", "nought point five", "six twenty five".
struct SpokenNumber {
    let tokens: [SpokenToken]

    /// What was read and where it ends.
    struct Reading {
        var value: Double
        var end: Int
    }

    private static let units: [String: Double] = [
        "zero": 0, "nought": 0, "naught": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
        "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
        "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    ]
    private static let tens: [String: Double] = [
        "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
        "ninety": 90,
    ]
    private static let fractions: [String: Double] = [
        "half": 0.5, "quarter": 0.25, "quarters": 0.25, "third": 1.0 / 3, "thirds": 1.0 / 3,
    ]

    /// The words of whole numbers.
    static let cardinals = Set(units.keys).union(tens.keys).union(["hundred", "thousand", "million"])

    /// The words that numbers begin with.
    static let firstWords = Set(units.keys).union(tens.keys).union(fractions.keys).union([
        "a", "an", "point", "decimal",
    ])

    private func word(_ index: Int) -> String? { index < tokens.count ? tokens[index].word : nil }
    private func stands(_ word: String, at index: Int) -> Bool { self.word(index) == word }

    /// The number that begins at a token: in digits, in words, or a fraction. "a" alone is none.
    func number(at start: Int) -> Reading? {
        guard start < tokens.count else { return nil }
        if let value = tokens[start].number { return afterDigits(value, at: start) }
        if let fraction = fraction(at: start) { return fraction }
        guard var reading = cardinal(at: start) ?? decimals(at: start, whole: 0) else { return nil }
        if reading.end > start, let decimals = decimals(at: reading.end, whole: reading.value) { reading = decimals }
        // "one point two million"
        if reading.value != reading.value.rounded() {
            if stands("thousand", at: reading.end) {
                return Reading(value: reading.value * 1_000, end: reading.end + 1)
            }
            if stands("million", at: reading.end) {
                return Reading(value: reading.value * 1_000_000, end: reading.end + 1)
            }
        }
        return withFraction(reading)
    }

    /// A number in digits with what may follow: "1/2", "2 1/2", "1 ½", "5 thousand", "2 and a half".
    private func afterDigits(_ value: Double, at start: Int) -> Reading {
        var reading = Reading(value: value, end: start + 1)
        if let fraction = slashed(at: start) { return fraction }
        let isWhole = value == value.rounded()
        if isWhole, start + 1 < tokens.count, tokens[start + 1].isFraction, let part = tokens[start + 1].number {
            return Reading(value: value + part, end: start + 2)
        }
        if isWhole, value < 100, let part = slashed(at: start + 1) {
            return Reading(value: value + part.value, end: part.end)
        }
        if value < 100, stands("hundred", at: reading.end) {
            reading = Reading(value: value * 100, end: reading.end + 1)
        }
        if stands("thousand", at: reading.end) { reading = Reading(value: value * 1_000, end: reading.end + 1) }
        if stands("million", at: reading.end) { reading = Reading(value: value * 1_000_000, end: reading.end + 1) }
        return withFraction(reading)
    }

    /// "1/2", "3/4": a half, thirds or quarters.
    private func slashed(at start: Int) -> Reading? {
        guard start + 2 < tokens.count, let above = tokens[start].number, above > 0, above == above.rounded(),
            tokens[start + 1].isSign("/"), let below = tokens[start + 2].number, above < below,
            [2, 3, 4].contains(below)
        else { return nil }
        return Reading(value: above / below, end: start + 3)
    }

    /// "a half", "half of", "three quarters", "a quarter of", "one-half".
    private func fraction(at start: Int) -> Reading? {
        var index = start
        var count = 1.0
        if let first = word(index), let value = Self.units[first], value > 0, value < 4 {
            let next = index + 1 < tokens.count && tokens[index + 1].isSign("-") ? index + 2 : index + 1
            guard let name = word(next), ["quarters", "quarter", "thirds", "third", "half"].contains(name) else {
                return nil
            }
            count = value
            index = next
        } else if stands("a", at: index) || stands("an", at: index) {
            index += 1
        }
        guard let name = word(index), let fraction = Self.fractions[name] else { return nil }
        return Reading(value: count * fraction, end: index + 1)
    }

    /// "… and a half", "… and three quarters" after a whole number.
    private func withFraction(_ reading: Reading) -> Reading {
        guard stands("and", at: reading.end), reading.value >= 1, let fraction = fraction(at: reading.end + 1) else {
            return reading
        }
        return Reading(value: reading.value + fraction.value, end: fraction.end)
    }

    /// "point five", "point one two five" after a whole number, or alone; the digits one by one, or as a number.
    private func decimals(at start: Int, whole: Double) -> Reading? {
        guard stands("point", at: start) || stands("decimal", at: start) else { return nil }
        var index = start + 1
        var value = whole
        var place = 0.1
        while let digit = word(index) {
            if let unit = Self.units[digit] ?? (digit == "oh" || digit == "o" ? 0 : nil), unit < 10 {
                value += unit * place
                place /= 10
            } else if let ten = Self.tens[digit], place == 0.1 {
                value += ten / 100
                place = 0.01
                if let unit = word(index + 1).flatMap({ Self.units[$0] }), unit < 10 {
                    value += unit / 100
                    index += 1
                }
                index += 1
                break
            } else {
                break
            }
            index += 1
            if index - start > 9 { break }
        }
        if index == start + 1, index < tokens.count, let digits = tokens[index].number, digits < 1_000 {
            value += digits / (digits < 10 ? 10 : digits < 100 ? 100 : 1_000)
            index += 1
        }
        // Sums of tenths carry binary noise: nothing finer than a millionth was said.
        return index > start + 1 ? Reading(value: (value * 1e6).rounded() / 1e6, end: index) : nil
    }

    /// A whole number in words.
    private func cardinal(at start: Int) -> Reading? {
        var index = start
        var total = 0.0
        var group = 0.0
        var read = false
        // "a hundred", "a thousand": the article is a one there and nowhere else.
        if stands("a", at: index) || stands("an", at: index) {
            guard let next = word(index + 1), ["hundred", "thousand", "million"].contains(next) else { return nil }
            group = 1
            index += 1
        }
        while index < tokens.count {
            var next = index
            if read, stands("and", at: next), group >= 100 || (total > 0 && group == 0) { next += 1 }
            if read, tokens[next < tokens.count ? next : index].isSign("-") { next += 1 }
            guard let word = word(next) else { break }
            if word == "hundred", group > 0, group < 100 {
                group *= 100
            } else if word == "thousand" || word == "million", group > 0 {
                total += group * (word == "thousand" ? 1_000 : 1_000_000)
                group = 0
            } else if let ten = Self.tens[word], let added = Self.adding(ten, to: group, isFirst: !read) {
                group = added
            } else if let unit = Self.units[word],
                let added = Self.adding(unit, to: group, isFirst: !read && total == 0)
            {
                group = added
            } else {
                break
            }
            read = true
            index = next + 1
        }
        return read ? Reading(value: total + group, end: index) : nil
    }

    /// A group of up to three digits with the next word of it; nil where the word begins another number.
    private static func adding(_ value: Double, to group: Double, isFirst: Bool) -> Double? {
        if group == 0 { return isFirst || value > 0 ? value : nil }
        if value >= 20 {
            // "six twenty five" is 625, as "six hundred and twenty five" is.
            if group < 10 { return group * 100 + value }
            return group.truncatingRemainder(dividingBy: 100) == 0 ? group + value : nil
        }
        guard value > 0 else { return nil }
        if value < 10, group >= 20, group.truncatingRemainder(dividingBy: 10) == 0 {
            return group + value
        }
        return group >= 100 && group.truncatingRemainder(dividingBy: 100) == 0 ? group + value : nil
    }
}
