// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Cryptography
import Domain
import HTTP

/// A recording that has arrived and is safe on disk, with the fields that came with it.
struct ResponseUpload: Sendable {
    /// The id of the recording.
    var recording: Identifier<Recording>
    /// Where it is.
    var stored: RecordingStore.Stored
    /// What the client called the file.
    var fileName: String?
    /// The question it answers; nil for free speech.
    var question: Identifier<Question>?
    /// The chosen language; nil for automatic.
    var language: String?

    /// A digest of everything the request means, to tell a repetition from another request with the same key.
    var digest: String {
        Hexadecimal.encode(
            SHA256.hash(Array("\(question?.text ?? "")\n\(language ?? "")\n\(stored.sha256)".utf8)))
    }

    /// Reads a multipart request; the audio goes to disk as it arrives and is never held in memory as a whole.
    ///
    /// When anything is wrong, no file is left behind.
    static func receive(_ request: HTTPRequest, services: Services) async throws -> ResponseUpload {
        let limit = services.configuration.limits.audioBytes
        try request.refuseForm(largerThan: limit)
        let reader = try MultipartReader(request)
        var form = Form()
        do {
            while let part = try await reader.next() {
                try await form.take(part, services: services)
            }
            return try form.finish(limit: limit)
        } catch {
            if let stored = form.stored { await services.recordings.remove(stored.path) }
            throw error
        }
    }

    private struct Form {
        let recording = Identifier<Recording>()
        var stored: RecordingStore.Stored?
        var fileName: String?
        var question: Identifier<Question>?
        var language: String?

        mutating func take(_ part: MultipartPart, services: Services) async throws {
            switch part.name {
            case "question_id":
                let text = try await text(part, limit: 64)
                if !text.isEmpty {
                    guard let id = Identifier<Question>(text) else {
                        throw HTTPError.invalidField("question_id", "must be an id")
                    }
                    question = id
                }
            case "language":
                let text = try await text(part, limit: 35)
                if !text.isEmpty, text != "auto" {
                    guard LanguageTag.isWellFormed(text) else {
                        throw HTTPError.invalidField("language", "must be a language code such as \"en\", or \"auto\"")
                    }
                    language = text
                }
            case "audio", "file":
                guard stored == nil else { throw HTTPError.invalidField("audio", "was sent more than once") }
                fileName = part.filename.map { String($0.prefix(255)) }
                stored = try await services.recordings.receive(
                    part, as: recording, limit: services.configuration.limits.audioBytes)
            default: break
            }
        }

        func finish(limit: Int) throws -> ResponseUpload {
            guard let stored else { throw HTTPError.missingField("audio") }
            guard stored.size > 0 else {
                throw HTTPError(
                    .unprocessableContent, code: "audio_empty", title: "The recording can't be used",
                    detail: "The recording is empty.")
            }
            return ResponseUpload(
                recording: recording, stored: stored, fileName: fileName, question: question, language: language)
        }

        private func text(_ part: MultipartPart, limit: Int) async throws -> String {
            let bytes = try await part.collect(upTo: limit)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw HTTPError.invalidField(part.name, "must be UTF-8 text")
            }
            return text.trimmed
        }
    }
}
