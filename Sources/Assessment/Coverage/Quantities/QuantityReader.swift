// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

/// Finds the quantities of a text: numbers in digits or words, with their units in one base unit for each kind.
struct QuantityReader {
    let text: AnswerText
    /// The text's tokens, with numbers where they were misheard.
    let source: [SpokenToken]
    let reader: DoseReader
    /// The first token that comes from a token of the source.
    private let first: [Int]

    /// A quantity with the tokens of the source that name it.
    struct Found {
        var quantity: Quantity
        var source: Range<Int>
    }

    init(_ text: AnswerText) {
        self.text = text
        source = text.language == "en" ? MisheardNumbers.corrected(text.source) : text.source
        reader = DoseReader(source)
        var first = [Int](repeating: text.tokens.count, count: source.count + 1)
        for (index, token) in text.tokens.enumerated().reversed() { first[token.source] = index }
        self.first = first
    }

    /// The quantities in order; only a number of tablets and what they hold share tokens.
    func quantities() -> [Quantity] {
        var found: [Found] = []
        var index = 0
        while index < source.count {
            let here = composite(at: index) ?? quantity(at: index).map { [$0] }
            if let here, let end = here.map(\.source.upperBound).max() {
                if let last = found.last, last.source.upperBound == index - 1,
                    word(index - 1) == "and" || word(index - 1) == "or",
                    let shared = here.first.flatMap({ last.quantity.sharing(unitOf: $0.quantity) })
                {
                    found[found.count - 1].quantity = shared
                }
                found += here
                index = max(end, index + 1)
            } else {
                index += 1
            }
        }
        return limited(regimens(found)).map(\.quantity)
    }

    // MARK: One quantity

    func quantity(at start: Int) -> Found? {
        if let frequency = frequency(at: start) { return frequency }
        if let share = share(at: start) { return share }
        guard let whole = simpleQuantity(at: start) else { return nil }
        return withRest(whole)
    }

    private func simpleQuantity(at start: Int) -> Found? {
        guard source.indices.contains(start) else { return nil }
        guard let (low, high, end) = number(at: start) else { return wordQuantity(at: start) }
        let isDigits = source[end - 1].number != nil
        var index = end
        if high < 1 || word(index) == "of" {
            if word(index) == "of" { index += 1 }
            if word(index) == "a" || word(index) == "an" { index += 1 }
        }
        if sign("-", index) { index += 1 }
        if word(index) == "international" { index += 1 }
        // "5 micro grams", "two hundred milli grams"
        if let name = word(index), let prefix = Self.prefixes[name], let next = word(index + 1),
            next.hasPrefix("gram") || next.hasPrefix("lit") || next.hasPrefix("mol"),
            let unit = QuantityUnit.named(prefix + next)
        {
            return rated(unit, at: index + 2, low, high, start)
        }
        if let (unit, end) = unit(at: index, isAfterDigits: isDigits, of: high) {
            return rated(unit, at: end, low, high, start)
        }
        if sign("%", index) { return made(.percent, low, high, start..<(index + 1)) }
        if let per = phrase("per", "cent", at: index) { return made(.percent, low, high, start..<per) }
        if let repeated = counted(low, high, start, end) { return repeated }
        if isIdiom(start, end, low) { return nil }
        return made(.bare, low, high, start..<end)
    }

    /// The unit that stands at a place, and where it ends.
    private func unit(at index: Int, isAfterDigits: Bool, of value: Double) -> (QuantityUnit, Int)? {
        if sign("°", index) {
            if ["f", "fahrenheit"].contains(word(index + 1) ?? "") { return (.fahrenheit, index + 2) }
            let end = ["c", "celsius"].contains(word(index + 1) ?? "") ? index + 2 : index + 1
            return (.celsius, end)
        }
        if let end = phrase("mm", "hg", at: index) ?? phrase("millimetres", "of", "mercury", at: index)
            ?? phrase("millimeters", "of", "mercury", at: index)
        {
            return (.mercury, end)
        }
        guard let name = word(index) else { return nil }
        // "Two feet apart" are no feet to look at.
        let isDistance = Self.distances.contains(word(index + 1) ?? "")
        guard let unit = QuantityUnit.named(name, isAfterDigits: isAfterDigits || isDistance && name.count > 1) else {
            return nil
        }
        // The 1930s are no seconds, and "60 k" is no cold.
        if name == "s", (1_000...2_100).contains(value) { return nil }
        if name == "k", value < 50 { return nil }
        if unit.kind == .temperature, let scale = word(index + 1) {
            if ["f", "fahrenheit"].contains(scale) { return (.fahrenheit, index + 2) }
            if scale == "kelvin" { return (.kelvin, index + 2) }
            if ["c", "celsius", "centigrade"].contains(scale) { return (.celsius, index + 2) }
        }
        return (unit, index + 1)
    }

