// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TextEncoders

/// Scores how negative or positive sentences sound with a model that classifies texts.
public struct ToneClassifier: Sendable {
    /// The model.
    public let model: LazyTextEncoder
    /// The difference of probabilities up to which a sentence is neutral, from 0 to 1.
    public let neutralMargin: Double
    private let recent = RecentResults<Double>()

    /// Takes a model whose labels are negative, neutral and positive.
    public init(model: LazyTextEncoder, neutralMargin: Double) {
        self.model = model
        self.neutralMargin = neutralMargin
    }

    /// A score from -1 to 1 for each sentence.
    ///
    /// A sentence that sounds negative or positive only by clinical words ("severe pain") is as neutral as it is without
    /// them: such words say what is the matter, not how somebody speaks.
    ///
    /// - Throws: `TextEncoderError` when the model can't be used.
    func scores(of sentences: [String]) throws(TextEncoderError) -> [Double] {
        let encoder = try model.encoder()
        var scores = try polarities(of: sentences, encoder)
        var coloured: [Int] = []
        var plain: [String] = []
        for (index, sentence) in sentences.enumerated() where abs(scores[index]) >= 0.05 {
            guard let neutral = ClinicalTerms.replaced(in: sentence) else { continue }
            coloured.append(index)
            plain.append(neutral)
        }
        for (index, score) in zip(coloured, try polarities(of: plain, encoder)) where abs(score) < abs(scores[index]) {
            scores[index] = score
        }
        return scores
    }

    private func polarities(of sentences: [String], _ encoder: TextEncoder) throws(TextEncoderError) -> [Double] {
        guard !sentences.isEmpty else { return [] }
        let labels = encoder.labels.map { $0.lowercased() }
        guard let negative = labels.firstIndex(of: "negative"), let positive = labels.firstIndex(of: "positive") else {
            throw TextEncoderError(.unsupported, "\(model.name) has no labels negative and positive.")
        }
        let neutral = labels.firstIndex(of: "neutral")
        return recent.results(of: sentences) { missing in
            encoder.classify(missing).map { logits in
                Polarity.score(
                    negative: Double(logits[negative]), neutral: neutral.map { Double(logits[$0]) } ?? -.infinity,
                    positive: Double(logits[positive]), margin: neutralMargin)
            }
        }
    }
}
