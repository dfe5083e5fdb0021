// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain

/// Finds the quantities of a text: numbers in digits or words, with their units in one base unit for each kind.
struct QuantityReader {
    private let text: AnswerText
    private let reader: DoseReader
    /// The first token that comes from a token of the source.
    private let first: [Int]

    init(_ text: AnswerText) {
        self.text = text
        reader = DoseReader(text.source)
        var first = [Int](repeating: text.tokens.count, count: text.source.count + 1)
        for (index, token) in text.tokens.enumerated().reversed() { first[token.source] = index }
        self.first = first
    }

    /// The quantities in order; they don't overlap.
    func quantities() -> [Quantity] {
        var found: [Quantity] = []
        var index = 0
        var last = -1
        while index < text.source.count {
            if let (quantity, end) = quantity(at: index) {
                if let joined = found.last?.sharing(unitOf: quantity), last == index - 1,
                    word(last) == "and" || word(last) == "or"
                {
                    found[found.count - 1] = joined
                }
                found.append(quantity)
                index = max(end, index + 1)
                last = index
            } else {
                index += 1
            }
        }
        return found
    }

    // MARK: One quantity

    private func quantity(at start: Int) -> (Quantity, Int)? {
        if let frequency = frequency(at: start) { return frequency }
        guard let (low, high, end) = number(at: start) else { return wordQuantity(at: start) }
        var index = end
        if high < 1 || word(index) == "of" {
            if word(index) == "of" { index += 1 }
            if word(index) == "a" || word(index) == "an" { index += 1 }
        }
        if sign("-", index) { index += 1 }
        if word(index) == "international" { index += 1 }
        // "5 micro grams", "two hundred milli grams"
        if let name = word(index), let prefix = Self.prefixes[name], let next = word(index + 1),
            next.hasPrefix("gram") || next.hasPrefix("lit") || next.hasPrefix("mol")
        {
            let joined = prefix + next
            if let unit = Self.unit(joined) {
                let (whole, end) = perUnit(unit, index + 2)
                return made(whole, low, high, start..<end)
            }
        }
        if let name = word(index), ["and"].contains(name) == false,
            let unit = Self.unit(name) ?? Self.misheard[name].flatMap(Self.unit)
        {
            // "10 mg/kg", "5 mmol per litre"
            if unit.kind == .temperature, Self.fahrenheit.contains(word(index + 1) ?? "") {
                return fahrenheit(low, high, start..<(index + 2))
            }
            let (whole, end) = perUnit(unit, index + 1)
            // "four times a day", "every…" are read as frequencies before.
            return made(whole, low, high, start..<end)
        }
        if sign("%", index) { return made(Unit(kind: .percent, factor: 1, name: "%"), low, high, start..<(index + 1)) }
        if sign("°", index) {
            if Self.fahrenheit.contains(word(index + 1) ?? "") { return fahrenheit(low, high, start..<(index + 2)) }
            let end = ["c", "celsius"].contains(word(index + 1) ?? "") ? index + 2 : index + 1
            return made(Unit(kind: .temperature, factor: 1, name: "Cel"), low, high, start..<end)
        }
        if isIdiom(start, end, low) { return nil }
        return made(Unit(kind: .bare, factor: 1, name: ""), low, high, start..<end)
    }

    /// The unit with what it is counted by, if that is what follows: "per mL", "/h", "a minute", "in a litre".
    private func perUnit(_ unit: Unit, _ index: Int) -> (Unit, end: Int) {
        var end = index
        var isPlain = false
        if sign("/", end) || word(end) == "per" {
            end += 1
            isPlain = true
        } else {
            let isIn = word(end) == "in" || word(end) == "to"
            if isIn { end += 1 }
            guard let article = word(end), ["a", "an", "each"].contains(article) || isIn && article == "the" else {
                return (unit, index)
            }
            end += 1
            // "5 mg an hour before" and "another tablet in an hour" say when.
            let isTime = Self.denominators[word(end) ?? ""]?.kind == .time
            if isTime, isIn && unit.kind != .amount || Self.relatives.contains(word(end + 1) ?? "") {
                return (unit, index)
            }
            guard isTime || [.mass, .amount, .activity].contains(unit.kind) else { return (unit, index) }
        }
        guard let name = word(end), let below = Self.denominators[name],
            isPlain || [.mass, .volume, .amount, .activity].contains(unit.kind)
                || unit.kind == .other && below.kind == .time
        else { return (unit, index) }
        let whole = Unit(kind: .other, factor: unit.factor / below.factor, name: unit.name + "/" + below.name)
        return (whole, end + 1)
    }

