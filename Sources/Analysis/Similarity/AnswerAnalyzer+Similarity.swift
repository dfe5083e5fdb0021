// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain
import TextEncoders

extension AnswerAnalyzer {
    /// The fewest different terms that a comparison is relied on.
    private static let enoughTerms = 5

    /// Adds how much of the expected wording an answer has; of several expected answers, the one whose words are closest
    /// counts.
    func addSimilarity(
        of text: SpokenText, _ counted: CountedWords, _ choice: LanguageChoice, to expected: ExpectedAnswer,
        written sentences: () -> [WrittenSentence], _ list: inout MeasureList
    ) {
        let language = choice.rules
        let all: [MeasureDescriptor] = [.tfidfCosine, .embeddingCosine, .rougeL, .rougeLF1]
        let expectedLanguage = expected.language.map { TextLanguage($0) } ?? language
        if expectedLanguage != language, expectedLanguage != .unknown, language != .unknown {
            return list.add(all, na: "The expected answer is in another language.")
        }
        let shared = language == .unknown ? expectedLanguage : language
        guard !counted.words.isEmpty else { return list.add(all, na: "There are no words.") }
        let rules = LanguageRules.of(shared).terms
        let said = Self.terms(counted.words, text, rules)
        let answersWanted = ExpectedAnswers.split(expected.text).map { answer in
            let (text, words) = comparable(answer, shared)
            return (text: answer, terms: Self.terms(words, text, rules))
        }.filter { !$0.terms.all.isEmpty }
        guard let first = answersWanted.first else {
            return list.add(all, na: "The expected answer has no words.")
        }
        let whole = answersWanted.flatMap(\.terms.content)
        let answers = expected.bank.contains(expected.text) ? expected.bank : expected.bank + [expected.text]
        let bank = answers.map { answer -> [UInt64] in
            if answer == expected.text { return whole }
            let (text, words) = comparable(answer, shared)
            return Self.terms(words, text, rules).content
        }
        let weights = TFIDF(bank: bank)
        var chosen = (text: first.text, terms: first.terms, cosine: weights.cosine(said.content, first.terms.content))
        for answer in answersWanted.dropFirst() {
            let cosine = weights.cosine(said.content, answer.terms.content)
            if cosine ?? 0 > chosen.cosine ?? 0 { chosen = (answer.text, answer.terms, cosine) }
        }
        let wanted = chosen.terms
        let few =
            min(Set(said.content).count, Set(wanted.content).count) < Self.enoughTerms
            ? "One of the answers has fewer than \(Self.enoughTerms) different words that carry content." : nil
        let low = [few, choice.doubt]
        let wantedSet = Set(wanted.content)
        let matched = zip(counted.words, said.all).filter { !rules.isIgnored($0.0) && wantedSet.contains($0.1) }
        list.add(
            .tfidfCosine, chosen.cosine,
            orNA: "One of the answers has no words that carry content.", low: low,
            basis: [
                .init("shared_words", Double(Set(said.content).intersection(wantedSet).count)),
                .init("answer_words", Double(Set(said.content).count)),
                .init("expected_words", Double(wantedSet.count)),
            ], evidence: Self.evidence(matched.map(\.0), note: "in the expected answer"))
        addMeaning(of: sentences, shared, to: chosen.text, low: low, &list)

        guard let common = LongestCommonSubsequence(said.all, wanted.all) else {
            return list.add([.rougeL, .rougeLF1], na: "The answers are too long to compare word by word.")
        }
        let length = Double(common.positions.count)
        let basis: [Measure.Part] = [
            .init("shared_words", length), .init("answer_words", Double(said.all.count)),
            .init("expected_words", Double(wanted.all.count)),
        ]
        let evidence = Self.evidence(common.positions.map { counted.words[$0] })
        list.add(.rougeL, length / Double(wanted.all.count), low: low, basis: basis, evidence: evidence)
        list.add(
            .rougeLF1, 2 * length / Double(said.all.count + wanted.all.count), low: low, basis: basis,
            evidence: evidence)
    }

    /// Adds how close the vectors of the sentences are.
    private func addMeaning(
        of sentences: () -> [WrittenSentence], _ language: TextLanguage, to expected: String, low: [String?],
        _ list: inout MeasureList
    ) {
        guard let embedder = embedders.best(for: language) else {
            return list.add(.embeddingCosine, na: embedders.isEmpty ? noEmbedder : embedders.refusal(language))
        }
        do throws(TextEncoderError) {
            let (said, others) = (sentences(), writtenSentences(of: expected, language))
            let theirs = try vectors(of: others, language)
            let wanted = SentenceEmbedder.mean(theirs, others)
            let ours = try vectors(of: said, language)
            let closest = Self.closest(ours.prefix(Self.mostCompared), theirs.prefix(Self.mostCompared))
            list.add(
                .embeddingCosine, TextEncoder.cosine(SentenceEmbedder.mean(ours, said), wanted), low: low,
                basis: [
                    .init("sentences", Double(said.count)), .init("expected_sentences", Double(others.count)),
                    .init("closest_pair", closest?.cosine ?? 0),
                ],
                evidence: closest.flatMap { pair in
                    said[pair.first].words.isEmpty
                        ? nil
                        : [Evidence(words: said[pair.first].words, note: "closest to: \(others[pair.second].text)")]
                } ?? [])
        } catch {
            list.add(.embeddingCosine, na: "The model \(embedder.model.name) can't be used: \(error.message)")
        }
    }

    /// Up to so many sentences of an answer are compared one by one, for evidence.
    private static let mostCompared = 200

    /// The two sentences whose vectors are closest.
    private static func closest(
        _ first: ArraySlice<[Float]>, _ second: ArraySlice<[Float]>
    ) -> (first: Int, second: Int, cosine: Double)? {
        var best: (first: Int, second: Int, cosine: Double)?
        for (row, one) in first.enumerated() {
            for (column, other) in second.enumerated() {
                let cosine = Double(TextEncoder.cosine(one, other))
                if cosine > best?.cosine ?? -.infinity { best = (row, column, cosine) }
            }
        }
        return best
    }

    /// The words of a text that is not spoken, ready to compare.
    private func comparable(_ text: String, _ language: TextLanguage) -> (SpokenText, [SpokenWord]) {
        guard text.utf8.count <= Self.longestText else { return (SpokenText(), []) }
        var spoken = scan(SourceText(typed: text), language)
        Numerals(speller: speller, language: language).expand(&spoken)
        LanguageRules.of(language).disfluencies.mark(&spoken)
        let words = spoken.words.filter { $0.traits.isDisjoint(with: .pruned) }
        return (spoken, words)
    }

    private struct ComparedTerms {
        /// All words, as terms.
        var all: [UInt64]
        /// Those that carry content or turn a statement round.
        var content: [UInt64]
    }

    private static func terms(_ words: [SpokenWord], _ text: SpokenText, _ rules: Terms) -> ComparedTerms {
        let all = words.map { rules.stem($0, in: text) }
        let content = zip(words, all).filter { !rules.isIgnored($0.0) }.map(\.1)
        return ComparedTerms(all: all, content: content)
    }
}
