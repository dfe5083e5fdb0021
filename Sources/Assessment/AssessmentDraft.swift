// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Analysis
public import Domain

/// A typed answer and what is expected of it, both read as statements: all that an assessment needs but the meanings.
///
/// Models are fastest with many texts at once. To assess many answers, make a draft of each, let
/// ``Analysis/AnswerAnalyzer/prepared(for:)`` read what they have, and finish them with an assessor
/// ``Assessor/using(_:)`` that analyzer.
public struct AssessmentDraft: Sendable {
    enum Expectation: Sendable {
        case keyPoints([ReadKeyPoint], ScoringRules)
        case proposed([ProposedScore.Expectation])
    }

    let answer: ReadAnswer
    let expectation: Expectation
    let language: String

    /// What a model of sentence vectors will be asked for.
    public var texts: TextsToRead {
        var texts = TextsToRead(language: language, sentences: answer.sentences)
        switch expectation {
        case .keyPoints(let keyPoints, _): texts.sentences += keyPoints.flatMap { $0.wordings.map(\.text) }
        case .proposed(let expectations):
            texts.sentences += expectations.flatMap(\.keyPoints).flatMap { $0.wordings.map(\.text) }
        }
        return texts
    }
}

extension Assessor {
    /// A draft by key points, or where there are none by the expected answer; nil without both.
    ///
    /// - Parameters:
    ///   - text: The answer.
    ///   - keyPoints: What is expected; nil or empty to propose it from the expected answer.
    ///   - scoring: How key points make a score.
    ///   - expected: The expected answer.
    ///   - language: The language of both (BCP 47); nil where it is not known.
    public func draft(
        of text: String, keyPoints: [KeyPoint]?, scoring: ScoringRules = ScoringRules(),
        expected: String?, language: String?
    ) -> AssessmentDraft? {
        if let keyPoints, !keyPoints.isEmpty {
            return draft(of: text, keyPoints: keyPoints, scoring: scoring, language: language)
        }
        return expected.map { draft(of: text, expected: $0, language: language) }
    }

    /// The assessment of a draft.
    public func assessment(_ draft: AssessmentDraft) -> AnswerAssessment {
        let coverages = coverages(of: draft)
        return assessment(draft, zip(coverages, Coverage.opinions(on: coverages, knowledge: knowledge)))
    }

    /// The assessments of drafts, in order: the model of entailment is asked all its questions in one call.
    ///
    /// Each is the same, to the last bit, as that of its draft alone.
    public func assessments(_ drafts: [AssessmentDraft]) -> [AnswerAssessment] {
        let coverages = drafts.map(coverages)
        var rest = Coverage.opinions(on: coverages.flatMap { $0 }, knowledge: knowledge)[...]
        return zip(drafts, coverages).map { draft, coverages in
            defer { rest = rest.dropFirst(coverages.count) }
            return assessment(draft, zip(coverages, Array(rest.prefix(coverages.count))))
        }
    }

    /// The answer held against each of the lists of key points that it may be assessed by.
    private func coverages(of draft: AssessmentDraft) -> [Coverage] {
        let (lists, areProposed) =
            switch draft.expectation {
            case .keyPoints(let keyPoints, _): ([keyPoints], false)
            case .proposed(let expectations): (expectations.map(\.keyPoints), true)
            }
        return lists.map {
            Coverage(draft.answer, $0, areProposed: areProposed, knowledge: knowledge, language: draft.language)
        }
    }

    /// - Parameter found: What the answer has of each list, with what a model of entailment answered.
    private func assessment(
        _ draft: AssessmentDraft, _ found: Zip2Sequence<[Coverage], [[Entailment]?]>
    ) -> AnswerAssessment {
        switch draft.expectation {
        case .keyPoints(_, let scoring):
            found.map { assessment($0, $1, scoring) }[0]
        case .proposed(let expectations):
            ProposedScore(knowledge: knowledge, language: draft.language).assess(
                draft.answer,
                zip(expectations, found).map {
                    ($0, assessment($1.0, $1.1, ScoringRules()))
                })
        }
    }

    /// The same assessor with another analyzer, such as one that has texts at hand.
    public func using(_ analyzer: AnswerAnalyzer) -> Assessor {
        Assessor(knowledge: knowledge.with(analyzer))
    }

    func draft(of text: String, keyPoints: [KeyPoint], scoring: ScoringRules, language: String?) -> AssessmentDraft {
        let reader = reader(language)
        return AssessmentDraft(typed(text, reader), expectation(keyPoints, scoring, reader), reader)
    }

    func draft(of text: String, expected: String, language: String?) -> AssessmentDraft {
        let reader = reader(language)
        return AssessmentDraft(typed(text, reader), expectation(expected, reader), reader)
    }

    func draft(
        of transcript: Transcript, keyPoints: [KeyPoint], scoring: ScoringRules, language: String?,
        unintelligible: Double
    ) -> AssessmentDraft {
        let reader = reader(language ?? transcript.language)
        return AssessmentDraft(
            spoken(transcript, reader, language, unintelligible), expectation(keyPoints, scoring, reader), reader)
    }

    func draft(
        of transcript: Transcript, expected: String, language: String?, unintelligible: Double
    ) -> AssessmentDraft {
        let reader = reader(language ?? transcript.language)
        return AssessmentDraft(
            spoken(transcript, reader, language, unintelligible), expectation(expected, reader), reader)
    }

    private func reader(_ language: String?) -> StatementReader {
        StatementReader(knowledge: knowledge, language: Self.primary(language))
    }

    private func typed(_ text: String, _ reader: StatementReader) -> ReadAnswer {
        ReadAnswer(AnswerText(text, language: reader.language), Speech(typed: text), reader)
    }

    private func spoken(
        _ transcript: Transcript, _ reader: StatementReader, _ language: String?, _ unintelligible: Double
    ) -> ReadAnswer {
        let words = transcript.words.map(\.asConfirmed)
        let sentences = knowledge.sentences(of: words, language: language ?? transcript.language)
        let speech = Speech(words: words, sentences: sentences, unintelligible: unintelligible)
        return ReadAnswer(AnswerText(speech.text, language: reader.language, breaks: speech.breaks), speech, reader)
    }

    private func expectation(
        _ keyPoints: [KeyPoint], _ scoring: ScoringRules, _ reader: StatementReader
    ) -> AssessmentDraft.Expectation {
        .keyPoints(keyPoints.map { ReadKeyPoint($0, reader: reader) }, scoring)
    }

    private func expectation(_ expected: String, _ reader: StatementReader) -> AssessmentDraft.Expectation {
        .proposed(ExpectedAnswers.split(expected).map { ProposedScore.Expectation($0, reader) })
    }
}

extension AssessmentDraft {
    fileprivate init(_ answer: ReadAnswer, _ expectation: Expectation, _ reader: StatementReader) {
        self.init(answer: answer, expectation: expectation, language: reader.language)
    }
}
