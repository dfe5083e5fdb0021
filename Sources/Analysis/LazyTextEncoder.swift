// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Inference
import Synchronization
public import TextEncoders

/// A text encoder that is loaded when it is needed first.
///
/// Safe to use from any thread. Loading and computing block: never on the cooperative pool.
public final class LazyTextEncoder: Sendable {
    /// The model's name.
    public let name: String
    /// The digest of the model's files, so that results can be made again.
    public let digest: String
    /// The languages that the model is for (BCP 47); empty when it is for all.
    public let languages: [String]
    /// The numbers that the model computes with, if results name them.
    public let precision: Precision?
    private let load: @Sendable () throws(TextEncoderError) -> TextEncoder
    private let loaded = Mutex<Result<TextEncoder, TextEncoderError>?>(nil)

    /// Names a model.
    ///
    /// - Parameter load: Loads it; called once, at the first use.
    public init(
        name: String, digest: String, languages: [String], precision: Precision? = nil,
        load: @escaping @Sendable () throws(TextEncoderError) -> TextEncoder
    ) {
        self.name = name
        self.digest = digest
        self.languages = languages
        self.precision = precision
        self.load = load
    }

    /// The model.
    ///
    /// - Throws: `TextEncoderError` when its files can't be used.
    func encoder() throws(TextEncoderError) -> TextEncoder {
        let result = loaded.withLock { loaded in
            if let loaded { return loaded }
            let result = Result { () throws(TextEncoderError) in try load() }
            loaded = result
            return result
        }
        return try result.get()
    }

    /// The model with the beginning of its digest and its numbers, as results name it, such as
    /// `all-MiniLM-L6-v2@1f0c53a2b7de/bf16`.
    var label: String { "\(name)@\(digest.prefix(12))" + (precision.map { "/\($0.rawValue)" } ?? "") }

    /// The numbers that were chosen where a result's ``label``s are these: 8 bits where any model has them, as those that decide
    /// about marks never do; nil where none says.
    public static func precision(in engine: String) -> Precision? {
        let named = engine.split(separator: " ").filter { $0.contains("@") }.compactMap { word in
            word.split(separator: "/").last.flatMap { Precision(rawValue: String($0)) }
        }
        return named.contains(.int8) ? .int8 : named.first
    }

    /// Why a text in this language can't be read with it, for people; nil when it can.
    func refusal(_ language: TextLanguage) -> String? {
        guard !languages.isEmpty, !languages.contains(language.code) else { return nil }
        let known = languages.joined(separator: ", ")
        return language == .unknown
            ? "The model \(name) is for certain languages (\(known)), and that of the text is not known."
            : "The model \(name) does not know this language, but these: \(known)."
    }
}
