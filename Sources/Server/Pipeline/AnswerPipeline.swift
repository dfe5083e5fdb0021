// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Audio
import Domain
import JSON
import Jobs
import Recognition
import Storage

/// Takes one answer from its recording to its measures, as a job.
///
/// Each stage is stored on its own under the job's fence, so that a late failure loses nothing earlier and a watcher
/// sees how far it has come. What is wrong with a recording is a result (`unscorable`, `failed`), not an error of the
/// job; only faults of the server are tried again.
struct AnswerPipeline: Sendable {
    /// The kind of its jobs.
    static let kind = "answer"

    let database: any Database
    let recordings: RecordingStore
    let speech: SpeechPipeline
    let measuring: AnswerMeasuring
    let events: ResponseEvents
    let metrics: Metrics
    let log: Log
    let clock: WallClock

    /// The job that works on a response.
    static func job(for response: Identifier<Response>) -> NewJob {
        NewJob(kind: kind, subject: response.text, whenEnded: .runAgain)
    }

    /// What the job runner calls.
    var handler: JobHandler {
        JobHandler(
            run: { job, context in try await run(job, context) },
            giveUp: { transaction, job, _ in
                guard let id = Identifier<Response>(job.subject), try transaction.responses.load(id) != nil else {
                    return
                }
                try transaction.responses.setState(
                    id, to: .failed, reason: "Something went wrong on the server. Try again later.",
                    reasonCode: "internal")
            },
            ended: { job in
                if let id = Identifier<Response>(job.subject) { events.publish(.changed, of: id) }
            })
    }

    /// Works on the response that a job is about.
    private func run(_ job: Job, _ context: JobContext) async throws -> JobOutcome {
        guard let id = Identifier<Response>(job.subject) else { return .discard(reason: "the subject is no response") }
        let loaded = try await database.read { transaction -> Answer? in
            guard let response = try transaction.responses.load(id),
                let recording = try transaction.recordings.load(response.recording)
            else { return nil }
            return Answer(
                response: response, recording: recording,
                question: try response.questionVersion.flatMap { try transaction.questions.version($0) },
                transcript: try transaction.transcripts.find(id)?.version)
        }
        guard let answer = loaded else { return .discard(reason: "the response has been deleted") }
        let work = Work(pipeline: self, answer: answer, context: context)
        do {
            return try await work.run()
        } catch let error as AudioError where error.code.isAboutRecording {
            return work.fail(error.message, code: error.code.name)
        } catch let error as RecognitionError where error.code == .unsupportedLanguage {
            return work.fail(error.message, code: "unsupported_language")
        } catch {
            if !(error is CancellationError) {
                log.error(
                    "work on a response failed",
                    [
                        "response": .string(id.text), "attempt": .integer(Int64(job.attempt)),
                        "error": .string("\(error)"),
                    ])
            }
            throw error
        }
    }

    /// What a job needs to know about its answer.
    fileprivate struct Answer: Sendable {
        var response: Response
        var recording: Recording
        var question: QuestionVersion?
        /// The newest version of the transcript, when an earlier attempt has got that far.
        var transcript: TranscriptVersion?
    }
}

/// One run of the pipeline over one answer.
private struct Work: Sendable {
    let pipeline: AnswerPipeline
    let answer: AnswerPipeline.Answer
    let context: JobContext

    private var id: Identifier<Response> { answer.response.id }

