// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TextEncoders

/// Texts that a model of sentence vectors is to read beforehand.
public struct TextsToRead: Sendable {
    /// What they are measured as.
    public var language: String?
    /// Texts that are compared sentence by sentence.
    public var answers: [String]
    /// Sentences, as they are.
    public var sentences: [String]

    /// Names texts in a language (BCP 47).
    public init(language: String?, answers: [String] = [], sentences: [String] = []) {
        self.language = language
        self.answers = answers
        self.sentences = sentences
    }
}

/// What models of sentence vectors made of texts beforehand.
struct KnownReadings: Sendable {
    /// A text, with the language that decides on the model.
    struct Key: Hashable {
        var text: String
        var language: TextLanguage
    }

    var sentences: [Key: SentenceReading] = [:]

    /// More than so many bytes of text are not read beforehand: what a model makes of them takes four hundred times as much
    /// memory.
    static let mostBytes = 256 << 10
}

extension AnswerAnalyzer {
    /// An analyzer that has what models make of some texts at hand, made all at once, which is faster than one text after the
    /// other. Without a model of sentence vectors it is the same analyzer.
    public func prepared(for texts: [TextsToRead]) -> AnswerAnalyzer {
        guard !embedders.isEmpty else { return self }
        var analyzer = self
        for (language, group) in Dictionary(grouping: texts, by: { TextLanguage($0.language) }) {
            guard let embedder = embedders.best(for: language) else { continue }
            var sentences = Set(group.flatMap(\.sentences))
            sentences.formUnion(
                group.flatMap(\.answers).flatMap { writtenSentences(of: $0, language).map(\.text) }
                    .filter { $0.utf8.count <= SentenceReading.longest })
            let list = Array(sentences)
            let bytes = list.reduce(0) { $0 + $1.utf8.count }
            // Where the model can't be used, measuring says why.
            guard bytes <= KnownReadings.mostBytes, let readings = try? embedder.readings(of: list) else { continue }
            for (text, reading) in zip(list, readings) {
                analyzer.known.sentences[.init(text: text, language: language)] = reading
            }
        }
        return analyzer
    }

    /// What the model for a language makes of sentences; nil without a model.
    ///
    /// - Throws: `TextEncoderError` when the model can't be used.
    func readings(of sentences: [String], _ language: TextLanguage) throws(TextEncoderError) -> [SentenceReading]? {
        guard let embedder = embedders.best(for: language) else { return nil }
        let ready = sentences.compactMap { known.sentences[.init(text: $0, language: language)] }
        return ready.count == sentences.count ? ready : try embedder.readings(of: sentences)
    }

    /// The vectors of a text's sentences, read some at a time: the states of their words take memory.
    func vectors(of sentences: [WrittenSentence], _ language: TextLanguage) throws(TextEncoderError) -> [[Float]] {
        guard let embedder = embedders.best(for: language) else { return [] }
        let texts = sentences.map(\.text)
        var vectors: [[Float]] = []
        for slice in SentenceReading.slices(of: texts) {
            let some = Array(texts[slice])
            if some.count == 1, some[0].utf8.count > SentenceReading.longest {
                vectors += try embedder.vectors(of: some)
            } else {
                vectors += try (readings(of: some, language) ?? []).map(\.vector)
            }
        }
        return vectors
    }
}