    private static let fahrenheit: Set<String> = ["f", "fahrenheit"]

    private func fahrenheit(_ low: Double, _ high: Double, _ range: Range<Int>) -> (Quantity, Int) {
        let unit = Unit(kind: .temperature, factor: 1, name: "Cel")
        var (quantity, end) = made(unit, (low - 32) / 1.8, (high - 32) / 1.8, range)
        quantity.said = min(low, high)...max(low, high)
        return (quantity, end)
    }

    /// "a gram", "an hour", "a quarter of an hour" begin with no numeral.
    private func wordQuantity(at start: Int) -> (Quantity, Int)? {
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
        guard let name = word(index), name.count > 3 || value < 1, let unit = Self.unit(name), unit.kind != .forms,
            unit.name != "IU", unit.kind != .temperature
        else { return nil }
        // "a day" after a number of times is read with it; alone it says how often or how long.
        if value == 1, unit.kind == .time,
            !["for", "in", "at", "within", "after", "about", "over", "every", "per", "last", "lasts"].contains(
                word(start - 1) ?? ""),
            word(index + 1) != "after", word(index + 1) != "later"
        {
            return nil
        }
        return made(unit, value, value, start..<(index + 1))
    }

    /// "one", "no one", "second" and the like are seldom quantities.
    private func isIdiom(_ start: Int, _ end: Int, _ value: Double) -> Bool {
        guard text.source[start].number == nil else { return false }
        // "the two", "one of them", "that one", "day one"
        if end == start + 1, value <= 2 { return true }
        if value < 1, value > 0, !(start..<end).contains(where: { word($0) == "point" }) { return true }
        return false
    }

    private func number(at start: Int) -> (Double, Double, Int)? {
        if let words = ForeignNumber.value(word(start) ?? "", language: text.language) {
            return (words, words, start + 1)
        }
        if let digits = spelledDigits(at: start) { return digits }
        guard let reading = reader.range(at: start) else { return nil }
        // "2 x 500 mg", "two 500 milligram tablets": the product is what is taken.
        return (reading.value.low, reading.value.high, reading.end)
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

    private static let digitNames = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ]

    private func made(_ unit: Unit, _ low: Double, _ high: Double, _ range: Range<Int>) -> (Quantity, Int) {
        let tokens =
            first[range.lowerBound]..<max(first[range.lowerBound], first[min(range.upperBound, first.count - 1)])
        var quantity = Quantity(
            kind: unit.kind, low: low * unit.factor, high: high * unit.factor, said: min(low, high)...max(low, high),
            unit: unit.name, tokens: tokens)
        if let digit = word(range.lowerBound), Self.digitNames.dropFirst().contains(digit), low == high, low >= 120,
            let rest = reader.number(at: range.lowerBound + 1), rest.value >= 20, rest.value < 100
        {
            quantity.alternative = rest.value * unit.factor
        }
        return (quantity, range.upperBound)
    }

    // MARK: How often

