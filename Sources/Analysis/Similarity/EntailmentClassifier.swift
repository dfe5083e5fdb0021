// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import TextEncoders

/// Says what a text does to a statement: whether it makes it, makes the opposite one, or does neither ("natural language
/// inference": Bowman et al. 2015).
public struct EntailmentClassifier: Sendable {
    /// The model.
    public let model: LazyTextEncoder
    private let recent = RecentResults<Entailment>(capacity: 16_384)

    /// Takes a model of pairs of texts whose labels are neutral, entailment and contradiction.
    public init(model: LazyTextEncoder) { self.model = model }

    /// What it makes of statements, first, and texts, second; what it made of the last few thousand is remembered.
    ///
    /// - Throws: `TextEncoderError` when the model can't be used.
    func opinions(of pairs: [TextEncoder.TextPair]) throws(TextEncoderError) -> [Entailment] {
        var named: [String: TextEncoder.TextPair] = [:]
        let names = pairs.map { pair in
            let name = "\(pair.first.utf8.count) \(pair.first)\(pair.second)"
            named[name] = pair
            return name
        }
        return try recent.results(of: names) { missing throws(TextEncoderError) in
            try encoder().classify(pairs: missing.compactMap { named[$0] }).map(Entailment.init)
        }
    }

    /// The model, which is for pairs of texts.
    ///
    /// - Throws: `TextEncoderError` when it can't be used.
    func encoder() throws(TextEncoderError) -> TextEncoder {
        let encoder = try model.encoder()
        try TextModelLabels.entailment(encoder.task, encoder.labels)
        return encoder
    }
}

/// Three probabilities that add up to 1.
package struct Entailment: Sendable, Hashable {
    /// The text neither makes the statement nor the opposite one.
    package var neutral: Double
    /// It makes it.
    package var entailed: Double
    /// It makes the opposite one.
    package var contradicted: Double

    /// The softmax of three logits.
    init(_ logits: [Float]) {
        let powers = logits.map { exp(Double($0 - (logits.max() ?? 0))) }
        let sum = powers.reduce(0, +)
        neutral = powers[0] / sum
        entailed = powers[1] / sum
        contradicted = powers[2] / sum
    }
}
