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

    private var hearing: AnswerHearing {
        AnswerHearing(
            speech: pipeline.speech, metrics: pipeline.metrics, question: answer.question,
            language: answer.response.chosenLanguage)
    }

    func run() async throws -> JobOutcome {
        if let transcript = answer.transcript {
            // A person's version is measured, whatever the language.
            if transcript.origin == .asr, let obstacle = hearing.obstacle(in: transcript.transcript) {
                return unscorable(obstacle)
            }
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
        if let obstacle = try hearing.obstacle(in: speech) { return unscorable(obstacle) }
        let recogniser = try await stage(.language, describing: { $0.engine.record }) {
            (try hearing.recogniser(), { _ in })
        }
        let vocabulary = try await pipeline.measuring.vocabulary(of: answer.question, for: recogniser.engine)
        let (recognition, told) = try await stage(.transcribe) {
            let heard = try await hearing.recognition(
                of: speech, by: recogniser, telling: vocabulary, progress: report)
            return (heard, { _ in })
        }
        let obstacle = hearing.obstacle(in: recognition.transcript)
        if let obstacle, obstacle == .noise { return unscorable(obstacle) }
        // What was said in another language is kept and shown.
        let transcript = try await store(recognition, by: recogniser.engine, told: told)
        if let obstacle { return unscorable(obstacle) }
        var recording = answer.recording
        recording.duration = decoded.waveform.duration
        return try await measure(transcript, of: recording)
    }

    /// Tells those who watch how far the recogniser has come.
    private var report: @Sendable (RecognitionProgress) -> Void {
        { [events = pipeline.events, id] progress in
            if progress.total > 0 {
                events.publish(.progress(.transcribe, min(1, progress.seconds / progress.total)), of: id)
            }
            if let segment = progress.segment { events.publish(.segment(segment), of: id) }
        }
    }

    private func store(
        _ recognition: Recognition, by engine: RecognitionEngine, told vocabulary: [String]
    ) async throws -> TranscriptVersion {
        let now = pipeline.clock.now()
        let draft = TranscriptVersion(
            id: Identifier(at: now), response: id, number: 1, origin: .asr,
            engine: engine.label, vocabulary: vocabulary, transcript: recognition.transcript,
            alternatives: recognition.heardAlternatives, createdAt: now)
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
            return unscorable(.fewWords)
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

    private func unscorable(_ obstacle: AnswerHearing.Unscorable) -> JobOutcome {
        .done { [id] transaction in
            try transaction.responses.setState(
                id, to: .unscorable, reason: obstacle.text, reasonCode: obstacle.reason.rawValue)
        }
    }

    func fail(_ text: String, code: String) -> JobOutcome {
        .done { [id] transaction in
            try transaction.responses.setState(id, to: .failed, reason: text, reasonCode: code)
        }
    }

    /// Runs one stage, stores how it went together with what it found, and tells those who watch.
    private func stage<Value: Sendable>(
        _ stage: Response.Stage, result: JSONValue? = nil, describing: (Value) -> JSONValue? = { _ in nil },
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
            let result = describing(value) ?? result
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
