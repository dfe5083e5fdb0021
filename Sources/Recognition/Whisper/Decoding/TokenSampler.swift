// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Chooses the next token.
struct TokenSampler: Sendable {
    /// 0 takes the most probable token; 1 samples by the model's probabilities; in between, the probable ones more
    /// often than that.
    var temperature: Float
    private var generator: SeededGenerator

    /// Creates a sampler; the same seed gives the same choices.
    init(temperature: Float, seed: UInt64) {
        self.temperature = temperature
        generator = SeededGenerator(seed: seed)
    }

    /// A token and the logarithm of its probability at temperature 1.
    ///
    /// - Parameter logits: One for each token, at least one of them finite. `[vocabulary]`
    mutating func sample(_ logits: [Float]) -> (token: Int, logProbability: Float) {
        let token = temperature > 0 ? draw(logits) : Self.best(logits)
        return (token, logits.isEmpty ? -.infinity : LogProbabilities(logits).value(ofLogit: logits[token]))
    }

    /// The most probable token; the first of several.
    static func best(_ logits: [Float]) -> Int {
        logits.withUnsafeBufferPointer { logits in
            let greatest = LogProbabilities.greatest(of: logits)
            return logits.firstIndex(of: greatest) ?? 0
        }
    }

    private mutating func draw(_ logits: [Float]) -> Int {
        let greatest = logits.withUnsafeBufferPointer { LogProbabilities.greatest(of: $0) }
        guard greatest.isFinite else { return Self.best(logits) }
        let weights = logits.map { logit in
            logit > -.infinity ? exp(Double(logit - greatest) / Double(temperature)) : 0
        }
        var rest = Double.random(in: 0..<1, using: &generator) * weights.reduce(0, +)
        var last = Self.best(logits)
        for (token, weight) in weights.enumerated() where weight > 0 {
            rest -= weight
            last = token
            if rest < 0 { break }
        }
        return last
    }
}

/// A random generator with a seed, so that a transcript can be made again (Steele et al. 2014, SplitMix64).
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
