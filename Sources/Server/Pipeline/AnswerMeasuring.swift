// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Assessment
import Domain
import Storage
import Threads

/// Measures transcripts and texts, away from the threads that answer requests.
struct AnswerMeasuring: Sendable {
    let database: any Database
    let analyzer: AnswerAnalyzer
    let reader: AnswerReader
    let assessor: Assessor
    let threads: ThreadPool
    let clock: WallClock

    /// All measures of a transcript version, compared with the version of the question that was answered.
    func analysis(
        of version: TranscriptVersion, response: Response, recording: Recording
    ) async throws -> AnalysisResult {
        let questionVersion = try await database.read { transaction in
            try response.questionVersion.flatMap { try transaction.questions.version($0) }
        }
        let expected = try await expectedAnswer(
            questionVersion?.expectedAnswer, language: questionVersion?.language, tenant: response.tenant)
        let transcript = version.transcript
        let (analyzer, reader) = (analyzer, reader)
        let (measures, findings) = try await threads.run {
            let measures = analyzer.measures(
                of: transcript, recordingDuration: recording.duration, timeLimit: questionVersion?.timeLimit,
                expected: expected, origin: version.origin)
            return (measures, reader.findings(in: transcript))
        }
        return AnalysisResult(
            id: Identifier(at: version.createdAt), response: response.id, transcriptVersion: version.number,
            questionVersion: questionVersion?.id, engine: "\(analyzer.engine) \(reader.engine)",
            measures: measures, findings: findings, createdAt: clock.now())
    }

    /// The measures and findings of a text that has no recording, and the language that it was measured as.
    func analysis(
        of text: String, language: String?, expected: String?, keyPoints: [KeyPoint]?
    ) async throws -> TextResult {
        let wanted = expected
        let choice = try await threads.run { LanguageChoice(for: text, declared: language) }
        let expected = try await expectedAnswer(expected, language: choice.language, tenant: Tenant.single)
        let (analyzer, reader, assessor) = (analyzer, reader, assessor)
        return try await threads.run {
            TextResult(
                choice: choice, measures: analyzer.measures(of: text, choice, expected: expected),
                findings: reader.findings(in: text, choice),
                assessment: assessor.assessment(
                    of: text, keyPoints: keyPoints, expected: wanted, language: choice.language))
        }
    }

    /// What is found in a text that has no recording.
    struct TextResult: Sendable {
        /// The language that it was measured as.
        var choice: LanguageChoice
        var measures: [Measure]
        var findings: TextFindings
        /// What it does about key points; nil without key points and expected answer.
        var assessment: ExpectationAssessment?
    }

    /// The expected answer with the question bank that its words are weighed by.
    private func expectedAnswer(
        _ text: String?, language: String?, tenant: String
    ) async throws -> Analysis.ExpectedAnswer? {
        guard let text else { return nil }
        let bank = try await database.read {
            try $0.questions.expectedAnswers(language: language, tenant: tenant).map(\.text)
        }
        return Analysis.ExpectedAnswer(text: text, language: language, bank: bank)
    }
}
