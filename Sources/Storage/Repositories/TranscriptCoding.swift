// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON

/// The stored form of a transcript's segments: one compact JSON document, because a transcript is always read and
/// written whole.
///
/// A segment is `[start, end, text, [word…]]`, followed by its language and the language's probability only when it has
/// one of its own; a word is `[text, start, end, confidence]`, followed by its kind and its
/// timing only when they are not `word` and `recognised`. Times are milliseconds.
enum TranscriptCoding {
    static func document(_ segments: [Segment]) -> JSONValue {
        .array(
            segments.map { segment in
                var parts: [JSONValue] = [
                    .integer(Int64(segment.start)), .integer(Int64(segment.end)), .string(segment.text),
                    .array(segment.words.map(element)),
                ]
                if let language = segment.language {
                    parts += [.string(language), .optional(segment.languageProbability)]
                }
                return .array(parts)
            })
    }

    static func segments(_ document: JSONValue) throws -> [Segment] {
        guard let elements = document.array else { throw malformed }
        return try elements.map { element in
            guard let parts = element.array, parts.count == 4 || parts.count == 6, let start = parts[0].integer,
                let end = parts[1].integer, let text = parts[2].string, let words = parts[3].array
            else { throw malformed }
            var segment = Segment(start: Int(start), end: Int(end), text: text, words: try words.map(word))
            if parts.count == 6 {
                guard let language = parts[4].string, parts[5].isNull || parts[5].double != nil else { throw malformed }
                segment.language = language
                segment.languageProbability = parts[5].double
            }
            return segment
        }
    }

    private static func element(_ word: Word) -> JSONValue {
        var parts: [JSONValue] = [
            .string(word.text), .integer(Int64(word.start)), .integer(Int64(word.end)), .optional(word.confidence),
        ]
        if word.kind != .word || word.timing != .recognised || word.isConfirmed {
            parts += [.string(word.kind.rawValue), .string(word.timing.rawValue)]
        }
        if word.isConfirmed { parts.append(true) }
        return .array(parts)
    }

    private static func word(_ element: JSONValue) throws -> Word {
        guard let parts = element.array, [4, 6, 7].contains(parts.count), let text = parts[0].string,
            let start = parts[1].integer, let end = parts[2].integer, parts[3].isNull || parts[3].double != nil
        else { throw malformed }
        var word = Word(text: text, start: Int(start), end: Int(end), confidence: parts[3].double)
        if parts.count > 4 {
            guard let kind = parts[4].string.flatMap(Word.Kind.init),
                let timing = parts[5].string.flatMap(Word.Timing.init)
            else { throw malformed }
            word.kind = kind
            word.timing = timing
        }
        if parts.count == 7 {
            guard let isConfirmed = parts[6].bool else { throw malformed }
            word.isConfirmed = isConfirmed
        }
        return word
    }

    private static var malformed: StorageError {
        StorageError(.decoding, "a stored transcript is not of the expected form")
    }
}

/// The stored forms of measures and of the evidence behind them.
enum MeasureCoding {
    static func document(_ measures: [Measure]) -> JSONValue {
        .array(
            measures.map { measure in
                [
                    .string(measure.key), .optional(measure.value), .string(measure.unit),
                    .string(measure.valid.rawValue), .optional(measure.reason), grounds(of: measure),
                ]
            })
    }

    static func measures(_ document: JSONValue) throws -> [Measure] {
        guard let elements = document.array else { throw malformed }
        return try elements.map { element in
            guard let parts = element.array, parts.count == 6, let key = parts[0].string, let unit = parts[2].string,
                let valid = parts[3].string.flatMap(Measure.Validity.init)
            else { throw malformed }
            let (basis, evidence) = try grounds(parts[5])
            return Measure(
                key: key, value: parts[1].double, unit: unit, valid: valid, reason: parts[4].string, basis: basis,
                evidence: evidence)
        }
    }

    /// What a measure rests on: its evidence alone, as of measures from before there was a basis, or
    /// `{"basis": {name: number…}, "evidence": […]}`.
    static func grounds(of measure: Measure) -> JSONValue {
        let evidence = evidence(measure.evidence)
        guard !measure.basis.isEmpty else { return evidence }
        var basis = JSONObject()
        for part in measure.basis { basis[part.name] = .number(part.value) }
        return ["basis": .object(basis), "evidence": evidence]
    }

    static func grounds(_ document: JSONValue) throws -> (basis: [Measure.Part], evidence: [Evidence]) {
        guard document.object != nil else { return ([], try evidence(document)) }
        guard let basis = document["basis"]?.object, let places = document["evidence"] else { throw malformed }
        let parts = try basis.members.map { member in
            guard let value = member.value.double else { throw malformed }
            return Measure.Part(member.key, value)
        }
        return (parts, try evidence(places))
    }

    /// Runs of words as `[first, end]` or `[first, end, note]`.
    private static func evidence(_ evidence: [Evidence]) -> JSONValue {
        .array(
            evidence.map { item in
                let bounds: [JSONValue] = [
                    .integer(Int64(item.words.lowerBound)), .integer(Int64(item.words.upperBound)),
                ]
                return .array(bounds + (item.note.map { [.string($0)] } ?? []))
            })
    }

    private static func evidence(_ document: JSONValue) throws -> [Evidence] {
        guard let elements = document.array else { throw malformed }
        return try elements.map { element in
            guard let parts = element.array, (2...3).contains(parts.count), let first = parts[0].integer,
                let end = parts[1].integer, first <= end
            else { throw malformed }
            return Evidence(words: Int(first)..<Int(end), note: parts.count == 3 ? parts[2].string : nil)
        }
    }

    private static var malformed: StorageError {
        StorageError(.decoding, "stored measures are not of the expected form")
    }
}
