// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

extension DoseReader {
    // MARK: Frequency

    /// How often: "twice a day", "every six hours", "tds", "at night", "up to four times a day".
    func frequency(at start: Int) -> Reading<Dose.Frequency>? {
        if let upTo = phrase("up", "to", at: start), let inner = times(at: upTo) {
            return Reading(value: Dose.Frequency(0, inner.value.high, days: inner.value.days), end: inner.end)
        }
        return times(at: start) ?? interval(at: start) ?? abbreviation(at: start) ?? timeOfDay(at: start)
            ?? perDay(at: start)
    }

    /// "twice a day", "three to four times daily", "3x/day", "once weekly".
    private func times(at start: Int) -> Reading<Dose.Frequency>? {
        // "x 3/day", "3/day", "x3 daily"
        let cross = sign("x", at: start) ? start + 1 : phrase("x", at: start)
        if let count = range(at: cross ?? start), count.value.high <= 24, count.value.low > 0,
            cross != nil || (sign("/", at: count.end) && count.value.high == count.value.high.rounded()),
            let period = perPeriod(at: count.end), period.value >= 1
        {
            return Reading(
                value: Dose.Frequency(count.value.low, count.value.high, days: period.value), end: period.end)
        }
        if let once = phrase("once", at: start), let every = any(["every", "each"], at: once),
            let interval = interval(at: every - 1)
        {
            return interval
        }
        guard let count = numberOfTimes(at: start) else { return nil }
        let index = sign("-", at: count.end) ? count.end + 1 : count.end
        guard let period = perPeriod(at: index) else { return nil }
        return Reading(value: Dose.Frequency(count.value.low, count.value.high, days: period.value), end: period.end)
    }

    /// "once or twice", "thrice", "three times", "3x".
    private func numberOfTimes(at start: Int) -> Reading<Range>? {
        if let once = phrase("once", at: start) {
            if let or = any(["or", "to"], at: once), let twice = phrase("twice", at: or) {
                return Reading(value: Range(low: 1, high: 2), end: twice)
            }
            return Reading(value: Range(low: 1, high: 1), end: once)
        }
        if let twice = phrase("twice", at: start) { return Reading(value: Range(low: 2, high: 2), end: twice) }
        if let thrice = phrase("thrice", at: start) { return Reading(value: Range(low: 3, high: 3), end: thrice) }
        guard let number = range(at: start) else { return nil }
        if sign("x", at: number.end) { return Reading(value: number.value, end: number.end + 1) }
        return any(["times", "time", "x"], at: number.end).map { Reading(value: number.value, end: $0) }
    }

    /// "every six hours", "every other day", "6-hourly", "q6h", "on alternate days", "every Monday".
    private func interval(at start: Int) -> Reading<Dose.Frequency>? {
        if let alternate = phrase("on", "alternate", "days", at: start) ?? phrase("alternate", "days", at: start) {
            return Reading(value: Dose.Frequency(1, 1, days: 2), end: alternate)
        }
        if let every = any(["every", "each"], at: start) {
            if let other = any(["other", "second"], at: every), let day = any(["day", "night", "morning"], at: other) {
                return Reading(value: Dose.Frequency(1, 1, days: 2), end: day)
            }
            if let third = phrase("third", "day", at: every) {
                return Reading(value: Dose.Frequency(1, 1, days: 3), end: third)
            }
            if let weekday = any(DoseLexicon.weekdays, at: every) {
                return Reading(value: Dose.Frequency(1, 1, days: 7), end: weekday)
            }
            if let time = any(["morning", "night", "evening", "afternoon"], at: every) {
                return Reading(value: Dose.Frequency(1, 1, days: 1), end: time)
            }
            return period(at: every).map { Reading(value: Self.frequency(every: $0.value), end: $0.end) }
        }
        if let q = phrase("q", at: start), let hours = range(at: q),
            let unit = any(["h", "hr", "hrs", "hours"], at: hours.end),
            hours.value.low > 0
        {
            let days = Range(low: hours.value.low / 24, high: hours.value.high / 24)
            return Reading(value: Self.frequency(every: days), end: unit)
        }
        if let hours = range(at: start), hours.value.low > 0 {
            let index = sign("-", at: hours.end) ? hours.end + 1 : hours.end
            if let hourly = phrase("hourly", at: index) {
                let days = Range(low: hours.value.low / 24, high: hours.value.high / 24)
                return Reading(value: Self.frequency(every: days), end: hourly)
            }
        }
        return nil
    }

