// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
import TextEncoders

/// Reads answers for what they name and how they sound: entities and tone, each with its place in the text.
///
/// Doses, quantities and dates are read by grammars of our own, drugs by a list of names, and the rest by models; what is not
/// installed is left out with a reason. Safe to use from any thread. With models it computes and blocks: not for the
/// cooperative pool.
public struct AnswerReader: Sendable {
    /// What is there, or why it is not.
    public enum Part<Value: Sendable>: Sendable {
        /// It can be used.
        case ready(Value)
        /// It can't, for the reason given to people.
        case missing(String)
    }

    private let analyzer: AnswerAnalyzer
    private let tagger: Part<EntityTagger>
    private let tone: Part<ToneClassifier>
    private let drugs: DrugVocabulary?

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - analyzer: Finds sentences.
    ///   - tagger: Finds people, places, drugs, conditions.
    ///   - tone: Scores sentences.
    ///   - drugs: Names of drugs, if there is a list.
    public init(
        analyzer: AnswerAnalyzer, tagger: Part<EntityTagger>, tone: Part<ToneClassifier>, drugs: DrugVocabulary?
    ) {
        self.analyzer = analyzer
        self.tagger = tagger
        self.tone = tone
        self.drugs = drugs
    }

    /// What this reader computes with; results are compared only within one.
    public var engine: String {
        var parts = ["oracy-findings/1"]
        if case .ready(let tagger) = tagger { parts.append(tagger.model.label) }
        if case .ready(let tone) = tone { parts.append(tone.model.label) }
        if let drugs { parts.append("drug-names@" + String(drugs.digest, radix: 16)) }
        return parts.joined(separator: " ")
    }

    /// What a transcript names and how it sounds.
    ///
    /// - Parameter tone: Whether the tone is wanted; a course can do without.
    public func findings(in transcript: Transcript, tone: Bool = true) -> TextFindings {
        let text = ReadText(words: transcript.words.map(\.text))
        let language = LanguageChoice(for: text.text, declared: transcript.language).rules
        return findings(in: text, language, tone: tone) {
            analyzer.sentences(of: transcript.words, language)
        }
    }

    /// What a typed text names and how it sounds.
    public func findings(in text: String, _ choice: LanguageChoice, tone: Bool = true) -> TextFindings {
        let language = choice.rules
        let text = ReadText(typed: text)
        return findings(in: text, language, tone: tone) { analyzer.writtenSentences(of: text.pieces, language) }
    }

    private func findings(
        in text: ReadText, _ language: TextLanguage, tone isWanted: Bool, sentences: () -> [WrittenSentence]
    ) -> TextFindings {
        guard text.text.utf8.count <= AnswerAnalyzer.longestText else {
            let reason = "The text is too long to read."
            return TextFindings(entitiesReason: reason, toneReason: reason)
        }
        var findings = TextFindings()
        addEntities(of: text, language, to: &findings)
        if isWanted {
            addTone(of: text, sentences(), language, to: &findings)
        } else {
            findings.toneReason = "The tone is switched off for this course."
        }
        return findings
    }

    // MARK: Entities

    private func addEntities(of text: ReadText, _ language: TextLanguage, to findings: inout TextFindings) {
        var candidates: [Entity] = []
        // Grammars and names are English; of a text in an unknown language they would only guess.
        if language == .english {
            candidates += GrammarEntities.entities(in: text)
            if let drugs { candidates += drugEntities(in: text, drugs) }
        }
        switch tagger {
        case .missing(let reason): findings.entitiesReason = reason
        case .ready(let tagger):
            if let refusal = tagger.model.refusal(language) {
                findings.entitiesReason = refusal
            } else {
                do throws(TextEncoderError) {
                    candidates += try tagger.mentions(in: text.text).map { mention in
                        text.entity(mention.kind, bytes: mention.bytes, confidence: mention.confidence)
                    }
                } catch {
                    findings.entitiesReason = "The model \(tagger.model.name) can't be used: \(error.message)"
                }
            }
        }
        findings.entities = EntityOverlap.resolved(candidates)
    }

    private func drugEntities(in text: ReadText, _ drugs: DrugVocabulary) -> [Entity] {
        let words = text.lettersOfWords()
        // Without a dictionary every word may be an ordinary one: then only names that are spelled right are found.
        let dictionary = analyzer.syllables.dictionary
        let finder = DrugFinder(vocabulary: drugs) { word in dictionary?.knows(word) ?? true }
        return finder.mentions(in: words.map(\.word)).map { mention in
            let bytes =
                words[mention.words.lowerBound].bytes.lowerBound..<words[mention.words.upperBound - 1].bytes.upperBound
            return text.entity(.drug, bytes: bytes, normalized: mention.drug, isRespelled: mention.isRespelled)
        }
    }

    // MARK: Tone

    private func addTone(
        of text: ReadText, _ sentences: [WrittenSentence], _ language: TextLanguage, to findings: inout TextFindings
    ) {
        guard case .ready(let classifier) = tone else {
            if case .missing(let reason) = tone { findings.toneReason = reason }
            return
        }
        if let refusal = classifier.model.refusal(language) {
            findings.toneReason = refusal
            return
        }
        guard !sentences.isEmpty else {
            findings.toneReason = "There are no words."
            return
        }
        do throws(TextEncoderError) {
            let scores = try classifier.scores(of: sentences.map(\.text))
            let words = sentences.reduce(0) { $0 + $1.wordCount }
            let total = zip(sentences, scores).reduce(0) { $0 + Double($1.0.wordCount) * $1.1 }
            findings.tone = Tone(
                score: total / Double(max(1, words)),
                sentences: zip(sentences, scores).map { .init(span: text.span(words: $0.words), score: $1) },
                model: classifier.model.label)
        } catch {
            findings.toneReason = "The model \(classifier.model.name) can't be used: \(error.message)"
        }
    }
}
