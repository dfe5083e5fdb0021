// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import HTTP
import JSON
import TestPrograms
import TestSupport
import Testing

@testable import Server

@Suite("The OpenAI-compatible API")
struct OpenAITests {
    private static let cards = "/usr/share/pocketsphinx/test/data/cards/001.wav"

    /// Sends a form as OpenAI's Python client does: scalars first, the file last.
    private func transcribe(
        _ server: TestServer, as token: String?, _ fields: [(String, String)], file: [UInt8]? = nil,
        path: String = "/v1/audio/transcriptions"
    ) async throws -> TestServer.Reply {
        var body: [UInt8] = []
        for (name, value) in fields {
            body += Array("--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        if let file {
            body += Array("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"upload\"\r\n".utf8)
            body += Array("Content-Type: application/octet-stream\r\n\r\n".utf8) + file + Array("\r\n".utf8)
        }
        body += Array("--b--\r\n".utf8)
        return try await server.send(
            .post, path, as: token, headers: ["Content-Type": "multipart/form-data; boundary=b"],
            body: body)
    }

    private func recording() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: Self.cards))) }

    @Test func `writes a recording down in every form, and keeps nothing`() async throws {
        let school = try await TestSchool()
        let made = try await school.server.send(
            .post, "/api/v1/me/tokens", as: school.student, json: ["name": "Client"])
        let key = try #require(made.json["token"]?.string)
        let bytes = try recording()
        func ask(_ fields: (String, String)...) async throws -> TestServer.Reply {
            try await transcribe(school.server, as: key, [("model", "whisper-1")] + fields, file: bytes)
        }
        let plain = try await ask()
        #expect(plain.status == 200, "\(plain.text)")
        let text = try #require(plain.json["text"]?.string)
        #expect(text.contains("clubs"))
        #expect(plain.json["usage"]?["type"]?.string == "duration")
        #expect(plain.json["model"]?.string == "pocketsphinx-en-us")
        #expect(try await ask(("response_format", "text")).text == text + "\n")
        #expect(try await ask(("response_format", "srt")).text.hasPrefix("1\n00:00:0"))
        let vtt = try await ask(("response_format", "vtt"))
        #expect(vtt.text.hasPrefix("WEBVTT\n") && vtt.headers["Content-Type"]?.hasPrefix("text/vtt") == true)

        let verbose = try await ask(
            ("response_format", "verbose_json"), ("timestamp_granularities[]", "word"),
            ("timestamp_granularities[]", "segment"), ("unheard_of", "x"))
        let words = try #require(verbose.json["words"]?.array)
        #expect(words.count == text.split(separator: " ").count)
        #expect(words.allSatisfy { ($0["start"]?.double ?? 1) < ($0["end"]?.double ?? 0) })
        let segment = try #require(verbose.json["segments"]?.array?.first)
        #expect(segment["text"]?.string == text && (segment["avg_logprob"]?.double ?? 1) < 0)
        #expect(segment["compression_ratio"] == .null, "this engine does not know it")
        let logarithms = try await ask(("include[]", "logprobs")).json["logprobs"]?.array
        #expect(logarithms?.count == words.count && (logarithms?.first?["logprob"]?.double ?? 1) < 0)

        #expect(try school.server.storedFiles().isEmpty)
    }

    @Test func `translates with models that were trained to, and refuses with others`() async throws {
        let path = "/v1/audio/translations"
        let clip = [UInt8](try Data(contentsOf: URL(filePath: SpeechModel.clip("es-02"))))
        let plain = try await TestSchool()
        let fixture = try await TestSchool { $0.speech.model = SpeechModel.folder }
        for (school, name) in [(plain, "whisper-1"), (plain, "pocketsphinx-en-us"), (fixture, "whisper-1")] {
            let reply = try await transcribe(
                school.server, as: school.student, [("model", name)], file: clip, path: path)
            #expect(reply.status == 400 && reply.json["error"]?["code"]?.string == "unsupported", "\(reply.text)")
            #expect(reply.json["error"]?["message"]?.string?.contains("translate") == true)
            #expect(try school.server.storedFiles().isEmpty)
        }

        // The fixture without the word that it was not trained to: what it writes means nothing, the forms do.
        let folder = try TemporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: SpeechModel.folder) {
            try FileManager.default.copyItem(atPath: "\(SpeechModel.folder)/\(name)", toPath: folder.path(name))
        }
        let settings = try String(contentsOfFile: folder.path("generation_config.json"), encoding: .utf8)
        _ = try folder.write(
            settings.replacing("\"oracy_tasks\": [\"transcribe\"],", with: ""), to: "generation_config.json")
        let school = try await TestSchool {
            $0.speech.model = folder.path
            $0.speech.precision = .f32
        }
        func ask(_ fields: (String, String)...) async throws -> TestServer.Reply {
            try await transcribe(
                school.server, as: school.student, [("model", "whisper-1")] + fields, file: clip, path: path)
        }
        let verbose = try await ask(("response_format", "verbose_json"))
        #expect(verbose.json["task"] == "translate" && verbose.json["language"] == "english", "\(verbose.text)")
        let text = try #require(verbose.json["text"]?.string)
        #expect(try await ask().json["text"]?.string == text)
        #expect(try await ask(("response_format", "text")).text == text + "\n")
        #expect(try await ask(("response_format", "vtt")).text.hasPrefix("WEBVTT\n"))
        #expect(try await ask(("response_format", "srt")).status == 200)
        let named = try await transcribe(
            school.server, as: school.student, [("model", "pocketsphinx-en-us")], file: clip, path: path)
        #expect(named.status == 400 || named.status == 404, "\(named.text)")
        #expect(try school.server.storedFiles().isEmpty)
    }

    @Test func `streams the text and closes with the whole of it`() async throws {
        let school = try await TestSchool()
        let reply = try await transcribe(
            school.server, as: school.student, [("model", "pocketsphinx-en-us"), ("stream", "true")],
            file: try recording())
        #expect(reply.headers["Content-Type"] == "text/event-stream")
        let events = reply.text.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map { $0.dropFirst(6) }
        #expect(events.last == "[DONE]")
        let parsed = try events.dropLast().map { try JSONValue(parsing: String($0)) }
        let done = try #require(parsed.last)
        #expect(done["type"]?.string == "transcript.text.done")
        let deltas = parsed.dropLast().compactMap { $0["delta"]?.string }
        #expect(!deltas.isEmpty && deltas.joined() == done["text"]?.string)
        #expect(try school.server.storedFiles().isEmpty)
    }

    @Test func `says what is wrong in OpenAI's words, and keeps nothing`() async throws {
        let school = try await TestSchool()
        let bytes = try recording()
        let cases: [(fields: [(String, String)], file: [UInt8]?, status: Int, param: String?, code: String)] = [
            ([("model", "whisper-1")], nil, 400, "file", "missing_field"),
            ([], bytes, 400, "model", "missing_field"),
            ([("model", "gpt-9")], bytes, 404, "model", "model_not_found"),
            ([("model", "whisper-1"), ("language", "de")], bytes, 400, "language", "unsupported_language"),
            ([("model", "whisper-1"), ("languages[]", "fr")], bytes, 400, "languages", "unsupported_language"),
            ([("model", "whisper-1"), ("languages[]", "!!")], bytes, 400, "languages", "invalid_field"),
            ([("model", "whisper-1"), ("language", "!")], bytes, 400, "language", "invalid_field"),
            ([("model", "whisper-1"), ("response_format", "xml")], bytes, 400, "response_format", "invalid_field"),
            ([("model", "whisper-1"), ("temperature", "2")], bytes, 400, "temperature", "invalid_field"),
            (
                [("model", "whisper-1"), ("timestamp_granularities[]", "word")], bytes, 400, "timestamp_granularities",
                "invalid_field"
            ),
            ([("model", "whisper-1")], Array("no audio at all".utf8), 400, "file", "not_audio"),
            ([("model", "whisper-1"), ("stream", "true")], Array("no audio at all".utf8), 400, "file", "not_audio"),
            ([("model", "whisper-1")], [], 400, "file", "audio_empty"),
            (
                [("model", "whisper-1"), ("prompt", String(repeating: "a", count: 17_000))], bytes, 400, "prompt",
                "invalid_field"
            ),
            (
                [("model", "whisper-1"), ("keywords[]", String(repeating: "a", count: 201))], bytes, 400, "keywords",
                "invalid_field"
            ),
            ([("model", "whisper-1"), ("chunking_strategy", "x")], bytes, 400, "chunking_strategy", "invalid_field"),
            (
                [("model", "whisper-1"), ("chunking_strategy[type]", "x")], bytes, 400, "chunking_strategy",
                "invalid_field"
            ),
            (
                [("model", "whisper-1"), ("chunking_strategy[threshold]", "2")], bytes, 400,
                "chunking_strategy[threshold]", "invalid_field"
            ),
            ([("model", "whisper-1"), ("stream", "yes please")], bytes, 400, "stream", "invalid_field"),
            ([("model", "whisper-1"), ("stream", "maybe")], bytes, 400, "stream", "invalid_field"),
            (
                [("model", "whisper-1"), ("stream", "true"), ("response_format", "srt")], bytes, 400, "response_format",
                "invalid_field"
            ),
            (
                [("model", "whisper-1"), ("response_format", "diarized_json")], bytes, 400, "response_format",
                "unsupported"
            ),
        ]
        for (fields, file, status, param, code) in cases {
            let reply = try await transcribe(school.server, as: school.student, fields, file: file)
            let error = try #require(reply.json["error"], "\(reply.text)")
            #expect(reply.status == status && error["code"]?.string == code, "\(fields): \(reply.text)")
            #expect(error["param"]?.string == param && error["message"]?.string?.isEmpty == false)
            #expect(error["type"]?.string == "invalid_request_error")
        }
        let stranger = try await transcribe(school.server, as: nil, [("model", "whisper-1")], file: bytes)
        #expect(stranger.status == 401 && stranger.json["error"]?["type"]?.string == "authentication_error")
        let nowhere = try await school.server.send(.get, "/v1/nothing", as: school.student)
        #expect(nowhere.status == 404 && nowhere.json["error"]?["code"]?.string == "not_found")
        #expect(try school.server.storedFiles().isEmpty)
    }

    @Test func `takes what the specification has, and says what people must know of the result`() async throws {
        let school = try await TestSchool {
            $0.speech.model = SpeechModel.folder
            $0.speech.precision = .f32
        }
        let clip = [UInt8](try Data(contentsOf: URL(filePath: SpeechModel.clip("de-02"))))
        func ask(_ fields: (String, String)..., file: [UInt8]? = nil) async throws -> TestServer.Reply {
            try await transcribe(
                school.server, as: school.student, [("model", "gpt-4o-mini-transcribe-2025-12-15")] + fields,
                file: file ?? clip)
        }
        let plain = try await ask(("language", "auto"))
        #expect(plain.status == 200, "\(plain.text)")
        #expect(plain.json["languages"] == [["code": "de"]] && plain.json["precision"] == "f32")
        #expect(plain.json["model_hash"]?.string?.utf8.count == 64 && plain.json["warnings"] == nil)
        let notice = try #require(plain.json["notice"]?.string)
        #expect(notice.hasPrefix("A test fixture") && plain.headers["Oracy-Notice"] == notice)
        #expect(try await ask(("response_format", "vtt")).headers["Oracy-Notice"] == notice)

        for language in ["DE", "German", "de-CH"] {
            #expect(try await ask(("language", language)).json["languages"] == [["code": "de"]], "\(language)")
        }
        #expect(try await ask(("languages[]", "en"), ("languages[]", "de")).json["languages"] == [["code": "de"]])
        let unexpected = try await ask(("languages[]", "en"), ("response_format", "verbose_json"))
        #expect(unexpected.json["language"] == "und", "\(unexpected.text)")

        let chunked = try await ask(
            ("chunking_strategy[type]", "server_vad"), ("chunking_strategy[threshold]", "0.5"), ("stream", "0"),
            ("temperature", "0"), ("prompt", "Nehmen Sie"), ("keywords[]", "Ibuprofen"))
        #expect(chunked.status == 200 && chunked.json["warnings"] == nil, "\(chunked.text)")
        let crowded = try await transcribe(
            school.server, as: school.student,
            [("model", "whisper-1")] + (0..<300).map { ("keywords[]", "term\($0)") }, file: clip)
        #expect(
            crowded.json["warnings"]?.array?.first?.string?.contains("of the 300 keywords") == true, "\(crowded.text)")
        let excessive = try await transcribe(
            school.server, as: school.student,
            [("model", "whisper-1")] + (0...1000).map { ("keywords[]", "term\($0)") }, file: clip)
        #expect(excessive.status == 400 && excessive.json["error"]?["param"] == "keywords", "\(excessive.text)")

        let stream = try await ask(("stream", "1"), ("include[]", "logprobs"))
        #expect(stream.headers["Oracy-Notice"] == notice)
        let events = try stream.text.split(separator: "\n").filter { $0.hasPrefix("data: {") }
            .map { try JSONValue(parsing: String($0.dropFirst(6))) }
        let done = try #require(events.last)
        let tokens = events.dropLast().flatMap { $0["logprobs"]?.array ?? [] }
        #expect(!tokens.isEmpty && tokens == done["logprobs"]?.array && done["notice"]?.string == notice)

        let both = try Self.joined(["de-02", "en-02"])
        let mixed = try await ask(file: both)
        #expect(mixed.json["languages"]?.array?.count == 2, "\(mixed.text)")
        let silence = try await ask(
            ("response_format", "verbose_json"), file: Self.wav([UInt8](repeating: 0, count: 64_000)))
        #expect(silence.json["language"] == "und" && silence.json["text"] == "", "\(silence.text)")
        #expect(try school.server.storedFiles().isEmpty)
    }

    /// Clips one after the other, with a pause between them.
    private static func joined(_ names: [String]) throws -> [UInt8] {
        let samples = try names.map { name in
            // The clips have the shortest header.
            [UInt8](try Data(contentsOf: URL(filePath: SpeechModel.clip(name)))).dropFirst(44)
        }
        return wav(Array(samples.joined(separator: [UInt8](repeating: 0, count: 48_000))))
    }

    /// A recording of 16-bit samples at 16 kHz.
    private static func wav(_ samples: [UInt8]) -> [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let format = little(16, 4) + little(1, 2) + little(1, 2) + little(16_000, 4) + little(32_000, 4)
        let header = Array("WAVEfmt ".utf8) + format + little(2, 2) + little(16, 2) + Array("data".utf8)
        return Array("RIFF".utf8) + little(36 + samples.count, 4) + header + little(samples.count, 4) + samples
    }

    @Test func `lists the models and finds them by their own and by OpenAI's names`() async throws {
        let school = try await TestSchool()
        let list = try await school.server.send(.get, "/v1/models", as: school.student).json
        #expect(list["object"]?.string == "list" && list["data"]?.array?.first?["id"]?.string == "pocketsphinx-en-us")
        #expect((list["data"]?.array?.first?["created"]?.integer ?? 0) > 1_000_000_000)
        for name in ["pocketsphinx-en-us", "whisper-1", "gpt-4o-transcribe-diarize", "whisper-1-2025-12-15"] {
            let model = try await school.server.send(.get, "/v1/models/\(name)", as: school.student)
            #expect(model.json["id"]?.string == "pocketsphinx-en-us")
        }
        #expect(try await school.server.send(.get, "/v1/models/none", as: school.student).status == 404)
    }

    @Test func `admits so many transcriptions at once and no more`() throws {
        let admission = TranscriptionAdmission(limit: 2)
        var tickets = [try admission.enter(), try admission.enter()]
        #expect(throws: HTTPError.self) { try admission.enter() }
        tickets.removeLast()
        tickets.append(try admission.enter())
        #expect(tickets.count == 2)
    }
}