    func run() async throws -> JobOutcome {
        if let transcript = answer.transcript {
            if let refusal = refusal(of: transcript) { return refusal }
            return try await measure(transcript, of: answer.recording)
        }
        let path = pipeline.recordings.absolutePath(answer.recording.path)
        try await stage(.probe) { (try await pipeline.speech.check(path), { _ in }) }
        let decoded = try await stage(.decode) {
            let decoded = try await pipeline.speech.decode(path)
            return (
                decoded,
                { [recording = answer.recording.id] transaction in
                    try transaction.recordings.setContent(
                        recording, format: decoded.source.format, duration: decoded.waveform.duration)
                }
            )
        }
        let detector: JSONValue = ["voice_activity": .string(pipeline.speech.voiceActivity)]
        let speech = try await stage(.vad, result: detector) { [id] in
            let speech = try await pipeline.speech.prepare(decoded)
            let now = pipeline.clock.now()
            return (speech, { try $0.responses.setAudioQuality(speech.quality, of: id, at: now) })
        }
        if let limit = answer.question?.timeLimit, decoded.waveform.duration > Double(limit) + 5 {
            let seconds = Int(decoded.waveform.duration.rounded())
            return fail(
                "The recording lasts \(seconds) seconds; the question allows \(limit).", code: "audio_too_long")
        }
        guard !speech.spans.isEmpty else {
            return unscorable(.silence, "No speech was found in the recording. Check the microphone and record again.")
        }
        let language = answer.response.chosenLanguage
        let expected = language == nil ? answer.question?.answerLanguages ?? [] : []
        let recogniser = try await stage(.language) {
            (try pipeline.speech.recognizer(for: language, expecting: expected), { _ in })
        }
        let vocabulary = try await vocabulary(for: recogniser.engine)
        let (recognition, told) = try await stage(.transcribe) {
            let begun = ContinuousClock.now
            var told = vocabulary
            var recognition = try await hear(speech, by: recogniser, language, expecting: expected, vocabulary)
            if let spoken = languageInstead(recognition, speech, recogniser.engine, expected) {
                // What was written is no more than the model's translation, and the words are another language's.
                told = []
                recognition = try await hear(speech, by: recogniser, spoken.language, expecting: [], [])
                recognition.transcript.isFound(in: spoken)
            }
            pipeline.metrics.transcribed(
                audio: speech.waveform.duration, time: (ContinuousClock.now - begun).seconds, by: recogniser.engine)
            return ((recognition, told), { _ in })
        }
        guard !recognition.transcript.words.isEmpty else {
            return unscorable(.noise, "There is sound in the recording, but no words were understood.")
        }
        let transcript = try await store(recognition, by: recogniser.engine, told: told)
        if let refusal = refusal(of: transcript) { return refusal }
        var recording = answer.recording
        recording.duration = decoded.waveform.duration
        return try await measure(transcript, of: recording)
    }

    private func hear(
        _ speech: SpeechPipeline.Prepared, by recogniser: any SpeechRecognizing, _ language: String?,
        expecting expected: [ExpectedLanguage], _ vocabulary: [String]
    ) async throws -> Recognition {
        try await recogniser.transcribe(
            speech.waveform,
            options: RecognitionOptions(
                language: language, expectedLanguages: expected, vocabulary: vocabulary)
        ) { [events = pipeline.events, id] progress in
            if progress.total > 0 {
                events.publish(.progress(.transcribe, min(1, progress.seconds / progress.total)), of: id)
            }
            if let segment = progress.segment { events.publish(.segment(segment), of: id) }
        }
    }

    /// The language that is spoken instead of those of the question, if that is certain: not in noise, where a language is
    /// easily taken for another, and not by a model that does not know all that may be spoken.
    private func languageInstead(
        _ recognition: Recognition, _ speech: SpeechPipeline.Prepared, _ engine: RecognitionEngine,
        _ expected: [ExpectedLanguage]
    ) -> LanguageGuess? {
        let ratio = speech.quality.first { $0.key == "snr_db" }?.value
        guard ratio ?? .infinity >= Self.leastRatioForLanguage,
            expected.allSatisfy({ one in engine.languages.contains { one.covers($0) } })
        else { return nil }
        return recognition.transcript.languageInstead(of: expected)
    }

    /// Below this signal-to-noise ratio, in dB, nobody is told to have spoken the wrong language.
    private static let leastRatioForLanguage = 10.0

    /// The end of the work on an answer in a language that the question does not ask for. Its transcript is kept; a
    /// person's own version of it is measured like any other.
    private func refusal(of version: TranscriptVersion) -> JobOutcome? {
        let expected = answer.response.chosenLanguage == nil ? answer.question?.answerLanguages ?? [] : []
        guard version.origin == .asr, !expected.isEmpty, let language = version.transcript.language,
            language != Transcript.undetermined, !expected.contains(where: { $0.covers(language) })
        else { return nil }
        let wanted = expected.map { WhisperLanguage.name(of: $0.language) }.joined(separator: ", ")
        return unscorable(
            .wrongLanguage, "\(WhisperLanguage.name(of: language)) was heard; the question asks for \(wanted).")
    }

