// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Analysis
public import Domain

/// What an answer does about each key point, and what it earns.
public struct ExpectationAssessment: Sendable, Hashable {
    /// The key points: those that were given, or proposed ones.
    public var keyPoints: [KeyPoint]
    /// Whether they were proposed from the expected answer, and not written by a person.
    public var isProposed: Bool
    /// One result a key point, in their order.
    public var results: [KeyPointResult]
    /// What the answer earns.
    public var score: AnswerScore

    /// Creates an assessment.
    public init(keyPoints: [KeyPoint], isProposed: Bool = false, results: [KeyPointResult], score: AnswerScore) {
        self.keyPoints = keyPoints
        self.isProposed = isProposed
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

    /// The version of the rules.
    public static let version = "oracy-assessment/1"

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
        ([Self.version] + [knowledge.drugsLabel, knowledge.embedderLabel].compactMap { $0 }).joined(separator: " ")
    }

    /// Assesses a typed answer.
    ///
    /// - Parameters:
    ///   - text: The answer.
    ///   - keyPoints: What is expected of it.
    ///   - language: Its language (BCP 47); nil where it is not known, and then negations are not checked.
    public func assess(_ text: String, keyPoints: [KeyPoint], language: String?) -> ExpectationAssessment {
        let code = Self.primary(language)
        return assess(AnswerText(text, language: code), Speech(typed: text), keyPoints, code)
    }

    /// Assesses a typed answer by an expected answer alone: key points are proposed from it, and the score takes how close
    /// the wording and the meaning are into account (docs/assessment.md), so that a person has to look.
    ///
    /// - Parameters:
    ///   - text: The answer.
    ///   - expected: What is expected; several answers that are all good stand apart by an empty line or `|||`.
    ///   - language: The language of both (BCP 47).
    public func assess(_ text: String, expected: String, language: String?) -> ExpectationAssessment {
        let code = Self.primary(language)
        return ProposedScore(assessor: self, language: code).assess(text, expected: expected)
    }

    /// Assesses a typed answer by key points, or where there are none by the expected answer; nil without both.
    ///
    /// - Parameter keyPoints: What is expected; nil or empty to propose it from the expected answer.
    public func assessment(
        of text: String, keyPoints: [KeyPoint]?, expected: String?, language: String?
    ) -> ExpectationAssessment? {
        if let keyPoints, !keyPoints.isEmpty { return assess(text, keyPoints: keyPoints, language: language) }
        return expected.map { assess(text, expected: $0, language: language) }
    }

    /// Key points that an expected answer suggests, for an educator to edit: one a statement.
    public func proposals(from expected: String, language: String?) -> [KeyPoint] {
        KeyPointProposer(reader: StatementReader(knowledge: knowledge, language: Self.primary(language))).keyPoints(
            from: expected)
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
    ) -> ExpectationAssessment {
        let language = language ?? transcript.language
        let code = Self.primary(language)
        let words = transcript.words
        let sentences = knowledge.sentences(of: words, language: language)
        let speech = Speech(words: words, sentences: sentences, unintelligible: unintelligible)
        return assess(AnswerText(speech.text, language: code, breaks: speech.breaks), speech, keyPoints, code)
    }

    static func primary(_ language: String?) -> String {
        guard let language else { return "und" }
        return language.split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map { $0.lowercased() } ?? "und"
    }

    func assess(
        _ text: AnswerText, _ speech: Speech, _ keyPoints: [KeyPoint], _ language: String
    ) -> ExpectationAssessment {
        let reader = StatementReader(knowledge: knowledge, language: language)
        let read = keyPoints.map { ReadKeyPoint($0, reader: reader) }
        let coverage = Coverage(text: text, speech: speech, knowledge: knowledge, reader: reader, keyPoints: read)
        let results = coverage.results()
        let score = ScoreInterval(keyPoints: keyPoints, results: results, speech: speech, language: language).score
        return ExpectationAssessment(keyPoints: keyPoints, results: results, score: score)
    }
}
