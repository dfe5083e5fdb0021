// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

extension AnswerAnalyzer {
    /// The sentences of a text that is not spoken, as they are written.
    func writtenSentences(of text: String, _ language: TextLanguage) -> [WrittenSentence] {
        guard text.utf8.count <= Self.longestText else { return [] }
        return writtenSentences(of: text.split(whereSeparator: \.isWhitespace).map(String.init), language)
    }

    /// The sentences of a text whose words were found before, with their places among these.
    ///
    /// - Parameter wordCount: How many words were found. Sentences are cut at white space, which may part words otherwise
    ///   in some writings: then they have no places.
    func writtenSentences(
        of text: String, _ language: TextLanguage, countedAs wordCount: Int
    ) -> [WrittenSentence] {
        guard text.utf8.count <= Self.longestText else { return [] }
        let pieces = text.split(whereSeparator: \.isWhitespace).map(String.init)
        var spoken = scan(SourceText(words: pieces, hasSpaces: language.hasSpaces), language)
        let isSame = spoken.words.count == wordCount
        LanguageRules.of(language).disfluencies.mark(&spoken)
        return WrittenSentence.sentences(of: pieces, spoken).map { sentence in
            var sentence = sentence
            sentence.words = isSame ? sentence.scanned : 0..<0
            return sentence
        }
    }

    /// The sentences of words that are not spoken.
    func writtenSentences(of pieces: [String], _ language: TextLanguage) -> [WrittenSentence] {
        var spoken = scan(SourceText(words: pieces, hasSpaces: language.hasSpaces), language)
        LanguageRules.of(language).disfluencies.mark(&spoken)
        return WrittenSentence.sentences(of: pieces, spoken)
    }

    /// The sentences of a spoken answer: by its punctuation, or by its pauses where there is none.
    func sentences(of words: [Word], _ language: TextLanguage) -> [WrittenSentence] {
        let pieces = words.map(\.text)
        var spoken = scan(SourceText(words: pieces, hasSpaces: language.hasSpaces), language)
        LanguageRules.of(language).disfluencies.mark(&spoken)
        for index in spoken.words.indices {
            switch words[Int(spoken.words[index].position)].kind {
            case .filler: spoken.words[index].traits.insert(.filler)
            case .repeat: spoken.words[index].traits.insert(.repaired)
            case .word, .number, .edited: break
            }
        }
        _ = findSentences(in: &spoken, words: words, timeline(of: words, spoken), punctuation: .model)
        return WrittenSentence.sentences(of: pieces, spoken)
    }
}