    /// The words of the question that the recogniser is told: single terms, never the expected answer, which would be
    /// heard in any audio. None for an engine that can't be told any.
    private func vocabulary(for engine: RecognitionEngine) async throws -> [String] {
        guard engine.takesVocabulary, let question = answer.question else { return [] }
        return try await pipeline.measuring.vocabularies(of: [question]).first?.terms ?? []
    }

    private func store(
        _ recognition: Recognition, by engine: RecognitionEngine, told vocabulary: [String]
    ) async throws -> TranscriptVersion {
        let now = pipeline.clock.now()
        let draft = TranscriptVersion(
            id: Identifier(at: now), response: id, number: 1, origin: .asr,
            engine: "\(engine.name)/\(engine.model)", vocabulary: vocabulary, transcript: recognition.transcript,
            createdAt: now)
        let version = try await context.checkpoint { [id] transaction in
            let version = try transaction.transcripts.append(draft, after: 0)
            try transaction.responses.setState(id, to: .transcribed)
            return version
        }
        pipeline.events.publish(.changed, of: id)
        return version
    }

    /// Measures a transcript; its measures are stored with the end of the job.
    private func measure(_ transcript: TranscriptVersion, of recording: Recording) async throws -> JobOutcome {
        let analysis = try await stage(.text) {
            (
                try await pipeline.measuring.analysis(of: transcript, response: answer.response, recording: recording),
                { _ in }
            )
        }
        if transcript.origin == .asr, let expected = answer.question?.expectedAnswer, let found = analysis.assessment,
            found.isTooShort(transcript.transcript, expected: expected)
        {
            return unscorable(
                .tooShort, "There are too few words for an answer to this question. Record again and say a little more."
            )
        }
        let now = pipeline.clock.now()
        return .done { [id] transaction in
            _ = try transaction.analyses.store(analysis)
            try transaction.stages.set(StageResult(.semantic, .done, seconds: 0), of: id, at: now)
            if try transaction.responses.load(id)?.state == .uploaded {
                try transaction.responses.setState(id, to: .transcribed)
            }
            try transaction.responses.setState(id, to: .analysed)
        }
    }

    private func unscorable(_ reason: Response.Unscorable, _ text: String) -> JobOutcome {
        .done { [id] transaction in
            try transaction.responses.setState(id, to: .unscorable, reason: text, reasonCode: reason.rawValue)
        }
    }

    func fail(_ text: String, code: String) -> JobOutcome {
        .done { [id] transaction in
            try transaction.responses.setState(id, to: .failed, reason: text, reasonCode: code)
        }
    }

    /// Runs one stage, stores how it went together with what it found, and tells those who watch.
    private func stage<Value: Sendable>(
        _ stage: Response.Stage, result: JSONValue? = nil,
        _ body: () async throws -> (Value, @Sendable (Transaction) throws -> Void)
    ) async throws -> Value {
        try Task.checkCancellation()
        let id = id
        let begun = ContinuousClock.now
        let clock = pipeline.clock
        try await context.checkpoint { transaction in
            try transaction.stages.set(StageResult(stage, .running), of: id, at: clock.now())
        }
        pipeline.events.publish(.changed, of: id)
        do {
            let (value, effect) = try await body()
            let seconds = (ContinuousClock.now - begun).seconds
            try await context.checkpoint { transaction in
                try effect(transaction)
                try transaction.stages.set(
                    StageResult(stage, .done, seconds: seconds, result: result), of: id, at: clock.now())
            }
            pipeline.metrics.observe(
                "oracy_stage_duration_seconds", "Time spent on one stage of one answer.",
                labels: [("stage", stage.rawValue)], bounds: Metrics.workBounds, seconds)
            pipeline.events.publish(.changed, of: id)
            return value
        } catch {
            let seconds = (ContinuousClock.now - begun).seconds
            try? await context.checkpoint { transaction in
                try transaction.stages.set(
                    StageResult(stage, .failed, seconds: seconds, error: "\(error)"), of: id, at: clock.now())
            }
            throw error
        }
    }
}

extension Transcript {
    /// Notes that a language was found first and the words were then written in it.
    fileprivate mutating func isFound(in spoken: LanguageGuess) {
        language = spoken.language
        languageProbability = spoken.probability
        languages = [LanguageGuess(language: spoken.language, probability: spoken.probability, share: 1)]
        for index in segments.indices {
            segments[index].language = spoken.language
            segments[index].languageProbability = spoken.probability
        }
    }
}
