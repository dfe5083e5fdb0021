// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Analysis
public import Domain

/// What an answer does about each key point, and what it earns.
public struct AnswerAssessment: Sendable, Hashable {
    /// One result a key point, in their order.
    public var results: [KeyPointResult]
    /// What the answer earns.
    public var score: AnswerScore

    /// Creates an assessment.
    public init(results: [KeyPointResult], score: AnswerScore) {
        self.results = results
        self.score = score
    }
}

/// Finds which key points an answer covers and which it contradicts, each with the words that show it.
///
/// ```swift
/// let assessor = Assessor(analyzer: analyzer, drugs: nil)
/// let key = KeyPoint(id: "no-ibuprofen", label: "Ibuprofen is not suitable with warfarin")
/// let assessment = assessor.assess("Ibuprofen is fine with warfarin.", keyPoints: [key], language: "en")
/// assessment.results[0].state  // contradicted
/// ```
///
/// Safe to use from any thread. With a model of sentence vectors it computes and blocks: not for the cooperative pool. Every
/// rule and limit is explained in docs/assessment.md.
public struct Assessor: Sendable {
    let knowledge: WordKnowledge

    /// Creates an assessor.
    ///
    /// - Parameters:
    ///   - analyzer: Knows ordinary words, and the model of sentence vectors, if there is one.
    ///   - drugs: Names of drugs; without a list, common ones are known.
    public init(analyzer: AnswerAnalyzer, drugs: DrugVocabulary?) {
        knowledge = WordKnowledge(analyzer: analyzer, drugs: drugs)
    }

    /// The version of the rules with what they rest on; results are compared only within one.
    public var engine: String {
        (["oracy-assessment/1"] + [knowledge.drugsLabel, knowledge.embedderLabel].compactMap { $0 }).joined(separator: " ")
    }

    /// Assesses a typed answer.
    ///
    /// - Parameters:
    ///   - text: The answer.
    ///   - keyPoints: What is expected of it.
    ///   - language: Its language (BCP 47); nil where it is not known, and then negations are not checked.
    public func assess(_ text: String, keyPoints: [KeyPoint], language: String?) -> AnswerAssessment {
        let code = Self.primary(language)
        return assess(AnswerText(text, language: code), Speech(typed: text), keyPoints, code)
    }

    /// Assesses a spoken answer.
    ///
    /// - Parameters:
    ///   - transcript: What was said, with times and confidences.
    ///   - keyPoints: What is expected.
    ///   - language: Its language (BCP 47); the transcript's where nil.
    ///   - unintelligible: The share of the speech that could not be understood, 0...1.
    public func assess(
        _ transcript: Transcript, keyPoints: [KeyPoint], language: String? = nil, unintelligible: Double = 0
    ) -> AnswerAssessment {
        let language = language ?? transcript.language
        let code = Self.primary(language)
        let words = transcript.words
        let sentences = knowledge.sentences(of: words, language: language)
        let speech = Speech(words: words, sentences: sentences, unintelligible: unintelligible)
        return assess(AnswerText(speech.text, language: code, breaks: speech.breaks), speech, keyPoints, code)
    }

    private static func primary(_ language: String?) -> String {
        guard let language else { return "und" }
        return language.split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map { $0.lowercased() } ?? "und"
    }

    private func assess(
        _ text: AnswerText, _ speech: Speech, _ keyPoints: [KeyPoint], _ language: String
    ) -> AnswerAssessment {
        let reader = StatementReader(knowledge: knowledge, language: language)
        let read = keyPoints.map { ReadKeyPoint($0, reader: reader) }
        let coverage = Coverage(text: text, speech: speech, knowledge: knowledge, reader: reader, keyPoints: read)
        let results = coverage.results()
        let score = ScoreInterval(keyPoints: keyPoints, results: results, speech: speech, language: language).score
        return AnswerAssessment(results: results, score: score)
    }
}
