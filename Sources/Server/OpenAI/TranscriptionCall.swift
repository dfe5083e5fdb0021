// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP
import Recognition

/// What a client of `POST /v1/audio/transcriptions` or `POST /v1/audio/translations` asks for.
struct TranscriptionCall: Sendable {
    /// The form of the reply.
    enum Format: String, Sendable, CaseIterable {
        case json
        case text
        case srt
        case verboseJSON = "verbose_json"
        case vtt
    }

    /// Where the recording is in the store.
    var path = ""
    /// The model's name as the client wrote it.
    var model = ""
    /// What to tell the recogniser.
    var options = RecognitionOptions()
    /// The form of the reply.
    var format = Format.json
    /// Whether verbose replies have words.
    var hasWords = false
    /// Whether verbose replies have segments.
    var hasSegments = true
    /// Whether the reply has log probabilities.
    var hasLogProbabilities = false
    /// Whether the text is sent as it is written down.
    var isStreamed = false

    /// How many keywords a call may have.
    static let mostKeywords = 1_000

    /// Reads the form; the recording goes to disk as it arrives. When anything is wrong, no file is left behind.
    static func receive(
        _ request: HTTPRequest, translates: Bool, services: Services
    ) async throws -> TranscriptionCall {
        let limit = services.configuration.limits.audioBytes
        var path: String?
        do {
            try request.refuseForm(largerThan: limit)
            // A keyword is a field.
            let reader = try MultipartReader(request, limits: MultipartLimits(parts: mostKeywords + 64))
            var form = TranscriptionForm()
            form.call.options.translates = translates
            while let part = try await reader.next() {
                if part.name == "file" {
                    guard path == nil else { throw HTTPError.invalidField("file", "was sent more than once") }
                    path = try await services.recordings.receive(part, limit: limit, isKept: false).path
                } else {
                    try await form.take(part)
                }
            }
            guard let path else { throw HTTPError.missingField("file") }
            var call = try form.finish()
            call.path = path
            return call
        } catch {
            if let path { await services.recordings.remove(path) }
            // Fields that are too long are told otherwise.
            guard var problem = error as? HTTPError, problem.status == .contentTooLarge else { throw error }
            problem.fields = [.init(field: "file", message: "is too large")]
            throw problem
        }
    }
}

/// The fields of a call as they come. Each fault names its field.
struct TranscriptionForm {
    /// What has been asked for so far.
    var call = TranscriptionCall()
    private var granularities: Set<String> = []
    private var chunking: String?

