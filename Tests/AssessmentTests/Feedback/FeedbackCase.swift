// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Domain
import JSON
import Testing

/// A case of Tests/Fixtures/feedback/cases.json: what is known of an answer, and what has to be told.
struct FeedbackCase: Sendable, CustomTestStringConvertible {
    var name: String
    var results: [KeyPointResult]
    var score: AnswerScore
    var measures: [Measure]
    var transcript: Transcript
    var question: FeedbackQuestion
    /// `rule` or `rule:key-point`, in order.
    var expected: [String]
    /// Parameters that items of a rule have to name.
    var says: [String: [String: String]]

    var testDescription: String { name }

    init(_ json: JSONValue) throws {
        name = try #require(json["name"]?.string)
        let points = try (json["key_points"]?.array ?? []).map(Self.keyPoint)
        let language = json["language"]?.string ?? "en"
        question = FeedbackQuestion(
            keyPoints: points, language: language, readingLevel: json["reading_level"]?.double,
            withholdsFluency: json["withholds_fluency"]?.bool ?? false)
        results = try (json["results"]?.array ?? []).map(Self.result)
        let holds = try (json["holds"]?.array ?? []).map { try #require(AnswerScore.Hold(rawValue: $0.string ?? "")) }
        score = AnswerScore(low: 0, point: 0, high: 1, holds: holds)
        measures = try (json["measures"]?.object?.members ?? []).map { try Self.measure($0.key, $0.value) }
        transcript = Self.transcript(language: language, seconds: Int(json["seconds"]?.integer ?? 60))
        expected = try (json["expected"]?.array ?? []).map { try #require($0.string) }
        says = [:]
        for rule in json["says"]?.object?.members ?? [] {
            for parameter in rule.value.object?.members ?? [] {
                says[rule.key, default: [:]][parameter.key] = parameter.value.string
            }
        }
    }

    private static func keyPoint(_ json: JSONValue) throws -> KeyPoint {
        KeyPoint(
            id: try #require(json["id"]?.string), label: try #require(json["label"]?.string),
            weight: json["weight"]?.double ?? 1, isEssential: json["essential"]?.bool ?? false,
            isCritical: json["critical"]?.bool ?? false,
            concepts: (json["concepts"]?.array ?? []).map { ($0.array ?? []).compactMap(\.string) },
            numbers: (json["numbers"]?.array ?? []).compactMap { number in
                number["value"]?.double.map { KeyPoint.Number(value: $0, unit: number["unit"]?.string) }
            })
    }

    private static func result(_ json: JSONValue) throws -> KeyPointResult {
        let state = try #require(KeyPointResult.State(rawValue: json["state"]?.string ?? ""))
        let evidence = json["said"]?.string.map { said in
            KeyPointResult.Evidence(
                text: said, span: TextSpan(characters: 0..<said.unicodeScalars.count, words: 0..<4), time: 0..<1_200)
        }
        return KeyPointResult(
            id: try #require(json["id"]?.string), state: state, credit: state == .covered ? 1 : 0, evidence: evidence,
            flags: try (json["flags"]?.array ?? []).map { try #require(KeyPointResult.Flag(rawValue: $0.string ?? "")) }
        )
    }

    private static func measure(_ key: String, _ json: JSONValue) throws -> Measure {
        if let value = json.double { return Measure(key, value, unit: "1") }
        let valid = try #require(Measure.Validity(rawValue: json["valid"]?.string ?? "ok"))
        let evidence = (json["evidence"]?.array ?? []).enumerated().map { index, note in
            Evidence(words: (10 * index)..<(10 * index + 2), note: note.string)
        }
        return Measure(
            key: key, value: json["value"]?.double, unit: "1", valid: valid, reason: valid == .ok ? nil : "Because.",
            evidence: evidence)
    }

    /// Words at regular times.
    static func transcript(language: String, seconds: Int) -> Transcript {
        let words = (0..<100).map { index in
            Word(text: "word\(index)", start: 10 * seconds * index, end: 10 * seconds * (index + 1))
        }
        return Transcript(
            language: language, languageProbability: nil,
            segments: [
                Segment(
                    start: 0, end: 1_000 * seconds, text: words.map(\.text).joined(separator: " "), words: words)
            ])
    }
}