    /// A quantity with what it is measured by: "10 mg/kg", "5 mmol in a litre", "50 kilometres an hour".
    private func rated(_ unit: QuantityUnit, at end: Int, _ low: Double, _ high: Double, _ start: Int) -> Found {
        let alone = made(unit, low, high, start..<end)
        var place = end
        let isPlain = sign("/", place) || word(place) == "per"
        let isIn = word(place) == "in" || word(place) == "to"
        if isPlain || isIn { place += 1 }
        if !isPlain {
            guard let article = word(place), ["a", "an", "each"].contains(article) || isIn && article == "the" else {
                return alone
            }
            place += 1
        }
        guard let name = word(place), let below = Self.denominators[name] ?? QuantityUnit.named(name),
            unit.kind != .time, [.time, .volume, .mass].contains(below.kind)
        else { return alone }
        var rate = QuantityUnit(
            kind: .other, factor: unit.factor / below.factor, name: unit.name + "/" + String(below.name.prefix(1)))
        if below.kind == .time {
            // "5 mg an hour before" and "another tablet in an hour" say when.
            if isIn, unit.kind != .amount { return alone }
            if !isPlain, Self.relatives.contains(word(place + 1) ?? "") { return alone }
            if ["beats", "breaths", "compressions"].contains(unit.name), unit.kind == .other {
                rate = QuantityUnit(kind: .frequency, factor: 1 / below.factor, name: unit.name)
            } else if unit.kind == .length {
                rate = QuantityUnit(kind: .speed, factor: unit.factor / below.factor / 86_400, name: unit.name)
            } else if below.factor >= 1 || unit.kind == .forms && !isPlain {
                // What is for a day is read with the doses that it comes to.
                return alone
            }
        } else if !isPlain, ![.mass, .amount, .activity].contains(unit.kind) {
            return alone
        }
        return made(rate, low, high, start..<(place + 1))
    }

    private static let distances: Set<String> = [
        "apart", "away", "long", "tall", "deep", "high", "wide", "of", "from", "above", "below", "off",
    ]

    /// What recognisers make of units that something is measured by.
    private static let denominators: [String: QuantityUnit] = {
        var table: [String: QuantityUnit] = [:]
        for (name, unit) in [
            ("leeter", "litre"), ("lighter", "litre"), ("mil", "ml"), ("mill", "ml"), ("minuet", "minute"),
        ] { table[name] = QuantityUnit.named(unit) }
        return table
    }()

    /// What makes of "an hour" a time: "5 mg an hour before food".
    private static let relatives: Set<String> = [
        "before", "after", "afterwards", "beforehand", "later", "earlier", "prior", "apart", "ago", "ahead", "or",
        "and", "long",
    ]

    /// The beginnings of units, also as recognisers write them.
    private static let prefixes: [String: String] = [
        "micro": "micro", "mikro": "micro", "milli": "milli", "mili": "milli", "milly": "milli", "millie": "milli",
        "mille": "milli", "nano": "nano", "kilo": "kilo",
    ]

    /// "100 to 120 a minute": so many times.
    private func counted(_ low: Double, _ high: Double, _ start: Int, _ end: Int) -> Found? {
        guard sign("/", end) || ["per", "a", "an", "every"].contains(word(end) ?? ""), let name = word(end + 1),
            let days = DoseLexicon.periods[name], days < 1
        else { return nil }
        return made(
            QuantityUnit(kind: .frequency, factor: 1 / days, name: "/d"), low, high, start..<(end + 2))
    }

    /// "One in five", "two out of five", "a fifth of the patients".
    private func share(at start: Int) -> Found? {
        if let part = number(at: start), part.0 == part.1, part.0 >= 1 {
            guard let of = phrase("out", "of", at: part.2) ?? phrase("in", at: part.2), let whole = number(at: of),
                whole.0 == whole.1, whole.0 >= 2, whole.0 > part.0, (whole.0).rounded() == whole.0,
                word(whole.2).map({ QuantityUnit.named($0) == nil }) ?? true
            else { return nil }
            let value = 100 * part.0 / whole.0
            return made(.percent, value, value, start..<whole.2)
        }
        var index = start
        var count = 1.0
        if word(index) == "a" || word(index) == "one" {
            index += 1
        } else if let digit = Self.digitNames.firstIndex(of: word(index) ?? ""), digit > 1 {
            count = Double(digit)
            index += 1
        }
        guard let name = word(index), let part = Self.parts[name], index > start || name == "half",
            let of = phrase("of", at: index + 1),
            ["the", "all", "them", "those", "people", "patients", "cases", "these", "our", "adults"].contains(
                word(of) ?? ""), QuantityUnit.named(word(of + 1) ?? "") == nil
        else { return nil }
        return made(.percent, 100 * count * part, 100 * count * part, start..<(index + 1))
    }

