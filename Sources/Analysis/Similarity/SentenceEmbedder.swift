// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TextEncoders

/// What a model of meanings makes of a sentence, in one reading.
package struct SentenceReading: Sendable {
    /// A direction that says what the sentence is about: similar meanings have similar ones.
    package let vector: [Float]
    /// The same of each of its words.
    package let states: TokenStates

    /// How many sentences of a long text are best read at once, and how many bytes of them: enough for the model, and few
    /// enough for the memory, of which the states of words take four hundred times as much as their letters.
    private static let most = (sentences: 512, bytes: 32 << 10)
    /// A sentence of more bytes is none: its vector is made without keeping the states of its words.
    static let longest = 16 << 10

    /// The sentences of a long text in slices that are read one after the other; those that are too long are alone.
    package static func slices(of sentences: [String]) -> [Range<Int>] {
        var slices: [Range<Int>] = []
        var (start, bytes, isLong) = (0, 0, false)
        for (index, sentence) in sentences.enumerated() {
            let (size, wasLong) = (sentence.utf8.count, isLong)
            isLong = size > longest
            let isFull = bytes + size > most.bytes || index - start >= most.sentences
            if index > start, isFull || isLong || wasLong {
                slices.append(start..<index)
                (start, bytes) = (index, 0)
            }
            bytes += size
        }
        if start < sentences.count { slices.append(start..<sentences.count) }
        return slices
    }

    /// How much memory it takes, in bytes.
    var size: Int { 4 * vector.count + states.size }
}

/// Makes vectors of sentences whose angle says how similar meanings are.
///
/// Safe to use from any thread. Its calls compute for milliseconds to seconds and block: never call it on the cooperative
/// pool.
public final class SentenceEmbedder: Sendable {
    /// The model.
    public let model: LazyTextEncoder
    /// The sentences of the last answers, and those of what is expected, which many answers are compared with: most are
    /// still there when an answer was edited.
    private let recent = RecentResults<SentenceReading>(capacity: memory, longestText: .max) { $0.size }
    /// The most memory that remembered readings take, in bytes: some 1,700 sentences of 15 words.
    private static let memory = 48 << 20

    /// Takes a model.
    public init(model: LazyTextEncoder) { self.model = model }

    /// What the model makes of sentences; those of the last answers are not read again.
    ///
    /// A sentence is read the same, to the last bit, whatever it is read together with.
    ///
    /// - Throws: `TextEncoderError` when the model can't be used.
    func readings(of sentences: [String]) throws(TextEncoderError) -> [SentenceReading] {
        try recent.results(of: sentences) { missing throws(TextEncoderError) in
            zip(try model.encoder().encode(missing), missing).map {
                SentenceReading(vector: $0.vector, states: TokenStates($0, of: $1))
            }
        }
    }

    /// The vectors of very long sentences, which are not remembered; the same that ``readings(of:)`` has.
    ///
    /// - Throws: `TextEncoderError` when the model can't be used.
    func vectors(of sentences: [String]) throws(TextEncoderError) -> [[Float]] { try model.encoder().embed(sentences) }

    /// The mean of the vectors of a text's sentences, weighted by their words.
    static func mean(_ vectors: [[Float]], _ sentences: [WrittenSentence]) -> [Float] {
        var mean = [Float](repeating: 0, count: vectors.first?.count ?? 0)
        for (vector, sentence) in zip(vectors, sentences) {
            for index in mean.indices { mean[index] += Float(sentence.wordCount) * vector[index] }
        }
        return mean
    }
}