    private func frequency(at start: Int) -> (Quantity, Int)? {
        guard let said = word(start) ?? (text.source[start].number.map { _ in "#" }) else { return nil }
        // "daily", "weekly", "nightly", "bd"; "fortnightly"
        if let days = Self.adverbs[said] {
            if said == "daily" || said == "weekly" || said == "monthly" {
                // "once daily" begins with once, below.
                return times(1, 1, days: days, start..<(start + 1))
            }
            return times(Self.many[said] ?? 1, Self.many[said] ?? 1, days: days, start..<(start + 1))
        }
        // "day in, day out"
        if said == "day", word(start + 1) == "in" {
            let out = sign(",", start + 2) ? start + 3 : start + 2
            if word(out) == "day", word(out + 1) == "out" { return times(1, 1, days: 1, start..<(out + 2)) }
        }
        // "every 6 hours", "every day", "every other day", "each week", "every morning"
        if Self.every.contains(said) {
            if word(start + 1) == "other" || word(start + 1) == "second", let days = Self.period(word(start + 2)) {
                return times(1, 1, days: 2 * days, start..<(start + 3))
            }
            if let days = Self.period(word(start + 1)) { return times(1, 1, days: days, start..<(start + 2)) }
            if word(start + 1) == "single", let days = Self.period(word(start + 2)) {
                return times(1, 1, days: days, start..<(start + 3))
            }
            if word(start + 1) == "few" || said == "each" { return nil }
            if let number = number(at: start + 1), let days = Self.period(word(number.2)), number.0 > 0 {
                let quantity = times(1 / (number.1 * days), 1 / (number.0 * days), days: 1, start..<(number.2 + 1))
                return (
                    Quantity(
                        kind: .frequency, low: quantity.0.low, high: quantity.0.high,
                        said: number.0...max(number.0, number.1), unit: "every", tokens: quantity.0.tokens), quantity.1
                )
            }
            return nil
        }
        // "once", "twice", "three times", "4 times", "one dose"
        var low: Double
        var high: Double
        var index: Int
        if let count = Self.counts[said] {
            (low, high, index) = (count, count, start + 1)
            if word(index) == "or", let next = Self.counts[word(index + 1) ?? ""] {
                (high, index) = (next, index + 2)
            }
        } else if let number = number(at: start), let times = word(number.2), Self.times.contains(times) {
            (low, high, index) = (number.0, number.1, number.2 + 1)
        } else {
            return spaced(at: start)
        }
        if ["in", "per", "a", "an", "each", "every", "at"].contains(word(index) ?? "")
            || Self.every.contains(word(index) ?? "")
        {
            index += 1
            if ["the", "a", "an", "each", "every", "any", "one"].contains(word(index) ?? "") { index += 1 }
        } else if word(index) == "the", Self.period(word(index + 1)) != nil {
            index += 1
        } else if Self.perForeign.contains(word(index) ?? "") {
            index += 1
            if ["la", "le", "el", "den", "die", "der"].contains(word(index) ?? "") { index += 1 }
        }
        if let name = word(index), let days = Self.adverbs[name] ?? Self.period(name) {
            return times(low, high, days: days, start..<(index + 1))
        }
        if let number = number(at: index), let days = Self.period(word(number.2)), number.1 > 0 {
            return times(low, high, days: days * number.1, start..<(number.2 + 1))
        }
        return nil
    }

    /// "six-hourly", "3 monthly", "half-yearly": every six hours, every three months…
    private func spaced(at start: Int) -> (Quantity, Int)? {
        guard let (low, high, end) = word(start) == "half" ? (0.5, 0.5, start + 1) : number(at: start), low > 0 else {
            return nil
        }
        let place = sign("-", end) ? end + 1 : end
        guard let name = word(place), ["hourly", "weekly", "monthly", "yearly"].contains(name),
            let days = Self.adverbs[name], high > 1 || name == "yearly"
        else { return nil }
        var (quantity, last) = times(1 / (high * days), 1 / (low * days), days: 1, start..<(place + 1))
        quantity.said = low...high
        quantity.unit = "every"
        return (quantity, last)
    }

    private func times(_ low: Double, _ high: Double, days: Double, _ range: Range<Int>) -> (Quantity, Int) {
        let made = made(Unit(kind: .frequency, factor: 1 / days, name: "/d"), low, high, range)
        return made
    }

    private func word(_ index: Int) -> String? { text.source.indices.contains(index) ? text.source[index].word : nil }
    private func sign(_ sign: Character, _ index: Int) -> Bool {
        text.source.indices.contains(index) && text.source[index].isSign(sign)
    }

    // MARK: Words

