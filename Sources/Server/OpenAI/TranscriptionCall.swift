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

    /// Reads the form; the recording goes to disk as it arrives. When anything is wrong, no file is left behind.
    static func receive(
        _ request: HTTPRequest, translates: Bool, services: Services
    ) async throws -> TranscriptionCall {
        let limit = services.configuration.limits.audioBytes
        try request.refuseForm(largerThan: limit)
        let reader = try MultipartReader(request)
        var call = TranscriptionCall()
        call.options.translates = translates
        var granularities: Set<String> = []
        do {
            while let part = try await reader.next() {
                if part.name == "file" {
                    guard call.path.isEmpty else { throw HTTPError.invalidField("file", "was sent more than once") }
                    call.path = try await services.recordings.receive(part, limit: limit, isKept: false).path
                } else {
                    try await call.take(part, &granularities)
                }
            }
            guard !call.path.isEmpty else { throw HTTPError.missingField("file") }
            guard !call.model.isEmpty else { throw HTTPError.missingField("model") }
            if !granularities.isEmpty {
                guard call.format == .verboseJSON else {
                    throw HTTPError.invalidField("timestamp_granularities", "needs response_format=verbose_json")
                }
                call.hasWords = granularities.contains("word")
                call.hasSegments = granularities.contains("segment")
            }
            return call
        } catch {
            if !call.path.isEmpty { await services.recordings.remove(call.path) }
            throw error
        }
    }

    /// Takes a field; what it does not know is ignored, because clients send what other servers understand.
    private mutating func take(_ part: MultipartPart, _ granularities: inout Set<String>) async throws {
        // Lists come as repeated fields, with or without brackets.
        let name = part.name.hasSuffix("[]") ? String(part.name.dropLast(2)) : part.name
        func text(_ limit: Int) async throws -> String {
            let bytes = try await part.collect(upTo: limit)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw HTTPError.invalidField(name, "must be UTF-8 text")
            }
            return text.trimmed
        }
        switch name {
        case "model": model = try await text(200)
        case "language":
            let tag = try await text(35)
            guard tag.isEmpty || LanguageTag.isWellFormed(tag) else {
                throw HTTPError.invalidField("language", "must be a language code such as \"en\"")
            }
            options.language = tag.isEmpty || tag == "auto" ? nil : tag
        case "prompt": options.prompt = try await text(16 << 10)
        case "keywords":
            let word = try await text(200)
            if !word.isEmpty { options.vocabulary.append(word) }
            guard options.vocabulary.count <= 1_000 else {
                throw HTTPError.invalidField("keywords", "must be at most 1000")
            }
        case "temperature":
            guard let value = Double(try await text(32)), (0...1).contains(value) else {
                throw HTTPError.invalidField("temperature", "must be a number from 0 to 1")
            }
            options.temperature = value
        case "response_format":
            guard let format = Format(rawValue: try await text(32)) else {
                let names = Format.allCases.map(\.rawValue).joined(separator: ", ")
                throw HTTPError.invalidField("response_format", "must be one of \(names)")
            }
            self.format = format
        case "timestamp_granularities":
            let granularity = try await text(32)
            guard ["word", "segment"].contains(granularity) else {
                throw HTTPError.invalidField(name, "must be \"word\" or \"segment\"")
            }
            granularities.insert(granularity)
        case "include": if try await text(64) == "logprobs" { hasLogProbabilities = true }
        case "stream": isStreamed = try await text(8).lowercased() == "true"
        default: break
        }
    }
}
