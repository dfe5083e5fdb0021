// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Assessment
public import Domain
public import JSON

/// What is wrong with key points that somebody wrote, with the place: `key_points[2].weight must be a number above 0`.
public struct KeyPointFault: Error, Sendable, CustomStringConvertible {
    /// What to mend, for people.
    public let description: String
}

/// How key points and what answers make of them look in JSON.
public enum KeyPointView {
    /// The most key points of a question.
    public static let mostKeyPoints = 100
    private static let mostWordings = 50
    private static let longestText = 2_000

    // MARK: Reading

    /// Reads an array of key points.
    ///
    /// - Throws: ``KeyPointFault`` that says which part is wrong: nothing is passed over.
    public static func keyPoints(_ value: JSONValue) throws(KeyPointFault) -> [KeyPoint] {
        guard let elements = value.array else { throw fault("key_points", "must be an array of key points") }
        guard elements.count <= mostKeyPoints else {
            throw fault("key_points", "must hold at most \(mostKeyPoints) key points")
        }
        var keyPoints: [KeyPoint] = []
        for (index, element) in elements.enumerated() {
            let keyPoint = try keyPoint(element, "key_points[\(index)]")
            guard !keyPoints.contains(where: { $0.id == keyPoint.id }) else {
                throw fault("key_points[\(index)].id", "is the id of another key point too")
            }
            keyPoints.append(keyPoint)
        }
        guard keyPoints.isEmpty || !keyPoints.allSatisfy(\.isRetired) else {
            throw fault("key_points", "must hold one that is not retired")
        }
        return keyPoints
    }

    private static let members: Set<String> = [
        "id", "label", "weight", "essential", "critical", "retired", "polarity", "phrases", "concepts", "numbers",
        "forbidden", "expected_answers",
    ]

    private static func keyPoint(_ value: JSONValue, _ place: String) throws(KeyPointFault) -> KeyPoint {
        guard let object = value.object else { throw fault(place, "must be an object") }
        try check(object, members, place)
        var keyPoint = KeyPoint(
            id: try text(object["id"], place + ".id"), label: try text(object["label"], place + ".label"))
        if let weight = object["weight"], !weight.isNull {
            guard let number = weight.double, number > 0, number <= 1_000 else {
                throw fault(place + ".weight", "must be a number above 0, and at most 1000")
            }
            keyPoint.weight = number
        }
        keyPoint.isEssential = try flag(object["essential"], place + ".essential")
        keyPoint.isCritical = try flag(object["critical"], place + ".critical")
        keyPoint.isRetired = try flag(object["retired"], place + ".retired")
        if let polarity = object["polarity"], !polarity.isNull {
            guard let known = polarity.string.flatMap(KeyPoint.Polarity.init) else {
                throw fault(place + ".polarity", "must be \"affirm\" or \"negate\"")
            }
            keyPoint.polarity = known
        }
        keyPoint.phrases = try texts(object["phrases"], place + ".phrases")
        keyPoint.forbidden = try texts(object["forbidden"], place + ".forbidden")
        for (index, group) in try list(object["concepts"], place + ".concepts").enumerated() {
            let place = "\(place).concepts[\(index)]"
            let words = try texts(group, place)
            guard !words.isEmpty else { throw fault(place, "must hold at least one word") }
            keyPoint.concepts.append(words)
        }
        for (index, number) in try list(object["numbers"], place + ".numbers").enumerated() {
            keyPoint.numbers.append(try self.number(number, "\(place).numbers[\(index)]"))
        }
        for (index, number) in try list(object["expected_answers"], place + ".expected_answers").enumerated() {
            guard let integer = number.integer, (1...Int64(ExpectedAnswers.most)).contains(integer) else {
                throw fault(
                    "\(place).expected_answers[\(index)]",
                    "must be the number of an expected answer, from 1 to \(ExpectedAnswers.most)")
            }
            if !keyPoint.expectedAnswers.contains(Int(integer)) { keyPoint.expectedAnswers.append(Int(integer)) }
        }
        keyPoint.expectedAnswers.sort()
        return keyPoint
    }