    /// The frequency of an interval in days: times a day for shorter ones, once in so many days for longer ones.
    private static func frequency(every days: Range) -> Dose.Frequency {
        if days.low > 1, days.low == days.high { return Dose.Frequency(1, 1, days: days.low) }
        return Dose.Frequency(Self.rounded(1 / days.high), Self.rounded(1 / days.low), days: 1)
    }

    /// 24 / 6 hours is 4 and not 4.000000000000001.
    private static func rounded(_ value: Double) -> Double { (value * 1e9).rounded() / 1e9 }

    /// "bd", "tds", "b d", "daily", "monthly".
    private func abbreviation(at start: Int) -> Reading<Dose.Frequency>? {
        for letters in [
            ["b", "d"], ["t", "d", "s"], ["q", "d", "s"], ["b", "i", "d"], ["t", "i", "d"], ["q", "i", "d"],
            ["o", "d"],
        ] {
            guard letters.indices.allSatisfy({ word(start + $0) == letters[$0] }),
                let frequency = DoseLexicon.frequencies[letters.joined()]
            else { continue }
            return Reading(value: frequency, end: start + letters.count)
        }
        guard let name = word(start), let frequency = DoseLexicon.frequencies[name] else { return nil }
        if DoseLexicon.shortFrequencies.contains(name) || sign("/", at: start + 1) { return nil }
        if name == "daily", let parts = dividedDoses(at: start + 1) {
            return Reading(value: Dose.Frequency(parts.value, parts.value, days: 1), end: parts.end)
        }
        return Reading(value: frequency, end: start + 1)
    }

    /// "om", "on", "hs": in the morning, at night; words of their own too, so only behind an amount where nothing but another
    /// direction or the end follows.
    func shortFrequency(at start: Int) -> Reading<Dose.Frequency>? {
        guard let name = word(start), DoseLexicon.shortFrequencies.contains(name),
            let frequency = DoseLexicon.frequencies[name]
        else { return nil }
        if name == "on", let next = word(start + 1), DoseLexicon.routes[next] == nil, asNeeded(at: start + 1) == nil,
            duration(at: start + 1) == nil, !["and", "then"].contains(next)
        {
            return nil
        }
        if name == "on", tokens.indices.contains(start + 1), tokens[start + 1].number != nil { return nil }
        return Reading(value: frequency, end: start + 1)
    }

    /// "in two divided doses": how many.
    func dividedDoses(at start: Int) -> Reading<Double>? {
        guard let inside = phrase("in", at: start), let count = number(at: inside), count.value >= 2 else { return nil }
        var index = count.end
        if let equal = any(["equally", "equal"], at: index) { index = equal }
        if let divided = phrase("divided", at: index) { index = divided }
        guard let doses = any(["doses", "portions"], at: index) else { return nil }
        return Reading(value: count.value, end: doses)
    }

    /// "in the morning", "at night", "before bed", "morning and night".
    func timeOfDay(at start: Int) -> Reading<Dose.Frequency>? {
        guard var end = oneTimeOfDay(at: start) else { return nil }
        // "at eight in the morning and eight at night"; "one in the morning and one at night" are tablets.
        let isClock = clockTime(at: start, isFirst: true) != nil
        var times = 1.0
        while times < 4 {
            var index = end
            if sign(",", at: index) { index += 1 }
            if let and = phrase("and", at: index) { index = and }
            guard index > end,
                let next = oneTimeOfDay(at: index) ?? (isClock ? clockTime(at: index, isFirst: false) : nil)
            else { break }
            end = next
            times += 1
        }
        return Reading(value: Dose.Frequency(times, times, days: 1), end: end)
    }

    /// "at eight in the morning", "at 8 am", "8pm", "at 20:00", "at ten o'clock".
    private func clockTime(at start: Int, isFirst: Bool) -> Int? {
        let at = phrase("at", at: start)
        guard at != nil || !isFirst, let hour = number(at: at ?? start), hour.value <= 24,
            hour.value == hour.value.rounded()
        else { return nil }
        var end = hour.end
        var isTime = false
        if sign(":", at: end), let minutes = number(at: end + 1), minutes.value < 60 {
            end = minutes.end
            isTime = true
        }
        if let clock = phrase("o'clock", at: end) {
            end = clock
            isTime = true
        }
        if let half = any(["am", "pm"], at: end) { return half }
        if let part = any(["in", "at"], at: end),
            let time = any(["morning", "evening", "afternoon", "night"], at: phrase("the", at: part) ?? part)
        {
            return time
        }
        return isTime ? end : nil
    }

