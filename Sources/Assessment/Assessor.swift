// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Analysis
public import Domain

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
    public static let version = "oracy-assessment/4"

    /// Creates an assessor.
    ///
    /// - Parameters:
    ///   - analyzer: Knows ordinary words, and the model of sentence vectors, if there is one.
    ///   - drugs: Names of drugs; without a list, common ones are known.
    ///   - entailment: Say what sentences do to key points, each answer by the first that knows its language.
    public init(analyzer: AnswerAnalyzer, drugs: DrugVocabulary?, entailment: [EntailmentClassifier] = []) {
        self.init(knowledge: WordKnowledge(analyzer: analyzer, drugs: drugs, entailment: entailment))
    }

    init(knowledge: WordKnowledge) { self.knowledge = knowledge }

    /// The version of the rules with what they rest on; results are compared only within one.
    public var engine: String {
        ([Self.version] + [knowledge.drugsLabel, knowledge.embedderLabel, knowledge.entailmentLabel].compactMap { $0 })
            .joined(separator: " ")
    }

    /// Assesses a typed answer.
    ///
    /// - Parameters:
    ///   - text: The answer.
    ///   - keyPoints: What is expected of it.
    ///   - partialCredit: What a key point earns that is said in part.
    ///   - language: Its language (BCP 47); nil where it is not known, and then negations are not checked.
    public func assess(
        _ text: String, keyPoints: [KeyPoint], partialCredit: Double = KeyPointResult.usualPartialCredit,
        language: String?
    ) -> AnswerAssessment {
        assessment(draft(of: text, keyPoints: keyPoints, partialCredit: partialCredit, language: language))
    }

    /// Assesses a typed answer by an expected answer alone: key points are proposed from it, and the score takes how close
    /// the wording and the meaning are into account (docs/assessment.md), so that a person has to look.
    ///
    /// - Parameters:
    ///   - text: The answer.
    ///   - expected: What is expected; several answers that are all good stand apart by an empty line or `|||`.
    ///   - language: The language of both (BCP 47).
    public func assess(_ text: String, expected: String, language: String?) -> AnswerAssessment {
        assessment(draft(of: text, expected: expected, language: language))
    }

    /// Assesses a typed answer by key points, or where there are none by the expected answer; nil without both.
    ///
    /// - Parameters:
    ///   - keyPoints: What is expected; nil or empty to propose it from the expected answer.
    ///   - partialCredit: What a key point earns that is said in part.
    public func assessment(
        of text: String, keyPoints: [KeyPoint]?, partialCredit: Double = KeyPointResult.usualPartialCredit,
        expected: String?, language: String?
    ) -> AnswerAssessment? {
        draft(
            of: text, keyPoints: keyPoints, partialCredit: partialCredit, expected: expected, language: language
        ).map(assessment)
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
    ///   - partialCredit: What a key point earns that is said in part.
    ///   - language: Its language (BCP 47); the transcript's where nil.
    ///   - unintelligible: The share of the speech that could not be understood, 0...1.
    public func assess(
        _ transcript: Transcript, keyPoints: [KeyPoint], partialCredit: Double = KeyPointResult.usualPartialCredit,
        language: String? = nil, unintelligible: Double = 0
    ) -> AnswerAssessment {
        let language = language ?? transcript.language
        let code = Self.primary(language)
        let words = transcript.words
        let sentences = knowledge.sentences(of: words, language: language)
        let speech = Speech(words: words, sentences: sentences, unintelligible: unintelligible)
        let reader = StatementReader(knowledge: knowledge, language: code)
        let answer = ReadAnswer(AnswerText(speech.text, language: code, breaks: speech.breaks), speech, reader)
        return Self.assess(
            answer, keyPoints.map { ReadKeyPoint($0, reader: reader) }, partialCredit, knowledge: knowledge,
            language: code)
    }

    /// Assesses a spoken answer by a question's key points, or where it has none by key points that are proposed from the
    /// expected answer, so that a person has to look; nil without both.
    ///
    /// - Parameters:
    ///   - keyPoints: What an educator wrote.
    ///   - partialCredit: What a key point earns that is said in part.
    ///   - expected: The expected answer.
    ///   - language: The language of both; the transcript's where nil.
    public func assessment(
        of transcript: Transcript, keyPoints: [KeyPoint], partialCredit: Double = KeyPointResult.usualPartialCredit,
        expected: String, language: String? = nil
    ) -> AnswerAssessment? {
        let unintelligible = transcript.unintelligibleShare
        if !keyPoints.isEmpty {
            return assess(
                transcript, keyPoints: keyPoints, partialCredit: partialCredit, language: language,
                unintelligible: unintelligible)
        }
        let proposals = proposals(from: expected, language: language ?? transcript.language)
        guard !proposals.isEmpty else { return nil }
        var assessment = assess(transcript, keyPoints: proposals, language: language, unintelligible: unintelligible)
        assessment.isProposed = true
        assessment.score.hold(for: .proposedKeyPoints)
        return assessment
    }

    static func primary(_ language: String?) -> String {
        guard let language else { return "und" }
        return language.split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map { $0.lowercased() } ?? "und"
    }

    static func assess(
        _ answer: ReadAnswer, _ keyPoints: [ReadKeyPoint], _ partialCredit: Double, knowledge: WordKnowledge,
        language: String
    ) -> AnswerAssessment {
        let coverage = Coverage(answer, keyPoints, knowledge: knowledge, language: language)
        let results = coverage.results().map { result in
            var result = result
            result.credit = result.state.credit(partial: partialCredit)
            return result
        }
        let all = keyPoints.map(\.keyPoint)
        let score = ScoreInterval(
            keyPoints: all, results: results, unintelligible: answer.speech.unintelligible,
            isEmpty: answer.speech.isEmpty
        ).score
        return AnswerAssessment(keyPoints: all, results: results, score: score)
    }
}

extension Transcript {
    /// The share of the time of speech whose words the recogniser hardly believes itself, 0...1; 0 without confidences.
    var unintelligibleShare: Double {
        var (doubtful, whole) = (0, 0)
        for word in words {
            guard let confidence = word.confidence else { continue }
            whole += word.end - word.start
            if confidence < Self.unintelligibleConfidence { doubtful += word.end - word.start }
        }
        return whole > 0 ? Double(doubtful) / Double(whole) : 0
    }

    /// Below this a word is taken for noise that was written as a word.
    private static var unintelligibleConfidence: Double { 0.25 }
}
