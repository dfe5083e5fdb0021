// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Glibc

/// Makes a score from -1 to 1 of a classifier's scores for negative, neutral and positive (weights/FORMAT.md, `polarity`).
enum Polarity {
    /// The score.
    ///
    /// - Parameter margin: The difference of probabilities up to which a text is neutral, from 0 to 1.
    static func score(negative: Double, neutral: Double, positive: Double, margin: Double) -> Double {
        let highest = max(negative, neutral, positive)
        let (low, middle, high) = (exp(negative - highest), exp(neutral - highest), exp(positive - highest))
        let difference = (high - low) / (low + middle + high)
        let size = abs(difference)
        guard size >= margin else { return margin > 0 ? 0.05 * difference / margin : 0 }
        let share = margin < 1 ? (size - margin) / (1 - margin) : 1
        return (difference < 0 ? -1 : 1) * min(1, 0.05 + 0.95 * share)
    }
}