    private static func number(_ value: JSONValue, _ place: String) throws(KeyPointFault) -> KeyPoint.Number {
        guard let object = value.object else { throw fault(place, "must be an object") }
        try check(object, ["value", "unit", "tolerance", "role", "relation"], place)
        guard let amount = object["value"]?.double, amount >= 0, amount < 1e12 else {
            throw fault(place + ".value", "must be a number from 0 on")
        }
        var number = KeyPoint.Number(value: amount)
        if let unit = object["unit"], !unit.isNull {
            let name = try text(unit, place + ".unit")
            // A misspelt unit would make a bare number of a dose.
            if let meant = misspelt(name) {
                throw fault(place + ".unit", "is no unit that is known; did you mean \(meant)?")
            }
            number.unit = name
        }
        if let relation = object["relation"], !relation.isNull {
            guard let known = relation.string.flatMap(KeyPoint.Number.Relation.init) else {
                throw fault(place + ".relation", "must be \"equal\", \"at_least\" or \"at_most\"")
            }
            number.relation = known
        }
        if let role = object["role"], !role.isNull { number.role = try text(role, place + ".role") }
        if let tolerance = object["tolerance"], !tolerance.isNull {
            guard let width = tolerance.double, width >= 0, width < 1e12 else {
                throw fault(place + ".tolerance", "must be a number from 0 on")
            }
            number.tolerance = width
        }
        return number
    }

    /// The unit that was probably meant by a word that is none; nil for units, and for words that name what is counted.
    private static func misspelt(_ unit: String) -> String? {
        let isAbbreviation = unit.count <= 4 && !unit.lowercased().contains { "aeiouy".contains($0) }
        // "Cups" are no misspelt caps.
        guard unit.count > 4 || isAbbreviation, !MeasurementUnits.isKnown(unit) else { return nil }
        let names = MeasurementUnits.names.filter { isAbbreviation ? $0.count > 1 : $0.count > 4 }
        return SpellingSuggestion.closest(to: unit, in: names)
    }

    private static func fault(_ place: String, _ message: String) -> KeyPointFault {
        KeyPointFault(description: "\(place) \(message)" + (message.hasSuffix("?") ? "" : "."))
    }

    /// A misspelt member would be passed over in silence, and a mark would rest on it; others have no effect.
    private static func check(_ object: JSONObject, _ known: Set<String>, _ place: String) throws(KeyPointFault) {
        for key in object.keys where !known.contains(key) {
            guard let meant = SpellingSuggestion.closest(to: key, in: known.sorted()) else { continue }
            throw fault("\(place).\(key)", "is unknown; did you mean \(meant)?")
        }
    }

    private static func text(_ value: JSONValue?, _ place: String) throws(KeyPointFault) -> String {
        guard let value, !value.isNull else { throw fault(place, "is missing") }
        guard let text = value.string else { throw fault(place, "must be text") }
        guard text.contains(where: { !$0.isWhitespace }) else { throw fault(place, "must not be empty") }
        guard text.utf8.count <= longestText else { throw fault(place, "must have at most \(longestText) bytes") }
        return text
    }

    private static func list(_ value: JSONValue?, _ place: String) throws(KeyPointFault) -> [JSONValue] {
        guard let value, !value.isNull else { return [] }
        guard let list = value.array else { throw fault(place, "must be an array") }
        guard list.count <= mostWordings else { throw fault(place, "must hold at most \(mostWordings) elements") }
        return list
    }

    private static func texts(_ value: JSONValue?, _ place: String) throws(KeyPointFault) -> [String] {
        var texts: [String] = []
        for (index, element) in try list(value, place).enumerated() {
            texts.append(try text(element, "\(place)[\(index)]"))
        }
        return texts
    }

    private static func flag(_ value: JSONValue?, _ place: String) throws(KeyPointFault) -> Bool {
        guard let value, !value.isNull else { return false }
        guard let flag = value.bool else { throw fault(place, "must be true or false") }
        return flag
    }

    // MARK: Writing

    /// A key point as it is written.
    public static func json(_ keyPoint: KeyPoint) -> JSONValue {
        [
            "id": .string(keyPoint.id), "label": .string(keyPoint.label), "weight": .number(keyPoint.weight),
            "essential": .bool(keyPoint.isEssential), "critical": .bool(keyPoint.isCritical),
            "retired": .bool(keyPoint.isRetired), "polarity": .optional(keyPoint.polarity?.rawValue),
            "phrases": .array(keyPoint.phrases.map(JSONValue.string)),
            "concepts": .array(keyPoint.concepts.map { .array($0.map(JSONValue.string)) }),
            "numbers": .array(
                keyPoint.numbers.map { number in
                    [
                        "value": .number(number.value), "unit": .optional(number.unit),
                        "tolerance": .number(number.tolerance), "role": .optional(number.role),
                        "relation": .optional(number.relation?.rawValue),
                    ]
                }),
            "forbidden": .array(keyPoint.forbidden.map(JSONValue.string)),
            "expected_answers": .array(keyPoint.expectedAnswers.map { .integer(Int64($0)) }),
        ]
    }

