// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON

/// How findings are stored: one JSON document an analysis.
enum FindingsCoding {
    static func document(_ findings: TextFindings) -> JSONValue {
        [
            "entities": .array(findings.entities.map(document)),
            "entities_reason": .optional(findings.entitiesReason),
            "tone": findings.tone.map(document) ?? .null,
            "tone_reason": .optional(findings.toneReason),
        ]
    }

    static func findings(_ document: JSONValue) throws -> TextFindings {
        guard let entities = document["entities"]?.array else { throw malformed }
        var findings = TextFindings(
            entities: try entities.map(entity), entitiesReason: document["entities_reason"]?.string,
            toneReason: document["tone_reason"]?.string)
        if let stored = document["tone"], !stored.isNull { findings.tone = try tone(stored) }
        return findings
    }

    private static func document(_ entity: Entity) -> JSONValue {
        [
            "type": .string(entity.kind.rawValue), "span": document(entity.span), "text": .string(entity.text),
            "normalized": .optional(entity.normalized), "confidence": .optional(entity.confidence),
            "respelled": .bool(entity.isRespelled),
        ]
    }

    private static func entity(_ document: JSONValue) throws -> Entity {
        guard let kind = document["type"]?.string.flatMap(Entity.Kind.init), let text = document["text"]?.string else {
            throw malformed
        }
        return Entity(
            kind: kind, span: try span(document["span"]), text: text, normalized: document["normalized"]?.string,
            confidence: document["confidence"]?.double, isRespelled: document["respelled"]?.bool ?? false)
    }

    private static func document(_ tone: Tone) -> JSONValue {
        [
            "score": .number(tone.score), "model": .string(tone.model), "unit": .string(tone.unit.rawValue),
            "validated": .bool(tone.isValidated), "doubt": .optional(tone.doubt),
            "sentences": .array(tone.sentences.map { [document($0.span), .number($0.score)] }),
        ]
    }

    private static func tone(_ document: JSONValue) throws -> Tone {
        guard let score = document["score"]?.double, let model = document["model"]?.string,
            let sentences = document["sentences"]?.array
        else { throw malformed }
        return Tone(
            score: score,
            sentences: try sentences.map { sentence in
                guard let parts = sentence.array, parts.count == 2, let score = parts[1].double else { throw malformed }
                return Tone.Sentence(span: try span(parts[0]), score: score)
            }, unit: document["unit"]?.string.flatMap(Tone.Unit.init) ?? .sentence, model: model,
            // Tones from before this was stored are of the model that comes with Oracy, or of nobody knows which.
            isValidated: document["validated"]?.bool ?? false, doubt: document["doubt"]?.string)
    }

    /// `[first character, end, first word, end]`
    static func document(_ span: TextSpan) -> JSONValue {
        .array(
            [span.characters.lowerBound, span.characters.upperBound, span.words.lowerBound, span.words.upperBound].map {
                .integer(Int64($0))
            })
    }

    static func span(_ document: JSONValue?) throws -> TextSpan {
        guard let bounds = document?.array?.compactMap(\.integer).map(Int.init), bounds.count == 4,
            bounds[0] <= bounds[1],
            bounds[2] <= bounds[3]
        else { throw malformed }
        return TextSpan(characters: bounds[0]..<bounds[1], words: bounds[2]..<bounds[3])
    }

    private static var malformed: StorageError { StorageError(.corrupt, "stored findings can't be read") }
}
