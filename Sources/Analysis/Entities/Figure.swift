// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Glibc

/// Reads a number in digits as it is written in English, and as other countries write it where that can be told: "1,000",
/// "1 000", "1'000", "1.000.000", "0,5", ".5", "10^6", "1.5 x 10⁹".
///
/// "1,500" is a thousand and a half thousand; "1.500" may be that or one and a half, and is no number here. Where it can't be told ("1,2,3", "03.05.2024", and
/// "1 500", which may be one of 500) only the first digits are taken: what follows is read as numbers of its own.
struct Figure {
    let text: String
    /// Where reading goes on.
    var index: String.Index

    /// Digits with the sign before them.
    private struct Part {
        var separator: Character
        var digits: String
        var end: String.Index
        var isGroup: Bool { digits.utf8.count == 3 }
    }

    /// More is no dose, and no number that anyone means.
    private static let most = 1e12
    private static let points: Set<Character> = [".", ",", "·"]
    private static let apostrophes: Set<Character> = ["'", "’"]
    /// A thin space and a narrow one that does not break stand within numbers only.
    private static let thinSpaces: Set<Character> = ["\u{2009}", "\u{202F}"]
    private static let spaces: Set<Character> = [" ", "\u{A0}"]

    /// The value; nil where there are more digits than anyone means.
    mutating func value() -> Double? {
        let first = digits(at: &index)
        let parts = parts()
        var number = first
        if first.isEmpty {
            number = "0"
            add(parts.prefix(1), asDecimalsTo: &number)
        } else if let groups = groups(first, parts) {
            for part in parts.prefix(groups) { number += part.digits }
            if let last = parts.prefix(groups).last { index = last.end }
            let rest = parts.dropFirst(groups)
            if rest.count == 1, groups > 0 { add(rest, asDecimalsTo: &number) }
        } else if parts.count == 1, Self.points.contains(parts[0].separator) {
            // "5.000" is five thousand to many, and nobody else writes five so.
            if parts[0].isGroup, parts[0].digits.hasSuffix("00"), first.first != "0", first.utf8.count <= 3 {
                index = parts[0].end
                return nil
            }
            add(parts, asDecimalsTo: &number)
        }
        guard number.utf8.count <= 18, var value = Double(number) else { return nil }
        if let power = power(of: value) { value = power }
        if let times = powerOfTenBehind() { value *= times }
        return value <= Self.most ? value : nil
    }

    private mutating func add(_ parts: some Collection<Part>, asDecimalsTo number: inout String) {
        guard let part = parts.first, Self.points.contains(part.separator) else { return }
        // "5,10" may be a list; nobody writes "5,1" so.
        if part.separator == ",", part.digits.utf8.count > 1, part.digits.last == "0", number != "0" { return }
        number += "." + part.digits
        index = part.end
    }

    /// How many of the parts are groups of three digits that belong to the first ones; nil where they are none, and 0 where
    /// there are no parts.
    private func groups(_ first: String, _ parts: [Part]) -> Int? {
        guard let separator = parts.first?.separator else { return 0 }
        let isLed = (1...3).contains(first.utf8.count) && first.first != "0"
        let groups = parts.prefix { $0.separator == separator && $0.isGroup }
        let rest = parts.dropFirst(groups.count)
        // "1.000" is one; "1.000.000" and "1.000,5" are a million and a thousand and a half.
        let isPoint = separator == "." || separator == "·"
        guard isLed, !groups.isEmpty, rest.count <= 1, !isPoint || groups.count > 1 || rest.first?.separator == ",",
            rest.allSatisfy({ Self.points.contains($0.separator) && $0.separator != separator })
        else { return nil }
        return groups.count
    }

    /// The digits that follow, each with the sign before them.
    private func parts() -> [Part] {
        var parts: [Part] = []
        var place = index
        while parts.count < 8, place < text.endIndex {
            let separator = text[place]
            var end = text.index(after: place)
            let isSpace = Self.spaces.contains(separator)
            guard
                Self.points.contains(separator) || Self.apostrophes.contains(separator) || isSpace
                    || Self.thinSpaces.contains(separator)
            else { break }
            let part = Part(separator: isSpace ? " " : separator, digits: digits(at: &end), end: end)
            if part.digits.isEmpty { break }
            if !Self.points.contains(separator), !part.isGroup { break }
            parts.append(part)
            place = end
        }
        // A common space parts numbers too ("2 500 mg tablets"), but no number begins with a nought: "10 000".
        let spaced = parts.prefix { $0.separator == " " }
        if !spaced.isEmpty, !spaced.contains(where: { $0.digits.first == "0" }) { return [] }
        return parts
    }

    private func digits(at place: inout String.Index) -> String {
        var digits = ""
        while place < text.endIndex, text[place].isASCII, text[place].isNumber {
            digits.append(text[place])
            text.formIndex(after: &place)
        }
        return digits
    }

    // MARK: Powers

    /// "10^6", "10⁶", "1e6".
    private mutating func power(of base: Double) -> Double? {
        guard index < text.endIndex else { return nil }
        var place = index
        if base == 10, let exponent = superscript(at: &place) {
            index = place
            return pow(10, exponent)
        }
        let sign = text[place]
        guard sign == "^" && base == 10 || sign == "e" || sign == "E" else { return nil }
        text.formIndex(after: &place)
        let exponent = digits(at: &place)
        guard (1...2).contains(exponent.utf8.count), let power = Double(exponent),
            place == text.endIndex || !text[place].isLetter
        else { return nil }
        index = place
        return sign == "^" ? pow(10, power) : base * pow(10, power)
    }

    private static let superscripts: [Character: Double] = [
        "⁰": 0, "¹": 1, "²": 2, "³": 3, "⁴": 4, "⁵": 5, "⁶": 6, "⁷": 7, "⁸": 8, "⁹": 9,
    ]

    private func superscript(at place: inout String.Index) -> Double? {
        var value: Double?
        while place < text.endIndex, let digit = Self.superscripts[text[place]], value ?? 0 < 10 {
            value = 10 * (value ?? 0) + digit
            text.formIndex(after: &place)
        }
        return value
    }

    /// " x 10^6" behind a number.
    private mutating func powerOfTenBehind() -> Double? {
        var place = index
        func skipSpaces() { while place < text.endIndex, text[place].isWhitespace { text.formIndex(after: &place) } }
        skipSpaces()
        guard place < text.endIndex, ["x", "×", "*"].contains(text[place]) else { return nil }
        text.formIndex(after: &place)
        skipSpaces()
        guard digits(at: &place) == "10" else { return nil }
        var power = Figure(text: text, index: place)
        guard place < text.endIndex, text[place] == "^" || Self.superscripts[text[place]] != nil,
            let value = power.power(of: 10)
        else { return nil }
        index = power.index
        return value
    }
}
