// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Auth
import Domain
import HTTP
import JSON
import Recognition

/// The part of OpenAI's API that speech clients use, so that they work with this server unchanged.
///
/// Errors have OpenAI's shape (see ``OpenAIError``); the recording is removed as soon as it is decoded. A client that
/// leaves has its work cancelled.
struct OpenAIRoutes {
    let services: Services
    private let admission: TranscriptionAdmission

    init(services: Services) {
        self.services = services
        admission = TranscriptionAdmission(limit: 8 * max(1, services.configuration.workers))
    }

    var routes: [Route] {
        [
            .account(.get, "/v1/models", models),
            .account(.get, "/v1/models/{model}", model),
            .account(.post, "/v1/audio/transcriptions", transcribe),
            .account(.post, "/v1/audio/translations", translate),
        ]
    }

    // MARK: Models

    private func models(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        .json(["object": "list", "data": .array(services.speech.engines.map(Self.json))])
    }

    private func model(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let name = request.parameters["model"] ?? ""
        return .json(Self.json(try engine(named: name)))
    }

    private static func json(_ engine: RecognitionEngine) -> JSONValue {
        [
            "id": .string(engine.modelID), "object": "model", "created": .integer(engine.modelTime ?? 0),
            "owned_by": .string(engine.name),
        ]
    }

    /// The engine for a model's name: one of ours, or a name of OpenAI's, which stands for the best one here.
    private func engine(named name: String) throws -> RecognitionEngine {
        let engines = services.speech.engines
        if let found = engines.first(where: { [$0.modelID, $0.model, $0.name].contains(name) }) { return found }
        if OpenAIError.isAlias(name), let best = engines.first { return best }
        throw OpenAIError.unknownModel(name, known: engines.map(\.modelID))
    }

    /// The engine that translates: the one that was named, or the first that can for a name of OpenAI's.
    private func translator(_ named: RecognitionEngine, _ isAlias: Bool) throws -> RecognitionEngine {
        let able = services.speech.engines.filter(\.translates)
        if let found = able.first(where: { isAlias || $0 == named }) { return found }
        let names = able.map(\.modelID).joined(separator: ", ")
        throw OpenAIError.unsupported(
            able.isEmpty
                ? "No model here can translate. Install a multilingual one, such as with: oracy models pull whisper-base."
                : "\(named.modelID) can't translate. Models here that can: \(names).", field: "model")
    }

    // MARK: Transcriptions and translations

    private func translate(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        try await write(request, actor, translates: true)
    }

    private func transcribe(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        try await write(request, actor, translates: false)
    }

    private func write(
        _ request: HTTPRequest, _ actor: Auth.Actor, translates: Bool
    ) async throws -> HTTPResponse {
        try services.demand(.transcribeFreely, of: actor)
        let ticket = try admission.enter()
        let call = try await TranscriptionCall.receive(request, translates: translates, services: services)
        do {
            return try await request.whileClientWaits {
                let work = try await services.recordings.discarding(call.path) { try await prepare(call, $0) }
                guard call.isStreamed else {
                    defer { withExtendedLifetime(ticket) {} }
                    let (recognition, engine) = try await recognise(work, call) { _ in }
                    return TranscriptionReply(
                        recognition: recognition, engine: engine, duration: work.duration, call: call,
                        damage: work.damage
                    ).response
                }
                return stream(work, call, ticket)
            }
        } catch {
            throw Self.located(error, in: call)
        }
    }

    /// The error with the field that it is about.
    private static func located(_ error: any Error, in call: TranscriptionCall) -> any Error {
        let field: String
        switch error {
        case let error as AudioError where error.code.isAboutRecording: field = "file"
        case let error as RecognitionError where error.code == .unsupportedLanguage:
            let isExpected = call.options.language == nil && !call.options.expectedLanguages.isEmpty
            field = isExpected ? "languages" : "language"
        default: return error
        }
        var problem = ErrorResponse.problem(for: error)
        problem.fields = [.init(field: field, message: problem.detail ?? problem.title)]
        return problem
    }

    /// A recording that can be recognised, and by what.
    private struct Work: Sendable {
        var waveform: Waveform
        var duration: Double
        /// What was wrong with the file, for people.
        var damage: [String]
        var recognizer: any SpeechRecognizing
        var options: RecognitionOptions
    }

    private func prepare(_ call: TranscriptionCall, _ path: String) async throws -> Work {
        let wanted = try engine(named: call.model)
        let isAlias = OpenAIError.isAlias(call.model)
        let recognizer = try services.speech.recognizer(
            for: call.options.language, expecting: call.options.expectedLanguages,
            engine: call.options.translates ? try translator(wanted, isAlias).modelID : isAlias ? nil : wanted.modelID)
        let decoded = try await services.speech.decode(path)
        return Work(
            waveform: decoded.waveform, duration: decoded.source.duration, damage: decoded.warnings,
            recognizer: recognizer, options: call.options)
    }

    private func recognise(
        _ work: Work, _ call: TranscriptionCall, progress: @escaping @Sendable (RecognitionProgress) -> Void
    ) async throws -> (Recognition, RecognitionEngine) {
        let start = ContinuousClock.now
        let recognition = try await work.recognizer.transcribe(work.waveform, options: work.options, progress: progress)
        let engine = work.recognizer.engine
        services.metrics.transcribed(
            audio: work.duration, time: (ContinuousClock.now - start).seconds, by: engine)
        return (recognition, engine)
    }

    /// Sends the text as it is written down, segment by segment.
    private func stream(_ work: Work, _ call: TranscriptionCall, _ ticket: TranscriptionAdmission.Ticket)
        -> HTTPResponse
    {
        var response = HTTPResponse.eventStream { events in
            defer { withExtendedLifetime(ticket) {} }
            let (segments, sender) = AsyncStream.makeStream(of: Segment.self)
            async let outcome = {
                defer { sender.finish() }
                return try await self.recognise(work, call) { if let segment = $0.segment { sender.yield(segment) } }
            }()
            var isFirst = true
            for await segment in segments where !segment.text.isEmpty {
                let delta = TranscriptionReply.delta(segment, isFirst: isFirst, call: call)
                isFirst = false
                try await events.send(data: delta.text)
            }
            let (recognition, engine) = try await outcome
            let reply = TranscriptionReply(
                recognition: recognition, engine: engine, duration: work.duration, call: call, damage: work.damage)
            try await events.send(data: reply.done.text)
            try await events.send(data: "[DONE]")
        }
        TranscriptionReply.announce(work.recognizer.engine, in: &response)
        return response
    }
}

extension RecognitionEngine {
    /// What is stored with a transcript that it wrote.
    var label: String { "\(name)/\(model)" }
}
