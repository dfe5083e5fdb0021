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

    /// Creates an assessment.
    public init(
        keyPoints: [KeyPoint], isProposed: Bool = false, results: [KeyPointResult], score: AnswerScore,
        judgeReason: String? = nil
    ) {
        self.keyPoints = keyPoints
        self.isProposed = isProposed
        self.results = results
        self.score = score
        self.judgeReason = judgeReason
    }
}
