// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Glibc

/// The tone of a sentence or an answer, from -1 (negative) to 1 (positive).
public struct Polarity: Sendable, Hashable {
    /// What a score is called.
    public enum Label: String, Sendable, Hashable { case negative, neutral, positive }

    /// From -1 to 1.
    public var score: Double

    /// Creates a polarity.
    public init(score: Double) { self.score = score }

    /// `positive` from 0.05 on, `negative` up to -0.05 (the convention of VADER, Hutto & Gilbert 2014).
    public var label: Label { score >= 0.05 ? .positive : score <= -0.05 ? .negative : .neutral }

    /// Makes a score of a classifier's scores for negative, neutral and positive (weights/FORMAT.md, `polarity`).
    ///
    /// - Parameter margin: The difference of probabilities up to which a text is neutral, from 0 to 1.
    init(negative: Double, neutral: Double, positive: Double, margin: Double) {
        let highest = max(negative, neutral, positive)
        let (low, middle, high) = (exp(negative - highest), exp(neutral - highest), exp(positive - highest))
        let difference = (high - low) / (low + middle + high)
        let size = abs(difference)
        guard size >= margin else {
            score = margin > 0 ? 0.05 * difference / margin : 0
            return
        }
        let share = margin < 1 ? (size - margin) / (1 - margin) : 1
        score = (difference < 0 ? -1 : 1) * min(1, 0.05 + 0.95 * share)
    }
}
