// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON

/// How key points and what answers do about them are stored: JSON documents, one for all of a question or an answer.
enum KeyPointCoding {
    // MARK: Key points

    static func document(_ keyPoints: [KeyPoint]) -> JSONValue {
        .array(
            keyPoints.map { keyPoint in
                [
                    "id": .string(keyPoint.id), "label": .string(keyPoint.label), "weight": .number(keyPoint.weight),
                    "essential": .bool(keyPoint.isEssential), "critical": .bool(keyPoint.isCritical),
                    "retired": .bool(keyPoint.isRetired), "polarity": .optional(keyPoint.polarity?.rawValue),
                    "phrases": texts(keyPoint.phrases),
                    "concepts": .array(keyPoint.concepts.map(texts)),
                    "numbers": .array(
                        keyPoint.numbers.map { number in
                            let parts: [JSONValue] = [
                                .number(number.value), .optional(number.unit), .number(number.tolerance),
                                .optional(number.role),
                            ]
                            return .array(parts + (number.relation.map { [.string($0.rawValue)] } ?? []))
                        }),
                    "forbidden": texts(keyPoint.forbidden),
                    "expected_answers": .array(keyPoint.expectedAnswers.map { .integer(Int64($0)) }),
                ]
            })
    }

    static func keyPoints(_ document: JSONValue) throws -> [KeyPoint] {
        guard let elements = document.array else { throw malformed }
        return try elements.map { element in
            guard let id = element["id"]?.string, let label = element["label"]?.string,
                let weight = element["weight"]?.double, let isEssential = element["essential"]?.bool,
                let isCritical = element["critical"]?.bool, let numbers = element["numbers"]?.array,
                let concepts = element["concepts"]?.array
            else { throw malformed }
            return KeyPoint(
                id: id, label: label, weight: weight, isEssential: isEssential, isCritical: isCritical,
                // Key points that were stored before any could be retired don't say.
                isRetired: element["retired"]?.bool ?? false,
                polarity: element["polarity"]?.string.flatMap(KeyPoint.Polarity.init),
                phrases: try texts(element["phrases"]), concepts: try concepts.map(texts),
                numbers: try numbers.map(number), forbidden: try texts(element["forbidden"]),
                // Nor do those that were stored before a question could have several expected answers.
                expectedAnswers: element["expected_answers"]?.array?.compactMap { $0.integer.flatMap(Int.init) } ?? [])
        }
    }

    private static func number(_ document: JSONValue) throws -> KeyPoint.Number {
        // Most say no relation.
        guard let parts = document.array, (4...5).contains(parts.count), let value = parts[0].double,
            let tolerance = parts[2].double
        else { throw malformed }
        return KeyPoint.Number(
            value: value, unit: parts[1].string, tolerance: tolerance, role: parts[3].string,
            relation: parts.count == 5 ? parts[4].string.flatMap(KeyPoint.Number.Relation.init) : nil)
    }

    // MARK: Results

    static func document(_ results: [KeyPointResult]) -> JSONValue {
        .array(
            results.map { result in
                [
                    "id": .string(result.id), "state": .string(result.state.rawValue), "credit": .number(result.credit),
                    "evidence": result.evidence.map(document) ?? .null,
                    "tfidf": .optional(result.similarity.tfidfCosine),
                    "embedding": .optional(result.similarity.embeddingCosine),
                    "confidence": .optional(result.confidence), "flags": texts(result.flags.map(\.rawValue)),
                ]
            })
    }

    static func results(_ document: JSONValue) throws -> [KeyPointResult] {
        guard let elements = document.array else { throw malformed }
        return try elements.map { element in
            guard let id = element["id"]?.string, let credit = element["credit"]?.double,
                let state = element["state"]?.string.flatMap(KeyPointResult.State.init)
            else { throw malformed }
            var result = KeyPointResult(
                id: id, state: state, credit: credit,
                similarity: .init(
                    tfidfCosine: element["tfidf"]?.double, embeddingCosine: element["embedding"]?.double),
                confidence: element["confidence"]?.double,
                flags: try texts(element["flags"]).compactMap(KeyPointResult.Flag.init))
            if let stored = element["evidence"], !stored.isNull { result.evidence = try evidence(stored) }
            return result
        }
    }

    /// `[text, span, first millisecond, end]`, the times null for a typed answer.
    private static func document(_ evidence: KeyPointResult.Evidence) -> JSONValue {
        [
            .string(evidence.text), FindingsCoding.document(evidence.span),
            .optional(evidence.time?.lowerBound), .optional(evidence.time?.upperBound),
        ]
    }

    private static func evidence(_ document: JSONValue) throws -> KeyPointResult.Evidence {
        guard let parts = document.array, parts.count == 4, let text = parts[0].string else { throw malformed }
        var evidence = KeyPointResult.Evidence(text: text, span: try FindingsCoding.span(parts[1]))
        if let start = parts[2].integer, let end = parts[3].integer {
            guard start <= end else { throw malformed }
            evidence.time = Int(start)..<Int(end)
        }
        return evidence
    }

    // MARK: Lists

    static func holds(_ document: JSONValue) throws -> [AnswerScore.Hold] {
        try texts(document).compactMap(AnswerScore.Hold.init)
    }

    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

    static func texts(_ document: JSONValue?) throws -> [String] {
        guard let elements = document?.array else { throw malformed }
        return try elements.map { element in
            guard let text = element.string else { throw malformed }
            return text
        }
    }

    private static var malformed: StorageError { StorageError(.corrupt, "stored key points can't be read") }
}
