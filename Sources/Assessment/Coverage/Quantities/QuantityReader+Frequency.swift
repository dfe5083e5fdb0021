// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

/// How often.
extension QuantityReader {
    func frequency(at start: Int) -> Found? {
        guard source.indices.contains(start),
            let said = word(start) ?? (source[start].number.map { _ in "#" })
        else { return nil }
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
            if word(start + 1) == "other" || word(start + 1) == "second",
                let days = QuantityUnit.period(word(start + 2))
            {
                return times(1, 1, days: 2 * days, start..<(start + 3))
            }
            if let days = QuantityUnit.period(word(start + 1)) { return times(1, 1, days: days, start..<(start + 2)) }
            if ["single", "working", "school"].contains(word(start + 1) ?? ""),
                let days = QuantityUnit.period(word(start + 2))
            {
                return times(1, 1, days: days, start..<(start + 3))
            }
            if word(start + 1) == "few" || said == "each" { return nil }
            if let number = number(at: start + 1), let days = QuantityUnit.period(word(number.2)), number.0 > 0 {
                var every = times(1 / (number.1 * days), 1 / (number.0 * days), days: 1, start..<(number.2 + 1))
                every.quantity.said = number.0...max(number.0, number.1)
                every.quantity.unit = "every"
                return every
            }
            return nil
        }
        if let spaced = spaced(at: start) ?? partsOfDay(at: start) { return spaced }
        // "once", "twice", "three times", "4 times", "one dose"
        var low: Double
        var high: Double
        var index: Int
        var isDoses = false
        if let count = Self.counts[said] {
            (low, high, index) = (count, count, start + 1)
            if word(index) == "or", let next = Self.counts[word(index + 1) ?? ""] {
                (high, index) = (next, index + 2)
            }
        } else if let number = number(at: start), let times = word(number.2),
            Self.times.contains(times) || Self.doses.contains(times)
        {
            (low, high, index) = (number.0, number.1, number.2 + 1)
            isDoses = Self.doses.contains(times)
        } else {
            return nil
        }
        if ["in", "per", "a", "an", "each", "every", "at"].contains(word(index) ?? "")
            || Self.every.contains(word(index) ?? "")
        {
            index += 1
            if ["the", "a", "an", "each", "every", "any", "one"].contains(word(index) ?? "") { index += 1 }
        } else if word(index) == "the", QuantityUnit.period(word(index + 1)) != nil {
            index += 1
        } else if Self.perForeign.contains(word(index) ?? "") {
            index += 1
            if ["la", "le", "el", "den", "die", "der"].contains(word(index) ?? "") { index += 1 }
        }
        if let name = word(index), let days = Self.adverbs[name] ?? QuantityUnit.period(name) {
            return times(low, high, days: days, start..<(index + 1))
        }
        if let number = number(at: index), let days = QuantityUnit.period(word(number.2)), number.1 > 0 {
            return times(low, high, days: days * number.1, start..<(number.2 + 1))
        }
        // "Twice", "three times": how many, of whatever time; "two doses" say no more than how many.
        guard low > 1, !isDoses else { return nil }
        let end = Self.counts[said] == nil ? index : start + 1
        return made(QuantityUnit(kind: .other, factor: 1, name: "times"), low, high, start..<max(end, start + 1))
    }

    /// "six-hourly", "3 monthly", "half-yearly": every six hours, every three months…
    private func spaced(at start: Int) -> Found? {
        guard let (low, high, end) = word(start) == "half" ? (0.5, 0.5, start + 1) : number(at: start), low > 0 else {
            return nil
        }
        let place = sign("-", end) ? end + 1 : end
        guard let name = word(place), ["hourly", "weekly", "monthly", "yearly"].contains(name),
            let days = Self.adverbs[name], high > 1 || name == "yearly"
        else { return nil }
        var found = times(1 / (high * days), 1 / (low * days), days: 1, start..<(place + 1))
        found.quantity.said = low...high
        found.quantity.unit = "every"
        return found
    }

    /// "Morning and evening", "with breakfast and dinner": so many times a day.
    private func partsOfDay(at start: Int) -> Found? {
        var count = 0.0
        var index = start
        while count < 4 {
            var next = index
            if count > 0 {
                if sign(",", next) { next += 1 }
                if word(next) == "and" { next += 1 }
                guard next > index else { break }
            }
            if ["in", "at", "with", "before", "after", "each", "every"].contains(word(next) ?? "") { next += 1 }
            if ["the", "again"].contains(word(next) ?? "") { next += 1 }
            guard let name = word(next), DoseLexicon.timesOfDay.contains(name) else { break }
            index = next + 1
            count += 1
        }
        return count >= 2 ? times(count, count, days: 1, start..<index) : nil
    }

    func times(_ low: Double, _ high: Double, days: Double, _ range: Range<Int>) -> Found {
        made(QuantityUnit(kind: .frequency, factor: 1 / days, name: "/d"), low, high, range)
    }

    private static let every: Set<String> = [
        "every", "each", "alle", "jede", "jeden", "jedes", "cada", "chaque", "toutes", "tous", "q",
    ]
    private static let perForeign: Set<String> = ["am", "pro", "in", "al", "por", "a", "par", "à", "der", "im"]
    private static let doses: Set<String> = ["dose", "doses"]
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
}