    /// Takes a field; what it does not know is ignored, because clients send what other servers understand.
    mutating func take(_ part: MultipartPart) async throws {
        // Lists come as repeated fields, with or without brackets; objects as a field for each member.
        let name = part.name.hasSuffix("[]") ? String(part.name.dropLast(2)) : part.name
        guard let limit = Self.limit(of: name) else { return }
        let bytes: [UInt8]
        do {
            bytes = try await part.collect(upTo: limit)
        } catch let error as HTTPError where error.status == .contentTooLarge {
            throw HTTPError.invalidField(name, "must have at most \(limit) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw HTTPError.invalidField(name, "must be UTF-8 text")
        }
        try take(name, text.trimmed)
    }

    /// The most bytes that a field may have; nil for fields that are ignored.
    private static func limit(of name: String) -> Int? {
        switch name {
        case "model", "keywords": 200
        case "language", "languages": 35
        case "prompt": 16 << 10
        case "temperature", "response_format", "timestamp_granularities": 32
        case "include", "chunking_strategy": 64
        case "stream": 8
        default: name.hasPrefix("chunking_strategy[") ? 64 : nil
        }
    }

    private mutating func take(_ name: String, _ text: String) throws {
        switch name {
        case "model": call.model = text
        case "language": call.options.language = text.isEmpty || text == "auto" ? nil : try Self.language(text, name)
        case "languages":
            guard !text.isEmpty else { return }
            let language = try Self.language(text, name)
            guard !call.options.expectedLanguages.contains(where: { $0.language == language }) else { return }
            call.options.expectedLanguages.append(ExpectedLanguage(language))
            guard call.options.expectedLanguages.count <= ExpectedLanguage.greatestCount else {
                throw HTTPError.invalidField(name, "must be at most \(ExpectedLanguage.greatestCount)")
            }
        case "prompt": call.options.prompt = text
        case "keywords":
            if !text.isEmpty { call.options.vocabulary.append(text) }
            guard call.options.vocabulary.count <= TranscriptionCall.mostKeywords else {
                throw HTTPError.invalidField(name, "must be at most \(TranscriptionCall.mostKeywords)")
            }
        case "temperature":
            guard let value = Double(text), (0...1).contains(value) else {
                throw HTTPError.invalidField(name, "must be a number from 0 to 1")
            }
            call.options.temperature = value
        case "response_format": call.format = try Self.format(text)
        case "timestamp_granularities":
            guard ["word", "segment"].contains(text) else {
                throw HTTPError.invalidField(name, "must be \"word\" or \"segment\"")
            }
            granularities.insert(text)
        case "include": if text == "logprobs" { call.hasLogProbabilities = true }
        case "stream": call.isStreamed = try Self.flag(text, name)
        case "chunking_strategy", "chunking_strategy[type]": chunking = text
        default: try Self.checkChunking(name, text)
        }
    }

    /// The call, when all fields have come.
    func finish() throws -> TranscriptionCall {
        var call = call
        guard !call.model.isEmpty else { throw HTTPError.missingField("model") }
        if let chunking, !["", "auto", "server_vad"].contains(chunking) {
            throw HTTPError.invalidField("chunking_strategy", "must be \"auto\", or of the type \"server_vad\"")
        }
        if !granularities.isEmpty {
            guard call.format == .verboseJSON else {
                throw HTTPError.invalidField("timestamp_granularities", "needs response_format=verbose_json")
            }
            call.hasWords = granularities.contains("word")
            call.hasSegments = granularities.contains("segment")
        }
        if call.isStreamed, call.format != .json, call.format != .text {
            throw HTTPError.invalidField("response_format", "must be json or text for a streamed reply")
        }
        return call
    }

    private static func format(_ text: String) throws -> TranscriptionCall.Format {
        if text == "diarized_json" {
            throw OpenAIError.unsupported("This server does not tell speakers apart.", field: "response_format")
        }
        guard let format = TranscriptionCall.Format(rawValue: text) else {
            let names = TranscriptionCall.Format.allCases.map(\.rawValue).joined(separator: ", ")
            throw HTTPError.invalidField("response_format", "must be one of \(names)")
        }
        return format
    }

    private static func language(_ text: String, _ field: String) throws -> String {
        if let tag = WhisperLanguage.tag(named: text) { return tag }
        guard LanguageTag.isWellFormed(text) else {
            throw HTTPError.invalidField(field, "must be a language code such as \"en\"")
        }
        return text.lowercased()
    }

    private static func flag(_ text: String, _ field: String) throws -> Bool {
        switch text.lowercased() {
        case "true", "1": return true
        case "false", "0", "": return false
        default: throw HTTPError.invalidField(field, "must be true or false")
        }
    }

    /// Refuses what can't be meant. Recordings are always cut at the silences that the server's own detector hears.
    private static func checkChunking(_ name: String, _ text: String) throws {
        let range: ClosedRange<Double>? =
            switch name {
            case "chunking_strategy[threshold]": 0...1
            case "chunking_strategy[prefix_padding_ms]", "chunking_strategy[silence_duration_ms]": 0...60_000
            default: nil
            }
        guard let range else { return }
        guard let value = Double(text), range.contains(value) else {
            throw HTTPError.invalidField(
                name, "must be a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))")
        }
    }
}
