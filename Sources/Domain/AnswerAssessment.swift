// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What an answer does about each key point, and what it earns.
public struct AnswerAssessment: Sendable, Hashable {
    /// The key points: those that an educator wrote, or proposed ones.
    public var keyPoints: [KeyPoint]
    /// Whether they were proposed from the expected answer, and not written by a person.
    public var isProposed: Bool
    /// One result a key point, in their order.
    public var results: [KeyPointResult]
    /// What the answer earns.
    public var score: AnswerScore
    /// Why rules decided without the learned judge, for people; nil where it was asked too.
    public var judgeReason: String?
    /// Other words that may have been said, where something else becomes of a key point with them; none for typed answers.
    public var otherWordings: [OtherWording]

    /// Creates an assessment.
    public init(
        keyPoints: [KeyPoint], isProposed: Bool = false, results: [KeyPointResult], score: AnswerScore,
        judgeReason: String? = nil, otherWordings: [OtherWording] = []
    ) {
        self.keyPoints = keyPoints
        self.isProposed = isProposed
        self.results = results
        self.score = score
        self.judgeReason = judgeReason
        self.otherWordings = otherWordings
    }
}

extension AnswerAssessment {
    /// What the key points earn together, without caps: Σ weight × credit / Σ weight (KPI.md, section 7); nil where nothing
    /// counts.
    public var coverage: Double? {
        let counted = zip(keyPoints, results).filter { !$1.flags.contains(.otherAnswer) }
        let total = counted.reduce(0) { $0 + $1.0.countedWeight }
        guard total > 0 else { return nil }
        return counted.reduce(0) { $0 + $1.0.countedWeight * $1.1.credit } / total
    }

    /// What correcting the transcript has gained: the coverage of the corrected words less that of the recogniser's; nil
    /// where the two can't be compared.
    public func editGain(over recognised: AnswerAssessment) -> Double? {
        guard keyPoints == recognised.keyPoints, let after = coverage, let before = recognised.coverage else {
            return nil
        }
        return after - before
    }
}
