// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON

/// How entities and tone look in JSON.
struct FindingsView {
    private let findings: TextFindings
    private let words: [Word]
    private let showsTone: Bool

    /// Shows findings.
    ///
    /// - Parameters:
    ///   - words: Those of the transcript, empty for a typed text.
    ///   - showsTone: Whether the course wants to see the tone; where it does not, `sentiment` is null.
    init(_ findings: TextFindings, words: [Word] = [], showsTone: Bool = true) {
        self.findings = findings
        self.words = words
        self.showsTone = showsTone
    }

    /// `sentiment`, `entities`, `entity_counts` and `entities_reason`.
    var members: JSONObject {
        [
            "sentiment": showsTone ? sentiment : .null,
            "entities": .array(findings.entities.map(json)),
            "entity_counts": counts,
            "entities_reason": .optional(findings.entitiesReason),
        ]
    }

    private var sentiment: JSONValue {
        guard let tone = findings.tone else {
            return [
                "label": "na", "score": .null, "valid": "na", "reason": .optional(findings.toneReason), "model": .null,
                "validated": .null, "unit": .null, "sentences": [],
            ]
        }
        return [
            "label": .string(tone.label.rawValue), "score": Self.rounded(tone.score),
            "valid": .string(tone.valid.rawValue), "reason": .optional(tone.doubt), "model": .string(tone.model),
            "validated": .bool(tone.isValidated), "unit": .string(tone.unit.rawValue),
            "sentences": .array(
                tone.sentences.map { sentence in
                    var object = place(sentence.span)
                    object["label"] = .string(sentence.label.rawValue)
                    object["score"] = Self.rounded(sentence.score)
                    return .object(object)
                }),
        ]
    }

    private var counts: JSONValue {
        var counts = JSONObject()
        for kind in Entity.Kind.allCases {
            let count = findings.entities.count { $0.kind == kind }
            if count > 0 { counts[kind.rawValue] = .integer(Int64(count)) }
        }
        return .object(counts)
    }

    private func json(_ entity: Entity) -> JSONValue {
        var object: JSONObject = ["text": .string(entity.text), "type": .string(entity.kind.rawValue)]
        for member in place(entity.span).members { object[member.key] = member.value }
        object["normalized"] = .optional(entity.normalized)
        object["dose"] = entity.dose.map { DoseView($0).json } ?? .null
        object["confidence"] = entity.confidence.map(Self.rounded) ?? .null
        object["respelled"] = .bool(entity.isRespelled)
        return .object(object)
    }

    /// Characters of the text; of a transcript also words and seconds.
    private func place(_ span: TextSpan) -> JSONObject {
        var object: JSONObject = [
            "start": .integer(Int64(span.characters.lowerBound)), "end": .integer(Int64(span.characters.upperBound)),
        ]
        guard !words.isEmpty else { return object }
        let spoken = words[span.words.clamped(to: 0..<words.count)]
        object["start_word"] = .integer(Int64(span.words.lowerBound))
        object["end_word"] = .integer(Int64(span.words.upperBound))
        object["start_s"] = spoken.first.map { TranscriptView.seconds($0.start) } ?? .null
        object["end_s"] = spoken.last.map { TranscriptView.seconds($0.end) } ?? .null
        return object
    }

    private static func rounded(_ value: Double) -> JSONValue { .number((value * 10_000).rounded() / 10_000) }
}