    /// `{id, label, essential, critical, retired, state, credit, evidence{}|null, similarity{}, confidence, flags[],
    /// other_wordings[]}`
    ///
    /// - Parameter wordings: The other wordings of the assessment, with the place of this key point among its key points.
    public static func json(
        _ result: KeyPointResult, of keyPoint: KeyPoint, _ wordings: (all: [OtherWording], place: Int)? = nil
    ) -> JSONValue {
        [
            "id": .string(result.id), "label": .string(keyPoint.label), "essential": .bool(keyPoint.isEssential),
            "critical": .bool(keyPoint.isCritical), "retired": .bool(keyPoint.isRetired),
            "state": .string(result.state.rawValue),
            "credit": .number(result.credit),
            "evidence": result.evidence.map(json) ?? .null,
            "similarity": [
                "tfidf_cosine": .optional(result.similarity.tfidfCosine.map(rounded)),
                "embedding_cosine": .optional(result.similarity.embeddingCosine.map(rounded)),
            ],
            "confidence": .optional(result.confidence.map(rounded)),
            "flags": .array(result.flags.map { .string($0.rawValue) }),
            "other_wordings": .array(
                (wordings?.all ?? []).flatMap { wording in
                    wording.outcomes.filter { $0.keyPoint == wordings?.place }.map { json($0, of: wording) }
                }),
        ]
    }

    /// `{source, probability, state, words, instead, start_word, end_word, start_s, end_s}`
    private static func json(_ outcome: OtherWording.Outcome, of wording: OtherWording) -> JSONValue {
        [
            "source": .string(wording.source.rawValue), "probability": .optional(wording.probability.map(rounded)),
            "state": .string(outcome.state.rawValue), "words": .string(outcome.words),
            "instead": .string(outcome.instead), "start_word": .integer(Int64(outcome.place.lowerBound)),
            "end_word": .integer(Int64(outcome.place.upperBound)),
            "start_s": TranscriptView.seconds(outcome.time.lowerBound),
            "end_s": TranscriptView.seconds(outcome.time.upperBound),
        ]
    }

    /// `{low, point, high, cap, release, holds[]}`
    public static func json(_ score: AnswerScore) -> JSONValue {
        [
            "low": .number(rounded(score.low)), "point": .number(rounded(score.point)),
            "high": .number(rounded(score.high)), "cap": .optional(score.cap),
            "release": .string(Grade(machine: score) == nil ? "person" : "automatic"),
            "holds": .array(score.holds.map { .string($0.rawValue) }),
        ]
    }

    /// The members `keypoints`, `keypoints_source`, `keypoints_reason` and `score` of an analysis; without an assessment none
    /// are known.
    public static func members(_ assessment: AnswerAssessment?) -> JSONObject {
        guard let assessment else {
            return ["keypoints": [], "keypoints_source": .null, "keypoints_reason": .null, "score": .null]
        }
        return [
            "keypoints": .array(
                zip(assessment.keyPoints, assessment.results).enumerated().map { place, pair in
                    json(pair.1, of: pair.0, (assessment.otherWordings, place))
                }),
            "keypoints_source": assessment.isProposed ? "proposed" : "given",
            "keypoints_reason": .optional(assessment.judgeReason),
            "score": json(assessment.score),
        ]
    }

    static func json(_ evidence: KeyPointResult.Evidence) -> JSONValue {
        var object: JSONObject = [
            "text": .string(evidence.text),
            "start": .integer(Int64(evidence.span.characters.lowerBound)),
            "end": .integer(Int64(evidence.span.characters.upperBound)),
            "start_word": .integer(Int64(evidence.span.words.lowerBound)),
            "end_word": .integer(Int64(evidence.span.words.upperBound)),
        ]
        if let time = evidence.time {
            object["start_s"] = TranscriptView.seconds(time.lowerBound)
            object["end_s"] = TranscriptView.seconds(time.upperBound)
        }
        return .object(object)
    }

    private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
