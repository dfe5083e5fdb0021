// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// A measured quantity that is no dose: a weight, an age, a length of time, a laboratory value.
public struct MeasuredQuantity: Sendable, Hashable {
    /// Where it is said.
    public var range: Range<String.Index>
    /// The value, or the least of a range.
    public var low: Double
    /// The value, or the most of a range.
    public var high: Double
    /// The unit in UCUM ("kg", "a", "mmol/L", "mm[Hg]"), or the code of a currency.
    public var unit: String

    /// `70 kg`, `5..7 d`; `140/90 mm[Hg]` for a blood pressure.
    public var summary: String {
        let value = Dose.text(low)
        if unit == "mm[Hg]", low != high { return "\(Dose.text(high))/\(value) \(unit)" }
        return (low == high ? value : "\(value)..\(Dose.text(high))") + " " + unit
    }
}

/// Finds measured quantities in an English text, in digits or in words.
enum QuantityGrammar {
    /// Units by the words that name them, as UCUM writes them.
    private static let units: [String: String] = {
        var table: [String: String] = [:]
        func add(_ unit: String, _ names: String) {
            for name in names.split(separator: " ") { table[String(name)] = unit }
        }
        add("kg", "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes")
        add("[lb_av]", "lb lbs pound pounds")
        add("[stone_av]", "stone stones")
        add("g", "g gram grams gramme grammes")
        add("mg", "mg milligram milligrams")
        add("ug", "mcg µg μg microgram micrograms")
        add("L", "l litre litres liter liters")
        add("mL", "ml mls mil mils millilitre millilitres milliliter milliliters")
        add("mmol", "mmol mmols millimole millimoles")
        add("umol", "µmol μmol umol micromole micromoles")
        add("m", "metre metres meter meters")
        add("cm", "cm centimetre centimetres centimeter centimeters")
        add("mm", "mm millimetre millimetres millimeter millimeters")
        add("km", "km kilometre kilometres kilometer kilometers")
        add("[mi_i]", "mile miles")
        add("[ft_i]", "foot feet")
        add("[in_i]", "inch inches")
        add("Cel", "degrees degree celsius")
        add("%", "percent")
        add("s", "second seconds sec secs")
        add("min", "minute minutes min mins")
        add("h", "hour hours hr hrs")
        add("d", "day days")
        add("wk", "week weeks")
        add("mo", "month months")
        add("a", "year years yr yrs")
        add("{beats}", "beats")
        add("{breaths}", "breaths")
        add("[IU]", "units iu")
        add("[USD]", "dollar dollars")
        add("[EUR]", "euro euros")
        return table
    }()

    private static let currencies: [Character: String] = ["$": "[USD]", "€": "[EUR]", "£": "[GBP]"]

    /// What may follow "per" or a slash.
    private static let denominators: [String: String] = [
        "l": "L", "litre": "L", "liter": "L", "dl": "dL", "decilitre": "dL", "ml": "mL", "millilitre": "mL",
        "min": "min",
        "minute": "min", "hour": "h", "h": "h", "second": "s", "kg": "kg", "kilogram": "kg", "kilo": "kg", "day": "d",
        "week": "wk", "month": "mo", "year": "a", "mol": "mol", "mole": "mol",
    ]

    /// The quantities of a text, in order; they don't overlap.
    static func quantities(in tokens: [SpokenToken]) -> [MeasuredQuantity] {
        let reader = DoseReader(tokens)
        var found: [MeasuredQuantity] = []
        var index = 0
        while index < tokens.count {
            if let quantity = quantity(at: index, reader) {
                let range = tokens[index].range.lowerBound..<tokens[quantity.end - 1].range.upperBound
                let value = quantity.value
                found.append(MeasuredQuantity(range: range, low: value.low, high: value.high, unit: value.unit))
                index = quantity.end
            } else if let number = reader.number(at: index) {
                index = max(number.end, index + 1)
            } else {
                index += 1
            }
        }
        return found
    }

    private struct Value {
        var low: Double
        var high: Double
        var unit: String
    }

