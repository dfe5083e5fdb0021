// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain

/// What several quantities say together: tablets and what they hold, an amount a day and in how many doses, limits.
extension QuantityReader {
    /// "Two 500 mg tablets", "2 x 500 mg", "two tablets of 500 mg": what is taken in all, and how many.
    func composite(at start: Int) -> [Found]? {
        guard let count = number(at: start), count.0 == count.1, (0.5...20).contains(count.0),
            (2 * count.0).rounded() == 2 * count.0
        else { return nil }
        // "Two tablets of 500 mg"
        if let form = word(count.2), DoseLexicon.forms[form] != nil || ["dose", "doses"].contains(form) {
            let isDoses = ["dose", "doses"].contains(form)
            var next = count.2 + 1
            if word(next) == "of" { next += 1 } else if sign(",", next) { next += 1 }
            guard !isDoses, next > count.2 + 1, let each = quantity(at: next), each.quantity.kind.isDose,
                each.quantity.kind != .forms
            else { return nil }
            var end = each.source.upperBound
            if word(end) == "each" { end += 1 }
            return product(count.0, each, form, start..<end)
        }
        var next = count.2
        let isTimes = sign("x", next) || word(next) == "x"
        if isTimes { next += 1 }
        // "Two of the 500 mg tablets"
        if let of = phrase("of", "the", at: next) ?? phrase("of", "those", at: next) { next = of }
        // "One 400 tablet": what it holds, without its unit.
        if let strength = number(at: next), strength.0 == strength.1, strength.0 >= 25, let form = word(strength.2),
            DoseLexicon.forms[form] != nil, let unit = QuantityUnit.named(form)
        {
            let source = start..<(strength.2 + 1)
            return [made(.bare, strength.0, strength.0, source), made(unit, count.0, count.0, source)]
        }
        guard let each = quantity(at: next), each.quantity.kind.isDose, each.quantity.kind != .forms,
            each.source.lowerBound == next
        else { return nil }
        let last = each.source.upperBound
        let end = sign("-", last) ? last + 1 : last
        if let form = word(end), DoseLexicon.forms[form] != nil || Self.vessels.contains(form) {
            return product(count.0, each, form, start..<(end + 1))
        }
        // "Two 500 mg paracetamol tablets"
        if let form = word(end + 1), DoseLexicon.forms[form] != nil, word(end) != nil, number(at: end) == nil {
            return product(count.0, each, form, start..<last)
        }
        return isTimes ? product(count.0, each, nil, start..<last) : nil
    }

    /// What a liquid is measured with: "two 5 mL spoons".
    private static let vessels: Set<String> = [
        "spoon", "spoons", "spoonful", "spoonfuls", "syringe", "syringes", "syringefuls", "cup", "cups",
    ]

    private func product(_ count: Double, _ each: Found, _ form: String?, _ source: Range<Int>) -> [Found] {
        var all = each
        all.source = source
        all.quantity.low *= count
        all.quantity.high *= count
        all.quantity.said = (each.quantity.said.lowerBound * count)...(each.quantity.said.upperBound * count)
        all.quantity.alternative = nil
        all.quantity.tokens = tokens(of: source)
        all.quantity.phrase = all.quantity.tokens
        guard let form, let unit = QuantityUnit.named(form) else { return [all] }
        return [all, made(unit, count, count, source)]
    }

    // MARK: Amounts a day

    /// Finds which amounts are for a day or a week, and in how many doses they are taken.
    func regimens(_ found: [Found]) -> [Found] {
        var result = found
        var index = 0
        while index < result.count {
            defer { index += 1 }
            let amount = result[index]
            guard amount.quantity.kind.isDose, let period = period(after: amount.source.upperBound) else { continue }
            result[index].quantity.period = period.days
            if period.start == amount.source.upperBound {
                result[index].quantity.phrase = tokens(of: amount.source.lowerBound..<period.end)
            }
            if let doses = dividedDoses(at: period.end) {
                result[index].quantity.low /= doses.count
                result[index].quantity.high /= doses.count
                result[index].quantity.said =
                    (amount.quantity.said.lowerBound / doses.count)...(amount.quantity.said.upperBound / doses.count)
                result[index].quantity.period = nil
                result[index].quantity.phrase = amount.quantity.phrase
                result.removeAll {
                    $0.source.overlaps(period.start..<doses.end) && $0.source.lowerBound != amount.source.lowerBound
                }
                let often = times(doses.count, doses.count, days: period.days, period.start..<doses.end)
                result.insert(often, at: index + 1)
            } else if let daily = result.firstIndex(where: { $0.source.lowerBound == period.start }) {
                if result[daily].quantity.kind == .frequency { result[daily].quantity.isLoose = true }
            }
        }
        return result
    }

