// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// What a checkpoint says about how it wants to be decoded, from `generation_config.json`.
struct WhisperGeneration: Sendable, Hashable {
    /// Tokens that are never sampled; nil when the checkpoint does not say.
    var suppressed: [Int]?
    /// Tokens that are not sampled first; nil when the checkpoint does not say.
    var suppressedAtBegin: [Int]?
    /// The heads of the decoder's cross-attention that follow the audio, [layer, head]; nil when not known.
    var alignmentHeads: [[Int]]?
    /// Whether the model knows several languages; nil when the checkpoint does not say.
    var isMultilingual: Bool?
    /// What the model was trained to do, "transcribe" and "translate" (`oracy_tasks`, a key of our own); nil when the
    /// checkpoint does not say.
    var tasks: [String]?
    /// What people must know about the model, shown beside every result (`oracy_notice`, a key of our own); nil for
    /// nothing.
    var notice: String?
    /// What the model's probabilities of words mean; nil when it is not known.
    var confidence: ConfidenceCalibration?

    /// What holds for a checkpoint without the file.
    init() {}

    /// Reads the file.
    ///
    /// - Throws: ``RecognitionError`` `modelInvalid`.
    init(parsing bytes: [UInt8]) throws(RecognitionError) {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw RecognitionError(.modelInvalid, "generation_config.json can't be read: \(error)")
        }
        suppressed = try Self.tokens(document["suppress_tokens"], "suppress_tokens")
        suppressedAtBegin = try Self.tokens(document["begin_suppress_tokens"], "begin_suppress_tokens")
        isMultilingual = document["is_multilingual"]?.bool
        tasks = document["oracy_tasks"]?.array?.compactMap(\.string)
        notice = document["oracy_notice"]?.string.map { String($0.prefix(300)) }
        if let curve = document["oracy_confidence"], !curve.isNull { confidence = try ConfidenceCalibration(curve) }
        if let heads = document["alignment_heads"]?.array {
            var pairs: [[Int]] = []
            for head in heads {
                guard let pair = try Self.tokens(head, "alignment_heads"), pair.count == 2 else {
                    throw RecognitionError(
                        .modelInvalid, "generation_config.json: alignment_heads must be pairs of layer and head")
                }
                pairs.append(pair)
            }
            alignmentHeads = pairs
        }
    }

    private static func tokens(_ value: JSONValue?, _ name: String) throws(RecognitionError) -> [Int]? {
        guard let value, !value.isNull else { return nil }
        guard let array = value.array, array.count <= 100_000 else {
            throw RecognitionError(.modelInvalid, "generation_config.json: \(name) must be a list of numbers")
        }
        var numbers: [Int] = []
        for entry in array {
            guard let number = entry.integer.flatMap({ Int(exactly: $0) }), (-1...10_000_000).contains(number) else {
                throw RecognitionError(.modelInvalid, "generation_config.json: \(name) must be a list of numbers")
            }
            if number >= 0 { numbers.append(number) }
        }
        return numbers
    }
}
