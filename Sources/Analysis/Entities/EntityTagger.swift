// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TextEncoders
import Tokenizers

/// Finds people, organisations, places, drugs and conditions with a model that labels a text's pieces.
public struct EntityTagger: Sendable {
    /// The model.
    public let model: LazyTextEncoder

    /// Takes a model whose labels are `O`, and `B-` and `I-` with a class.
    public init(model: LazyTextEncoder) { self.model = model }

    /// What is named, where, and how sure the model is.
    struct Mention {
        var kind: Entity.Kind
        /// Bytes of the text's UTF-8.
        var bytes: Range<Int>
        var confidence: Double
    }

    /// The classes of models, as they are called in different ones.
    private static let kinds: [String: Entity.Kind] = [
        "PERSON": .person, "PER": .person, "ORG": .organisation, "PLACE": .place, "LOC": .place, "GPE": .place,
        "DATE": .date, "QUANTITY": .quantity, "DRUG": .drug, "CHEMICAL": .drug, "CONDITION": .condition,
        "DISEASE": .condition,
    ]

    /// What a model's class is here; nil for one that is passed over.
    static func kind(_ name: some StringProtocol) -> Entity.Kind? { kinds[name.uppercased()] }

    /// The classes that are known, for people.
    static var classes: String { kinds.keys.sorted().joined(separator: ", ") }

    /// The mentions in each text.
    ///
    /// - Throws: `TextEncoderError` when the model can't be used.
    func mentions(in texts: [String]) throws(TextEncoderError) -> [[Mention]] {
        let encoder = try model.encoder()
        let tags = try TextModelLabels.names(encoder.task, encoder.labels)
        return encoder.tag(texts).map { Self.mentions($0, tags) }
    }

    private static func mentions(_ tagged: TextEncoder.TaggedText, _ tags: EntityTags) -> [Mention] {
        tags.spans(logits: tagged.logits, continues: tagged.tokens.continues).compactMap { span in
            guard let kind = kind(span.kind) else { return nil }
            let offsets = tagged.tokens.offsets[span.pieces]
            guard let first = offsets.first, let last = offsets.last, first.lowerBound < last.upperBound else {
                return nil
            }
            return Mention(kind: kind, bytes: first.lowerBound..<last.upperBound, confidence: span.confidence)
        }
    }
}
