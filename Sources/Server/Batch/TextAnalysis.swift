// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Analysis
public import Assessment
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

    /// The measuring code with its parameters and models; results are compared only within one.
    public let engine: String
    /// Who and what the text names, and how it sounds.
    public let findings: TextFindings

    /// What the text does about the key points; nil without key points and expected answer.
    public let assessment: AnswerAssessment?

    /// What to tell whoever wrote it; empty without an assessment.
    public let feedback: [FeedbackItem]
    /// The sentences of feedback.
    public let templates: FeedbackTemplates

    private let choice: LanguageChoice
    private let words: [String]

    /// Measures a text.
    ///
    /// - Parameters:
    ///   - text: The text, with its punctuation.
    ///   - choice: The language that it is measured as.
    ///   - expected: What it is compared with, if anything.
    ///   - analyzer: Measures it.
    ///   - reader: Finds entities and tone.
    ///   - keyPoints: What it is expected to say; nil to propose key points from the expected answer.
    ///   - assessor: Finds what it says of the key points.
    ///   - templates: Words the feedback.
    public init(
        of text: String, _ choice: LanguageChoice, expected: ExpectedAnswer?, keyPoints: [KeyPoint]? = nil,
        analyzer: AnswerAnalyzer, reader: AnswerReader, assessor: Assessor, templates: FeedbackTemplates
    ) {
        self.init(
            of: text, choice, expected: expected,
            assessment: assessor.assessment(
                of: text, keyPoints: keyPoints, expected: expected?.text, language: choice.language),
            analyzer: analyzer, reader: reader, templates: templates)
    }

    /// Measures a text that was assessed already.
    init(
        of text: String, _ choice: LanguageChoice, expected: ExpectedAnswer?, assessment: AnswerAssessment?,
        analyzer: AnswerAnalyzer, reader: AnswerReader, templates: FeedbackTemplates
    ) {
        self.choice = choice
        self.templates = templates
        self.assessment = assessment
        isCompared = expected != nil
        engine = "\(analyzer.engine) \(reader.engine) \(Assessor.version)"
        measures = analyzer.measures(of: text, choice, expected: expected)
        findings = reader.findings(in: text, choice)
        feedback = FeedbackView.items(assessment, measures, language: choice.language)
        words = measures.contains { !$0.evidence.isEmpty } ? analyzer.words(of: text, language: choice.language) : []
    }

    /// `{language, text_language{}|null, engine, readability{}, lexical{}, similarity{}|null, measures[], sentiment{},
    /// entities[], keypoints[], score{}|null, feedback[], …}`
    public var json: JSONObject {
        var object: JSONObject = [
            "language": .optional(language),
            "text_language": identification.map(MeasureView.json) ?? .null,
            "engine": .string(engine),
            "readability": group(.readability),
            "lexical": group(.lexical),
            "similarity": isCompared ? group(.similarity) : .null,
            "measures": .array(measures.map(json)),
        ]
        for member in FindingsView(findings).members.members { object[member.key] = member.value }
        for member in KeyPointView.members(assessment).members { object[member.key] = member.value }
        object["feedback"] = FeedbackView.json(feedback, templates, language: FeedbackTemplates.fallback)
        return object
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
