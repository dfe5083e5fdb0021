// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// A dose that is said in a text.
struct DoseMention {
    /// Where it is said.
    var range: Range<String.Index>
    /// What is meant.
    var dose: Dose
}

/// Finds doses in an English text: a quantity with the directions around it, in digits or in words.
///
/// A dose begins with a quantity ("two 500 mg tablets"), a limit ("no more than 4 g a day") or, after a verb such as
/// "take", with how often; directions follow it, with a drug's name, a comma or an "and" between them. Quantities that
/// are no doses (laboratory values, a person's weight, food and drinks) are left out, and so is a quantity whose unit goes on
/// with what is not understood: nothing is better than a wrong number.
struct DoseGrammar {
    let tokens: [SpokenToken]
    let reader: DoseReader
    /// For each token whether it belongs to a drug's name.
    private let isDrug: [Bool]

    /// Whether a token belongs to a drug's name.
    func isDrug(_ index: Int) -> Bool { isDrug.indices.contains(index) && isDrug[index] }

    private init(_ tokens: [SpokenToken], drugs: [Range<String.Index>]) {
        self.tokens = tokens
        reader = DoseReader(tokens)
        var isDrug = [Bool](repeating: false, count: tokens.count)
        var next = 0
        for (index, token) in tokens.enumerated() {
            while next < drugs.count, drugs[next].upperBound <= token.range.lowerBound { next += 1 }
            if next < drugs.count, drugs[next].overlaps(token.range) { isDrug[index] = true }
        }
        self.isDrug = isDrug
    }

    /// The doses of a text, in order; they don't overlap.
    static func doses(in text: String) -> [DoseMention] { doses(in: SpokenToken.tokens(of: text)) }

    /// The doses among tokens, in order; they don't overlap.
    ///
    /// - Parameter drugs: Where drugs are named, in order.
    static func doses(in tokens: [SpokenToken], drugs: [Range<String.Index>] = []) -> [DoseMention] {
        let grammar = DoseGrammar(tokens, drugs: drugs)
        var doses: [DoseMention] = []
        var index = 0
        var followsDose = false
        while index < grammar.tokens.count {
            if let word = grammar.tokens[index].word, !DoseLexicon.firstWords.contains(word) {
                index += 1
            } else if let (dose, end) = grammar.dose(at: index, followsDose: followsDose) {
                doses.append(dose)
                index = max(end, index + 1)
                followsDose = true
            } else {
                if grammar.tokens[index].isSign(".") { followsDose = false }
                index += grammar.lengthOfNoDose(at: index)
            }
        }
        return doses
    }

    // MARK: One dose

    struct Draft {
        var dose = Dose()
        var end: Int
        /// Whether the quantity has been read.
        var hasCore = false
    }

    private func dose(at start: Int, followsDose: Bool) -> (DoseMention, Int)? {
        guard !reader.isInsideFigure(start), !isCompared(start) else { return nil }
        var draft = Draft(end: start)
        if let limit = reader.maximum(at: start) {
            draft.dose.maximum = limit.value
            draft.end = limit.end
        } else if readCore(&draft, at: start) {
            draft.hasCore = true
            if isInhaled(before: start) { draft.dose.route = .inhaled }
        } else if let course = reader.course(at: start), readCore(&draft, at: course.end) {
            draft.dose.durationInDays = course.value
            draft.hasCore = true
        } else if let often = reader.frequency(at: start), readCore(&draft, at: often.end) {
            // "twice a day 500 mg"
            draft.dose.frequency = often.value
            draft.hasCore = true
        } else if readItems(&draft, at: start, followsDose: followsDose) {
            draft.hasCore = true
        } else if let end = unitless(at: start), let frequency = reader.frequency(at: end) {
            // "metformin 500 twice a day": of what is not said.
            draft.dose.frequency = frequency.value
            draft.end = frequency.end
        } else if isDirected(start), reader.frequency(at: start) != nil, let end = readDirection(&draft, at: start) {
            draft.end = end
        } else {
            return nil
        }
        while let end = nextDirection(&draft) { draft.end = end }
        finish(&draft)
        guard draft.end > start, !isElsewhere(draft, start) else { return nil }
        let range = tokens[start].range.lowerBound..<tokens[draft.end - 1].range.upperBound
        return (DoseMention(range: range, dose: draft.dose), draft.end)
    }

    /// Whether a quantity is only compared with: "less than 4 g a day", "more than 4 g is dangerous".
    private func isCompared(_ start: Int) -> Bool {
        if reader.word(start - 1) == "than" {
            return reader.any(["less", "more", "fewer", "greater", "higher", "lower"], at: start - 2) != nil
        }
        if let word = reader.word(start - 1),
            ["under", "below", "above", "exceeding", "exceed", "exceeds"].contains(word)
        {
            return true
        }
        return reader.phrase("at", "least", at: start - 2) != nil
    }

    /// Whether "inhale" or "breathe in" stands directly before.
    private func isInhaled(before index: Int) -> Bool {
        if let verb = reader.word(index - 1), ["inhale", "inhales", "inhaling"].contains(verb) { return true }
        return reader.phrase("breathe", "in", at: index - 2) != nil
    }