    private static func quantity(at start: Int, _ reader: DoseReader) -> DoseReader.Reading<Value>? {
        let tokens = reader.tokens
        if case .sign(let sign) = tokens[start].kind, let currency = currencies[sign],
            let number = reader.range(at: start + 1)
        {
            return .init(value: Value(low: number.value.low, high: number.value.high, unit: currency), end: number.end)
        }
        var value: DoseReader.Range
        var index: Int
        if let number = reader.range(at: start) {
            (value, index) = (number.value, number.end)
            if let pressure = pressure(number, reader) { return pressure }
        } else if reader.any(["a", "an"], at: start) != nil, let name = reader.word(start + 1), name.count > 3,
            ["minute", "hour", "week", "fortnight", "month", "year"].contains(name)
        {
            // "an hour", "a week": as long as it is a time that something takes.
            guard reader.any(["for", "in", "within", "after", "about", "over"], at: start - 1) != nil else {
                return nil
            }
            (value, index) = (DoseReader.Range(low: 1, high: 1), start + 1)
        } else {
            return nil
        }
        if value.high < 1, let of = reader.phrase("of", at: index) { index = of }
        if value.high < 1, let article = reader.any(["a", "an"], at: index) { index = article }
        if reader.sign("-", at: index) { index += 1 }
        if reader.sign("%", at: index) {
            return .init(value: Value(low: value.low, high: value.high, unit: "%"), end: index + 1)
        }
        if reader.sign("°", at: index) { index += 1 }
        if let per = reader.phrase("per", "cent", at: index) {
            return .init(value: Value(low: value.low, high: value.high, unit: "%"), end: per)
        }
        if let mercury = reader.phrase("millimetres", "of", "mercury", at: index) ?? reader.phrase("mmhg", at: index) {
            return .init(value: Value(low: value.low, high: value.high, unit: "mm[Hg]"), end: mercury)
        }
        guard !reader.isInsideFigure(start), let name = reader.word(index),
            var unit = units[name] ?? (name == "c" && reader.sign("°", at: index - 1) ? "Cel" : nil)
        else { return nil }
        // Units of drink and of blood are no international ones.
        if unit == "[IU]", let of = reader.phrase("of", at: index + 1), let thing = reader.word(of),
            DoseLexicon.foods.contains(thing)
        {
            unit = "{unit}"
        }
        // "the second", "a degree in pharmacy": a number must precede, and does.
        var end = index + 1
        if unit == "Cel" { end = reader.any(["celsius", "centigrade", "c"], at: end) ?? end }
        if unit == "a" || unit == "mo" || unit == "wk" {
            end = reader.phrase("old", at: end) ?? reader.phrase("of", "age", at: end) ?? end
        }
        if reader.sign("-", at: end), unit == "a", let old = reader.phrase("old", at: end + 1) { end = old }
        let isSlash = reader.sign("/", at: end)
        if let per = isSlash ? end + 1 : reader.any(["per", "a", "an", "each"], at: end), let below = reader.word(per),
            let denominator = denominators[below]
        {
            unit += "/" + denominator
            end = per + 1
        }
        if value.low < 0 { value.low = 0 }
        return .init(value: Value(low: value.low, high: value.high, unit: unit), end: end)
    }

    /// "140 over 90", "140/90": a blood pressure.
    private static func pressure(_ first: DoseReader.Reading<DoseReader.Range>, _ reader: DoseReader)
        -> DoseReader.Reading<Value>?
    {
        let joined = reader.sign("/", at: first.end) ? first.end + 1 : reader.phrase("over", at: first.end)
        guard let joined, let second = reader.number(at: joined), first.value.low == first.value.high,
            (70...260).contains(first.value.high), (30...150).contains(second.value), second.value < first.value.high
        else { return nil }
        let end = reader.phrase("mmhg", at: second.end) ?? reader.phrase("millimetres", "of", "mercury", at: second.end)
        return .init(value: Value(low: second.value, high: first.value.high, unit: "mm[Hg]"), end: end ?? second.end)
    }
}
