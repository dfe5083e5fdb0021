// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// Reads the parts of a dose at a token: quantities, frequencies, routes, maxima, durations. Each says where it ends.
package struct DoseReader {
    package let tokens: [SpokenToken]
    private let numbers: SpokenNumber

    /// Reads tokens.
    package init(_ tokens: [SpokenToken]) {
        self.tokens = tokens
        numbers = SpokenNumber(tokens: tokens)
    }

    /// What was read and the token behind it.
    package struct Reading<Value> {
        /// What was read.
        package var value: Value
        /// The token behind it.
        package var end: Int
    }

    /// A number, or the range that was said.
    package struct Range {
        /// The least.
        package var low: Double
        /// The most.
        package var high: Double
    }

    func word(_ index: Int) -> String? { tokens.indices.contains(index) ? tokens[index].word : nil }
    func sign(_ sign: Character, at index: Int) -> Bool { tokens.indices.contains(index) && tokens[index].isSign(sign) }

    /// The token behind the words, which must stand at `index` in this order; nil where they don't.
    func phrase(_ words: String..., at index: Int) -> Int? {
        for (offset, word) in words.enumerated() where self.word(index + offset) != word { return nil }
        return index + words.count
    }

    /// The token behind the first of the given words if it stands at `index`.
    func any(_ words: Set<String>, at index: Int) -> Int? {
        word(index).map(words.contains) == true ? index + 1 : nil
    }

    // MARK: Numbers

    /// Whether a token goes on with a number before it that is none on its own, such as "10" of "5/10", or "500" of "1 500",
    /// which may be a thousand and a half: nothing begins with it.
    func isInsideFigure(_ index: Int) -> Bool {
        guard index > 0, tokens.indices.contains(index) else { return false }
        let before = tokens[index - 1]
        guard let number = tokens[index].number else {
            // "ten fifteen milligrams"
            guard let word = tokens[index].word, SpokenNumber.cardinals.contains(word) else { return false }
            return before.word.map { SpokenNumber.cardinals.contains($0) } ?? false
        }
        if let first = before.number {
            let isGroup = (100..<1_000).contains(number) && number == number.rounded()
            return isGroup && first < 1_000 && first == first.rounded()
        }
        guard case .sign(let sign) = before.kind, before.range.upperBound == tokens[index].range.lowerBound else {
            return false
        }
        if sign == "#" || sign == "^" { return true }
        return index > 1 && Self.joints.contains(sign)
            && (tokens[index - 2].number != nil || tokens[index - 2].isSign("#"))
            && tokens[index - 2].range.upperBound == before.range.lowerBound
    }

    private static let joints: Set<Character> = ["/", ".", ",", "·", "'", "’", ":", "-", "*"]

    /// The number that begins at a token, in digits or in words.
    package func number(at index: Int) -> Reading<Double>? {
        numbers.number(at: index).map { Reading(value: $0.value, end: $0.end) }
    }

    /// A number or a range of them: "5 to 10", "one or two", "between five and ten", "4-6".
    package func range(at start: Int) -> Reading<Range>? {
        if let between = phrase("between", at: start), let low = number(at: between),
            let and = phrase("and", at: low.end), let high = number(at: and), low.value < high.value
        {
            if low.value < 100, let scale = scale(of: and..<high.end), low.value * scale < high.value {
                return Reading(value: Range(low: low.value * scale, high: high.value), end: high.end)
            }
            return Reading(value: Range(low: low.value, high: high.value), end: high.end)
        }
        guard let low = number(at: start) else { return nil }
        // "two to three hundred" begins at two hundred.
        if let joined = rangeSign(at: low.end), let high = number(at: joined), low.value < 100,
            let scale = scale(of: joined..<high.end), low.value * scale < high.value
        {
            return Reading(value: Range(low: low.value * scale, high: high.value), end: high.end)
        }
        if let joined = rangeSign(at: low.end), let high = number(at: joined), low.value < high.value {
            return Reading(value: Range(low: low.value, high: high.value), end: high.end)
        }
        return Reading(value: Range(low: low.value, high: low.value), end: low.end)
    }

    /// What "hundred", "thousand" or "million" multiplies the first words of a number by; nil where "a" stands before it.
    private func scale(of number: Swift.Range<Int>) -> Double? {
        guard any(["a", "an"], at: number.lowerBound) == nil else { return nil }
        for index in number {
            switch word(index) {
            case "hundred": return 100
            case "thousand": return 1_000
            case "million": return 1_000_000
            default: continue
            }
        }
        return nil
    }

    /// The token behind "to", "or", "-".
    private func rangeSign(at index: Int) -> Int? {
        if sign("-", at: index) { return index + 1 }
        return any(["to", "or"], at: index)
    }

    // MARK: Quantities

    /// An amount with its unit: "500 mg", "half a gram", "5 to 10 mL", "500 mg to 1 g". "a gram" is one.
    func measured(at start: Int) -> Reading<Dose.Quantity>? {
        guard let first = oneMeasured(at: start) else { return nil }
        // "from 5 mg to 10 mg" says how a dose changes.
        if word(start - 1) != "from", first.value.low == first.value.high, let joined = rangeSign(at: first.end),
            let second = oneMeasured(at: joined), second.value.unit == first.value.unit,
            second.value.low == second.value.high, first.value.low < second.value.low
        {
            return Reading(
                value: Dose.Quantity(first.value.low, second.value.high, first.value.unit), end: second.end)
        }
        return first
    }

    private func oneMeasured(at start: Int) -> Reading<Dose.Quantity>? {
        if any(["a", "an"], at: start) != nil, let name = word(start + 1), name.count > 2,
            let measure = DoseLexicon.measures[name], name != "unit", name != "units"
        {
            return Reading(value: Dose.Quantity(measure.factor, measure.factor, measure.unit), end: start + 2)
        }
        guard let number = range(at: start) else { return nil }
        var index = number.end
        if number.value.high < 1 {
            // "half a gram", "a quarter of a gram", "point five of a gram".
            if let of = phrase("of", at: index) { index = of }
            if let article = any(["a", "an"], at: index) { index = article }
        }
        if sign("-", at: index) { index += 1 }
        if phrase("international", "units", at: index) != nil || phrase("international", "unit", at: index) != nil {
            index += 1
        }
        guard let measure = measure(at: index) else { return nil }
        let factor = measure.value.factor
        let quantity = Dose.Quantity(number.value.low * factor, number.value.high * factor, measure.value.unit)
        // What is finer or greater is no dose, and is not to be rounded to one.
        guard quantity.high == 0 || (1e-13...1e12).contains(quantity.high) else { return nil }
        return Reading(value: quantity, end: measure.end)
    }

    /// A unit: "mg", "milli grams".
    func measure(at index: Int) -> Reading<DoseLexicon.Measure>? {
        guard let name = word(index) else { return nil }
        if let measure = DoseLexicon.measures[name] { return Reading(value: measure, end: index + 1) }
        guard let prefix = DoseLexicon.prefixes[name], let unit = word(index + 1),
            let measure = DoseLexicon.measures[prefix + unit], unit.utf8.count > 3
        else { return nil }
        return Reading(value: measure, end: index + 2)
    }

    /// A number of tablets, puffs…: "two tablets", "half a tablet", "a patch". The second result is where the strength
    /// may stand, as in "two 500 mg tablets".
    func counted(at start: Int) -> Reading<Dose.Quantity>? {
        var index = start
        let count: Range
        if let number = range(at: start) {
            count = number.value
            index = number.end
            if let of = phrase("of", at: index), count.high < 1 { index = of }
            if count.high < 1, let article = any(["a", "an", "the"], at: index) { index = article }
            if let each = phrase("x", at: index) { index = each } else if sign("x", at: index) { index += 1 }
        } else if let article = any(["a", "an", "another"], at: start) {
            count = Range(low: 1, high: 1)
            index = article
        } else {
            return nil
        }
        guard let name = word(index), let form = DoseLexicon.forms[name] else { return nil }
        return Reading(value: Dose.Quantity(count.low, count.high, form), end: index + 1)
    }

    /// A number of what is taken whose kind is not said: "two", "half a one", "three of them", "another".
    func item(at start: Int) -> Reading<Dose.Quantity>? {
        if let another = phrase("another", at: start) {
            return Reading(value: Dose.Quantity(1, 1, .item), end: phrase("one", at: another) ?? another)
        }
        guard let count = range(at: start), count.value.low > 0, count.value.high <= 12,
            (count.value.high * 4).rounded() == count.value.high * 4
        else { return nil }
        var index = count.end
        if count.value.high < 1 {
            if let of = phrase("of", at: index) { index = of }
            guard let article = any(["a", "one"], at: index) else { return nil }
            index = phrase("one", at: article) ?? article
            if word(index - 1) != "one" { return nil }
        } else if let of = phrase("of", at: index), let them = any(["them", "these", "those"], at: of) {
            index = them
        } else if let more = phrase("more", at: index) {
            index = more
        }
        return Reading(value: Dose.Quantity(count.value.low, count.value.high, .item), end: index)
    }

    /// A number of things whose strength follows: "two" of "two 500 mg tablets", "2 x" of "2 x 500 mg".
    func multiplier(at start: Int) -> Reading<Range>? {
        if let article = any(["a", "an"], at: start) { return Reading(value: Range(low: 1, high: 1), end: article) }
        guard let count = range(at: start), count.value.high <= 20 else { return nil }
        var index = count.end
        if let of = phrase("of", at: index) { index = of }
        if count.value.high < 1, let article = any(["a", "an", "the"], at: index) { index = article }
        if let each = phrase("x", at: index) { index = each } else if sign("x", at: index) { index += 1 }
        return Reading(value: count.value, end: index)
    }

    // MARK: Time

    /// A period in days: "24 hours", "a day", "two weeks", "week"; `/day` and `per day` are the caller's.
    func period(at start: Int) -> Reading<Range>? {
        if let unit = word(start), let days = DoseLexicon.periods[unit] {
            return Reading(value: Range(low: days, high: days), end: start + 1)
        }
        if let article = any(["a", "an", "each", "every", "one"], at: start), let unit = word(article),
            let days = DoseLexicon.periods[unit]
        {
            return Reading(value: Range(low: days, high: days), end: article + 1)
        }
        guard let count = range(at: start) else { return nil }
        let index = sign("-", at: count.end) ? count.end + 1 : count.end
        guard let unit = word(index), let days = DoseLexicon.periods[unit], count.value.low > 0 else { return nil }
        return Reading(
            value: Range(low: count.value.low * days, high: count.value.high * days), end: index + 1)
    }

    /// What stands between an amount and the time it is for: "per", "/", "in", "a", "each", "every", "daily".
    func perPeriod(at start: Int) -> Reading<Double>? {
        if sign("/", at: start), let day = phrase("d", at: start + 1) { return Reading(value: 1, end: day) }
        if let daily = phrase("daily", at: start) { return Reading(value: 1, end: daily) }
        if let weekly = phrase("weekly", at: start) { return Reading(value: 7, end: weekly) }
        var index = start
        if sign("/", at: index) {
            index += 1
        } else if let per = any(["per", "in", "within", "over"], at: index) {
            index = per
            if let any = any(["any", "the"], at: index) { index = any }
        } else if any(["a", "an", "each", "every"], at: index) == nil {
            return nil
        }
        guard let period = period(at: index), period.value.low == period.value.high else { return nil }
        return Reading(value: period.value.low, end: phrase("period", at: period.end) ?? period.end)
    }
}