    private static let parts: [String: Double] = [
        "half": 0.5, "third": 1.0 / 3, "thirds": 1.0 / 3, "quarter": 0.25, "quarters": 0.25, "fifth": 0.2,
        "fifths": 0.2, "tenth": 0.1, "tenths": 0.1,
    ]

    /// "a gram", "an hour", "a quarter of an hour" begin with no numeral.
    private func wordQuantity(at start: Int) -> Found? {
        guard let article = word(start), Self.articles.contains(article) else { return nil }
        var index = start + 1
        var value = 1.0
        if word(index) == "good" || word(index) == "full" || word(index) == "whole" { index += 1 }
        if word(index) == "half" {
            value = 0.5
            index += 1
        } else if word(index) == "quarter", word(index + 1) == "of" {
            value = 0.25
            index += 2
            if word(index) == "an" || word(index) == "a" { index += 1 }
        }
        guard let name = word(index), name.count > 3 || value < 1,
            let unit = QuantityUnit.named(name, isAfterDigits: false), unit.kind != .forms, unit.kind != .temperature,
            unit.name != "IU", unit.kind != .other
        else { return nil }
        // "a day" after a number of times is read with it; alone it says how often or how long.
        if value == 1, unit.kind == .time,
            ![
                "for", "in", "within", "after", "about", "over", "every", "per", "last", "lasts", "least", "most", "at",
                "than",
            ]
            .contains(word(start - 1) ?? ""),
            !["after", "later", "and", "or"].contains(word(index + 1) ?? "")
        {
            return nil
        }
        return made(unit, value, value, start..<(index + 1))
    }

    /// "An hour and a half", "1 hour 30 minutes", "5 feet 6 inches": the rest is in a smaller unit.
    private func withRest(_ whole: Found) -> Found {
        let quantity = whole.quantity
        guard [.time, .length, .mass].contains(quantity.kind), quantity.low == quantity.high,
            quantity.said.upperBound > 0
        else { return whole }
        let one = quantity.high / quantity.said.upperBound
        var index = whole.source.upperBound
        if word(index) == "and" { index += 1 }
        if index > whole.source.upperBound, let (part, _, end) = number(at: index), part > 0, part < 1,
            word(end).map({ QuantityUnit.named($0) == nil && $0 != "of" }) ?? true
        {
            return joined(whole, part * one, end)
        }
        guard let next = simpleQuantity(at: index), next.quantity.kind == quantity.kind,
            next.quantity.unit == quantity.unit, next.quantity.low == next.quantity.high,
            next.quantity.said.upperBound > 0,
            next.quantity.high / next.quantity.said.upperBound < one * 0.9, next.quantity.high < one
        else { return whole }
        return joined(whole, next.quantity.high, next.source.upperBound)
    }

    private func joined(_ whole: Found, _ rest: Double, _ end: Int) -> Found {
        var sum = whole
        sum.source = whole.source.lowerBound..<end
        sum.quantity.low += rest
        sum.quantity.high += rest
        sum.quantity.alternative = nil
        let scale = whole.quantity.said.upperBound / whole.quantity.high
        sum.quantity.said = (sum.quantity.high * scale)...(sum.quantity.high * scale)
        sum.quantity.tokens = tokens(of: sum.source)
        sum.quantity.phrase = sum.quantity.tokens
        return sum
    }

    /// "one", "no one", "second" and the like are seldom quantities.
    private func isIdiom(_ start: Int, _ end: Int, _ value: Double) -> Bool {
        guard source[start].number == nil else { return false }
        // "the two", "one of them", "that one", "day one"
        if end == start + 1, value <= 2 { return true }
        if value == 2, ["couple", "pair"].contains(word(start + 1) ?? "") { return true }
        if value < 1, value > 0, !(start..<end).contains(where: { word($0) == "point" }) { return true }
        return false
    }

    // MARK: Numbers

    func number(at start: Int) -> (Double, Double, Int)? {
        guard source.indices.contains(start) else { return nil }
        if let digits = grouped(at: start) { return digits }
        if let words = ForeignNumber.value(word(start) ?? "", language: text.language) {
            return (words, words, start + 1)
        }
        if let digits = spelledDigits(at: start) ?? year(at: start) ?? dozen(at: start) { return digits }
        guard let reading = reader.range(at: start) else { return nil }
        return (reading.value.low, reading.value.high, reading.end)
    }

