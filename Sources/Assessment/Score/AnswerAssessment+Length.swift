// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension AnswerAssessment {
    /// Whether a spoken answer is too short to be scored: nothing in it is about a key point, and it has fewer words than a
    /// quarter of the shortest expected answer, of which three are always enough.
    ///
    /// Fillers and repetitions don't count. "No" is an answer where "Yes" is expected, and none where two sentences are; a
    /// short answer that says something of what is expected, or its opposite, is scored like any other.
    ///
    /// - Parameters:
    ///   - transcript: The words that were assessed.
    ///   - expected: What a good answer says; several stand apart as in ``Assessor/assess(_:expected:language:)``.
    public func isTooShort(_ transcript: Transcript, expected: String) -> Bool {
        guard zip(keyPoints, results).allSatisfy({ $0.isRetired || $1.state == .missing }) else { return false }
        let shortest = ExpectedAnswers.split(expected).map { $0.split(whereSeparator: \.isWhitespace).count }.min()
        let words = transcript.words.count { $0.kind != .filler && $0.kind != .repeat }
        return words < min(Self.alwaysEnough, ((shortest ?? 0) + 3) / 4)
    }

    private static var alwaysEnough: Int { 3 }
}
