// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Synchronization
import TextEncoders

/// Makes vectors of sentences whose angle says how similar meanings are.
///
/// Safe to use from any thread. Its calls compute for milliseconds to seconds and block: never call it on the cooperative
/// pool.
public final class SentenceEmbedder: Sendable {
    /// The model.
    public let model: LazyTextEncoder
    /// The vectors of expected answers, which many answers are compared with.
    private let known = Mutex<[String: [Float]]>([:])
    private static let mostKnown = 512
    /// The vectors of sentences of answers: most are still there when an answer was edited.
    private let recent = RecentResults<[Float]>()
    /// The states of tokens, which are thirty times as large: only those of the last few answers.
    private let recentStates = RecentResults<TokenStates>(capacity: 512, longestText: 512)

    /// Takes a model.
    public init(model: LazyTextEncoder) { self.model = model }

    /// The vectors of sentences; those of the last few thousand are not made again.
    ///
    /// A sentence has the same vector, to the last bit, whatever it is encoded together with.
    ///
    /// - Throws: `TextEncoderError` when the model can't be used.
    func vectors(of sentences: [String]) throws(TextEncoderError) -> [[Float]] {
        try recent.results(of: sentences) { missing throws(TextEncoderError) in
            try model.encoder().embed(missing)
        }
    }

    /// The tokens of sentences with their states; those of the last few answers are not made again.
    ///
    /// - Throws: `TextEncoderError` when the model can't be used.
    func states(of sentences: [String]) throws(TextEncoderError) -> [TokenStates] {
        try recentStates.results(of: sentences) { missing throws(TextEncoderError) in
            zip(try model.encoder().encode(missing), missing).map { TokenStates($0, of: $1) }
        }
    }

    /// The mean of the vectors of a text's sentences, weighted by their words.
    static func mean(_ vectors: [[Float]], _ sentences: [WrittenSentence]) -> [Float] {
        var mean = [Float](repeating: 0, count: vectors.first?.count ?? 0)
        for (vector, sentence) in zip(vectors, sentences) {
            for index in mean.indices { mean[index] += Float(sentence.wordCount) * vector[index] }
        }
        return mean
    }

    /// The vectors of sentences that many answers are compared with, each made once. Kept apart from expected answers: one
    /// of several sentences has the mean of their vectors.
    func vectors(ofLasting sentences: [String]) throws(TextEncoderError) -> [[Float]] {
        let keys = sentences.map { "\u{0}" + $0 }
        var vectors = known.withLock { known in keys.map { known[$0] } }
        let missing = sentences.indices.filter { vectors[$0] == nil }
        guard !missing.isEmpty else { return vectors.compactMap { $0 } }
        for (index, vector) in zip(missing, try self.vectors(of: missing.map { sentences[$0] })) {
            vectors[index] = vector
            remember(vector, as: keys[index])
        }
        return vectors.compactMap { $0 }
    }

    /// The vector of an expected answer, made once.
    func vector(
        ofExpected text: String, sentences: () -> [WrittenSentence]
    ) throws(TextEncoderError) -> [Float] {
        if let vector = known.withLock({ $0[text] }) { return vector }
        let sentences = sentences()
        let vector = Self.mean(try vectors(of: sentences.map(\.text)), sentences)
        remember(vector, as: text)
        return vector
    }

    private func remember(_ vector: [Float], as key: String) {
        known.withLock { known in
            if known.count >= Self.mostKnown { known.removeAll() }
            known[key] = vector
        }
    }
}