    /// "… a day", "… of paracetamol per day", "… in 24 hours", "… daily".
    private func period(after end: Int) -> (days: Double, start: Int, end: Int)? {
        var index = end
        if word(index) == "of" { index += 1 }
        for _ in 0..<3 {
            if let (days, last) = perPeriod(at: index) { return (days, index, last) }
            guard let name = word(index), !Self.breaks.contains(name), number(at: index) == nil else { return nil }
            index += 1
        }
        return nil
    }

    private static let breaks: Set<String> = [
        "every", "each", "twice", "once", "and", "or", "then", "for", "at", "but", "if", "when", "after", "before",
        "up", "to", "with", "is", "are", "times", "time", "x",
    ]

    private func perPeriod(at start: Int) -> (Double, Int)? {
        switch word(start) {
        case "daily": return (1, start + 1)
        case "weekly": return (7, start + 1)
        default: break
        }
        var index = start
        if sign("/", index) || ["a", "per"].contains(word(index) ?? "") {
            index += 1
        } else if ["in", "over", "within"].contains(word(index) ?? "") {
            index += 1
            if ["a", "any", "the", "one", "each"].contains(word(index) ?? "") { index += 1 }
        } else {
            return nil
        }
        if let name = word(index), ["day", "week"].contains(name) { return (name == "day" ? 1 : 7, index + 1) }
        guard let hours = number(at: index), hours.0 == 24 || hours.0 == 48 else { return nil }
        let unit = sign("-", hours.2) ? hours.2 + 1 : hours.2
        guard ["hour", "hours", "h", "hrs"].contains(word(unit) ?? "") else { return nil }
        return (hours.0 / 24, word(unit + 1) == "period" ? unit + 2 : unit + 1)
    }

    /// "In two doses", "divided into four equal doses", "split in three".
    private func dividedDoses(at start: Int) -> (count: Double, end: Int)? {
        var index = start
        if sign(",", index) { index += 1 }
        while ["divided", "split", "given", "taken", "equally", "spread"].contains(word(index) ?? "") { index += 1 }
        guard ["in", "into", "over", "as", "across"].contains(word(index) ?? ""), let count = number(at: index + 1),
            count.0 == count.1, (2...12).contains(count.0)
        else { return nil }
        index = count.2
        while ["divided", "equal", "equally", "separate", "single"].contains(word(index) ?? "") { index += 1 }
        guard ["doses", "portions", "parts", "goes", "servings"].contains(word(index) ?? "") else { return nil }
        return (count.0, index + 1)
    }

    // MARK: Limits

    /// Finds which quantities are limits.
    func limited(_ found: [Found]) -> [Found] {
        found.map { found in
            guard found.quantity.kind != .bare || found.quantity.high > 2 else { return found }
            var limited = found
            let next = word(found.source.upperBound) == "in" ? found.source.upperBound + 1 : found.source.upperBound
            limited.quantity.isInterval =
                found.quantity.kind == .time && ["between", "apart"].contains(word(next) ?? "")
            limited.quantity.isFirst = (-4...2).contains { offset in
                let place = offset < 0 ? found.source.lowerBound + offset : found.source.upperBound + offset
                return Self.firsts.contains(word(place) ?? "")
            }
            if found.quantity.kind == .bare, (1_000...2_100).contains(found.quantity.high),
                word(found.source.lowerBound - 1) == "year"
            {
                // "In the year 1939"
                let isThe = word(found.source.lowerBound - 2) == "the"
                let start = found.source.lowerBound - (isThe ? 2 : 1)
                limited.quantity.phrase = tokens(of: start..<found.source.upperBound)
            } else if let (relation, start) = limit(before: found.source.lowerBound) {
                limited.quantity.relation = relation
                let from = tokens(of: start..<found.source.upperBound).lowerBound
                limited.quantity.phrase = from..<max(from, found.quantity.phrase.upperBound)
            } else if let (relation, end) = limit(after: found.source.upperBound) {
                limited.quantity.relation = relation
                limited.quantity.phrase = tokens(of: found.source.lowerBound..<end)
            }
            return limited
        }
    }

