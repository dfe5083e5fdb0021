// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON

/// The stored forms of rubrics and marks: JSON documents that are always read whole.
enum RubricCoding {
    static func document(_ criteria: [RubricVersion.Criterion]) -> JSONValue {
        .array(
            criteria.map { criterion in
                [
                    "id": .string(criterion.id), "label": .string(criterion.label),
                    "description": .optional(criterion.description), "weight": .number(criterion.weight),
                    "levels": document(criterion.levels),
                ]
            })
    }

    static func document(_ levels: [RubricVersion.Level]) -> JSONValue {
        .array(
            levels.map { level in
                [
                    "score": .integer(Int64(level.score)), "label": .string(level.label),
                    "description": .optional(level.description),
                ]
            })
    }

    static func criteria(_ document: JSONValue) throws -> [RubricVersion.Criterion] {
        try elements(document).map { element in
            guard let id = element["id"]?.string, let label = element["label"]?.string,
                let weight = element["weight"]?.double, let stored = element["levels"]
            else { throw malformed }
            return RubricVersion.Criterion(
                id: id, label: label, description: element["description"]?.string, weight: weight,
                levels: try levels(stored))
        }
    }

    static func levels(_ document: JSONValue) throws -> [RubricVersion.Level] {
        try elements(document).map { element in
            guard let score = element["score"]?.integer, let label = element["label"]?.string else { throw malformed }
            return RubricVersion.Level(
                score: Int(score), label: label, description: element["description"]?.string)
        }
    }

    /// The levels that a mark has chosen, in the order of the criteria's ids, so that a digest of it is stable.
    static func document(_ chosen: [String: Int]) -> JSONValue {
        var object = JSONObject()
        for (criterion, score) in chosen.sorted(by: { $0.key < $1.key }) { object[criterion] = .integer(Int64(score)) }
        return .object(object)
    }

    static func chosen(_ document: JSONValue) throws -> [String: Int] {
        guard let object = document.object else { throw malformed }
        var chosen: [String: Int] = [:]
        for member in object.members {
            guard let score = member.value.integer else { throw malformed }
            chosen[member.key] = Int(score)
        }
        return chosen
    }

    static func document(_ comments: [Mark.Comment]) -> JSONValue {
        .array(comments.map { ["text": .string($0.text), "time": .optional($0.time)] })
    }

    static func comments(_ document: JSONValue) throws -> [Mark.Comment] {
        try elements(document).map { element in
            guard let text = element["text"]?.string else { throw malformed }
            return Mark.Comment(text: text, time: element["time"]?.integer.map(Int.init))
        }
    }

    private static func elements(_ document: JSONValue) throws -> [JSONValue] {
        guard let elements = document.array else { throw malformed }
        return elements
    }

    private static var malformed: StorageError {
        StorageError(.decoding, "a stored rubric or mark is not of the expected form")
    }
}
