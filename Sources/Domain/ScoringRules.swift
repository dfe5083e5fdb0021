// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What a question says of how key points make a score.
public struct ScoringRules: Sendable, Hashable {
    /// What a key point earns of its weight that was said in part, 0...1.
    public var partialCredit: Double
    /// What one earns whose opposite was said, -1...0: below 0 it takes away what others earn.
    public var contradictedCredit: Double
    /// How many expected answers there are; the one that fits an answer best counts.
    public var expectedAnswers: Int

    /// Creates rules.
    public init(
        partialCredit: Double = KeyPointResult.usualPartialCredit, contradictedCredit: Double = 0,
        expectedAnswers: Int = 1
    ) {
        self.partialCredit = partialCredit
        self.contradictedCredit = contradictedCredit
        self.expectedAnswers = expectedAnswers
    }

    /// What a key point in a state earns of its weight.
    public func credit(for state: KeyPointResult.State) -> Double {
        switch state {
        case .covered: 1
        case .partial: partialCredit
        case .contradicted: contradictedCredit
        case .missing, .uncertain: 0
        }
    }
}