    /// Whether a verb such as "take" stands before, with nothing between but what it may be said of: "take it", "apply the
    /// cream thinly", and not "take the bus".
    private func isDirected(_ index: Int) -> Bool {
        for earlier in stride(from: index - 1, through: max(0, index - 6), by: -1) {
            if isDrug[earlier] { continue }
            if tokens[earlier].isSign(",") || tokens[earlier].isSign("-") { continue }
            guard let word = tokens[earlier].word else { return false }
            if DoseLexicon.verbs.contains(word) { return true }
            let isNamed = DoseLexicon.forms[word] != nil || DoseLexicon.topicals.contains(word)
            guard isNamed || DoseLexicon.objects.contains(word) || (word.hasSuffix("ly") && word.utf8.count > 4) else {
                return false
            }
        }
        return false
    }

    /// "two in the morning", "one every six hours", "two paracetamol four times a day", "two now": a number of what was named
    /// before or is named behind it, with how often.
    private func readItems(_ draft: inout Draft, at start: Int, followsDose: Bool) -> Bool {
        var items: DoseReader.Reading<Dose.Quantity>
        if let said = reader.item(at: start) {
            items = said
        } else if reader.any(["a", "an"], at: start) != nil, isDrug.indices.contains(start + 1), isDrug[start + 1] {
            items = .init(value: Dose.Quantity(1, 1, .item), end: start + 1)
        } else {
            return false
        }
        var end = items.end
        while isDrug.indices.contains(end), isDrug[end] { end += 1 }
        var isNamed = end > items.end
        if let taken = reader.phrase("to", "be", at: end).flatMap({ reader.any(["taken", "used", "given"], at: $0) }) {
            end = taken
            isNamed = true
        }
        // A time of day is no number of tablets: "at eight in the morning".
        guard reader.word(start - 1) != "at", !reader.sign("/", at: items.end) else { return false }
        if let frequency = reader.frequency(at: end) {
            let isShort = reader.word(end).map(DoseLexicon.prescribed.contains) ?? false
            guard isNamed || isShort || followsDose || isDirected(start) else { return false }
            draft.dose.frequency = frequency.value
            draft.end = frequency.end
        } else if let single = reader.single(at: end), reader.word(end) != "once" {
            let then = reader.phrase("and", at: reader.sign(",", at: single) ? single + 1 : single)
            let isFollowed =
                reader.phrase("then", at: then ?? (reader.sign(",", at: single) ? single + 1 : single)) != nil
            guard isNamed || followsDose || isFollowed || isDirected(start) else { return false }
            draft.dose.isSingle = true
            draft.end = single
        } else if let needed = reader.asNeeded(at: end), isNamed || isDirected(start) {
            draft.dose.isAsNeeded = true
            draft.end = needed
        } else {
            return false
        }
        draft.dose.count = items.value
        return true
    }

    /// The token behind a number without its unit that follows a drug's name, as "500" of "metformin 500 twice a day".
    private func unitless(at start: Int) -> Int? {
        guard start > 0, isDrug[start - 1], let number = reader.range(at: start), number.value.high > 12,
            !reader.sign("/", at: number.end), !reader.sign("-", at: number.end)
        else { return nil }
        return number.end
    }

    // MARK: Directions

    /// Reads one direction that stands at a token.
    private func readDirection(_ draft: inout Draft, at index: Int) -> Int? {
        if draft.dose.maximum == nil, var maximum = reader.maximum(at: index) {
            // "two tablets twice a day, no more than eight in a day": eight tablets.
            if maximum.value.quantity.unit == .item, let count = draft.dose.count, Dose.isCounted(count.unit) {
                maximum.value.quantity.unit = count.unit
            }
            draft.dose.maximum = maximum.value
            return maximum.end
        }
        if draft.dose.frequency == nil, let frequency = reader.frequency(at: index) {
            draft.dose.frequency = frequency.value
            return frequency.end
        }
        if let parts = reader.dividedDoses(at: index), draft.dose.frequency?.high == 1 {
            draft.dose.frequency = Dose.Frequency(parts.value, parts.value, days: draft.dose.frequency?.days ?? 1)
            return parts.end
        }
        if !draft.dose.isAsNeeded, let needed = reader.asNeeded(at: index) {
            draft.dose.isAsNeeded = true
            return needed
        }
        if draft.dose.route == nil, let route = reader.route(at: index) {
            // "po/iv": one or the other.
            if reader.sign("/", at: route.end) || reader.word(route.end) == "or",
                let other = reader.route(at: route.end + 1)
            {
                return other.end
            }
            draft.dose.route = route.value
            return route.end
        }
        if draft.dose.durationInDays == nil, let duration = reader.duration(at: index) {
            draft.dose.durationInDays = duration.value
            return duration.end
        }
        if let often = draft.dose.frequency, often.days == 1, let time = reader.timeOfDay(at: index),
            time.value.high == often.high
        {
            // "once a day, at night"
            return time.end
        }
        if let often = draft.dose.frequency, often.days == 7, let on = reader.phrase("on", at: index),
            let weekday = reader.word(reader.phrase("a", at: on) ?? on),
            DoseLexicon.weekdays.contains(weekday.hasSuffix("s") ? String(weekday.dropLast()) : weekday)
        {
            return (reader.phrase("a", at: on) ?? on) + 1
        }
        if draft.dose.frequency == nil, draft.hasCore, let often = reader.shortFrequency(at: index) {
            draft.dose.frequency = often.value
            return often.end
        }
        if let amount = draft.dose.amount, draft.dose.rate == nil, reader.word(index) == "over",
            let hours = reader.perTime(at: index)
        {
            draft.dose.rate = amount.divided(by: hours.value)
            return hours.end
        }
        if draft.hasCore, draft.dose.frequency == nil, !draft.dose.isSingle, let single = reader.single(at: index) {
            draft.dose.isSingle = true
            return single
        }
        return nil
    }

