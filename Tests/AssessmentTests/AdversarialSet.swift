// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Domain
import JSON

/// The frozen answers with the key points that they are about.
struct AdversarialSet {
    enum Kind { case unsafe, good, empty }

    struct Answer {
        var id: String
        var question: String
        var category: String
        var targets: Set<String>
        var text: String

        var kind: Kind {
            switch category {
            case "correct", "paraphrase", "synonyms", "misspelling": .good
            case "off_topic", "salad": .empty
            default: .unsafe
            }
        }
    }

    var keyPoints: [String: [KeyPoint]] = [:]
    var splits: [String: String] = [:]
    var answers: [Answer] = []

    init(folder: String = "adversarial") throws {
        for line in try fixtureLines("\(folder)/questions.jsonl") {
            let value = try JSONValue(parsing: line)
            let question = value["question"]?.string ?? ""
            keyPoints[question] = (value["key_points"]?.array ?? []).map(Self.keyPoint)
            splits[question] = value["split"]?.string
        }
        for line in try fixtureLines("\(folder)/answers.jsonl") {
            let value = try JSONValue(parsing: line)
            answers.append(
                Answer(
                    id: value["id"]?.string ?? "", question: value["question"]?.string ?? "",
                    category: value["category"]?.string ?? "",
                    targets: Set((value["targets"]?.array ?? []).compactMap(\.string)),
                    text: value["text"]?.string ?? ""))
        }
    }

    private static func keyPoint(_ value: JSONValue) -> KeyPoint {
        func texts(_ value: JSONValue?) -> [String] { (value?.array ?? []).compactMap(\.string) }
        return KeyPoint(
            id: value["id"]?.string ?? "", label: value["label"]?.string ?? "", weight: value["weight"]?.double ?? 1,
            isEssential: value["essential"]?.bool ?? false, isCritical: value["critical"]?.bool ?? false,
            polarity: value["polarity"]?.string.flatMap(KeyPoint.Polarity.init), phrases: texts(value["phrases"]),
            concepts: (value["concepts"]?.array ?? []).map { texts($0) },
            numbers: (value["numbers"]?.array ?? []).map {
                KeyPoint.Number(
                    value: $0["value"]?.double ?? 0, unit: $0["unit"]?.string, tolerance: $0["tolerance"]?.double ?? 0,
                    role: $0["role"]?.string)
            }, forbidden: texts(value["forbidden"]))
    }

    /// How often each state came out, by kind of answer.
    struct Tally {
        var counts: [Kind: [KeyPointResult.State: Int]] = [:]

        func count(_ kind: Kind, _ states: KeyPointResult.State...) -> Int {
            states.reduce(0) { $0 + (counts[kind]?[$1] ?? 0) }
        }

        func share(_ kind: Kind, _ states: KeyPointResult.State...) -> Double {
            let all = counts[kind]?.values.reduce(0, +) ?? 0
            return all == 0 ? 0 : Double(states.reduce(0) { $0 + (counts[kind]?[$1] ?? 0) }) / Double(all)
        }
    }

    func tally(_ assessor: Assessor) -> Tally {
        var tally = Tally()
        for answer in answers {
            let results = assessor.assess(answer.text, keyPoints: keyPoints[answer.question] ?? [], language: "en")
                .results
            for result in results where answer.targets.contains(result.id) {
                tally.counts[answer.kind, default: [:]][result.state, default: 0] += 1
            }
        }
        return tally
    }
}
