// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// The doses, dates and quantities of an English text, as entities.
enum GrammarEntities {
    static func entities(in text: ReadText) -> [Entity] {
        let tokens = SpokenToken.tokens(of: text.text)
        let doses = DoseGrammar.doses(in: tokens).map { text.entity(.dose, $0.range, normalized: $0.summary) }
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
        for (_, candidate) in ranked where !candidate.span.characters.isEmpty {
            let clashes = kept.contains { other in
                guard other.span.characters.overlaps(candidate.span.characters) else { return false }
                let isDrugInDose = other.kind == .dose && candidate.kind == .drug
                return !isDrugInDose
            }
            if !clashes { kept.append(candidate) }
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
