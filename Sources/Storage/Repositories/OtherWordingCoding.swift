// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON

/// How other words that may have been said are stored: compact JSON documents.
enum OtherWordingCoding {
    /// A stretch is an array of readings, each `[probability, [[first word, end, words…]…]]`.
    static func document(_ alternatives: [HeardAlternatives]) -> JSONValue {
        .array(
            alternatives.map { list in
                .array(
                    list.readings.map { reading in
                        [.number(reading.probability), .array(reading.changes.map(document))]
                    })
            })
    }

    private static func document(_ change: HeardAlternatives.Change) -> JSONValue {
        let bounds: [JSONValue] = [
            .integer(Int64(change.words.lowerBound)), .integer(Int64(change.words.upperBound)),
        ]
        return .array(bounds + change.text.map(JSONValue.string))
    }

    static func alternatives(_ document: JSONValue) throws -> [HeardAlternatives] {
        try elements(document).map { list in
            HeardAlternatives(
                readings: try elements(list).map { element in
                    guard let parts = element.array, parts.count == 2, let probability = parts[0].double else {
                        throw malformed
                    }
                    return .init(probability: probability, changes: try elements(parts[1]).map(change))
                })
        }
    }

    private static func change(_ element: JSONValue) throws -> HeardAlternatives.Change {
        let parts = try elements(element)
        guard parts.count >= 2 else { throw malformed }
        return .init(words: try range(parts[0], parts[1]), text: try KeyPointCoding.texts(.array(Array(parts[2...]))))
    }

    /// A wording is `[source, stretch, probability, [[key point, state, words, instead, first word,
    /// end, start, end]…]]`, the times in milliseconds.
    static func document(_ wordings: [OtherWording]) -> JSONValue {
        .array(
            wordings.map { wording in
                [
                    .string(wording.source.rawValue), .integer(Int64(wording.stretch)), .optional(wording.probability),
                    .array(
                        wording.outcomes.map { outcome in
                            [
                                .integer(Int64(outcome.keyPoint)), .string(outcome.state.rawValue),
                                .string(outcome.words), .string(outcome.instead),
                                .integer(Int64(outcome.place.lowerBound)), .integer(Int64(outcome.place.upperBound)),
                                .integer(Int64(outcome.time.lowerBound)), .integer(Int64(outcome.time.upperBound)),
                            ]
                        }),
                ]
            })
    }

    static func wordings(_ document: JSONValue) throws -> [OtherWording] {
        try elements(document).map { element in
            let parts = try elements(element)
            guard parts.count == 4, let source = parts[0].string.flatMap(OtherWording.Source.init),
                let stretch = parts[1].integer
            else { throw malformed }
            return OtherWording(
                source: source, stretch: Int(stretch), probability: parts[2].double,
                outcomes: try elements(parts[3]).map(outcome))
        }
    }

    private static func outcome(_ element: JSONValue) throws -> OtherWording.Outcome {
        let parts = try elements(element)
        guard parts.count == 8, let keyPoint = parts[0].integer,
            let state = parts[1].string.flatMap(KeyPointResult.State.init), let words = parts[2].string,
            let instead = parts[3].string
        else { throw malformed }
        return .init(
            keyPoint: Int(keyPoint), state: state, words: words, instead: instead, place: try range(parts[4], parts[5]),
            time: try range(parts[6], parts[7]))
    }

    private static func range(_ first: JSONValue, _ end: JSONValue) throws -> Range<Int> {
        guard let first = first.integer, let end = end.integer, first >= 0, first <= end else { throw malformed }
        return Int(first)..<Int(end)
    }

    private static func elements(_ document: JSONValue) throws -> [JSONValue] {
        guard let elements = document.array else { throw malformed }
        return elements
    }

    private static var malformed: StorageError { StorageError(.corrupt, "stored other wordings can't be read") }
}
