// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Domain
import Storage
import Threads

/// Measures transcripts and texts, away from the threads that answer requests.
struct AnswerMeasuring: Sendable {
    let database: any Database
    let analyzer: AnswerAnalyzer
    let reader: AnswerReader
    let threads: ThreadPool
    let clock: WallClock

    /// The measuring code with its parameters and models.
    var engine: String { "\(analyzer.engine) \(reader.engine)" }

    /// All measures of a transcript version, compared with the version of the question that was answered.
    func analysis(
        of version: TranscriptVersion, response: Response, recording: Recording
    ) async throws -> AnalysisResult {
        let (questionVersion, readsTone) = try await database.read { transaction in
            guard let id = response.questionVersion else { return (QuestionVersion?.none, true) }
            return (try transaction.questions.version(id), try transaction.courses.readsTone(of: id))
        }
        let expected = try await expectedAnswer(
            questionVersion?.expectedAnswer, language: questionVersion?.language, tenant: response.tenant)
        let transcript = version.transcript
        let (analyzer, reader) = (analyzer, reader)
        let (measures, findings) = try await threads.run {
            let measures = analyzer.measures(
                of: transcript, recordingDuration: recording.duration, timeLimit: questionVersion?.timeLimit,
                expected: expected, origin: version.origin)
            return (measures, reader.findings(in: transcript, tone: readsTone))
        }
        return AnalysisResult(
            id: Identifier(at: version.createdAt), response: response.id, transcriptVersion: version.number,
            questionVersion: questionVersion?.id, engine: engine,
            measures: measures, findings: findings, createdAt: clock.now())
    }

    /// The measures and findings of a text that has no recording, and the language that it was measured as.
    func analysis(
        of text: String, language: String?, expected: String?
    ) async throws -> (choice: LanguageChoice, measures: [Measure], findings: TextFindings) {
        let choice = try await threads.run { LanguageChoice(for: text, declared: language) }
        let expected = try await expectedAnswer(expected, language: choice.language, tenant: Tenant.single)
        let (analyzer, reader) = (analyzer, reader)
        let (measures, findings) = try await threads.run {
            (analyzer.measures(of: text, choice, expected: expected), reader.findings(in: text, choice))
        }
        return (choice, measures, findings)
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
