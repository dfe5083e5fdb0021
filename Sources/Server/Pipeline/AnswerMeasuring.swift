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
        let (analyzer, reader, assessor) = (analyzer, reader, assessor)
        let (measures, findings, assessment) = try await threads.run {
            let measures = analyzer.measures(
                of: transcript, recordingDuration: recording.duration, timeLimit: questionVersion?.timeLimit,
                expected: expected, origin: version.origin)
            var assessment = questionVersion.flatMap { question in
                assessor.assessment(
                    of: transcript, keyPoints: question.keyPoints, scoring: question.scoring,
                    expected: question.expectedAnswer, language: transcript.language)
            }
            if version.isByFallback { assessment?.score.hold(for: .fallbackRecogniser) }
            return (measures, reader.findings(in: transcript, tone: readsTone), assessment)
        }
        return AnalysisResult(
            id: Identifier(at: version.createdAt), response: response.id, transcriptVersion: version.number,
            questionVersion: questionVersion?.id, engine: engine, measures: measures,
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

    /// What a typed answer does about key points; nil where nothing is expected.
    func assessment(
        of text: String, keyPoints: [KeyPoint], scoring: ScoringRules, expected: String, language: String?
    ) async throws -> AnswerAssessment? {
        let assessor = assessor
        return try await threads.run {
            let language = LanguageChoice(for: text, declared: language).language
            return assessor.assessment(
                of: text, keyPoints: keyPoints, scoring: scoring, expected: expected, language: language)
        }
    }

    /// Key points that an expected answer suggests.
    func proposals(from expected: String, language: String?) async throws -> [KeyPoint] {
        let assessor = assessor
        return try await threads.run {
            let language = LanguageChoice(for: expected, declared: language).language
            return assessor.proposals(from: expected, language: language)
        }
    }

    /// The words of questions that a recogniser is told before it listens to an answer.
    func vocabularies(of questions: [QuestionVersion]) async throws -> [QuestionVocabulary] {
        let assessor = assessor
        return try await threads.run { questions.map(assessor.vocabulary) }
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

extension TranscriptVersion {
    /// Whether the recogniser that is there when no other is wrote it, and nobody has corrected it.
    fileprivate var isByFallback: Bool { origin == .asr && engine?.hasPrefix("pocketsphinx/") == true }
}
