// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain

/// What a word that names a unit stands for.
struct QuantityUnit: Sendable {
    /// What is measured.
    var kind: Quantity.Kind
    /// How many base units it is.
    var factor: Double
    /// What is added after that: degrees do not all begin at the same cold.
    var offset = 0.0
    /// The system of units, as between systems values are rounded; of ``Quantity/Kind/other`` what is measured.
    var name: String

    static let bare = QuantityUnit(kind: .bare, factor: 1, name: "")
    static let percent = QuantityUnit(kind: .percent, factor: 1, name: "%")
    static let celsius = QuantityUnit(kind: .temperature, factor: 1, name: "Cel")
    /// 9/5 of a degree, from 32 on (NIST SP 811, appendix B.8).
    static let fahrenheit = QuantityUnit(kind: .temperature, factor: 1 / 1.8, offset: -32 / 1.8, name: "[degF]")
    /// 0 °C is 273.15 K (SI brochure, 2.3.1).
    static let kelvin = QuantityUnit(kind: .temperature, factor: 1, offset: -273.15, name: "K")
    /// Conventional millimetres of mercury (NIST SP 811, appendix B.8).
    static let mercury = QuantityUnit(kind: .pressure, factor: 133.3224, name: "mm[Hg]")

    /// A value in the base unit.
    func base(_ value: Double) -> Double { value * factor + offset }

    /// The unit that a word names, however recognisers write it; nil where it names none.
    ///
    /// - Parameter isAfterDigits: Whether digits stand before it: a single letter is a unit only there.
    static func named(_ name: String, isAfterDigits: Bool = true) -> QuantityUnit? {
        if let measure = DoseLexicon.measures[name] {
            switch measure.unit {
            case .gram: return QuantityUnit(kind: .mass, factor: measure.factor, name: "g")
            case .litre: return QuantityUnit(kind: .volume, factor: measure.factor, name: "L")
            case .mole: return QuantityUnit(kind: .amount, factor: measure.factor, name: "mol")
            default: return QuantityUnit(kind: .activity, factor: measure.factor, name: "IU")
            }
        }
        if let form = DoseLexicon.forms[name] { return QuantityUnit(kind: .forms, factor: 1, name: form.rawValue) }
        if let days = DoseLexicon.periods[name] {
            return QuantityUnit(kind: .time, factor: days, name: name.hasPrefix("mo") ? "mo" : "d")
        }
        if let unit = table[name] {
            if !isAfterDigits, name.utf8.count == 1 || onlyAfterDigits.contains(name) { return nil }
            return unit
        }
        return misheard[name].flatMap { named($0, isAfterDigits: isAfterDigits) }
    }

    /// "One foot" has toes.
    private static let onlyAfterDigits: Set<String> = [
        "foot", "feet", "yard", "yards", "stone", "stones", "bar", "bars",
    ]

    /// All words that name a unit, but for misspellings; those of doses first.
    static let names: [String] = {
        let doses = Set(DoseLexicon.measures.keys).union(DoseLexicon.forms.keys).union(DoseLexicon.periods.keys)
        return doses.sorted() + Set(table.keys).subtracting(doses).sorted()
    }()

