// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

extension DoseGrammar {
    // MARK: Quantity

    /// Reads the quantity that a dose begins with.
    func readCore(_ draft: inout Draft, at start: Int) -> Bool {
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
        if let count = reader.multiplier(at: start), let measure = reader.measured(at: count.end),
            measure.value.unit == .litre, let spoons = reader.any(["spoonfuls", "spoonful", "spoons"], at: measure.end)
        {
            // "two 5 mL spoonfuls"
            draft.dose.amount = measure.value.times(Dose.Quantity(count.value.low, count.value.high, .item))
            draft.end = spoons
            return true
        }
        // "two 500 mg doses daily": how often, not how many at once; not read.
        if let count = reader.range(at: start), let measure = reader.measured(at: count.end),
            reader.word(measure.end) == "doses"
        {
            return false
        }
        if let count = reader.multiplier(at: start), let strength = reader.measured(at: count.end),
            isStrength(strength.value)
        {
            let isMultiplied = reader.sign("x", at: count.end - 1) || reader.word(count.end - 1) == "x"
            let form = reader.word(strength.end).flatMap { DoseLexicon.forms[$0] }
            guard form != nil || isMultiplied else { return false }
            let times = Dose.Quantity(count.value.low, count.value.high, form ?? .tablet)
            draft.dose.count = form == nil ? nil : times
            draft.dose.strength = strength.value
            draft.dose.amount = strength.value.times(times)
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
        guard var counted = reader.counted(at: first), !reader.isInsideFigure(first) else { return false }
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
        draft.dose.amount = strength.value.times(counted.value)
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
        var index = quantity.end
        if isLaboratoryValue(quantity.value, behind: index) || isFood(quantity.value, behind: index) { return false }
        if let body = reader.bodyMeasure(at: index) {
            draft.dose.body = body.value
            index = body.end
        } else if quantity.value.unit != .litre, let volume = reader.perVolume(at: index) {
            draft.dose.concentration = quantity.value.divided(by: volume.value)
            draft.end = volume.end
            return !goesOn(at: volume.end)
        } else if quantity.value.unit != .litre, let form = reader.perForm(at: index) {
            draft.dose.strength = quantity.value
            draft.end = form
            return true
        }
        draft.end = index
        if let hours = reader.perTime(at: index) {
            // "over eight hours" and "in eight hours" keep the amount; "per hour" is a rate alone.
            if let word = reader.word(index), ["over", "in", "within"].contains(word) {
                draft.dose.amount = quantity.value
            }
            draft.dose.rate = quantity.value.divided(by: hours.value)
            // "50 micrograms/hour patch"
            let form = reader.word(hours.end).flatMap { DoseLexicon.forms[$0] }
            draft.end = form == .patch ? hours.end + 1 : hours.end
            return !goesOn(at: hours.end)
        }
        // What is for something that is not known here is no plain amount.
        if goesOn(at: index) { return false }
        if quantity.value.unit == .litre, let spoon = reader.any(["spoonful", "spoonfuls", "spoon"], at: index) {
            draft.end = spoon
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
            draft.dose.amount = concentration.times(quantity.value)
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

    /// Whether a unit goes on with a slash or a "per" that is no time: "5 mg/cm2", "48 mmol/mol".
    private func goesOn(at index: Int) -> Bool {
        if reader.sign("^", at: index) { return true }
        if reader.sign("/", at: index) { return reader.perPeriod(at: index) == nil }
        guard let per = reader.phrase("per", at: index), reader.perPeriod(at: index) == nil else { return false }
        return reader.number(at: per) != nil || reader.measure(at: per) != nil
            || reader.any(DoseLexicon.otherUnits, at: per) != nil
    }

    private func isLaboratoryValue(_ quantity: Dose.Quantity, behind index: Int) -> Bool {
        let per =
            reader.sign("/", at: index) ? index + 1 : reader.phrase("per", at: index) ?? reader.phrase("a", at: index)
        guard let per, let name = reader.word(per) else { return false }
        if ["l", "litre", "liter", "dl", "decilitre", "deciliter"].contains(name) { return true }
        // A filtration rate.
        return quantity.unit == .litre && ["min", "minute"].contains(name)
    }

    private func isFood(_ quantity: Dose.Quantity, behind index: Int) -> Bool {
        guard let of = reader.phrase("of", at: index), let name = reader.word(of) else { return false }
        if DoseLexicon.foods.contains(name) { return true }
        // Of other things than drugs there are units of another kind.
        guard quantity.unit == .internationalUnit, !EnglishLexicon.functionWords.contains(name) else { return false }
        return !(of..<(of + 4)).contains { isDrug($0) || (reader.word($0).map(DoseLexicon.inUnits.contains) ?? false) }
    }

    /// Whether a bare amount or number of tablets belongs to a box, a kitchen or a laboratory.
    ///
    /// A volume and a number of tablets are doses only where something says so: a verb, a drug's name, a direction.
    func isElsewhere(_ draft: Draft, _ start: Int) -> Bool {
        let dose = draft.dose
        guard dose.frequency == nil, dose.rate == nil, dose.concentration == nil, dose.body == nil, dose.route == nil,
            dose.maximum == nil, dose.durationInDays == nil, !dose.isAsNeeded, !dose.isSingle
        else { return false }
        let isBare = dose.strength == nil && (dose.count != nil || dose.amount?.unit == .litre)
        var isDirected = false
        var isFirst = true
        for step in 1...12 where start - step >= 0 {
            let token = tokens[start - step]
            if token.isSign(".") { break }
            isFirst = false
            guard let word = token.word else { continue }
            if DoseLexicon.elsewhere.contains(word) { return true }
            if step <= 8, DoseLexicon.cues.contains(word) || DoseLexicon.verbs.contains(word) { isDirected = true }
        }
        if start > 0, isDrug(start - 1) { isDirected = true }
        for index in draft.end..<min(tokens.count, draft.end + 12) {
            if tokens[index].isSign(".") { break }
            if let word = tokens[index].word, DoseLexicon.elsewhere.contains(word) { return true }
            if isDrug(index) { isDirected = true }
        }
        // A sentence may begin with tablets, but not with a volume.
        return isBare && !isDirected && !(isFirst && dose.count != nil)
    }

    /// How many tokens to go on by where no dose begins: a number is passed as a whole, so that "twenty five" is not
    /// looked at as "five".
    func lengthOfNoDose(at index: Int) -> Int {
        guard let number = reader.number(at: index), number.end > index else { return 1 }
        // What follows a number in a quantity that is no dose must not become one: "5.5 mmol/L", "500 mg/125 mg".
        guard let quantity = reader.measured(at: index) else {
            if let measure = reader.measured(at: number.end), reader.word(measure.end) == "doses" {
                return measure.end - index
            }
            return number.end - index
        }
        var end = quantity.end
        while reader.sign("/", at: end) {
            let behind = reader.number(at: end + 1)?.end ?? end + 1
            end = reader.word(behind) != nil ? behind + 1 : behind
        }
        return end - index
    }
}

extension Dose.Quantity {
    /// As often as is counted.
    func times(_ count: Dose.Quantity) -> Dose.Quantity { Dose.Quantity(low * count.low, high * count.high, unit) }

    func divided(by divisor: Double) -> Dose.Quantity { Dose.Quantity(low / divisor, high / divisor, unit) }
}
