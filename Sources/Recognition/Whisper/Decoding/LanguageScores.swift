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

    /// Normalises over the languages only, as the reference does; with a prior, by Bayes' rule.
    ///
    /// - Parameters:
    ///   - logits: Those of the first step. `[vocabulary]`
    ///   - allowed: Whisper's codes of the languages that may be spoken; nil for all.
    ///   - prior: How probable each language is before anything is heard, in any scale; nil for all the same, and
    ///     languages that are not named have none.
    init(_ logits: [Float], _ tokenizer: WhisperTokenizer, allowed: Set<String>? = nil, prior: [String: Double]? = nil)
    {
        var candidates: [(code: String, value: Double)] = []
        for code in tokenizer.languages {
            guard allowed?.contains(code) ?? true, let token = tokenizer.token(ofLanguage: code),
                logits.indices.contains(token), !logits[token].isNaN
            else { continue }
            let weight = prior.map { max($0[code] ?? 0, 0) } ?? 1
            candidates.append((code, Double(logits[token]) + log(weight)))
        }
        let greatest = candidates.map(\.value).max() ?? -.infinity
        guard greatest.isFinite else {
            scores = []
            return
        }
        let weights = candidates.map { exp($0.value - greatest) }
        let sum = weights.reduce(0, +)
        scores = zip(candidates, weights).map { Score(code: $0.code, probability: $1 / sum) }
            .sorted { $0.probability == $1.probability ? $0.code < $1.code : $0.probability > $1.probability }
    }

    /// Means of several windows' scores, each with a weight such as its seconds of speech.
    init(mixing parts: [(scores: LanguageScores, weight: Double)]) {
        let total = parts.reduce(0) { $0 + max($1.weight, 0) }
        var sums: [String: Double] = [:]
        for part in parts where total > 0 {
            for score in part.scores.scores {
                sums[score.code, default: 0] += score.probability * max(part.weight, 0) / total
            }
        }
        scores = sums.map { Score(code: $0.key, probability: $0.value) }
            .sorted { $0.probability == $1.probability ? $0.code < $1.code : $0.probability > $1.probability }
    }

    /// The most probable language; nil when it is less probable than `threshold`.
    func best(atLeast threshold: Double = 0) -> Score? {
        scores.first.flatMap { $0.probability >= threshold ? $0 : nil }
    }
}
