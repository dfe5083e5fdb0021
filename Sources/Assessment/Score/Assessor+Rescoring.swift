// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Assessor {
    /// What a spoken answer earns where its key points count otherwise than when it was assessed.
    ///
    /// What became of each key point is taken from the assessment, so nothing is read again, but for one case: whether
    /// a key point that advises against something is critical decides how a sentence that allows it is read. The result
    /// is, to the last bit, what assessing the answer anew would give.
    ///
    /// - Parameters:
    ///   - assessment: What was found.
    ///   - transcript: The words that were assessed.
    ///   - variants: The other words that were; asked for only where they have to be read again.
    ///   - keyPoints: The same key points with other weights, essential, critical or retired ones.
    ///   - scoring: How they make a score.
    ///   - isSameEngine: Whether an assessor of this ``engine`` made the assessment; another one's is never read again.
    /// - Returns: Nil where the assessment was made by key points that look for something else, or by proposed ones.
    public func rescored(
        _ assessment: AnswerAssessment, of transcript: Transcript,
        orElse variants: @autoclosure () -> [TranscriptVariant] = [],
        keyPoints: [KeyPoint], scoring: ScoringRules, isSameEngine: Bool
    ) -> AnswerAssessment? {
        guard !assessment.isProposed, assessment.results.count == keyPoints.count,
            assessment.keyPoints.elementsEqual(keyPoints, by: { $0.looksForTheSame(as: $1) })
        else { return nil }
        let unintelligible = transcript.unintelligibleShare
        var rescored = assessment
        if hasOtherStates(assessment.keyPoints, keyPoints, transcript.language) {
            guard isSameEngine else { return nil }
            guard
                let anew = self.assessment(
                    of: transcript, orElse: variants(), keyPoints: keyPoints, scoring: scoring, expected: "",
                    language: transcript.language)
            else { return nil }
            rescored = anew
        } else {
            rescored.keyPoints = keyPoints
            let best = BestExpectedAnswer(
                keyPoints: keyPoints, results: assessment.results, scoring: scoring, unintelligible: unintelligible,
                isEmpty: assessment.score.holds.contains(.noWords))
            rescored.results = best.results
            rescored.score = best.score
            rescored.considerOtherWordings(scoring: scoring, unintelligible: unintelligible)
        }
        for reason in assessment.score.holds where reason.isAboutRecording { rescored.score.hold(for: reason) }
        return rescored
    }

    /// Whether key points that advise against something are critical in one list and not in the other.
    private func hasOtherStates(_ before: [KeyPoint], _ after: [KeyPoint], _ language: String?) -> Bool {
        let changed = zip(before, after).filter { $0.isCritical != $1.isCritical }.map(\.1)
        guard !changed.isEmpty else { return false }
        let reader = StatementReader(knowledge: knowledge, language: Self.primary(language))
        return changed.contains { ReadKeyPoint($0, reader: reader).sign < 0 }
    }
}
