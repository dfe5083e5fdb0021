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
    /// The languages in which it has been measured how well the model tells the tone (BCP 47).
    public let validatedLanguages: Set<String>
    private let recent = RecentResults<Double>()

    /// Takes a model whose labels are negative, neutral and positive; the middle one may lack.
    public init(model: LazyTextEncoder, neutralMargin: Double, validatedLanguages: Set<String> = []) {
        self.model = model
        self.neutralMargin = neutralMargin
        self.validatedLanguages = validatedLanguages
    }

    /// A score from -1 to 1 for each sentence.
    ///
    /// An English sentence that sounds negative or positive only by clinical words ("severe pain") is as neutral as it is
    /// without them: such words say what is the matter, not how somebody speaks. Small talk is neutral.
    ///
    /// - Throws: `TextEncoderError` when the model can't be used.
    func scores(of sentences: [String], _ language: TextLanguage) throws(TextEncoderError) -> [Double] {
        let encoder = try model.encoder()
        var scores = try polarities(of: sentences, encoder)
        guard language == .english else { return scores }
        var coloured: [Int] = []
        var plain: [String] = []
        for (index, sentence) in sentences.enumerated() where abs(scores[index]) >= 0.05 {
            if SmallTalk.isAll(of: sentence) {
                scores[index] = 0
            } else if let neutral = ClinicalTerms.replaced(in: sentence) {
                coloured.append(index)
                plain.append(neutral)
            }
        }
        for (index, score) in zip(coloured, try polarities(of: plain, encoder)) where abs(score) < abs(scores[index]) {
            scores[index] = score
        }
        return scores
    }

    private func polarities(of sentences: [String], _ encoder: TextEncoder) throws(TextEncoderError) -> [Double] {
        guard !sentences.isEmpty else { return [] }
        let labels = try TextModelLabels.tone(encoder.task, encoder.labels)
        return recent.results(of: sentences) { missing in
            encoder.classify(missing).map { logits in
                Polarity.score(
                    negative: Double(logits[labels.negative]),
                    neutral: labels.neutral.map { Double(logits[$0]) } ?? -.infinity,
                    positive: Double(logits[labels.positive]), margin: neutralMargin)
            }
        }
    }
}

/// Which of a classifier's labels mean negative, neutral and positive.
struct PolarityLabels: Equatable {
    var negative: Int
    var neutral: Int?
    var positive: Int

    /// Finds them by their names; nil where these are others.
    ///
    /// Three labels without names are taken in the order negative, neutral, positive, that of TweetEval (Barbieri et al.
    /// 2020), whose checkpoints often have no names.
    init?(_ names: [String]) {
        let names = names.map { $0.lowercased() }
        if names == ["label_0", "label_1", "label_2"] {
            (negative, neutral, positive) = (0, 1, 2)
            return
        }
        func index(_ spellings: String...) -> Int? { names.firstIndex { spellings.contains($0) } }
        guard let negative = index("negative", "neg"), let positive = index("positive", "pos") else { return nil }
        self.negative = negative
        self.positive = positive
        neutral = index("neutral", "neu")
        guard names.count == (neutral == nil ? 2 : 3) else { return nil }
    }
}
