// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What reads texts with a model, which may know certain languages only.
protocol LanguageBound {
    /// The model.
    var model: LazyTextEncoder { get }
}

extension SentenceEmbedder: LanguageBound {}
extension EntityTagger: LanguageBound {}
extension ToneClassifier: LanguageBound {}
extension EntailmentClassifier: LanguageBound {}

extension Collection where Element: LanguageBound {
    /// The first, and so the best, that is for a language.
    func best(for language: TextLanguage) -> Element? { first { $0.model.refusal(language) == nil } }

    /// Why none is for a language, for people.
    func refusal(_ language: TextLanguage) -> String {
        compactMap { $0.model.refusal(language) }.joined(separator: " ")
    }
}
