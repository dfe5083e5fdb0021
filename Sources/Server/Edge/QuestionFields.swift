// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON

/// The parts of a question that have a form of their own.
extension FieldReader {
    /// The longest expected answer, in characters.
    private static let longestAnswer = 20_000
    /// The most facts of a question, and words for its recogniser.
    static let mostFacts = 40, mostTerms = 60

    /// What a good answer says: `expected_answers`, a list of answers that are all good; or `expected_answer`, one text, in
    /// which several stand apart by an empty line or `|||`.
    mutating func expectedAnswers() -> String {
        guard let answers = listedAnswers() else {
            // A list that can't be read has its fault; only what was not sent is asked for.
            guard document("expected_answers") == nil else { return "" }
            return ExpectedAnswers.joined(
                ExpectedAnswers.split(text("expected_answer", limit: Self.longestAnswer, multiline: true)))
        }
        if answers.isEmpty { fault("expected_answers", "must hold at least one answer") }
        return ExpectedAnswers.joined(answers)
    }

    /// What a good answer says, in the same forms; nil where neither was sent, or where it is empty.
    mutating func optionalExpectedAnswers() -> String? {
        let answers =
            listedAnswers()
            ?? optionalText("expected_answer", limit: Self.longestAnswer, multiline: true).map(ExpectedAnswers.split)
        return answers.flatMap { $0.isEmpty ? nil : ExpectedAnswers.joined($0) }
    }

    private mutating func listedAnswers() -> [String]? {
        let answers = texts(
            "expected_answers", most: ExpectedAnswers.most, limit: Self.longestAnswer, multiline: true)
        for (index, answer) in (answers ?? []).enumerated() where answer.contains(ExpectedAnswers.separator) {
            fault(
                "expected_answers[\(index)]", "must not hold \(ExpectedAnswers.separator): give each answer by itself")
        }
        return answers
    }

    /// Key points, each of which belongs to expected answers that there are.
    mutating func keyPoints(of expectedAnswer: String) -> [KeyPoint] {
        let keyPoints = keyPoints("key_points") ?? []
        let count = max(1, ExpectedAnswers.split(expectedAnswer).count)
        for (index, keyPoint) in keyPoints.enumerated() {
            guard let number = keyPoint.expectedAnswers.last, number > count else { continue }
            fault(
                "key_points[\(index)].expected_answers",
                "names the expected answer \(number); there \(count == 1 ? "is one" : "are \(count)")")
        }
        return keyPoints
    }

    /// The words for the recogniser that an educator wrote: a list, or the member `own` of what a question shows.
    mutating func vocabulary() -> [String] {
        guard document("vocabulary")?.object != nil, var inner = fields("vocabulary") else {
            return terms("vocabulary")
        }
        let terms = inner.terms("own")
        adopt(inner, as: "vocabulary")
        return terms
    }

    private mutating func terms(_ field: String) -> [String] {
        let terms = texts(field, most: Self.mostTerms, limit: 60) ?? []
        for (index, term) in terms.enumerated() where term.split(whereSeparator: \.isWhitespace).count > 3 {
            // A recogniser hears the sentences that it is told.
            fault("\(field)[\(index)]", "must be a single term of at most three words")
        }
        return terms
    }

    /// What a student may ask for while answering.
    mutating func facts() -> [QuestionVersion.Fact] {
        var facts: [QuestionVersion.Fact] = []
        for (index, reader) in list("facts", limit: Self.mostFacts).enumerated() {
            var reader = reader
            var fact = QuestionVersion.Fact(
                id: reader.optionalText("id", limit: 60) ?? "", label: reader.text("label", limit: 200),
                text: reader.text("text", limit: 2_000, multiline: true))
            if fact.id.isEmpty {
                var number = index + 1
                while facts.contains(where: { $0.id == "fact-\(number)" }) { number += 1 }
                fact.id = "fact-\(number)"
            }
            if facts.contains(where: { $0.id == fact.id }) { reader.fault("id", "is the id of another fact too") }
            adopt(reader, as: "facts[\(index)]")
            facts.append(fact)
        }
        return facts
    }
}
