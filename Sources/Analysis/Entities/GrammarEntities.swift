// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// The doses, dates and quantities of an English text, as entities.
enum GrammarEntities {
    /// - Parameter drugs: Where drugs are named (bytes of the text's UTF-8), in order.
    static func entities(in text: ReadText, drugs: [Range<Int>]) -> [Entity] {
        let tokens = SpokenToken.tokens(of: text.text)
        let names = drugs.map { text.range(bytes: $0) }
        let doses = DoseGrammar.doses(in: tokens, drugs: names).map {
            text.entity(.dose, $0.range, normalized: $0.dose.notation)
        }
        let dates = DateGrammar.dates(in: text.text, tokens).map { text.entity(.date, $0.range, normalized: $0.date) }
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
    /// A drug that stands inside a dose ("400 mg of ibuprofen three times a day") is kept beside it.
    static func resolved(_ candidates: [Entity]) -> [Entity] {
        let ranked = candidates.enumerated().sorted { left, right in
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
