// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain

/// What an answer earns where nobody wrote key points: points proposed from the expected answer, blended with how close the
/// wording and the meaning are. A person has to look at such a score.
struct ProposedScore {
    let assessor: Assessor
    let language: String

    /// The parts of the blend. Chosen once on the training parts of short-answer data sets, the same for all of them, and rounded
    /// (docs/assessment.md).
    enum Weight {
        static let named = 0.4
        static let wording = 0.05
        static let meaning = 0.4
        static let coverage = 0.15
    }

    func assess(_ answer: String, expected: String) -> AnswerAssessment {
        let text = AnswerText(answer, language: language)
        let speech = Speech(typed: answer)
        var best: AnswerAssessment?
        for alternative in Self.alternatives(expected) {
            let assessment = assess(text, speech, alternative)
            if best == nil || assessment.score.point > best?.score.point ?? 0 { best = assessment }
        }
        return best
            ?? AnswerAssessment(
                keyPoints: [], isProposed: true, results: [],
                score: AnswerScore(low: 0, point: 0, high: 1, holds: [.proposedKeyPoints]))
    }

    /// Answers that are all good: apart by an empty line or `|||`.
    static func alternatives(_ expected: String) -> [String] {
        var parts: [String] = []
        var current = ""
        var bars = 0
        var breaks = 0
        for character in expected {
            bars = character == "|" ? bars + 1 : 0
            if character.isNewline { breaks += 1 } else if !character.isWhitespace { breaks = 0 }
            current.append(character)
            if bars == 3 || breaks == 2 {
                parts.append(String(current.dropLast(bars == 3 ? 3 : 2)))
                current = ""
                bars = 0
                breaks = 0
            }
        }
        parts.append(current)
        return parts.filter { $0.contains { !$0.isWhitespace } }.prefix(12).map { $0 }
    }

    private func assess(_ text: AnswerText, _ speech: Speech, _ expected: String) -> AnswerAssessment {
        let reader = StatementReader(knowledge: assessor.knowledge, language: language)
        let proposed = KeyPointProposer(reader: reader).keyPoints(from: expected)
        var assessment = assessor.assess(
            text, speech, proposed, KeyPointResult.usualPartialCredit, language)
        assessment.isProposed = true
        let features = features(text, expected, reader)
        var point =
            Weight.named * features.named + Weight.wording * features.wording + Weight.coverage * assessment.score.point
        if let meaning = features.meaning {
            point += Weight.meaning * max(0, meaning)
        } else {
            point /= 1 - Weight.meaning
        }
        point = speech.isEmpty ? 0 : min(1, max(0, point))
        let width = 0.15
        var holds = assessment.score.holds
        holds.append(.proposedKeyPoints)
        assessment.score = AnswerScore(
            low: max(0, point - width), point: point, high: min(1, point + width),
            holds: AnswerScore.Hold.allCases.filter(holds.contains), cap: nil)
        return assessment
    }

    /// What the blend is made of, each 0...1 but for the meaning, which is -1...1.
    struct Features {
        /// The share of the expected answer's content that is named, synonyms included.
        var named: Double
        /// The TF-IDF cosine.
        var wording: Double
        /// The cosine of the sentence vectors; nil without a model.
        var meaning: Double?
    }

    func features(_ text: AnswerText, _ expected: String, _ reader: StatementReader) -> Features {
        let cleaned = KeyPointProposer.withoutMarks(expected)
        let wanted = ReadKeyPoint(KeyPoint(id: "", label: cleaned), reader: reader)
        let statements = reader.statements(of: text)
        guard !statements.isEmpty, let wording = wanted.wordings.first else {
            return Features(named: 0, wording: 0, meaning: nil)
        }
        let window = Window(0..<statements.count, of: statements)
        let knowledge = assessor.knowledge
        let judge = CoverageJudge(language: language, knowledge: knowledge)
        let named = judge.match(wording, window).share
        let meanings = Meanings(
            sentences: [text.text], keyPoints: [wanted], knowledge: knowledge, language: language, isWordForWord: false)
        return Features(named: named, wording: meanings.wording(0..<1, 0) ?? 0, meaning: meanings.cosine(0..<1, 0))
    }
}