    /// Factors are exact (SI brochure; NIST SP 811, appendix B.8) but for calories of food, which are thermochemical
    /// kilocalories in every language that people talk, and pounds a square inch.
    private static let table: [String: QuantityUnit] = {
        var table: [String: QuantityUnit] = [:]
        func add(_ kind: Quantity.Kind, _ factor: Double, _ name: String, _ words: String) {
            for word in words.split(separator: " ") {
                table[String(word)] = QuantityUnit(kind: kind, factor: factor, name: name)
            }
        }
        add(.mass, 1_000, "g", "kg kgs kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes")
        add(.mass, 1e-3, "g", "miligram miligrams milligramm miligramos miligramo milligrammes mgr")
        add(.mass, 1e-6, "g", "mikrogramm microgramos microgramo microgrammes")
        add(.mass, 1, "g", "gramm gramos gramo grammes")
        add(.mass, 1e6, "g", "tonne tonnes")
        add(.mass, 453.59237, "[lb_av]", "lb lbs pound pounds")
        add(.mass, 6_350.29318, "[lb_av]", "stone stones")
        add(.mass, 28.349523125, "[lb_av]", "oz ounce ounces")
        add(.volume, 1e-3, "L", "milliliter mililitros mililitro millilitres")
        add(.volume, 1e-2, "L", "cl centilitre centilitres")
        add(.volume, 0.1, "L", "dl decilitre decilitres")
        add(.amount, 1, "mol", "mol mols mole moles")
        add(.time, 1.0 / 86_400_000, "d", "ms millisecond milliseconds")
        add(.time, 1.0 / 86_400, "d", "s second seconds sec secs sekunden sekunde segundos segundo secondes seconde")
        add(.time, 1.0 / 1_440, "d", "minuten minute minutos minuto")
        add(.time, 1.0 / 24, "d", "stunden stunde horas hora heures heure")
        add(.time, 1, "d", "tage tag tagen dias día días dia jours jour")
        add(.time, 7, "d", "wochen woche semanas semana semaines semaine")
        add(.time, 30, "mo", "monate monat monaten meses mes mois")
        add(.time, 365, "d", "jahre jahr jahren años año anos ans an yr yrs")
        add(.time, 3_650, "d", "decade decades")
        add(.time, 36_500, "d", "century centuries")
        add(.forms, 1, "tablet", "tabletten tablette comprimidos comprimido pastillas comprimés comprimé hübe hub")
        add(.forms, 1, "dose", "doses")
        add(.percent, 1, "%", "percent prozent")
        add(.temperature, 1, "Cel", "degrees degree celsius centigrade c grad grados degrés")
        add(.length, 1e-9, "m", "nm nanometre nanometres nanometer nanometers")
        add(.length, 1e-6, "m", "µm μm micron microns micrometre micrometres micrometer micrometers")
        add(.length, 1e-3, "m", "mm millimetre millimetres millimeter millimeters")
        add(.length, 1e-2, "m", "cm centimetre centimetres centimeter centimeters zentimeter")
        add(.length, 1, "m", "m metre metres meter meters")
        add(.length, 1e3, "m", "km kms kilometre kilometres kilometer kilometers")
        add(.length, 0.0254, "[in_i]", "inch inches")
        add(.length, 0.3048, "[in_i]", "foot feet ft")
        add(.length, 0.9144, "[in_i]", "yard yards")
        add(.length, 1_609.344, "[in_i]", "mile miles")
        add(.speed, 1 / 3.6, "m", "kph kmh kmph")
        add(.speed, 0.44704, "[in_i]", "mph")
        add(.speed, 1_852.0 / 3_600, "[kn_i]", "knot knots")
        add(.energy, 1, "J", "j joule joules")
        add(.energy, 1e3, "J", "kj kilojoule kilojoules")
        add(.energy, 1e6, "J", "mj megajoule megajoules")
        add(.energy, 4_184, "kcal", "kcal kcals kilocalorie kilocalories calorie calories cal cals")
        add(.energy, 3.6e6, "J", "kwh")
        add(.pressure, 133.3224, "mm[Hg]", "mmhg")
        add(.pressure, 1, "Pa", "pascal pascals")
        add(.pressure, 1e2, "Pa", "hpa hectopascal hectopascals mbar mbars millibar millibars")
        add(.pressure, 1e3, "Pa", "kpa kilopascal kilopascals")
        add(.pressure, 1e5, "Pa", "bar bars")
        add(.pressure, 101_325, "atm", "atm atmosphere atmospheres")
        add(.pressure, 6_894.757, "[psi]", "psi")
        for (symbol, word) in [("w", "watt"), ("v", "volt"), ("hz", "hertz"), ("n", "newton"), ("ohm", "ohm")] {
            add(.other, 1, word, "\(symbol) \(word) \(word)s")
            add(.other, 1e3, word, "k\(symbol) kilo\(word) kilo\(word)s")
            add(.other, 1e6, word, "mega\(word) mega\(word)s")
            add(.other, 1e-3, word, "milli\(word) milli\(word)s")
        }
        add(.other, 1e-3, "volt", "mv")
        add(.other, 1e6, "hertz", "mhz")
        add(.other, 1e9, "hertz", "ghz gigahertz")
        add(.other, 1, "ampere", "amp amps ampere amperes")
        add(.other, 1e-3, "ampere", "ma milliamp milliamps milliampere milliamperes")
        add(.other, 1, "beats", "beats beat")
        add(.other, 1, "breaths", "breaths breath")
        add(.other, 1, "compressions", "compressions compression")
        add(.frequency, 1_440, "beats", "bpm")
        add(.other, 1, "[USD]", "dollar dollars")
        add(.other, 1, "[EUR]", "euro euros")
        table["an"] = nil
        table["f"] = fahrenheit
        table["fahrenheit"] = fahrenheit
        table["k"] = kelvin
        table["kelvin"] = kelvin
        table["kelvins"] = kelvin
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

    /// How many days a word that names a time or a part of the day repeats after.
    static func period(_ name: String?) -> Double? {
        guard let name else { return nil }
        if let days = DoseLexicon.periods[name] { return days }
        if DoseLexicon.timesOfDay.contains(name), !["lunch", "dinner", "supper", "bed", "breakfast"].contains(name) {
            return 1
        }
        if DoseLexicon.weekdays.contains(name) { return 7 }
        if let unit = table[name], unit.kind == .time { return unit.factor }
        return misheard[name].flatMap { DoseLexicon.periods[$0] }
    }
}
