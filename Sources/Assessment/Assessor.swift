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
    public static let version = "oracy-assessment/6"

    /// Creates an assessor.
    ///
    /// - Parameters:
    ///   - analyzer: Knows ordinary words, and the model of sentence vectors, if there is one.
    ///   - drugs: Names of drugs; without a list, common ones are known.
    ///   - entailment: Say what sentences do to key points. Of those that the learned judge was fitted on the best one is asked
    ///     about key points that somebody wrote, and the smallest about proposed ones.
    ///   - noEntailment: Why there is none, for people.
    public init(
        analyzer: AnswerAnalyzer, drugs: DrugVocabulary?, entailment: [EntailmentClassifier] = [],
        noEntailment: String = "No model of entailment is installed."
    ) {
        let known = LearnedJudge.entailment.compactMap { name in entailment.first { $0.model.name == name } }
        let others = entailment.map(\.model.name).filter { !LearnedJudge.entailment.contains($0) }
        let reason =
            others.isEmpty
            ? noEntailment
            : "The learned judge of key points was fitted on \(LearnedJudge.entailment.joined(separator: " and ")), which are not "
                + "installed, and not on \(others.joined(separator: ", "))."
        self.init(
            knowledge: WordKnowledge(
                analyzer: analyzer, drugs: drugs, entailment: known, noEntailment: reason))
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
    ///   - scoring: How key points make a score.
    ///   - language: Its language (BCP 47); nil where it is not known, and then negations are not checked.
    public func assess(
        _ text: String, keyPoints: [KeyPoint], scoring: ScoringRules = ScoringRules(),
        language: String?
    ) -> AnswerAssessment {
        assessment(draft(of: text, keyPoints: keyPoints, scoring: scoring, language: language))
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
    ///   - scoring: How key points make a score.
    public func assessment(
        of text: String, keyPoints: [KeyPoint]?, scoring: ScoringRules = ScoringRules(),
        expected: String?, language: String?
    ) -> AnswerAssessment? {
        draft(
            of: text, keyPoints: keyPoints, scoring: scoring, expected: expected, language: language
        ).map(assessment)
    }

    /// Key points that an expected answer suggests, for an educator to edit: one a statement.
    ///
    /// - Parameter expected: The expected answer; of several that are all good, each key point says to which it belongs, and
    ///   one that they share is proposed once.
    public func proposals(from expected: String, language: String?) -> [KeyPoint] {
        let reader = StatementReader(knowledge: knowledge, language: Self.primary(language))
        return ProposedKeyPoints(reader: reader).keyPoints(from: ExpectedAnswers.split(expected))
    }

    /// Assesses a spoken answer.
    ///
    /// - Parameters:
    ///   - transcript: What was said, with times and confidences.
    ///   - keyPoints: What is expected.
    ///   - scoring: How key points make a score.
    ///   - language: Its language (BCP 47); the transcript's where nil.
    ///   - unintelligible: The share of the speech that could not be understood, 0...1.
    public func assess(
        _ transcript: Transcript, keyPoints: [KeyPoint], scoring: ScoringRules = ScoringRules(),
        language: String? = nil, unintelligible: Double = 0
    ) -> AnswerAssessment {
        assessment(
            draft(
                of: transcript, keyPoints: keyPoints, scoring: scoring, language: language,
                unintelligible: unintelligible))
    }

    /// Assesses a spoken answer by a question's key points, or where it has none by the expected answer in the same way as
    /// a typed one, so that a person has to look; nil without both.
    ///
    /// - Parameters:
    ///   - keyPoints: What an educator wrote.
    ///   - scoring: How key points make a score.
    ///   - expected: The expected answer; several that are all good stand apart by an empty line or `|||`.
    ///   - language: The language of both; the transcript's where nil.
    public func assessment(
        of transcript: Transcript, keyPoints: [KeyPoint], scoring: ScoringRules = ScoringRules(),
        expected: String, language: String? = nil
    ) -> AnswerAssessment? {
        let unintelligible = transcript.unintelligibleShare
        if !keyPoints.isEmpty {
            return assess(
                transcript, keyPoints: keyPoints, scoring: scoring, language: language, unintelligible: unintelligible)
        }
        guard !ExpectedAnswers.split(expected).isEmpty else { return nil }
        return assessment(
            draft(of: transcript, expected: expected, language: language, unintelligible: unintelligible))
    }

    /// The sentences of a spoken answer as ranges of its words: by punctuation, or by pauses where there is none.
    public func sentences(of transcript: Transcript) -> [Range<Int>] {
        knowledge.sentences(of: transcript.words, language: transcript.language)
    }

    static func primary(_ language: String?) -> String {
        guard let language else { return "und" }
        return language.split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map { $0.lowercased() } ?? "und"
    }

    func assessment(_ coverage: Coverage, _ opinions: [Entailment]?, _ scoring: ScoringRules) -> AnswerAssessment {
        let all = coverage.keyPoints.map(\.keyPoint)
        let speech = coverage.answer.speech
        let reason = opinions == nil ? LearnedJudge.refusal(coverage.language, knowledge) : nil
        let best = BestExpectedAnswer(
            keyPoints: all, results: coverage.results(opinions), scoring: scoring,
            unintelligible: speech.unintelligible, isEmpty: speech.isEmpty)
        return AnswerAssessment(keyPoints: all, results: best.results, score: best.score, judgeReason: reason)
    }
}

extension Transcript {
    /// The share of the time of speech whose words the recogniser hardly believes itself, 0...1; 0 without confidences.
    var unintelligibleShare: Double {
        var (doubtful, whole) = (0, 0)
        for word in words.map(\.asConfirmed) {
            guard let confidence = word.confidence else { continue }
            whole += word.end - word.start
            if confidence < Self.unintelligibleConfidence { doubtful += word.end - word.start }
        }
        return whole > 0 ? Double(doubtful) / Double(whole) : 0
    }

    /// Below this a word is taken for noise that was written as a word.
    private static var unintelligibleConfidence: Double { 0.25 }
}