    /// "300 000", "3e8": digits in groups of three, and powers of ten.
    private func grouped(at start: Int) -> (Double, Double, Int)? {
        guard var value = source[start].number else { return nil }
        func digits(_ index: Int) -> String? {
            guard source.indices.contains(index), source[index].number != nil else { return nil }
            return String(text.text[source[index].range])
        }
        func stands(_ index: Int, _ gap: String) -> Bool {
            let (before, after) = (source[index - 1].range.upperBound, source[index].range.lowerBound)
            return before <= after && text.text[before..<after] == gap
        }
        if word(start + 1) == "e", let power = digits(start + 2), stands(start + 1, ""), stands(start + 2, ""),
            let exponent = Int(power), exponent <= 12
        {
            for _ in 0..<exponent { value *= 10 }
            return (value, value, start + 3)
        }
        guard let first = digits(start), (1...3).contains(first.count), value >= 1 else { return nil }
        var end = start + 1
        while let group = digits(end), group.count == 3, group.allSatisfy(\.isNumber), stands(end, " "), end < start + 4
        {
            value = value * 1_000 + (source[end].number ?? 0)
            end += 1
        }
        return end > start + 1 ? (value, value, end) : nil
    }

    /// "nine nine nine" is 999; "one two three" counts.
    private func spelledDigits(at start: Int) -> (Double, Double, Int)? {
        var digits: [Int] = []
        while let name = word(start + digits.count), let digit = Self.digitNames.firstIndex(of: name) {
            digits.append(digit)
        }
        guard (3...9).contains(digits.count), !zip(digits, digits.dropFirst()).allSatisfy({ $1 == $0 + 1 }) else {
            return nil
        }
        let value = Double(digits.reduce(0) { 10 * $0 + $1 })
        return (value, value, start + digits.count)
    }

    /// "Nineteen thirty-nine", "sixteen oh five": a year, unless a unit follows.
    private func year(at start: Int) -> (Double, Double, Int)? {
        guard source.indices.contains(start), source[start].number == nil,
            let hundreds = Self.teens[word(start) ?? ""]
        else { return nil }
        var (rest, end): (Double, Int)
        if ["oh", "o"].contains(word(start + 1) ?? ""),
            let digit = Self.digitNames.firstIndex(of: word(start + 2) ?? ""), digit > 0
        {
            (rest, end) = (Double(digit), start + 3)
        } else if word(start + 1) != nil, let tail = reader.number(at: start + 1), tail.value >= 10, tail.value < 100,
            tail.value == tail.value.rounded(), source[start + 1].number == nil
        {
            (rest, end) = (tail.value, tail.end)
        } else {
            return nil
        }
        guard word(end).map({ QuantityUnit.named($0, isAfterDigits: false) == nil && $0 != "percent" }) ?? true else {
            return nil
        }
        let value = Double(100 * hundreds) + rest
        return (value, value, end)
    }

    /// "A dozen", "half a dozen", "a couple of".
    private func dozen(at start: Int) -> (Double, Double, Int)? {
        if let end = phrase("half", "a", "dozen", at: start) { return (6, 6, end) }
        if let end = phrase("a", "dozen", at: start) { return (12, 12, end) }
        if let end = phrase("a", "couple", "of", at: start) ?? phrase("a", "pair", "of", at: start) {
            return (2, 2, end)
        }
        guard let count = reader.number(at: start), count.end == start + 1, word(count.end) == "dozen" else {
            return nil
        }
        return (12 * count.value, 12 * count.value, count.end + 1)
    }

    static let digitNames = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ]
    private static let teens: [String: Int] = [
        "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
        "eighteen": 18, "nineteen": 19, "twenty": 20,
    ]
    private static let articles: Set<String> = [
        "a", "an", "half", "quarter", "one", "una", "un", "une", "eine", "einen", "another",
    ]

    func made(_ unit: QuantityUnit, _ low: Double, _ high: Double, _ source: Range<Int>) -> Found {
        let tokens = tokens(of: source)
        var quantity = Quantity(
            kind: unit.kind, low: unit.base(low), high: unit.base(high), said: min(low, high)...max(low, high),
            unit: unit.name, tokens: tokens, phrase: tokens)
        if let digit = word(source.lowerBound), Self.digitNames.dropFirst().contains(digit), low == high, low >= 120,
            let rest = reader.number(at: source.lowerBound + 1), rest.value >= 20, rest.value < 100
        {
            quantity.alternative = unit.base(rest.value)
        }
        return Found(quantity: quantity, source: source)
    }

    // MARK: Tokens

    func tokens(of source: Range<Int>) -> Range<Int> {
        let start = first[source.lowerBound]
        return start..<max(start, first[min(source.upperBound, first.count - 1)])
    }

    func word(_ index: Int) -> String? { source.indices.contains(index) ? source[index].word : nil }
    func sign(_ sign: Character, _ index: Int) -> Bool {
        source.indices.contains(index) && source[index].isSign(sign)
    }

    /// Where some words end that stand at a place.
    func phrase(_ words: String..., at index: Int) -> Int? {
        for (offset, wanted) in words.enumerated() where word(index + offset) != wanted { return nil }
        return index + words.count
    }
}
