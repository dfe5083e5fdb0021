// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// A sequence of tokens that the decoder may choose, since the start sequence and without the end of the text.
struct Hypothesis: Sendable, Hashable {
    /// The tokens.
    var tokens: [Int] = []
    /// The logarithm of each token's probability.
    var logProbabilities: [Float] = []
    /// The logarithm of the probability of the whole, the end included if it has come.
    var sum: Float = 0
    /// Whether the end of the text has come.
    var isFinished = false

    /// Adds a token; nothing follows the end of the text.
    mutating func append(_ token: Int, _ logProbability: Float, endOfText: Int) {
        guard !isFinished else { return }
        sum += logProbability
        if token == endOfText {
            isFinished = true
        } else {
            tokens.append(token)
            logProbabilities.append(logProbability)
        }
    }

    /// The mean logarithm of the probability of its tokens and of the end.
    var average: Double { Double(sum) / Double(tokens.count + 1) }

    /// What hypotheses are ranked by: the sum over the length, or over Google's penalty ((5 + length) / 6)^α (Wu et al.
    /// 2016, section 7).
    func score(lengthPenalty alpha: Double?) -> Double {
        guard let alpha else { return Double(sum) / Double(max(tokens.count, 1)) }
        return Double(sum) / pow(Double(5 + tokens.count) / 6, alpha)
    }

    /// The best of several; the first of equals.
    static func best(of hypotheses: [Hypothesis], lengthPenalty: Double? = nil) -> Hypothesis? {
        hypotheses.reduce(nil as Hypothesis?) { best, next in
            guard let best else { return next }
            return next.score(lengthPenalty: lengthPenalty) > best.score(lengthPenalty: lengthPenalty) ? next : best
        }
    }
}
