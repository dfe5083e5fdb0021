// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// All measures of one version of a transcript.
public struct AnalysisResult: Sendable, Hashable {
    /// Identity.
    public var id: Identifier<AnalysisResult>
    /// The response.
    public var response: Identifier<Response>
    /// The number of the transcript version that was measured.
    public var transcriptVersion: Int
    /// The version of the question it was compared with, if any.
    public var questionVersion: Identifier<QuestionVersion>?
    /// The version of the measuring code; scores are compared only within one.
    public var engine: String
    /// The measures, in order of display.
    public var measures: [Measure]
    /// Who and what the text names, and how it sounds; nil for analyses that were made before this was read.
    public var findings: TextFindings?
    /// What it does about the question's key points; nil where nothing is expected.
    public var assessment: AnswerAssessment?
    /// When it was made.
    public var createdAt: Timestamp

    /// Creates an analysis.
    public init(
        id: Identifier<AnalysisResult>, response: Identifier<Response>, transcriptVersion: Int,
        questionVersion: Identifier<QuestionVersion>?, engine: String, measures: [Measure],
        findings: TextFindings? = nil, assessment: AnswerAssessment? = nil, createdAt: Timestamp
    ) {
        self.id = id
        self.response = response
        self.transcriptVersion = transcriptVersion
        self.questionVersion = questionVersion
        self.engine = engine
        self.measures = measures
        self.findings = findings
        self.assessment = assessment
        self.createdAt = createdAt
    }
}
