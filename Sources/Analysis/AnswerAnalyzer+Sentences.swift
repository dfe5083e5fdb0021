// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

extension AnswerAnalyzer {
    /// The sentences of a text that is not spoken, as they are written: a mark or an empty line ends them.
    func writtenSentences(of text: String, _ language: TextLanguage) -> [WrittenSentence] {
        guard text.utf8.count <= Self.longestText else { return [] }
        let written = MarkedWords(typed: text, language, self)
        return WrittenSentence.sentences(of: written.pieces, written.text)
    }

    /// The sentences of a text whose words were found before, with their places among these.
    ///
    /// - Parameter wordCount: How many words were found. Sentences are cut at white space, which may part words otherwise
    ///   in some writings: then they have no places.
    func writtenSentences(
        of text: String, _ language: TextLanguage, countedAs wordCount: Int
    ) -> [WrittenSentence] {
        guard text.utf8.count <= Self.longestText else { return [] }
        let written = MarkedWords(typed: text, language, self)
        let isSame = written.text.words.count == wordCount
        return WrittenSentence.sentences(of: written.pieces, written.text).map { sentence in
            var sentence = sentence
            sentence.words = isSame ? sentence.scanned : 0..<0
            return sentence
        }
    }

    /// The sentences of a spoken answer: by its punctuation, or by its pauses where there is none.
    func sentences(of words: [Word], _ language: TextLanguage) -> [WrittenSentence] {
        let spoken = MarkedWords(spoken: words, language, self)
        return WrittenSentence.sentences(of: spoken.pieces, spoken.text)
    }

    /// The stretches whose tone is read, of a text that is not spoken: its sentences, and the clauses of very long ones.
    func toneSpans(of text: String, _ language: TextLanguage) -> ToneSpans {
        guard text.utf8.count <= Self.longestText else { return ToneSpans() }
        return ToneSpans(MarkedWords(typed: text, language, self), language, pause: configuration.pauseThreshold)
    }

    /// The stretches whose tone is read, of a spoken answer: its sentences, and the clauses of very long ones.
    func toneSpans(of words: [Word], _ language: TextLanguage) -> ToneSpans {
        ToneSpans(MarkedWords(spoken: words, language, self), language, pause: configuration.pauseThreshold)
    }
}

/// The words of an answer with their sentences and disfluencies marked.
struct MarkedWords {
    /// The words as they were written: a transcript's, or what stands between white space.
    let pieces: [String]
    /// What was found in them.
    var text: SpokenText
    /// Where the sentences come from.
    let source: SentenceSource
    /// The silence after each piece in milliseconds; empty where nothing was spoken.
    let gaps: [Int]

    /// Words that are not spoken.
    fileprivate init(typed typedText: String, _ language: TextLanguage, _ analyzer: AnswerAnalyzer) {
        pieces = typedText.split(whereSeparator: \.isWhitespace).map(String.init)
        let source = SourceText(words: Self.withParagraphs(typedText), hasSpaces: language.hasSpaces)
        text = analyzer.scan(source, language)
        LanguageRules.of(language).disfluencies.mark(&text)
        self.source = analyzer.isPunctuated(text, text.words.count) ? .human : .none
        gaps = []
    }

    /// Words that are spoken.
    fileprivate init(spoken words: [Word], _ language: TextLanguage, _ analyzer: AnswerAnalyzer) {
        pieces = words.map(\.text)
        text = analyzer.scan(SourceText(words: pieces, hasSpaces: language.hasSpaces), language)
        LanguageRules.of(language).disfluencies.mark(&text)
        for index in text.words.indices {
            switch words[Int(text.words[index].position)].kind {
            case .filler: text.words[index].traits.insert(.filler)
            case .repeat: text.words[index].traits.insert(.repaired)
            case .word, .number, .edited: break
            }
        }
        let timeline = analyzer.timeline(of: words, text)
        source = analyzer.findSentences(in: &text, words: words, timeline, punctuation: .model)
        gaps = timeline.words.indices.map(timeline.gap(after:))
    }

    /// What stands between white space, with two line feeds before what follows an empty line.
    private static func withParagraphs(_ text: String) -> [String] {
        var pieces: [String] = []
        var end = text.startIndex
        for piece in text.split(whereSeparator: \.isWhitespace) {
            let breaks = text[end..<piece.startIndex].count { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
            pieces.append(breaks > 1 && !pieces.isEmpty ? "\n\n" + piece : String(piece))
            end = piece.endIndex
        }
        return pieces
    }
}