    /// What a word that names a unit stands for.
    struct Unit: Sendable {
        var kind: Quantity.Kind
        var factor: Double
        var name: String
    }

    /// The unit that a word names.
    static func unit(_ name: String) -> Unit? {
        if let measure = DoseLexicon.measures[name] {
            switch measure.unit {
            case .gram: return Unit(kind: .mass, factor: measure.factor, name: "g")
            case .litre: return Unit(kind: .volume, factor: measure.factor, name: "L")
            case .mole: return Unit(kind: .amount, factor: measure.factor, name: "mol")
            default: return Unit(kind: .activity, factor: measure.factor, name: "IU")
            }
        }
        if let form = DoseLexicon.forms[name] { return Unit(kind: .forms, factor: 1, name: form.rawValue) }
        if let days = DoseLexicon.periods[name] {
            return Unit(kind: .time, factor: days, name: name.hasPrefix("mo") ? "mo" : "d")
        }
        return others[name]
    }

    private static let others: [String: Unit] = {
        var table: [String: Unit] = [:]
        func add(_ kind: Quantity.Kind, _ factor: Double, _ name: String, _ words: String) {
            for word in words.split(separator: " ") {
                table[String(word)] = Unit(kind: kind, factor: factor, name: name)
            }
        }
        add(.mass, 1_000, "g", "kg kgs kilo kilos kilogram kilograms kilogramm")
        add(.mass, 1e-3, "g", "miligram miligrams milligramm miligramos miligramo milligrammes mgr")
        add(.mass, 1e-6, "g", "mikrogramm microgramos microgramo microgrammes")
        add(.mass, 1, "g", "gramm gramos gramo grammes")
        add(.volume, 1e-3, "L", "milliliter mililitros mililitro millilitres")
        add(.volume, 1e-2, "L", "cl centilitre centilitres")
        add(.time, 1.0 / 86_400, "d", "second seconds sec secs sekunden sekunde segundos segundo secondes seconde")
        add(.time, 1.0 / 1_440, "d", "minuten minute minutos minuto")
        add(.time, 1.0 / 24, "d", "stunden stunde horas hora heures heure")
        add(.time, 1, "d", "tage tag tagen dias día días dia jours jour")
        add(.time, 7, "d", "wochen woche semanas semana semaines semaine")
        add(.time, 30, "mo", "monate monat monaten meses mes mois")
        add(.time, 365, "d", "jahre jahr jahren años año anos ans an yr yrs")
        add(.forms, 1, "tablet", "tabletten tablette comprimidos comprimido pastillas comprimés comprimé hübe hub")
        add(.forms, 1, "dose", "doses")
        add(.percent, 1, "%", "percent prozent")
        add(.temperature, 1, "Cel", "degrees degree celsius grad grados degrés")
        add(.other, 1, "mmHg", "mmhg")
        add(.other, 1, "cm", "cm centimetres centimeters centimetre centimeter")
        add(.other, 10, "cm", "")
        add(.other, 1, "beats", "beats bpm")
        add(.other, 1, "breaths", "breaths")
        table["an"] = nil
        return table
    }()

    /// What recognisers make of units.
    private static let misheard: [String: String] = [
        "minuets": "minutes", "ours": "hours", "milligrammed": "milligrams", "weaks": "weeks", "grahams": "grams",
        "grandmas": "grams", "milagrams": "milligrams", "milgrams": "milligrams", "micrograins": "micrograms",
        "megs": "mg", "migs": "mg", "mig": "mg", "meg": "mg", "micro": "micrograms", "millie": "ml", "mills": "ml",
        "dais": "days", "daze": "days", "ower": "hour", "owers": "hours", "tabled": "tablet", "tableds": "tablets",
        "puff's": "puffs", "brams": "grams", "graham": "gram", "unites": "units", "minits": "minutes",
        "minites": "minutes",
    ]

