// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

package import Domain
package import TextEncoders

/// What is known of single words: which are ordinary, which name a drug, and what sounds alike. It is what assessment
/// builds on.
///
/// Safe to use from any thread.
package struct WordKnowledge: Sendable {
    private let analyzer: AnswerAnalyzer
    private let drugs: DrugVocabulary?
    private let classifiers: [EntailmentClassifier]
    private let noClassifier: String

    /// Takes the dictionary and the model of an analyzer, a list of drug names, if there is one, and models of entailment, the
    /// best first, or the reason that there is none.
    package init(
        analyzer: AnswerAnalyzer, drugs: DrugVocabulary?, entailment: [EntailmentClassifier], noEntailment: String
    ) {
        self.analyzer = analyzer
        self.drugs = drugs
        classifiers = entailment
        noClassifier = noEntailment
    }

    /// Whether there is a dictionary. Without one nothing is known to be misspelt.
    package var hasDictionary: Bool { analyzer.syllables.dictionary != nil }

    /// Whether a word, in lower case, is an ordinary English one.
    package func isOrdinary(_ word: String) -> Bool { analyzer.syllables.dictionary?.knows(word) ?? true }

    /// The drugs that words in lower case name, with the international name; none without a list of names.
    package func drugMentions(in words: [String]) -> [DrugMention] {
        guard let drugs else { return [] }
        return DrugFinder(vocabulary: drugs, isOrdinary: isOrdinary).mentions(in: words)
    }

    /// What the drug names are, for results to be repeated with.
    package var drugsLabel: String? { drugs.map { "drug-names@" + String($0.digest, radix: 16) } }

    /// The sentences of a spoken answer as ranges of its words: by punctuation, or by pauses where there is none.
    package func sentences(of words: [Word], language: String?) -> [Range<Int>] {
        analyzer.sentences(of: words, TextLanguage(language)).map(\.words)
    }

    /// The models of sentence vectors with their digests.
    package var embedderLabel: String? {
        analyzer.embedders.isEmpty ? nil : analyzer.embedders.map(\.model.label).joined(separator: " ")
    }

    /// The models of entailment with their digests.
    package var entailmentLabel: String? {
        classifiers.isEmpty ? nil : classifiers.map(\.model.label).joined(separator: " ")
    }

    /// The name of the model of entailment that is asked about texts of a language, the best or the last; nil without one.
    package func entailmentModel(in language: String?, isLast: Bool = false) -> String? {
        let known = isLast ? classifiers.reversed() : classifiers
        return known.best(for: TextLanguage(language))?.model.name
    }

    /// Why texts of a language are not read by a model of sentence vectors and one of entailment, for people; nil where they
    /// are. A model is loaded only where nothing else speaks against it.
    package func entailmentRefusal(in language: String?) -> String? {
        let language = TextLanguage(language)
        guard let embedder = analyzer.embedders.best(for: language) else {
            return analyzer.embedders.isEmpty ? analyzer.noEmbedder : analyzer.embedders.refusal(language)
        }
        guard let classifier = classifiers.best(for: language) else {
            return classifiers.isEmpty ? noClassifier : classifiers.refusal(language)
        }
        var name = embedder.model.name
        do throws(TextEncoderError) {
            _ = try embedder.model.encoder()
            name = classifier.model.name
            _ = try classifier.encoder()
            return nil
        } catch {
            return "The model \(name) can't be used: \(error.message)"
        }
    }

    /// What texts do to statements, which come first, to a model of entailment; nil where there is none of that name.
    ///
    /// - Throws: `TextEncoderError` when the model can't be used.
    package func entailment(
        _ pairs: [TextEncoder.TextPair], model name: String
    ) throws(TextEncoderError) -> [Entailment]? {
        guard let classifier = classifiers.first(where: { $0.model.name == name }) else { return nil }
        return try classifier.opinions(of: pairs)
    }

    /// What the model for a language makes of sentences; nil without a model of it.
    ///
    /// - Throws: `TextEncoderError` when the model can't be used.
    package func readings(of sentences: [String], language: String?) throws(TextEncoderError) -> [SentenceReading]? {
        sentences.isEmpty ? nil : try analyzer.readings(of: sentences, TextLanguage(language))
    }

    /// The mean of sentences' vectors, weighted by their words; nil without a model of their language.
    ///
    /// - Throws: `TextEncoderError` when the model can't be used.
    package func meanVector(of sentences: [String], language: String?) throws(TextEncoderError) -> [Float]? {
        let language = TextLanguage(language)
        guard analyzer.embedders.best(for: language) != nil, !sentences.isEmpty else { return nil }
        let written = sentences.map { sentence in
            let count = sentence.split(separator: " ").count
            return WrittenSentence(text: sentence, wordCount: count, words: 0..<count)
        }
        return SentenceEmbedder.mean(try analyzer.vectors(of: written, language), written)
    }

    /// The name of the model that reads sentences of a language; nil without one.
    package func embedder(for language: String?) -> String? {
        analyzer.embedders.best(for: TextLanguage(language))?.model.name
    }

    /// The same with another analyzer, such as one that has texts at hand.
    package func with(_ analyzer: AnswerAnalyzer) -> WordKnowledge {
        WordKnowledge(analyzer: analyzer, drugs: drugs, entailment: classifiers, noEntailment: noClassifier)
    }
}
