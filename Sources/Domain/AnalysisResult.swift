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
    /// Which state of the question bank weighed the words; nil where nothing is expected, and for analyses that were made
    /// before that was noted.
    public var bank: Int?
    /// What it was made from; nil for analyses that were made before that was noted.
    public var sources: Sources?
    /// When it was made.
    public var createdAt: Timestamp

    /// The SHA-256 digests of what an analysis was made from, lower-case hexadecimal.
    public struct Sources: Sendable, Hashable {
        /// Of the transcript's text (UTF-8).
        public var text: String
        /// Of what the version of the question expects: expected answer, key points, what they earn; nil without a question.
        public var question: String?

        /// Names digests.
        public init(text: String, question: String?) {
            self.text = text
            self.question = question
        }
    }

    /// Creates an analysis.
    public init(
        id: Identifier<AnalysisResult>, response: Identifier<Response>, transcriptVersion: Int,
        questionVersion: Identifier<QuestionVersion>?, engine: String, measures: [Measure],
        findings: TextFindings? = nil, assessment: AnswerAssessment? = nil, bank: Int? = nil, sources: Sources? = nil,
        createdAt: Timestamp
    ) {
        self.id = id
        self.response = response
        self.transcriptVersion = transcriptVersion
        self.questionVersion = questionVersion
        self.engine = engine
        self.measures = measures
        self.findings = findings
        self.assessment = assessment
        self.bank = bank
        self.sources = sources
        self.createdAt = createdAt
    }
}