    private static let denominators: [String: Unit] = {
        var table: [String: Unit] = [:]
        func add(_ kind: Quantity.Kind, _ factor: Double, _ name: String, _ words: String) {
            for word in words.split(separator: " ") {
                table[String(word)] = Unit(kind: kind, factor: factor, name: name)
            }
        }
        add(.volume, 1, "L", "l litre liter leeter lighter")
        add(.volume, 1e-3, "L", "ml millilitre milliliter mil mill")
        add(.volume, 0.1, "L", "dl decilitre deciliter")
        add(.mass, 1, "kg", "kg kilogram kilo")
        add(.time, 1, "h", "hour hr h")
        add(.time, 1.0 / 60, "h", "minute min minuet")
        return table
    }()
    /// What makes of "an hour" a time: "5 mg an hour before food".
    private static let relatives: Set<String> = [
        "before", "after", "afterwards", "beforehand", "later", "earlier", "prior", "apart", "ago", "ahead", "or",
        "and",
        "long",
    ]
    /// The beginnings of units, also as recognisers write them.
    private static let prefixes: [String: String] = [
        "micro": "micro", "mikro": "micro", "milli": "milli", "mili": "milli", "milly": "milli", "millie": "milli",
        "mille": "milli", "nano": "nano", "kilo": "kilo",
    ]
    private static let articles: Set<String> = [
        "a", "an", "half", "quarter", "one", "una", "un", "une", "eine", "einen", "another",
    ]
    private static let every: Set<String> = [
        "every", "each", "alle", "jede", "jeden", "jedes", "cada", "chaque", "toutes", "tous", "q",
    ]
    private static let perForeign: Set<String> = ["am", "pro", "in", "al", "por", "a", "par", "à", "der", "im"]
    private static let times: Set<String> = ["times", "time", "x", "mal", "veces", "vez", "fois"]
    private static let counts: [String: Double] = [
        "once": 1, "twice": 2, "thrice": 3, "einmal": 1, "zweimal": 2, "dreimal": 3, "viermal": 4,
    ]
    private static let many: [String: Double] = [
        "bd": 2, "bid": 2, "tds": 3, "tid": 3, "qds": 4, "qid": 4, "täglich": 1, "wöchentlich": 1,
    ]
    private static let adverbs: [String: Double] = [
        "daily": 1, "weekly": 7, "fortnightly": 14, "monthly": 30, "yearly": 365, "annually": 365, "nightly": 1,
        "hourly": 1.0 / 24,
        "bd": 1, "bid": 1, "tds": 1, "tid": 1, "qds": 1, "qid": 1, "täglich": 1, "wöchentlich": 7, "diario": 1,
        "diaria": 1,
        "semanal": 7, "quotidien": 1, "quotidienne": 1, "diariamente": 1, "everyday": 1,
    ]

    private static func period(_ name: String?) -> Double? {
        guard let name else { return nil }
        if let days = DoseLexicon.periods[name] { return days }
        if DoseLexicon.timesOfDay.contains(name), !["lunch", "dinner", "supper", "bed", "breakfast"].contains(name) {
            return 1
        }
        if DoseLexicon.weekdays.contains(name) { return 7 }
        if let unit = others[name], unit.kind == .time { return unit.factor }
        return misheard[name].flatMap { DoseLexicon.periods[$0] }
    }
}

/// Small numbers in words of other languages than English.
enum ForeignNumber {
    static func value(_ word: String, language: String) -> Double? { tables[language]?[word] }

    private static let tables: [String: [String: Double]] = {
        func table(_ words: String) -> [String: Double] {
            var table: [String: Double] = [:]
            for (index, names) in words.split(separator: " ").enumerated() {
                for name in names.split(separator: "|") { table[String(name)] = Double(index + 1) }
            }
            return table
        }
        var de = table("- zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn")
        de.merge([
            "zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "hundert": 100, "fünfhundert": 500,
            "tausend": 1_000, "zweihundert": 200, "sechzig": 60,
        ]) { $1 }
        var es = table("- dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince")
        es.merge([
            "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "cien": 100, "quinientos": 500, "mil": 1_000,
            "doscientos": 200,
        ]) { $1 }
        var fr = table("- deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze")
        fr.merge(["vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "cent": 100, "mille": 1_000]) { $1 }
        return ["de": de, "es": es, "fr": fr]
    }()
}
