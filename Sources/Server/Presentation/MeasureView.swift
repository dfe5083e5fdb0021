// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Domain
import JSON

/// How measures look in JSON, with their names for people and the words they rest on.
enum MeasureView {
    /// Where evidence is shown.
    enum Place {
        /// The words of a transcript.
        case transcript([Word])
        /// The words of a typed text.
        case text(WordPlaces)
    }

    /// One measure of a transcript or text, with what it means.
    static func json(_ measure: Measure, in place: Place) -> JSONValue {
        let description = MeasureCatalogue.descriptor(for: measure.key)
        return [
            "key": .string(measure.key),
            "group": .string(description?.group.rawValue ?? "other"),
            "value": .optional(measure.value.map(rounded)),
            "unit": .string(measure.unit),
            "valid": .string(measure.valid.rawValue),
            "reason": .optional(measure.reason),
            "label": .string(description?.label ?? measure.key),
            "explanation": .string(description?.explanation ?? ""),
            "basis": basis(measure),
            "evidence": .array(measure.evidence.map { json($0, in: place) }),
        ]
    }

    /// The numbers that a measure was computed from, by name.
    static func basis(_ measure: Measure) -> JSONValue {
        var object = JSONObject()
        for part in measure.basis { object[part.name] = .number(rounded(part.value)) }
        return .object(object)
    }

    /// What language a text looks like.
    static func json(_ identification: LanguageIdentification) -> JSONValue {
        [
            "code": .string(identification.code),
            "probability": .number(rounded(identification.probability)),
            "reliable": .bool(identification.isReliable),
            "shares": .array(
                identification.shares.map { ["code": .string($0.code), "share": .number($0.share)] as JSONValue }),
        ]
    }

    /// The values of one group by key, `null` for those that could not be computed.
    static func group(_ group: MeasureDescriptor.Group, of measures: [Measure]) -> JSONValue {
        var object = JSONObject()
        for measure in MeasureCatalogue.measures(measures, in: group) {
            object[measure.key] = .optional(measure.value.map(rounded))
        }
        return .object(object)
    }

    /// A place in a transcript: words and seconds; in a typed text: words that stand between white space, and characters.
    static func json(_ evidence: Evidence, in place: Place) -> JSONValue {
        switch place {
        case .transcript(let words): json(evidence, words: words)
        case .text(let places):
            if let part = places.part(evidence.words) {
                [
                    "start_word": .integer(Int64(part.span.words.lowerBound)),
                    "end_word": .integer(Int64(part.span.words.upperBound)),
                    "start": .integer(Int64(part.span.characters.lowerBound)),
                    "end": .integer(Int64(part.span.characters.upperBound)),
                    "text": .string(part.text), "note": .optional(evidence.note),
                ]
            } else {
                [
                    "start_word": .null, "end_word": .null, "start": .null, "end": .null, "text": "",
                    "note": .optional(evidence.note),
                ]
            }
        }
    }

    private static func json(_ evidence: Evidence, words: [Word]) -> JSONValue {
        let range = evidence.words.clamped(to: 0..<words.count)
        let spoken = words[range]
        return [
            "start_word": .integer(Int64(evidence.words.lowerBound)),
            "end_word": .integer(Int64(evidence.words.upperBound)),
            "start_s": spoken.first.map { TranscriptView.seconds($0.start) } ?? .null,
            "end_s": spoken.last.map { TranscriptView.seconds($0.end) } ?? .null,
            "text": .string(spoken.map(\.text).joined(separator: " ")),
            "note": .optional(evidence.note),
        ]
    }

    /// Four decimals: what is shown is never more exact than what was measured.
    static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
