// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Analysis
public import Domain
public import JSON

/// The measures of a written text, as `analyze` gives them.
public struct TextAnalysis: Sendable {
    /// The language whose rules were used (BCP 47); nil for rules that need no language.
    public var language: String? { choice.language }
    /// What the text looks like; nil where the language was declared and nobody looked.
    public var identification: LanguageIdentification? { choice.identification }
    /// Whether there was an expected answer to compare with.
    public let isCompared: Bool
    /// The measures in order of display.
    public let measures: [Measure]

    private let choice: LanguageChoice
    private let words: [String]

    /// Measures a text.
    ///
    /// - Parameters:
    ///   - text: The text, with its punctuation.
    ///   - choice: The language that it is measured as.
    ///   - expected: What it is compared with, if anything.
    ///   - analyzer: Measures it.
    public init(of text: String, _ choice: LanguageChoice, expected: ExpectedAnswer?, analyzer: AnswerAnalyzer) {
        self.choice = choice
        isCompared = expected != nil
        measures = analyzer.measures(of: text, choice, expected: expected)
        words = measures.contains { !$0.evidence.isEmpty } ? analyzer.words(of: text, language: choice.language) : []
    }

    /// `{language, text_language{}|null, readability{}, lexical{}, similarity{}|null, measures[]}`
    public var json: JSONObject {
        [
            "language": .optional(language),
            "text_language": identification.map(MeasureView.json) ?? .null,
            "readability": group(.readability),
            "lexical": group(.lexical),
            "similarity": isCompared ? group(.similarity) : .null,
            "measures": .array(measures.map(json)),
        ]
    }

    private func group(_ group: MeasureDescriptor.Group) -> JSONValue {
        var object = JSONObject()
        for measure in MeasureCatalogue.measures(measures, in: group) {
            object[measure.key] = .optional(measure.value.map(Self.rounded))
        }
        return .object(object)
    }

    private func json(_ measure: Measure) -> JSONValue {
        [
            "key": .string(measure.key),
            "value": .optional(measure.value.map(Self.rounded)),
            "unit": .string(measure.unit),
            "valid": .string(measure.valid.rawValue),
            "reason": .optional(measure.reason),
            "evidence": .array(
                measure.evidence.map { evidence in
                    [
                        "start_word": .integer(Int64(evidence.words.lowerBound)),
                        "end_word": .integer(Int64(evidence.words.upperBound)),
                        "text": .string(words[evidence.words.clamped(to: words.indices)].joined(separator: " ")),
                        "note": .optional(evidence.note),
                    ]
                }),
        ]
    }

    /// Four decimals: what is shown is never more exact than what was measured.
    private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
