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

    /// The measuring code with its parameters and models.
    var engine: String { "\(analyzer.engine) \(reader.engine) \(assessor.engine)" }

    /// All measures of a transcript version, compared with the version of the question that scores the answer.
    ///
    /// - Parameter compared: The version of the question to compare with; nil for the one that was answered, or by which
    ///   its answers were rescored.
    func analysis(
        of version: TranscriptVersion, response: Response, recording: Recording,
        comparedWith compared: Identifier<QuestionVersion>? = nil
    ) async throws -> AnalysisResult {
        let (questionVersion, readsTone) = try await database.read { transaction in
            // What key points count may have been changed for all answers since.
            let current = try response.questionVersion.map { try transaction.questions.scoringVersion(of: $0) }
            guard let id = compared ?? current else { return (QuestionVersion?.none, true) }
            return (try transaction.questions.version(id), try transaction.courses.readsTone(of: id))
        }
        let expected = try await expectedAnswer(
            questionVersion?.expectedAnswer, language: questionVersion?.language, tenant: response.tenant)
        let transcript = version.transcript
        let (analyzer, reader, engine) = (analyzer, reader, version.origin == .asr ? version.engine : nil)
        let (measures, findings, assessment) = try await threads.run {
            let measures = analyzer.measures(
                of: transcript, recordingDuration: recording.duration, timeLimit: questionVersion?.timeLimit,
                expected: expected, origin: version.origin)
            let assessment = questionVersion.flatMap { assess(transcript, by: $0, writtenBy: engine) }
            return (measures, reader.findings(in: transcript, tone: readsTone), assessment)
        }
        return AnalysisResult(
            id: Identifier(at: version.createdAt), response: response.id, transcriptVersion: version.number,
            questionVersion: questionVersion?.id, engine: self.engine, measures: measures,
            findings: findings, assessment: assessment, createdAt: clock.now())
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

    /// What a typed answer does about the key points of a question; nil where nothing is expected.
    ///
    /// - Parameter language: The language of the answer (BCP 47); nil for the question's, or to find it where it has none.
    func assessment(
        of text: String, by question: QuestionVersion, language: String?
    ) async throws -> AnswerAssessment? {
        let assessor = assessor
        return try await threads.run {
            let language = LanguageChoice(for: text, declared: language ?? question.language).language
            return assessor.assessment(
                of: text, keyPoints: question.keyPoints, partialCredit: question.partialCredit,
                expected: question.expectedAnswer, language: language)
        }
    }

    /// What a spoken answer does about the key points of a question; nil where nothing is expected.
    ///
    /// - Parameter engine: The label of the recogniser that wrote it down.
    func assessment(
        of transcript: Transcript, by question: QuestionVersion, writtenBy engine: String
    ) async throws -> AnswerAssessment? {
        try await threads.run { assess(transcript, by: question, writtenBy: engine) }
    }

    /// - Parameter engine: The label of the recogniser that wrote the transcript; nil for a person.
    private func assess(
        _ transcript: Transcript, by question: QuestionVersion, writtenBy engine: String?
    ) -> AnswerAssessment? {
        var assessment = assessor.assessment(
            of: transcript, keyPoints: question.keyPoints, partialCredit: question.partialCredit,
            expected: question.expectedAnswer, language: transcript.language)
        // The recogniser that is there when no other is.
        if engine?.hasPrefix("pocketsphinx/") == true { assessment?.score.hold(for: .fallbackRecogniser) }
        return assessment
    }

    /// Key points that an expected answer suggests.
    func proposals(from expected: String, language: String?) async throws -> [KeyPoint] {
        let assessor = assessor
        return try await threads.run {
            let language = LanguageChoice(for: expected, declared: language).language
            return assessor.proposals(from: expected, language: language)
        }
    }

    /// What is found in a text that has no recording.
    struct TextResult: Sendable {
        /// The language that it was measured as.
        var choice: LanguageChoice
        var measures: [Measure]
        var findings: TextFindings
        /// What it does about key points; nil without key points and expected answer.
        var assessment: AnswerAssessment?
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

extension AnswerMeasuring {
    /// Measures with the models that are installed, for work outside of the server.
    ///
    /// - Throws: `AnalysisError` when a dictionary or list can't be read.
    init(_ configuration: ServerConfiguration, database: any Database, clock: WallClock = .system) throws {
        let cores = Home.processorCount
        let models = TextModels(configuration, threads: cores)
        let analyzer = try models.analyzer()
        self.init(
            database: database, analyzer: analyzer, reader: try models.reader(analyzer),
            assessor: try models.assessor(analyzer),
            threads: ThreadPool(name: "analysis", threads: cores, queueLimit: 256), clock: clock)
    }
}