    /// Reads the next direction of a dose, behind what may stand between.
    private func nextDirection(_ draft: inout Draft) -> Int? {
        if let end = readDirection(&draft, at: draft.end) { return end }
        if let end = readMaximumBehind(&draft) { return end }
        var index = draft.end
        var words = 0
        let isNamed = reader.word(index) == "of"
        let limit = isNamed ? 6 : 2
        while index < tokens.count, words < limit {
            let token = tokens[index]
            if let meal = reader.meal(at: index) {
                index = meal
                if let end = readDirection(&draft, at: index) { return end }
                continue
            }
            if token.isSign(".") || token.isSign(";") {
                // A new sentence goes on with the dose only if it begins with how often: "Twice a day."
                var ahead = draft
                guard draft.dose.frequency == nil, let frequency = reader.frequency(at: index + 1) else { return nil }
                ahead.dose.frequency = frequency.value
                draft = ahead
                return frequency.end
            }
            if token.isSign(",") || token.isSign("(") || token.isSign(")") || token.isSign("-") {
                index += 1
            } else if isDrug[index] || (isDrug(index - 1) && token.word.map(DoseLexicon.salts.contains) ?? false) {
                index += 1
            } else if let word = token.word,
                isNamed || Self.between.contains(word) || DoseLexicon.topicals.contains(word)
            {
                // Another quantity or a new clause: no longer this dose.
                if Self.breaks.contains(word) { return nil }
                index += 1
                words += 1
            } else {
                return nil
            }
            var ahead = draft
            if startsDose(at: index) { return nil }
            if let end = readDirection(&ahead, at: index) {
                draft = ahead
                return end
            }
        }
        return nil
    }

    /// "60 mg/kg/day maximum", "eight tablets in 24 hours is the maximum": what was read is the limit.
    private func readMaximumBehind(_ draft: inout Draft) -> Int? {
        guard draft.dose.maximum == nil, let quantity = draft.dose.amount ?? draft.dose.count else { return nil }
        var index = draft.end
        var days = draft.dose.frequency?.days
        if days == nil, let period = reader.perPeriod(at: index) {
            days = period.value
            index = period.end
        }
        var isStated = false
        if let verb = reader.any(["is", "being"], at: index), let article = reader.any(["the", "a"], at: verb) {
            index = article
            isStated = true
        }
        guard let days,
            let end = reader.any(["maximum", "max", "limit"], at: index) ?? reader.phrase("at", "most", at: index)
        else { return nil }
        // "5 mg a day, maximum 10 mg a day" says another limit.
        let behind = reader.sign(".", at: end) || reader.sign(":", at: end) ? end + 1 : end
        if !isStated, reader.number(at: behind) != nil || reader.any(["of", "is", "daily"], at: end) != nil {
            return nil
        }
        // "two tablets four times a day maximum" may be the times or the tablets.
        if let often = draft.dose.frequency, often.high != 1 { return nil }
        draft.dose.maximum = Dose.Maximum(quantity: quantity, body: draft.dose.body, days: days)
        draft.dose.amount = nil
        draft.dose.count = nil
        draft.dose.body = nil
        draft.dose.frequency = nil
        return end
    }

    /// Whether another quantity stands here, which is no limit.
    private func startsDose(at index: Int) -> Bool {
        guard reader.maximum(at: index) == nil, reader.frequency(at: index) == nil else { return false }
        return reader.measured(at: index) != nil || reader.counted(at: index) != nil
    }

    /// Words that may stand between the directions of one dose.
    private static let between: Set<String> = [
        "and", "with", "then", "to", "be", "taken", "given", "repeated", "of", "a", "the", "but", "usually", "dose",
        "doses",
    ]
    /// Words that begin something else.
    private static let breaks: Set<String> = [
        "then", "increased", "increasing", "reducing", "reduced", "because", "if", "so", "or", "is", "was", "which",
    ]

    // MARK: Sense

    /// Makes the amount of one dose of "30 mg daily in two divided doses".
    private func finish(_ draft: inout Draft) {
        guard let frequency = draft.dose.frequency, let amount = draft.dose.amount, frequency.low == frequency.high,
            frequency.high > 1, draft.end > 1, reader.any(["doses", "portions"], at: draft.end - 1) != nil
        else { return }
        draft.dose.amount = amount.divided(by: frequency.high)
    }
}
