// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// The doses, dates and quantities of an English text, as entities.
enum GrammarEntities {
    /// - Parameters:
    ///   - drugs: Where drugs are named (bytes of the text's UTF-8), in order.
    ///   - order: How dates are written where the text comes from.
    static func entities(in text: ReadText, drugs: [Range<Int>], order: DateOrder = .unknown) -> [Entity] {
        let tokens = SpokenToken.tokens(of: text.text)
        let names = drugs.map { text.range(bytes: $0) }
        let doses = DoseGrammar.doses(in: tokens, drugs: names).map {
            text.entity(.dose, $0.range, normalized: $0.dose.notation)
        }
        let dates = DateGrammar.dates(in: text.text, tokens, order: order).map {
            text.entity(.date, $0.range, normalized: $0.date)
        }
        let quantities = QuantityGrammar.quantities(in: tokens).map {
            text.entity(.quantity, $0.range, normalized: $0.summary)
        }
        return doses + dates + quantities
    }
}

/// Decides between entities that overlap.
enum EntityOverlap {
    /// The entities in order of the text, of which none overlap: what a grammar or a word list has found goes before what a
    /// model has, and of a model's the surer one.
    ///
    /// A drug that stands inside a dose ("400 mg of ibuprofen three times a day") is kept beside it. A name of the list is as
    /// long as the model has it where that is longer and no other name is in it ("insulin glargine", "valproic acid").
    static func resolved(_ candidates: [Entity]) -> [Entity] {
        let ranked = widened(candidates).enumerated().sorted { left, right in
            let (first, second) = (rank(left.element), rank(right.element))
            if first != second { return first < second }
            let (one, other) = (left.element.confidence ?? 1, right.element.confidence ?? 1)
            return one == other ? left.offset < right.offset : one > other
        }
        var kept: [Entity] = []
        // Neither doses nor the others overlap among themselves.
        var doses = SeparateRanges()
        var others = SeparateRanges()
        for (_, candidate) in ranked where !candidate.span.characters.isEmpty {
            let place = candidate.span.characters
            if others.overlap(place) || (candidate.kind != .drug && doses.overlap(place)) { continue }
            if candidate.kind == .dose { doses.insert(place) } else { others.insert(place) }
            kept.append(candidate)
        }
        return kept.sorted {
            ($0.span.characters.lowerBound, $0.span.characters.upperBound)
                < ($1.span.characters.lowerBound, $1.span.characters.upperBound)
        }
    }

    private static func widened(_ candidates: [Entity]) -> [Entity] {
        let isListed = { (entity: Entity) in entity.kind == .drug && entity.confidence == nil && !entity.isRespelled }
        let names = candidates.filter(isListed).map(\.span.characters).sorted { $0.lowerBound < $1.lowerBound }
        guard !names.isEmpty else { return candidates }
        // The model's longer drugs with one name in them, by where that name begins.
        var longer: [Int: Entity] = [:]
        var next = 0
        let found = candidates.filter { $0.kind == .drug && $0.confidence != nil }
            .sorted { $0.span.characters.lowerBound < $1.span.characters.lowerBound }
        for drug in found {
            let place = drug.span.characters
            while next < names.count, names[next].upperBound <= place.lowerBound { next += 1 }
            guard next < names.count else { break }
            let name = names[next]
            let isAlone = next + 1 >= names.count || names[next + 1].lowerBound >= place.upperBound
            if isAlone, place != name, place.lowerBound <= name.lowerBound, name.upperBound <= place.upperBound {
                longer[name.lowerBound] = drug
            }
        }
        return candidates.map { entity in
            guard isListed(entity), let drug = longer[entity.span.characters.lowerBound] else { return entity }
            var entity = entity
            (entity.span, entity.text) = (drug.span, drug.text)
            return entity
        }
    }

    private static func rank(_ entity: Entity) -> Int {
        switch entity.kind {
        case .dose: 0
        case .drug where entity.confidence == nil: entity.isRespelled ? 3 : 1
        case .date where entity.confidence == nil: 2
        case .quantity where entity.confidence == nil: 5
        case .person, .organisation, .place, .drug, .condition, .date, .quantity: 4
        }
    }
}

/// Ranges that don't overlap, in order.
private struct SeparateRanges {
    private var ranges: [Range<Int>] = []

    /// The index of the first range that ends behind a place.
    private func index(of place: Int) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound > place { high = middle } else { low = middle + 1 }
        }
        return low
    }

    func overlap(_ range: Range<Int>) -> Bool {
        let index = index(of: range.lowerBound)
        return index < ranges.count && ranges[index].overlaps(range)
    }

    mutating func insert(_ range: Range<Int>) { ranges.insert(range, at: index(of: range.lowerBound)) }
}
