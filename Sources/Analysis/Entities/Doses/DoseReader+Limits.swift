// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

extension DoseReader {
    /// "a maximum of 4 g a day", "no more than eight in 24 hours", "do not exceed 4 g per day", "up to 4 g a day", "max 8/24h".
    func maximum(at start: Int) -> Reading<Dose.Maximum>? {
        guard let words = limitWords(at: start) else { return nil }
        var index = words.end
        // "up to four times a day" says how often.
        let doses = words.needsPeriod ? nil : numberOfDoses(at: index)
        guard
            let quantity = measured(at: index) ?? counted(at: index) ?? several(at: index) ?? doses
                ?? numberOfItems(at: index),
            !isInsideFigure(index)
        else { return nil }
        index = quantity.end
        var maximum = Dose.Maximum(quantity: quantity.value)
        if let body = bodyMeasure(at: index) {
            maximum.body = body.value
            index = body.end
        }
        if let period = perPeriod(at: afterName(at: index)) {
            maximum.days = period.value
            index = period.end
        } else if words.isDaily {
            maximum.days = 1
        } else if words.needsPeriod || quantity.value.unit == .item || sign("/", at: index) {
            return nil
        }
        return Reading(value: maximum, end: index)
    }

    /// "three 10 mg tablets": what they are together.
    private func several(at start: Int) -> Reading<Dose.Quantity>? {
        guard let count = multiplier(at: start), let strength = measured(at: count.end), let name = word(strength.end),
            DoseLexicon.forms[name] != nil
        else { return nil }
        let together = strength.value.times(Dose.Quantity(count.value.low, count.value.high, .item))
        return Reading(value: together, end: strength.end + 1)
    }

    /// "four doses" of "no more than four doses a day".
    private func numberOfDoses(at start: Int) -> Reading<Dose.Quantity>? {
        guard let count = number(at: start), let doses = any(["doses", "dose", "times"], at: count.end) else {
            return nil
        }
        return Reading(value: Dose.Quantity(count.value, count.value, .dose), end: doses)
    }

    /// "eight" of "no more than eight a day".
    private func numberOfItems(at start: Int) -> Reading<Dose.Quantity>? {
        guard let count = number(at: start), count.value > 0, count.value <= 40, count.value == count.value.rounded(),
            any(["times", "time"], at: count.end) == nil
        else { return nil }
        return Reading(value: Dose.Quantity(count.value, count.value, .item), end: count.end)
    }

    /// The token behind "of it", "of paracetamol", if a time follows there.
    private func afterName(at start: Int) -> Int {
        guard let of = phrase("of", at: start) else { return start }
        for end in (of + 1)...(of + 3) where word(end - 1) != nil {
            if perPeriod(at: end) != nil { return end }
        }
        return start
    }

    private struct LimitWords {
        var end: Int
        /// Whether the words say "daily".
        var isDaily = false
        /// Whether they are a limit only if a time follows: "up to 4 g a day", against "up to 4 g".
        var needsPeriod = false
    }

    private func limitWords(at start: Int) -> LimitWords? {
        if let upTo = phrase("up", "to", at: start) {
            let article = any(["a", "the"], at: upTo) ?? upTo
            return named(at: article) ?? LimitWords(end: upTo, needsPeriod: true)
        }
        if let named = named(at: any(["a", "with"], at: start) ?? start) { return named }
        for limit in Self.limits where limit.indices.allSatisfy({ word(start + $0) == limit[$0] }) {
            return LimitWords(end: start + limit.count)
        }
        if let more = phrase("more", "than", at: start), isNegated(before: start) { return LimitWords(end: more) }
        return mostYouCan(at: start)
    }

    private static let limits = [
        "no more than", "not more than", "never more than", "not to exceed", "not exceeding", "without exceeding",
        "do not exceed", "not exceed", "don't exceed", "never exceed", "at most",
    ].map { $0.split(separator: " ").map(String.init) }

    /// "max", "daily maximum of", "total daily maximum", "maximum daily dose is", "limit is".
    private func named(at start: Int) -> LimitWords? {
        var index = start
        var isDaily = false
        if let total = phrase("total", at: index) { index = total }
        if let daily = phrase("daily", at: index) {
            index = daily
            isDaily = true
        }
        guard let name = any(["max", "maximum", "limit"], at: index) else { return nil }
        // A limit is more than a dose's only with a verb: "the limit is 4 g".
        if word(index) == "limit", any(["is", "of"], at: name) == nil { return nil }
        var words = LimitWords(end: name, isDaily: isDaily)
        if word(index) == "max", sign(".", at: words.end) { words.end += 1 }
        if let daily = phrase("daily", at: words.end) {
            words.isDaily = true
            words.end = daily
        }
        if let dose = phrase("dose", at: words.end) { words.end = dose }
        if let joined = any(["of", "is", "being"], at: words.end) { words.end = joined }
        if sign(":", at: words.end) { words.end += 1 }
        return words
    }

    /// "most you can take in a day is"
    private func mostYouCan(at start: Int) -> LimitWords? {
        guard let most = phrase("most", at: start),
            let who = any(["you", "she", "he", "they", "anyone", "i"], at: most)
        else { return nil }
        var isDaily = false
        for index in who..<min(who + 7, tokens.count) {
            if let end = any(["is", "are"], at: index) { return LimitWords(end: end, isDaily: isDaily) }
            if word(index) == "day" || word(index) == "daily" { isDaily = true }
            if word(index) == nil { return nil }
        }
        return nil
    }

    /// Whether one of the four words before says not: "don't take more than", "never have more than".
    private func isNegated(before index: Int) -> Bool {
        (max(0, index - 4)..<index).contains { earlier in
            guard let word = word(earlier) else { return false }
            return word == "not" || word == "never" || word.hasSuffix("n't") || word == "cannot"
        }
    }
}