    private func oneTimeOfDay(at start: Int) -> Int? {
        if let clock = clockTime(at: start, isFirst: true) { return clock }
        var index = start
        let joined = any(["in", "at", "before", "with", "after", "each", "every"], at: index)
        if let joined { index = joined }
        if let the = any(["the", "going"], at: index), joined != nil { index = the }
        if let to = phrase("to", at: index), joined != nil { index = to }
        guard let time = word(index), DoseLexicon.timesOfDay.contains(time) else { return nil }
        // "with breakfast" is a time; the bare names of meals are not.
        if joined == nil, !["morning", "night", "bedtime", "evening", "noon"].contains(time) { return nil }
        if time == "bed", joined == nil { return nil }
        return index + 1
    }

    /// "a day", "per day", "/day", "each day".
    private func perDay(at start: Int) -> Reading<Dose.Frequency>? {
        guard let period = perPeriod(at: start), period.value >= 1, word(start) != "in", word(start) != "over",
            word(start) != "within"
        else { return nil }
        // "/24h" behind a number is what the number is for.
        if let parts = dividedDoses(at: period.end) {
            return Reading(value: Dose.Frequency(parts.value, parts.value, days: period.value), end: parts.end)
        }
        return Reading(value: Dose.Frequency(1, 1, days: period.value), end: period.end)
    }

    // MARK: Conditions

    /// "as needed", "when required", "prn", "when you need it".
    func asNeeded(at start: Int) -> Int? {
        if let prn = phrase("prn", at: start) ?? phrase("p", "r", "n", at: start) { return prn }
        guard let joined = any(["as", "when", "if", "whenever"], at: start) else { return nil }
        if let needed = any(["needed", "required", "necessary"], at: joined) { return needed }
        guard let who = any(["you", "she", "he", "they", "it's", "it", "i", "we"], at: joined) else { return nil }
        let verb = phrase("is", at: who) ?? who
        guard let need = any(["need", "needs", "require", "requires", "needed", "required"], at: verb) else {
            return nil
        }
        return any(["it", "them", "one"], at: need) ?? need
    }

    /// "as a single dose", "stat", "once", "now".
    func single(at start: Int) -> Int? {
        if let single = phrase("as", "a", "single", "dose", at: start) ?? phrase("as", "a", "one", at: start) {
            return phrase("off", at: single) ?? (sign("-", at: single) ? phrase("off", at: single + 1) : single)
        }
        if let once = phrase("just", "once", at: start) ?? phrase("only", "once", at: start) { return once }
        if let away = phrase("straight", "away", at: start) ?? phrase("right", "away", at: start) { return away }
        if let off = phrase("as", "a", "one", "-", at: start) { return off }
        if let stat = phrase("stat", at: start) { return phrase("dose", at: stat) ?? stat }
        return any(["immediately", "now", "once", "straightaway"], at: start)
    }

    // MARK: Route

    /// "orally", "by mouth", "under the skin", "in each nostril", "via nebuliser", "to the skin".
    func route(at start: Int) -> Reading<Dose.Route>? {
        if let name = word(start), let route = DoseLexicon.routes[name] { return Reading(value: route, end: start + 1) }
        if phrase("s", at: start) != nil, sign("/", at: start + 1), let end = any(["l", "c"], at: start + 2) {
            return Reading(value: word(start + 2) == "l" ? .sublingual : .subcutaneous, end: end)
        }
        if let side = any(["both", "each", "left", "right", "affected"], at: start), let place = word(side),
            let route = DoseLexicon.places[place]
        {
            return Reading(value: route, end: side + 1)
        }
        for (letters, route) in [
            (["p", "o"], Dose.Route.oral), (["i", "v"], .intravenous), (["i", "m"], .intramuscular),
        ]
        where letters.indices.allSatisfy({ word(start + $0) == letters[$0] }) {
            return Reading(value: route, end: start + letters.count)
        }
        guard let joined = any(["by", "in", "into", "under", "to", "via", "through", "onto", "on", "per"], at: start)
        else {
            return nil
        }
        var index = joined
        for _ in 0..<3 {
            guard let place = word(index) else { return nil }
            if let route = DoseLexicon.places[place] { return Reading(value: route, end: index + 1) }
            if place == "skin" {
                let route: Dose.Route = word(start) == "under" ? .subcutaneous : .transdermal
                return Reading(value: route, end: index + 1)
            }
            guard
                any(
                    ["the", "your", "each", "both", "affected", "left", "right", "a", "his", "her", "one", "outer"],
                    at: index) != nil
            else { return nil }
            index += 1
        }
        return nil
    }

    // MARK: Duration and maximum

