// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Assessment
import Domain
import Recognition
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
    /// - Parameter stored: An analysis of the same to make again, by the version of the question and the state of the question
    ///   bank that it was made by; nil for those of the present.
    func analysis(
        of version: TranscriptVersion, response: Response, recording: Recording, like stored: AnalysisResult? = nil
    ) async throws -> AnalysisResult {
        let basis = try await database.read { try Basis($0, version, response, like: stored) }
        let transcript = version.transcript
        let (analyzer, reader) = (analyzer, reader)
        let (measures, findings, assessment) = try await threads.run {
            let measures = analyzer.measures(
                of: transcript, recordingDuration: recording.duration, timeLimit: basis.question?.timeLimit,
                expected: basis.expected, origin: version.origin,
                heard: version.origin == .human ? basis.recognised?.transcript : nil)
            let assessment = basis.question.flatMap {
                assess(
                    transcript, orElse: basis.variants(of: transcript), by: $0, quality: basis.quality,
                    isByFallback: basis.isByFallback)
            }
            return (measures, reader.findings(in: transcript, tone: basis.readsTone), assessment)
        }
        return AnalysisResult(
            id: Identifier(at: version.createdAt), response: response.id, transcriptVersion: version.number,
            questionVersion: basis.question?.id, engine: engine, measures: measures, findings: findings,
            assessment: assessment, bank: basis.bank, createdAt: clock.now())
    }

    /// What an answer is measured by, beside its words, read at one moment.
    private struct Basis: Sendable {
        var question: QuestionVersion?
        /// The number of the question bank; nil where nothing is expected.
        var bank: Int?
        var expected: Analysis.ExpectedAnswer?
        var readsTone = true
        /// The measures of the recording.
        var quality: [Measure]
        /// Whether the recogniser that is there when no other is wrote words of the answer.
        var isByFallback: Bool
        /// The recogniser's version of the words; nil where none wrote any.
        var recognised: TranscriptVersion?

        func variants(of transcript: Transcript) -> [TranscriptVariant] {
            recognised.map {
                TranscriptVariant.variants(
                    of: transcript, recognised: $0.transcript, alternatives: $0.alternatives)
            } ?? []
        }

        init(
            _ transaction: Transaction, _ version: TranscriptVersion, _ response: Response, like stored: AnalysisResult?
        ) throws {
            quality = try transaction.responses.audioQuality(of: response.id) ?? []
            let engines =
                try version.engine.map { [$0] }
                ?? transaction.transcripts.engines(of: response.id, upTo: version.number)
            isByFallback = engines.contains { $0.hasPrefix("pocketsphinx/") }
            recognised =
                try version.origin == .asr
                ? version : transaction.transcripts.latestRecognised(response.id, upTo: version.number)
            // What key points count may have been changed for all answers since.
            guard
                let id = try stored == nil
                    ? response.questionVersion.map({ try transaction.questions.scoringVersion(of: $0) })
                    : stored?.questionVersion,
                let question = try transaction.questions.version(id)
            else { return }
            self.question = question
            readsTone =
                try stored?.findings.map { $0.toneReason != AnswerReader.toneSwitchedOff }
                ?? transaction.courses.readsTone(of: id)
            let number = try stored?.bank ?? transaction.questions.bankNumber()
            bank = number
            expected = Analysis.ExpectedAnswer(
                text: question.expectedAnswer, language: question.language,
                bank: try transaction.questions.expectedAnswers(
                    language: question.language, tenant: response.tenant, bank: number
                ).map(\.text))
        }
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
                places: analyzer.places(in: text, language: choice.language),
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
                of: text, keyPoints: question.keyPoints, scoring: question.scoring,
                expected: question.expectedAnswer, language: language)
        }
    }

    /// What a spoken answer does about the key points of a question; nil where nothing is expected.
    ///
    /// - Parameters:
    ///   - quality: The measures of the recording.
    ///   - engine: The label of the recogniser that wrote it down.
    func assessment(
        of recognition: Recognition, by question: QuestionVersion, quality: [Measure], writtenBy engine: String
    ) async throws -> AnswerAssessment? {
        let transcript = recognition.transcript
        let variants = TranscriptVariant.variants(
            of: transcript, recognised: transcript, alternatives: recognition.heardAlternatives)
        return try await threads.run {
            assess(
                transcript, orElse: variants, by: question, quality: quality,
                isByFallback: engine.hasPrefix("pocketsphinx/"))
        }
    }

    private func assess(
        _ transcript: Transcript, orElse variants: [TranscriptVariant], by question: QuestionVersion,
        quality: [Measure], isByFallback: Bool
    ) -> AnswerAssessment? {
        var assessment = assessor.assessment(
            of: transcript, orElse: variants, keyPoints: question.keyPoints, scoring: question.scoring,
            expected: question.expectedAnswer, language: transcript.language)
        assessment?.score.hold(forWordsOf: transcript, quality: quality, isByFallback: isByFallback)
        return assessment
    }

    /// The sentences of a spoken answer as ranges of its words.
    func sentences(of transcript: Transcript) async throws -> [Range<Int>] {
        let assessor = assessor
        return try await threads.run { assessor.sentences(of: transcript) }
    }

    /// Key points that an expected answer suggests.
    func proposals(from expected: String, language: String?) async throws -> [KeyPoint] {
        let assessor = assessor
        return try await threads.run {
            let language = LanguageChoice(for: expected, declared: language).language
            return assessor.proposals(from: expected, language: language)
        }
    }

    /// The words of a question that a recogniser is told: single terms, never the expected answer, which would be heard in
    /// any audio. None for an engine that can't be told any.
    func vocabulary(of question: QuestionVersion?, for engine: RecognitionEngine) async throws -> [String] {
        guard engine.takesVocabulary, let question else { return [] }
        return try await vocabularies(of: [question]).first?.terms ?? []
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
        /// Where the words are that the evidence of the measures counts.
        var places: WordPlaces
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
