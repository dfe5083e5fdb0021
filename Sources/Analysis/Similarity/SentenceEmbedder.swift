// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Synchronization
public import TextEncoders

/// Makes vectors of sentences whose angle says how similar meanings are, with a model that is loaded when it is needed
/// first.
///
/// Safe to use from any thread. Its calls compute for milliseconds to seconds and block: never call it on the cooperative
/// pool.
public final class SentenceEmbedder: Sendable {
    /// The model's name.
    public let name: String
    /// The digest of the model's files, so that results can be made again.
    public let digest: String
    /// The languages that the model is for (BCP 47); empty when it is for all.
    public let languages: [String]
    private let load: @Sendable () throws(TextEncoderError) -> TextEncoder
    private let loaded = Mutex<Result<TextEncoder, TextEncoderError>?>(nil)
    /// The vectors of expected answers, which many answers are compared with.
    private let known = Mutex<[String: [Float]]>([:])
    private static let mostKnown = 512

    /// Names a model.
    ///
    /// - Parameter load: Loads it; called once, at the first use.
    public init(
        name: String, digest: String, languages: [String],
        load: @escaping @Sendable () throws(TextEncoderError) -> TextEncoder
    ) {
        self.name = name
        self.digest = digest
        self.languages = languages
        self.load = load
    }

    /// Whether the model is for a language.
    func knows(_ language: TextLanguage) -> Bool { languages.isEmpty || languages.contains(language.code) }

    private func encoder() throws(TextEncoderError) -> TextEncoder {
        let result = loaded.withLock { loaded in
            if let loaded { return loaded }
            let result = Result { () throws(TextEncoderError) in try load() }
            loaded = result
            return result
        }
        return try result.get()
    }

    /// The vectors of sentences.
    ///
    /// - Throws: `TextEncoderError` when the model can't be used.
    func vectors(of sentences: [String]) throws(TextEncoderError) -> [[Float]] { try encoder().embed(sentences) }

    /// The mean of the vectors of a text's sentences, weighted by their words.
    static func mean(_ vectors: [[Float]], _ sentences: [WrittenSentence]) -> [Float] {
        var mean = [Float](repeating: 0, count: vectors.first?.count ?? 0)
        for (vector, sentence) in zip(vectors, sentences) {
            for index in mean.indices { mean[index] += Float(sentence.wordCount) * vector[index] }
        }
        return mean
    }

    /// The vector of an expected answer, made once.
    func vector(
        ofExpected text: String, sentences: () -> [WrittenSentence]
    ) throws(TextEncoderError) -> [Float] {
        if let vector = known.withLock({ $0[text] }) { return vector }
        let sentences = sentences()
        let vector = Self.mean(try vectors(of: sentences.map(\.text)), sentences)
        known.withLock { known in
            if known.count >= Self.mostKnown { known.removeAll() }
            known[text] = vector
        }
        return vector
    }
}