    private static let firsts: Set<String> = ["first", "loading", "initial", "initially", "starting", "stat"]

    /// "At least", "no more than", "must not go above".
    private func limit(before end: Int) -> (KeyPoint.Number.Relation, Int)? {
        var place = end
        while ["about", "around", "roughly", "approximately", "a", "the"].contains(word(place - 1) ?? "") { place -= 1 }
        for (words, isMore) in Self.comparisons {
            let start = place - words.count
            guard start >= 0, words.indices.allSatisfy({ word(start + $0) == words[$0] }) else { continue }
            if words.first == "at" || words.first == "minimum" || words.first == "maximum" || words.first == "max" {
                return (isMore ? .atLeast : .atMost, start)
            }
            var first = start
            var isDenied = false
            for index in stride(from: start - 1, through: max(0, start - 5), by: -1) {
                // "Never give it to children under 16" denies no limit.
                guard let name = word(index), Self.limiting.contains(name) || Self.denying(name) else { break }
                if Self.denying(name) {
                    isDenied.toggle()
                    if name == "no" || name == "not" { first = index == start - 1 ? index : first }
                }
            }
            return (isMore != isDenied ? .atLeast : .atMost, first)
        }
        for (signs, isMore) in [(">", true), ("≥", true), ("<", false), ("≤", false)] {
            if let sign = signs.first, self.sign(sign, place - 1) { return (isMore ? .atLeast : .atMost, place - 1) }
        }
        return nil
    }

    private static func denying(_ word: String) -> Bool {
        ["no", "not", "never", "without", "cannot", "nor", "nothing", "dont", "shouldnt", "cant"].contains(word)
            || word.hasSuffix("n't")
    }

    /// What may stand between "never" and "more than".
    private static let limiting: Set<String> = [
        "go", "goes", "going", "gone", "get", "gets", "drop", "drops", "fall", "falls", "rise", "rises", "be", "is",
        "are",
        "have", "has", "take", "takes", "taking", "taken", "give", "given", "use", "used", "let", "it", "them", "ever",
        "to", "do", "should", "must", "can", "you", "any", "allow", "exceed", "last", "wait", "stay", "keep", "dose",
        "doses", "single",
    ]

    private static let comparisons: [(words: [String], isMore: Bool)] = [
        ("at least", true), ("at most", false), ("minimum of", true), ("maximum of", false), ("minimum is", true),
        ("maximum is", false), ("max", false), ("more than", true), ("less than", false), ("fewer than", false),
        ("greater than", true), ("higher than", true), ("lower than", false), ("longer than", true),
        ("shorter than", false), ("bigger than", true), ("smaller than", false), ("above", true), ("below", false),
        ("over", true), ("under", false), ("exceed", true), ("exceeds", true), ("exceeding", true), ("beyond", true),
    ].map { ($0.0.split(separator: " ").map(String.init), $0.1) }

    /// "… or more", "… at most".
    private func limit(after end: Int) -> (KeyPoint.Number.Relation, Int)? {
        for (words, relation) in Self.afterwards {
            guard words.indices.allSatisfy({ word(end + $0) == words[$0] }) else { continue }
            return (relation, end + words.count)
        }
        return nil
    }

    private static let afterwards: [(words: [String], relation: KeyPoint.Number.Relation)] =
        [
            "or more", "or above", "or over", "at least", "and above", "or longer", "minimum", "or higher",
            "as a minimum", "is the minimum", "at a minimum", "at the very least", "is the least",
        ].map {
            ($0.split(separator: " ").map(String.init), .atLeast)
        }
        + [
            "or less", "or below", "or under", "at most", "maximum", "or fewer", "or lower", "max", "tops",
            "at the outside", "at the very most", "as a maximum", "is the maximum", "is the limit",
            "is the ceiling", "is the most", "is your limit", "is your top speed", "and no more",
        ].map {
            ($0.split(separator: " ").map(String.init), .atMost)
        }
}
