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
    private let places: WordPlaces

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
            assessedBy: assessor.engine, analyzer: analyzer, reader: reader, templates: templates)
    }

    /// Measures a text that was assessed already.
    ///
    /// - Parameter assessor: What assessed it, with its models (`Assessor.engine`).
    init(
        of text: String, _ choice: LanguageChoice, expected: ExpectedAnswer?, assessment: AnswerAssessment?,
        assessedBy assessor: String, analyzer: AnswerAnalyzer, reader: AnswerReader, templates: FeedbackTemplates
    ) {
        self.choice = choice
        self.templates = templates
        self.assessment = assessment
        isCompared = expected != nil
        engine = "\(analyzer.engine) \(reader.engine) \(assessor)"
        measures = analyzer.measures(of: text, choice, expected: expected)
        findings = reader.findings(in: text, choice)
        feedback = FeedbackView.items(assessment, measures, language: choice.language)
        places = analyzer.places(in: text, language: choice.language)
    }

    /// `{language, text_language{}|null, engine, readability{}, lexical{}, similarity{}|null, measures[], sentiment{},
    /// entities[], keypoints[], score{}|null, feedback[], …}`
    public var json: JSONObject {
        var object: JSONObject = [
            "language": .optional(language),
            "text_language": identification.map(MeasureView.json) ?? .null,
            "engine": .string(engine),
            "readability": MeasureView.group(.readability, of: measures),
            "lexical": MeasureView.group(.lexical, of: measures),
            "similarity": isCompared ? MeasureView.group(.similarity, of: measures) : .null,
            "measures": .array(measures.map(json)),
        ]
        for member in FindingsView(findings).members.members { object[member.key] = member.value }
        for member in KeyPointView.members(assessment).members { object[member.key] = member.value }
        object["feedback"] = FeedbackView.json(feedback, templates, language: FeedbackTemplates.fallback)
        return object
    }

    private func json(_ measure: Measure) -> JSONValue {
        [
            "key": .string(measure.key),
            "value": .optional(measure.value.map(MeasureView.rounded)),
            "unit": .string(measure.unit),
            "valid": .string(measure.valid.rawValue),
            "reason": .optional(measure.reason),
            "basis": MeasureView.basis(measure),
            "evidence": .array(measure.evidence.map { MeasureView.json($0, in: .text(places)) }),
        ]
    }
}
