// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Synchronization

/// The word lists of a language, made ready once.
struct LanguageRules: Sendable {
    /// Finds fillers and repetitions.
    let disfluencies: Disfluencies
    /// Makes terms to compare.
    let terms: Terms
    /// Connectives (one list for each kind), hedges and certainty words; nil where there are no lists.
    let markers: PhraseIndex?
    /// The words that carry no content; nil where there is no list.
    let functionWords: HashIndex?

    private init(_ language: TextLanguage) {
        disfluencies = Disfluencies(language: language)
        terms = Terms(language: language)
        guard language == .english else {
            markers = nil
            functionWords = nil
            return
        }
        markers = PhraseIndex(
            EnglishLexicon.connectives.map(\.phrases) + [EnglishLexicon.hedges, EnglishLexicon.certainty])
        functionWords = HashIndex(of: EnglishLexicon.functionWords)
    }

    private static let english = LanguageRules(.english)
    private static let others = Mutex<[TextLanguage: LanguageRules]>([:])

    /// The rules for a language.
    static func of(_ language: TextLanguage) -> LanguageRules {
        if language == .english { return english }
        return others.withLock { others in
            if let rules = others[language] { return rules }
            let rules = LanguageRules(language)
            // Codes come from callers: what is kept is bounded by the number of codes of three letters.
            others[language] = rules
            return rules
        }
    }
}
