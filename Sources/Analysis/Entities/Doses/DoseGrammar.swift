// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Finds doses in an English text: a quantity with the directions around it, in digits or in words.
///
/// A dose begins with a quantity ("two 500 mg tablets"), a limit ("no more than 4 g a day") or, after a verb such as
/// "take", with how often; directions follow it, with a drug's name, a comma or an "and" between them. Quantities that
/// are no doses (laboratory values, a person's weight, drinks) are left out.
struct DoseGrammar {
    private let tokens: [SpokenToken]
    private let reader: DoseReader

    private init(_ tokens: [SpokenToken]) {
        self.tokens = tokens
        reader = DoseReader(tokens)
    }

    /// The doses of a text, in order; they don't overlap.
    static func doses(in text: String) -> [Dose] { doses(in: SpokenToken.tokens(of: text)) }

    /// The doses among tokens, in order; they don't overlap.
    static func doses(in tokens: [SpokenToken]) -> [Dose] {
        let grammar = DoseGrammar(tokens)
        var doses: [Dose] = []
        var index = 0
        var followsDose = false
        while index < grammar.tokens.count {
            if let (dose, end) = grammar.dose(at: index, followsDose: followsDose) {
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

    private struct Draft {
        var dose: Dose
        var end: Int
        /// Whether the quantity has been read.
        var hasCore = false
    }

    private func dose(at start: Int, followsDose: Bool) -> (Dose, Int)? {
        let place = tokens[start].range
        var draft = Draft(dose: Dose(range: place), end: start)
        if let limit = reader.maximum(at: start) {
            draft.dose.maximum = limit.value
            draft.end = limit.end
        } else if readCore(&draft, at: start) {
            draft.hasCore = true
            if isInhaled(before: start) { draft.dose.route = .inhaled }
        } else if let course = reader.course(at: start), readCore(&draft, at: course.end) {
            draft.dose.durationInDays = course.value
            draft.hasCore = true
        } else if isDirected(start), let end = readDirection(&draft, at: start) {
            draft.end = end
        } else if isDirected(start) || followsDose, let count = reader.number(at: start), count.value > 0,
            count.value <= 10,
            let frequency = reader.frequency(at: count.end)
        {
            // "one in the morning and one at night": of what was taken.
            draft.dose.frequency = frequency.value
            draft.end = frequency.end
        } else {
            return nil
        }
        while let end = nextDirection(&draft) { draft.end = end }
        finish(&draft)
        guard draft.end > start else { return nil }
        draft.dose.range = place.lowerBound..<tokens[draft.end - 1].range.upperBound
        return (draft.dose, draft.end)
    }

    /// Whether "inhale" or "breathe in" stands directly before.
    private func isInhaled(before index: Int) -> Bool {
        if let verb = reader.word(index - 1), ["inhale", "inhales", "inhaling"].contains(verb) { return true }
        return reader.phrase("breathe", "in", at: index - 2) != nil
    }

    /// Whether a verb such as "take" stands a few words before.
    private func isDirected(_ index: Int) -> Bool {
        for earlier in stride(from: index - 1, through: max(0, index - 5), by: -1) {
            if tokens[earlier].isSign(".") { return false }
            if let word = tokens[earlier].word, DoseLexicon.verbs.contains(word) {
                return reader.frequency(at: index) != nil || reader.number(at: index) != nil
            }
        }
        return false
    }

    // MARK: Quantity

    private func readCore(_ draft: inout Draft, at start: Int) -> Bool {
        var index = start
        var isSingle = false
        if let single = singleDose(at: start) {
            isSingle = true
            index = single
        }
        let read =
            readStrengthOfSeveral(&draft, at: index) || readCounted(&draft, at: index)
            || readMeasured(&draft, at: index)
            || readPercentage(&draft, at: index)
        guard read else { return false }
        if isSingle {
            draft.dose.isSingle = true
            draft.end = reader.phrase("dose", at: draft.end) ?? draft.end
        }
        return true
    }

    /// "a single dose of", "a one-off dose of", "a single" before the amount.
    private func singleDose(at start: Int) -> Int? {
        guard let article = reader.any(["a", "one"], at: start) else { return nil }
        var index: Int
        if let single = reader.any(["single", "stat"], at: article) {
            index = single
        } else if let one = reader.phrase("one", at: article) {
            guard let off = reader.phrase("off", at: reader.sign("-", at: one) ? one + 1 : one) else { return nil }
            index = off
        } else {
            return nil
        }
        if let dose = reader.phrase("dose", "of", at: index) { index = dose }
        return index
    }

    /// "two 500 mg tablets", "2 x 500 mg", "a 10 mg tablet", "500 mg tablets".
    private func readStrengthOfSeveral(_ draft: inout Draft, at start: Int) -> Bool {
        if let count = reader.multiplier(at: start), let strength = reader.measured(at: count.end),
            isStrength(strength.value)
        {
            let isMultiplied = reader.sign("x", at: count.end - 1) || reader.word(count.end - 1) == "x"
            let form = reader.word(strength.end).flatMap { DoseLexicon.forms[$0] }
            guard form != nil || isMultiplied else { return false }
            let times = Dose.Quantity(count.value.low, count.value.high, form ?? .tablet)
            draft.dose.count = form == nil ? nil : times
            draft.dose.strength = strength.value
            draft.dose.amount = strength.value * times
            draft.end = strength.end + (form == nil ? 0 : 1)
            return true
        }
        guard let strength = reader.measured(at: start), isStrength(strength.value),
            let name = reader.word(strength.end),
            DoseLexicon.forms[name] != nil
        else { return false }
        draft.dose.strength = strength.value
        draft.end = strength.end + 1
        return true
    }

    private func isStrength(_ quantity: Dose.Quantity) -> Bool { quantity.unit != .litre }

    /// "two tablets", "two tablets of 500 mg each", "one tablet (75 mg)".
    private func readCounted(_ draft: inout Draft, at start: Int) -> Bool {
        var first = start
        // "up to two tablets" without a time is the range from none.
        let upTo = reader.phrase("up", "to", at: start)
        if let upTo { first = upTo }
        guard var counted = reader.counted(at: first) else { return false }
        if upTo != nil { counted.value.low = 0 }
        draft.dose.count = counted.value
        draft.end = counted.end
        var index = counted.end
        let isBracketed = reader.sign("(", at: index)
        if isBracketed {
            index += 1
        } else if let of = reader.phrase("of", at: index) {
            index = of
        } else {
            return true
        }
        guard let strength = reader.measured(at: index), isStrength(strength.value) else { return true }
        index = strength.end
        if isBracketed {
            guard reader.sign(")", at: index) else { return true }
            index += 1
        }
        draft.dose.strength = strength.value
        draft.dose.amount = strength.value * counted.value
        draft.end = reader.phrase("each", at: index) ?? index
        return true
    }

    /// "500 mg", "10 mg/kg", "250 mg/5 mL", "5 mL of 250 mg/5 mL", "5 mg per hour", "up to 10 mg".
    private func readMeasured(_ draft: inout Draft, at start: Int) -> Bool {
        var first = start
        let upTo = reader.phrase("up", "to", at: start)
        if let upTo { first = upTo }
        guard var quantity = reader.measured(at: first), quantity.value.high > 0 else { return false }
        if upTo != nil { quantity.value.low = 0 }
        let index = quantity.end
        if isLaboratoryValue(quantity.value, behind: index) || isDrink(behind: index) { return false }
        draft.end = index
        if let kilogram = reader.perKilogram(at: index) {
            draft.dose.amount = quantity.value
            draft.dose.isPerKilogram = true
            draft.end = kilogram
            return true
        }
        if quantity.value.unit != .litre, let volume = reader.perVolume(at: index) {
            draft.dose.concentration = quantity.value.divided(by: volume.value)
            draft.end = volume.end
            return true
        }
        if let hours = reader.perTime(at: index) {
            // "over eight hours" and "in eight hours" keep the amount; "per hour" is a rate alone.
            if let word = reader.word(index), ["over", "in", "within"].contains(word) {
                draft.dose.amount = quantity.value
            }
            draft.dose.rate = quantity.value.divided(by: hours.value)
            draft.end = hours.end
            return true
        }
        draft.dose.amount = quantity.value
        guard quantity.value.unit == .litre, let of = reader.phrase("of", at: index) else { return true }
        let strong = reader.phrase("the", at: of) ?? reader.phrase("a", at: of) ?? of
        if let strength = reader.measured(at: strong), strength.value.unit != .litre,
            let volume = reader.perVolume(at: strength.end)
        {
            let concentration = strength.value.divided(by: volume.value)
            draft.dose.count = quantity.value
            draft.dose.concentration = concentration
            draft.dose.amount = concentration * quantity.value
            draft.end = volume.end
        }
        return true
    }

    /// "1% cream", "hydrocortisone one per cent".
    private func readPercentage(_ draft: inout Draft, at start: Int) -> Bool {
        guard let number = reader.range(at: start), number.value.high > 0, number.value.high <= 20 else { return false }
        let end: Int
        if reader.sign("%", at: number.end) {
            end = number.end + 1
        } else if let percent = reader.phrase("percent", at: number.end) ?? reader.phrase("per", "cent", at: number.end)
        {
            end = percent
        } else {
            return false
        }
        let isTopical = reader.word(end).map(DoseLexicon.topicals.contains) ?? false
        let before = reader.word(start - 1)
        let followsName = before.map { $0.count > 3 && !EnglishLexicon.functionWords.contains($0) } ?? false
        guard isTopical || (followsName && reader.word(end) != "of") else { return false }
        draft.dose.concentration = nil
        draft.dose.amount = Dose.Quantity(number.value.low, number.value.high, .percent)
        draft.end = end
        return true
    }

    // MARK: No doses

    private func isLaboratoryValue(_ quantity: Dose.Quantity, behind index: Int) -> Bool {
        let per =
            reader.sign("/", at: index) ? index + 1 : reader.phrase("per", at: index) ?? reader.phrase("a", at: index)
        guard let per, let name = reader.word(per) else { return false }
        if ["l", "litre", "liter", "dl", "decilitre", "deciliter"].contains(name) { return true }
        // A filtration rate.
        return quantity.unit == .litre && ["min", "minute"].contains(name)
    }

    private func isDrink(behind index: Int) -> Bool {
        guard let of = reader.phrase("of", at: index), let name = reader.word(of) else { return false }
        return DoseLexicon.drinks.contains(name)
    }

    /// How many tokens to go on by where no dose begins: a number is passed as a whole, so that "twenty five" is not
    /// looked at as "five".
    private func lengthOfNoDose(at index: Int) -> Int {
        guard let number = reader.number(at: index), number.end > index else { return 1 }
        // What follows a number in a quantity that is no dose must not become one: "5.5 mmol/L".
        if let quantity = reader.measured(at: index) { return quantity.end - index }
        return number.end - index
    }

    // MARK: Directions

    /// Reads one direction that stands at a token.
    private func readDirection(_ draft: inout Draft, at index: Int) -> Int? {
        if draft.dose.maximum == nil, let maximum = reader.maximum(at: index) {
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
            draft.dose.route = route.value
            return route.end
        }
        if draft.dose.durationInDays == nil, let duration = reader.duration(at: index) {
            draft.dose.durationInDays = duration.value
            return duration.end
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
        guard let days, let end = reader.any(["maximum", "max", "limit"], at: index) else { return nil }
        // "5 mg a day, maximum 10 mg a day" says another limit.
        if !isStated, reader.measured(at: end) != nil || reader.any(["of", "is"], at: end) != nil { return nil }
        draft.dose.maximum = Dose.Maximum(quantity: quantity, isPerKilogram: draft.dose.isPerKilogram, days: days)
        draft.dose.amount = nil
        draft.dose.count = nil
        draft.dose.isPerKilogram = false
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
