// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// How a readability formula is computed, and what shows where its value comes from.
struct ReadabilityFormula: Sendable {
    /// What a formula counts beside words and sentences.
    enum Part: Sendable {
        case syllables, monosyllables, polysyllables, hardWords, letters, characters, longWords
    }

    /// The value for the counts of a text with at least one word and one sentence.
    let value: @Sendable (TextCounts) -> Double
    /// What it counts.
    let parts: [Part]
    /// Whether a higher value is easier.
    var isEase = false

    /// The formula of a measure; nil for a measure that is none, and for OSMAN, which counts on its own.
    static func of(_ measure: MeasureDescriptor) -> ReadabilityFormula? { all[measure.key] }

    /// Whether it needs syllables.
    var needsSyllables: Bool {
        parts.contains { part in
            switch part {
            case .syllables, .monosyllables, .polysyllables, .hardWords: true
            case .letters, .characters, .longWords: false
            }
        }
    }

    /// The words that make a text hard by this formula; nil where it counts no words apart.
    var hardWords: Part? {
        parts.first { part in
            switch part {
            case .polysyllables, .hardWords, .longWords: true
            case .syllables, .monosyllables, .letters, .characters: false
            }
        }
    }

    /// The numbers that its value was computed from.
    func basis(_ counts: TextCounts) -> [Measure.Part] {
        [.init("words", Double(counts.words)), .init("sentences", Double(counts.sentences))]
            + parts.map { part in
                switch part {
                case .syllables: .init("syllables", Double(counts.syllables))
                case .monosyllables: .init("monosyllables", Double(counts.monosyllables))
                case .polysyllables: .init("polysyllables", Double(counts.polysyllables))
                case .hardWords: .init("hard_words", Double(counts.complexWords))
                case .letters: .init("letters", Double(counts.letters))
                case .characters: .init("characters", Double(counts.characters))
                case .longWords: .init("long_words", Double(counts.longWords))
                }
            }
    }

    private static let all: [String: ReadabilityFormula] = {
        let bySyllables: [(MeasureDescriptor, @Sendable (TextCounts) -> Double)] = [
            (.fleschReadingEase, \.fleschReadingEase), (.fernandezHuerta, \.fernandezHuerta),
            (.szigrisztPazos, \.szigrisztPazos), (.kandelMoles, \.kandelMoles), (.amstad, \.amstad),
            (.fleschVacca, \.fleschVacca), (.douma, \.douma), (.martins, \.martins), (.oborneva, \.oborneva),
            (.fleschHungarian, \.fleschHungarian),
        ]
        var all: [String: ReadabilityFormula] = [:]
        for (measure, value) in bySyllables {
            all[measure.key] = ReadabilityFormula(value: value, parts: [.syllables], isEase: true)
        }
        let others: [(MeasureDescriptor, ReadabilityFormula)] = [
            (.fleschKincaid, .init(value: \.fleschKincaidGrade, parts: [.syllables])),
            (.crawford, .init(value: \.crawford, parts: [.syllables])),
            (.gunningFog, .init(value: \.gunningFog, parts: [.hardWords])),
            (.smog, .init(value: \.smog, parts: [.polysyllables])),
            (.ari, .init(value: \.automatedReadabilityIndex, parts: [.characters])),
            (.colemanLiau, .init(value: \.colemanLiau, parts: [.letters])),
            (.gutierrezPolini, .init(value: \.gutierrezPolini, parts: [.letters], isEase: true)),
            (.gulpease, .init(value: \.gulpease, parts: [.letters], isEase: true)),
            (.lix, .init(value: \.lix, parts: [.longWords])),
            (.rix, .init(value: \.rix, parts: [.longWords])),
            (
                .wiener1,
                .init(value: { $0.wienerSachtextformel(1) }, parts: [.polysyllables, .longWords, .monosyllables])
            ),
            (.wiener2, .init(value: { $0.wienerSachtextformel(2) }, parts: [.polysyllables, .longWords])),
            (.wiener3, .init(value: { $0.wienerSachtextformel(3) }, parts: [.polysyllables])),
            (.wiener4, .init(value: { $0.wienerSachtextformel(4) }, parts: [.polysyllables])),
        ]
        for (measure, formula) in others { all[measure.key] = formula }
        return all
    }()
}