    /// "for seven days", "for a week", "for 5 to 7 days".
    func duration(at start: Int) -> Reading<ClosedRange<Double>>? {
        if let fraction = daysOverSeven(at: start) { return fraction }
        guard var until = any(["for", "over"], at: start) else { return nil }
        let upTo = phrase("up", "to", at: until)
        if let upTo { until = upTo }
        guard let period = period(at: until), period.value.low >= 1 else {
            return nil
        }
        return Reading(value: (upTo == nil ? period.value.low : 0)...period.value.high, end: period.end)
    }

    /// "5/7", "for 2/52", "3/12": days, weeks and months as British prescriptions write them.
    private func daysOverSeven(at start: Int) -> Reading<ClosedRange<Double>>? {
        let joined = any(["for", "x"], at: start)
        let index = joined ?? start
        guard tokens.indices.contains(index + 2), let count = tokens[index].number, sign("/", at: index + 1),
            let below = tokens[index + 2].number, count >= 1, count == count.rounded(), !sign("/", at: index + 3),
            tokens[index].range.upperBound == tokens[index + 1].range.lowerBound
        else { return nil }
        let days: Double? =
            switch below {
            case 7 where count <= 31: 1
            case 52 where count <= 52: 7
            case 12 where count <= 24: 30
            default: nil
            }
        return days.map { Reading(value: (count * $0)...(count * $0), end: index + 3) }
    }

    /// "with food", "after meals", "on an empty stomach": says nothing about how much or how often.
    func meal(at start: Int) -> Int? {
        if let latin = any(["ac", "pc"], at: start) { return latin }
        guard let joined = any(["with", "after", "before", "on", "without"], at: start) else { return nil }
        let article = any(["a", "an", "or", "your", "each", "every"], at: joined) ?? joined
        if let stomach = phrase("empty", "stomach", at: article) { return stomach }
        return any(["food", "meals", "meal", "eating", "water", "milk"], at: article)
    }

    /// "seven day course of", "5-day course".
    func course(at start: Int) -> Reading<ClosedRange<Double>>? {
        guard let period = period(at: start), period.value.low >= 1, let course = phrase("course", at: period.end)
        else {
            return nil
        }
        return Reading(value: period.value.low...period.value.high, end: phrase("of", at: course) ?? course)
    }

    // MARK: What an amount is for

    /// "/kg", "per kilogram of body weight", "/m2", "per square metre".
    func bodyMeasure(at start: Int) -> Reading<Dose.BodyMeasure>? {
        let index: Int
        if sign("/", at: start) {
            index = start + 1
        } else if let per = any(["per", "a", "each"], at: start) {
            index = per
        } else {
            return nil
        }
        if let square = phrase("square", at: index), let metre = any(["metre", "meter"], at: square) {
            return Reading(value: .squareMetre, end: metre)
        }
        if let metre = any(["m", "metre", "meter"], at: index) {
            let isSquare = tokens.indices.contains(metre) && tokens[metre].number == 2
            guard isSquare || sign("²", at: metre) || phrase("squared", at: metre) != nil else { return nil }
            return Reading(value: .squareMetre, end: metre + 1)
        }
        guard let kilogram = any(["kg", "kilo", "kilogram", "kilogramme", "kilos"], at: index) else { return nil }
        let end =
            phrase("of", "body", "weight", at: kilogram) ?? phrase("body", "weight", at: kilogram)
            ?? phrase("of", "bodyweight", at: kilogram) ?? kilogram
        return Reading(value: .kilogram, end: end)
    }

    /// "per puff", "/tablet": the token behind what a strength is of.
    func perForm(at start: Int) -> Int? {
        guard sign("/", at: start) || word(start) == "per", let name = word(start + 1),
            DoseLexicon.forms[name] != nil || name == "actuation"
        else { return nil }
        return start + 2
    }

    /// "/5 mL", "per mL", "in five mils": a volume in litres. A bare litre is what laboratories report by.
    func perVolume(at start: Int) -> Reading<Double>? {
        var index = start
        if sign("/", at: index) {
            index += 1
        } else if let per = any(["per", "in"], at: index) {
            index = per
        } else {
            return nil
        }
        if let quantity = measured(at: index), quantity.value.unit == .litre, quantity.value.low == quantity.value.high,
            quantity.value.low > 0
        {
            return Reading(value: quantity.value.low, end: quantity.end)
        }
        guard let name = word(index), let measure = DoseLexicon.measures[name], measure.unit == .litre else {
            return nil
        }
        return Reading(value: measure.factor, end: index + 1)
    }

    /// "per hour", "/min", "an hour", "over eight hours": hours.
    func perTime(at start: Int) -> Reading<Double>? {
        guard let period = perPeriod(at: start), period.value < 1 else { return nil }
        return Reading(value: period.value * 24, end: period.end)
    }
}
