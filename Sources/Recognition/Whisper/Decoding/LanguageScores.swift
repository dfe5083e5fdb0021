// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Which language is spoken, from the logits after `<|startoftranscript|>`.
struct LanguageScores: Sendable, Hashable {
    /// A language and its probability.
    struct Score: Sendable, Hashable {
        /// Whisper's code.
        var code: String
        /// 0...1.
        var probability: Double
    }

    /// The languages that were considered, most probable first.
    let scores: [Score]

    /// The probabilities of the model's languages among each other, as in the reference.
    ///
    /// - Parameter logits: Those of the first step. `[vocabulary]`
    init(_ logits: [Float], _ tokenizer: WhisperTokenizer) {
        var candidates: [(code: String, value: Double)] = []
        for code in tokenizer.languages {
            guard let token = tokenizer.token(ofLanguage: code), logits.indices.contains(token), !logits[token].isNaN
            else { continue }
            candidates.append((code, Double(logits[token])))
        }
        let greatest = candidates.map(\.value).max() ?? -.infinity
        self.init(weights: greatest.isFinite ? candidates.map { ($0.code, exp($0.value - greatest)) } : [])
    }

    /// Means of several parts' scores, each with a weight such as its seconds of speech.
    init(mixing parts: [(scores: LanguageScores, weight: Double)]) {
        var sums: [String: Double] = [:]
        for part in parts {
            for score in part.scores.scores { sums[score.code, default: 0] += score.probability * max(part.weight, 0) }
        }
        self.init(weights: sums.map { ($0.key, $0.value) })
    }

    /// Shares of a sum; none when all are zero.
    init(weights: [(code: String, weight: Double)]) {
        let sum = weights.reduce(0) { $0 + $1.weight }
        scores =
            sum > 0
            ? weights.map { Score(code: $0.code, probability: $0.weight / sum) }.sorted {
                $0.probability == $1.probability ? $0.code < $1.code : $0.probability > $1.probability
            } : []
    }

    /// The same after each was multiplied, such as by what is known beforehand (Bayes' rule).
    func weighted(by weight: (String) -> Double) -> LanguageScores {
        LanguageScores(weights: scores.map { ($0.code, $0.probability * max(0, weight($0.code))) })
    }

    /// The probability of a language; 0 for one that was not considered.
    subscript(code: String) -> Double { scores.first { $0.code == code }?.probability ?? 0 }

    /// The most probable language; nil when none was considered.
    var best: Score? { scores.first }
}
