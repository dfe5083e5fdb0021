// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain

/// What an answer earns where nobody wrote key points: points proposed from the expected answer, blended with how close the
/// wording and the meaning are. A person has to look at such a score.
struct ProposedScore {
    let knowledge: WordKnowledge
    let language: String

    /// One expected answer with the key points that it suggests.
    struct Expectation: Sendable {
        let keyPoints: [ReadKeyPoint]
        /// All of it as one statement.
        let whole: ReadKeyPoint

        init(_ expected: String, _ reader: StatementReader) {
            let cleaned = KeyPointProposer.withoutMarks(expected)
            let text = AnswerText(cleaned, language: reader.language)
            let statements = reader.statements(of: text)
            keyPoints = KeyPointProposer(reader: reader).keyPoints(from: text, statements, written: expected).map {
                proposed in
                // Nobody has said that an answer can't pass without one of them.
                var keyPoint = proposed
                keyPoint.isEssential = false
                return ReadKeyPoint(keyPoint, reader: reader)
            }
            whole = ReadKeyPoint(KeyPoint(id: "", label: cleaned), label: text, statements, reader: reader)
        }
    }

    /// The parts of the blend. Chosen once on the training parts of short-answer data sets, the same for all of them, and rounded
    /// (docs/assessment.md).
    enum Weight {
        static let named = 0.4
        static let wording = 0.05
        static let meaning = 0.4
        static let coverage = 0.15
    }

    /// The assessment by the expected answer that says most for it, of assessments by the key points of each.
    func assess(
        _ answer: ReadAnswer, _ expectations: [(expectation: Expectation, assessment: AnswerAssessment)]
    ) -> AnswerAssessment {
        var best: AnswerAssessment?
        for (expectation, assessment) in expectations {
            let assessment = blended(assessment, answer, expectation)
            if best == nil || assessment.score.point > best?.score.point ?? 0 { best = assessment }
        }
        return best
            ?? AnswerAssessment(
                keyPoints: [], isProposed: true, results: [],
                score: AnswerScore(low: 0, point: 0, high: 1, holds: [.proposedKeyPoints]))
    }

    private func blended(
        _ assessment: AnswerAssessment, _ answer: ReadAnswer, _ expectation: Expectation
    ) -> AnswerAssessment {
        var assessment = assessment
        assessment.isProposed = true
        let features = features(answer, expectation)
        var point =
            Weight.named * features.named + Weight.wording * features.wording + Weight.coverage * assessment.score.point
        if let meaning = features.meaning {
            point += Weight.meaning * max(0, meaning)
        } else {
            point /= 1 - Weight.meaning
        }
        // Whatever words it has in common: advice that is dangerous earns no more here than by written key points.
        let most = assessment.score.cap ?? 1
        point = answer.speech.isEmpty ? 0 : min(most, max(0, point))
        let width = 0.15
        let unheard = (1 - point) * answer.speech.unintelligible
        var holds = assessment.score.holds
        holds.append(.proposedKeyPoints)
        assessment.score = AnswerScore(
            low: max(0, point - width), point: point, high: min(most, point + width + unheard),
            holds: AnswerScore.Hold.allCases.filter(holds.contains), cap: assessment.score.cap)
        return assessment
    }

    /// What the blend is made of, each 0...1 but for the meaning, which is -1...1.
    struct Features {
        /// The share of the expected answer's content that is named, synonyms included.
        var named: Double
        /// The TF-IDF cosine.
        var wording: Double
        /// The cosine of what both are about, the means of their sentences' vectors; nil without a model.
        var meaning: Double?
    }

    func features(_ answer: ReadAnswer, _ expectation: Expectation) -> Features {
        guard !answer.statements.isEmpty, let wording = expectation.whole.wordings.first else {
            return Features(named: 0, wording: 0, meaning: nil)
        }
        let window = Window(answer.statements.indices, of: answer.statements)
        let judge = CoverageJudge(language: language, knowledge: knowledge)
        let named = judge.match(wording, window).share
        let cosine = WordingCosine([answer.terms.flatMap { $0 }], [expectation.whole]).cosine(0..<1, 0)
        let wanted = expectation.keyPoints.compactMap { $0.wordings.first?.text }
        let vectors = [answer.sentences, wanted].compactMap(meanVector)
        return Features(
            named: named, wording: cosine ?? 0,
            meaning: vectors.count == 2 ? Meanings.cosine(vectors[0], vectors[1]) : nil)
    }

    /// Nil where the model can't be used: then the words decide.
    private func meanVector(of sentences: [String]) -> [Float]? {
        (try? knowledge.meanVector(of: sentences, language: language)) ?? nil
    }
}
