// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

/// An answer as its statements, ready to be held against what is expected.
struct ReadAnswer: Sendable {
    let text: AnswerText
    let speech: Speech
    let statements: [Statement]
    /// Each sentence, then each pair of neighbours.
    let windows: [Window]
    /// The sentences as they were written.
    let sentences: [String]
    /// The words of each sentence that it is compared by.
    let terms: [[String]]

    /// Whether it is, reliably, in another language than it is read in.
    let isForeign: Bool

    /// From how many words on their language is believed to be another: few words are taken for anything.
    private static let leastWords = 8

    /// The most sentences that are read, a day of speech: what is found in each takes memory.
    static let mostSentences = 20_000

    init(_ text: AnswerText, _ speech: Speech, _ reader: StatementReader) {
        self.text = text
        self.speech = speech
        let statements = Array(reader.statements(of: text).prefix(Self.mostSentences))
        self.statements = statements
        windows =
            statements.indices.map { Window($0..<($0 + 1), of: statements) }
            + statements.indices.dropLast().map { Window($0..<($0 + 2), of: statements) }
        sentences = statements.map { text.written($0.tokens) }
        isForeign =
            StatementReader.knows(text.language) && text.tokens.count(where: { $0.kind == .word }) >= Self.leastWords
            && LanguageChoice(for: text.text, declared: text.language).identification?
                .contradicts(TextLanguage(text.language)) ?? false
        terms = statements.map { reader.terms(of: text.tokens[$0.tokens]) }
    }
}
