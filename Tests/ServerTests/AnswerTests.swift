// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Foundation
import HTTP
import JSON
import TestPrograms
import TestSupport
import Testing

@testable import Server

/// One spoken answer through the real decoder, recogniser, analysis and database.
@Suite("Spoken answers")
struct AnswerTests {
    /// A public-domain reading of Jane Austen, from Debian's pocketsphinx-testdata.
    private static let recording =
        "/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0880.wav"

    private static func recordingBytes() throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: recording)))
    }

    private static func silence(seconds: Int) -> [UInt8] {
        let samples = [UInt8](repeating: 0, count: seconds * 32_000)
        func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
        return Array("RIFF".utf8) + little(36 + samples.count, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
            + little(1, 2)
            + little(1, 2) + little(16_000, 4) + little(32_000, 4) + little(2, 2) + little(16, 2) + Array("data".utf8)
            + little(samples.count, 4) + samples
    }

    @Test func `become a transcript with measures, which an edit changes and a revert restores`() async throws {
        let school = try await TestSchool()
        let server = school.server
        let accepted = try await server.upload(
            try Self.recordingBytes(), fields: [("question_id", school.question), ("language", "auto")],
            as: school.student)
        #expect(accepted.status == 202, "\(accepted.text)")
        let path = try #require(accepted.json["links"]?["self"]?.string)
        #expect(accepted.headers["Location"] == path)
        #expect(try await server.send(.get, "\(path)/transcript", as: school.student).code == "not_ready")
        try await server.finish(accepted, as: school.student)

        let response = try await server.send(.get, path, as: school.student).json
        #expect(response["status"]?.string == "analysed")
        #expect(response["recording"]?["format"]?.string == "wav/pcm_s16le")
        #expect(response["engine"]?["notice"]?.string != nil)
        let stages = response["stages"]?.array ?? []
        #expect(stages.count == 7 && stages.allSatisfy { $0["state"] == "done" }, "\(stages)")
        let chosen = stages.first { $0["stage"] == "language" }?["result"]
        #expect(chosen?["engine"] == "pocketsphinx" && chosen?["precision"] == .null)
        #expect(chosen?["model_hash"]?.string?.utf8.count == 64)

        let transcript = try await server.send(.get, "\(path)/transcript", as: school.student)
        #expect(transcript.headers["ETag"] == "\"v1\"")
        let text = try #require(transcript.json["text"]?.string)
        #expect(text.contains("young man"))
        let words = transcript.json["segments"]?.array?.flatMap { $0["words"]?.array ?? [] } ?? []
        #expect(words.count >= 7)
        for word in words {
            let (start, end) = (word["start"]?.double ?? -1, word["end"]?.double ?? -1)
            #expect(0 <= start && start < end && end <= 3.1)
        }

        let measured = try await server.send(.get, "\(path)/analysis", as: school.educator)
        #expect(measured.status == 200, "\(measured.text)")
        let before = measured.json
        #expect((before["similarity"]?["tfidf_cosine"]?.double ?? 1) < 0.3)
        #expect((before["fluency"]?["speech_rate_wpm"]?.double ?? 0) > 60)

        let edited = "Ibuprofen is not suitable, young man."
        let stale = try await server.send(
            .put, "\(path)/transcript", as: school.student, headers: ["If-Match": "\"v9\""],
            json: ["text": .string(edited)])
        #expect(stale.status == 412)
        let change = try await server.send(
            .put, "\(path)/transcript", as: school.student, headers: ["If-Match": "\"v1\""],
            json: ["text": .string(edited), "reason": "misheard"])
        #expect(change.status == 200 && change.headers["ETag"] == "\"v2\"", "\(change.text)")
        #expect(change.json["text"]?.string == edited)
        #expect((change.json["wer"]?.double ?? 0) > 0)

        let after = try await server.send(.get, "\(path)/analysis", as: school.educator).json
        #expect(after["transcript_version"]?.integer == 2)
        #expect((after["similarity"]?["tfidf_cosine"]?.double ?? 0) > 0.3)
        #expect(after["previous"]?["transcript_version"]?.integer == 1)

        let diff = try await server.send(.get, "\(path)/transcript/diff?from=1&to=2", as: school.student).json
        let joined = diff["changes"]?.array?.flatMap { $0["to_words"]?.array ?? [] }.compactMap(\.string)
        #expect(joined == edited.split(separator: " ").map(String.init))

        let reverted = try await server.send(
            .post, "\(path)/transcript/revert", as: school.educator, headers: ["If-Match": "\"v2\""],
            json: ["version": 1])
        #expect(reverted.json["text"]?.string == text && reverted.json["version"]?.integer == 3)
        let versions = try await server.send(.get, "\(path)/transcript/versions", as: school.student).json
        #expect(versions["items"]?.array?.map { $0["origin"]?.string } == ["human", "human", "asr"])
        for (format, start) in [("txt", ""), ("srt", "1\n00:00:0"), ("vtt", "WEBVTT\n")] {
            let file = try await server.send(.get, "\(path)/transcript?format=\(format)", as: school.student)
            #expect(file.status == 200 && file.text.hasPrefix(start) && file.text.contains("young man"))
        }
    }

    @Test func `have no tone in a course without, and get one again when it is wanted`() async throws {
        let school = try await TestSchool()
        let server = school.server
        let course = "/api/v1/courses/\(school.course)"
        _ = try await server.send(.patch, course, as: school.educator, json: ["tone": false])
        let accepted = try await server.upload(
            try Self.recordingBytes(), fields: [("question_id", school.question)], as: school.student)
        try await server.finish(accepted, as: school.student)
        let path = try #require(accepted.json["links"]?["self"]?.string)
        func sentiment() async throws -> JSONValue? {
            try await server.send(.get, "\(path)/analysis", as: school.student).json["sentiment"]
        }
        #expect(try await sentiment() == .null)

        // Nothing was computed that could be shown now; an edit is measured as the course wants it then.
        _ = try await server.send(.patch, course, as: school.educator, json: ["tone": true])
        let kept = try #require(try await sentiment())
        #expect(kept["label"]?.string == "na", "\(kept.text)")
        #expect(kept["reason"]?.string == "The tone was switched off for this course.")
        _ = try await server.send(
            .put, "\(path)/transcript", as: school.student, headers: ["If-Match": "\"v1\""],
            json: ["text": "I am happy to help."])
        let read = try #require(try await sentiment())
        #expect(read["reason"]?.string != kept["reason"]?.string, "\(read.text)")

        // What was read before is hidden, not forgotten.
        _ = try await server.send(.patch, course, as: school.educator, json: ["tone": false])
        #expect(try await sentiment() == .null)
        _ = try await server.send(.patch, course, as: school.educator, json: ["tone": true])
        #expect(try await sentiment() == read)
    }

    @Test func `are written down by the chosen model in the language that is spoken`() async throws {
        let school = try await TestSchool {
            $0.speech.model = SpeechModel.folder
            $0.speech.precision = .f32
        }
        let bytes = Array(try Data(contentsOf: URL(filePath: SpeechModel.clip("es-02"))))
        let accepted = try await school.server.upload(bytes, fields: [("language", "auto")], as: school.student)
        try await school.server.finish(accepted, as: school.student)
        let path = try #require(accepted.json["links"]?["self"]?.string)
        let response = try await school.server.send(.get, path, as: school.student).json
        #expect(response["status"]?.string == "analysed", "\(response.text)")
        #expect(
            response["engine"]?["name"]?.string == "whisper"
                && response["engine"]?["notice"]?.string?.contains("fixture") == true)
        let transcript = try await school.server.send(.get, "\(path)/transcript", as: school.student).json
        #expect(transcript["language"]?.string == "es")
        #expect((transcript["language_probability"]?.double ?? 0) > 0.5)
        #expect((transcript["text"]?.string ?? "").split(separator: " ").count > 2)
        let engines = try await school.server.send(.get, "/api/v1/engines", as: school.student).json
        #expect(engines["items"]?.array?.map { $0["name"]?.string } == ["whisper", "pocketsphinx"])
    }

    @Test
    func `are listened to for the languages of the question, and another one is no answer until a person says so`()
        async throws
    {
        let school = try await TestSchool {
            $0.speech.model = SpeechModel.folder
            $0.speech.precision = .f32
        }
        let bytes = Array(try Data(contentsOf: URL(filePath: SpeechModel.clip("es-02"))))
        func answer(_ languages: JSONValue) async throws -> (path: String, response: JSONValue, transcript: JSONValue) {
            let question = try await school.server.send(
                .post, "/api/v1/questions", as: school.educator,
                json: [
                    "course_id": .string(school.course), "title": "A", "prompt": "B", "expected_answer": "C",
                    "languages": languages,
                ]
            ).json["id"]?.string
            let accepted = try await school.server.upload(
                bytes, fields: [("question_id", try #require(question))], as: school.student)
            try await school.server.finish(accepted, as: school.student)
            let path = try #require(accepted.json["links"]?["self"]?.string)
            return (
                path, try await school.server.send(.get, path, as: school.student).json,
                try await school.server.send(.get, "\(path)/transcript", as: school.student).json
            )
        }
        let right = try await answer(["en", "es"])
        #expect(right.transcript["language"] == "es" && right.response["language"]?["detected"] == "es")
        #expect(right.transcript["segments"]?.array?.allSatisfy { $0["language"] == "es" } == true)
        let spanish = try #require(right.transcript["languages"]?.array?.first)
        #expect(spanish["language"] == "es" && spanish["share"]?.double == 1)

        let wrong = try await answer(["en"])
        #expect(wrong.response["status"] == "unscorable" && wrong.response["reason_code"] == "wrong_language")
        #expect(wrong.response["reason"] == "Spanish was heard; the question asks for English.")
        #expect(wrong.response["language"]?["detected"] == "es" && wrong.transcript["language"] == "es")
        #expect((wrong.transcript["language_probability"]?.double ?? 0) > 0.9)
        #expect(wrong.transcript["text"] == right.transcript["text"], "as it was said, not as an English text")
        #expect(try await school.server.send(.get, "\(wrong.path)/analysis", as: school.student).code == "not_ready")

        let again = try await school.server.send(.post, "\(wrong.path)/retry", as: school.student, json: [:])
        try await school.server.finish(again, as: school.student)
        let still = try await school.server.send(.get, wrong.path, as: school.student).json
        #expect(still["status"] == "unscorable" && still["reason_code"] == "wrong_language")
        let queue = try await school.server.send(
            .get, "/api/v1/marking/queue?state=unscorable", as: school.educator)
        #expect(queue.json["items"]?.array?.map { $0["reason_code"] } == ["wrong_language"], "\(queue.text)")

        let accepted = try await school.server.send(
            .post, "\(wrong.path)/transcript/revert", as: school.educator, headers: ["If-Match": "\"v1\""],
            json: ["version": 1])
        #expect(accepted.status == 200, "\(accepted.text)")
        let now = try await school.server.send(.get, wrong.path, as: school.student).json
        #expect(now["status"] == "analysed" && now["reason_code"] == .null)
        #expect(try await school.server.send(.get, "\(wrong.path)/analysis", as: school.educator).status == 200)
    }

    @Test func `can be heard in parts, as received and as WAV, only by those who may`() async throws {
        let school = try await TestSchool()
        let bytes = try Self.recordingBytes()
        let accepted = try await school.server.upload(
            bytes, fields: [("question_id", school.question)], as: school.student)
        let path = try #require(accepted.json["links"]?["audio"]?.string)
        try await school.server.finish(accepted, as: school.student)
        let whole = try await school.server.send(.get, path, as: school.educator)
        #expect(whole.body == bytes && whole.headers["Content-Type"] == "audio/wav")
        let part = try await school.server.send(.get, path, as: school.student, headers: ["Range": "bytes=100-199"])
        #expect(part.status == 206 && part.body == Array(bytes[100..<200]))
        let wav = try await school.server.send(
            .get, "\(path)?format=wav", as: school.student, headers: ["Range": "bytes=0-3"])
        #expect(wav.text == "RIFF" && wav.status == 206)
        let waveform = try await school.server.send(
            .get, path.replacingOccurrences(of: "/audio", with: "/waveform"), as: school.student)
        #expect(waveform.json["version"]?.integer == 2)
        for token in [school.otherStudent, school.otherEducator] {
            #expect(try await school.server.send(.get, path, as: token).status == 404)
        }
    }

    @Test func `without speech are unscorable, with a reason and without words`() async throws {
        let school = try await TestSchool()
        let accepted = try await school.server.upload(Self.silence(seconds: 3), as: school.student)
        #expect(accepted.status == 202, "\(accepted.text)")
        let path = try #require(accepted.json["links"]?["self"]?.string)
        try await school.server.finish(accepted, as: school.student)
        let response = try await school.server.send(.get, path, as: school.student).json
        #expect(response["status"]?.string == "unscorable")
        #expect(response["reason_code"]?.string == "silence")
        #expect(try await school.server.send(.get, "\(path)/transcript", as: school.student).status == 404)
        #expect(try await school.server.send(.get, "\(path)/analysis", as: school.student).code == "not_ready")
    }

    @Test func `sent twice with the same key make one response, with other content a refusal`() async throws {
        let school = try await TestSchool()
        let bytes = try Self.recordingBytes()
        let first = try await school.server.upload(bytes, as: school.student, key: "a-key")
        let again = try await school.server.upload(bytes, as: school.student, key: "a-key")
        #expect(first.status == 202 && first.body == again.body)
        let other = try await school.server.upload(Self.silence(seconds: 1), as: school.student, key: "a-key")
        #expect(other.status == 422 && other.code == "idempotency_mismatch")
        let list = try await school.server.send(.get, "/api/v1/responses?mine=true", as: school.student).json
        #expect(list["items"]?.array?.count == 1)
        #expect(try school.server.storedFiles().count == 1)
    }

    private static let badUploads:
        [(name: String, audio: [UInt8]?, fields: [(String, String)], status: Int, code: String)] = [
            (
                "random bytes", (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }, [], 422,
                "not_audio"
            ),
            ("text named .wav", Array("Hello, this is no recording.\n".utf8), [], 422, "not_audio"),
            ("an empty file", [], [], 422, "audio_empty"),
            ("no file", nil, [("language", "en")], 422, "missing_field"),
            ("a WAV header only", Array(silence(seconds: 1).prefix(44)), [], 422, "audio_empty"),
            (
                "an unknown question", silence(seconds: 1), [("question_id", Identifier<Question>().text)], 422,
                "invalid_field"
            ),
            (
                "a question id that is none", silence(seconds: 1), [("question_id", "1; DROP TABLE")], 422,
                "invalid_field"
            ),
            ("a language that is none", silence(seconds: 1), [("language", "../../x")], 422, "invalid_field"),
            ("a language nobody can write", silence(seconds: 1), [("language", "es")], 422, "unsupported_language"),
        ]

    @Test(arguments: badUploads.indices)
    func `that can't be used are refused at once and leave nothing behind`(index: Int) async throws {
        let upload = Self.badUploads[index]
        let school = try await TestSchool()
        let reply = try await school.server.upload(upload.audio, fields: upload.fields, as: school.student)
        #expect(reply.status == upload.status && reply.code == upload.code, "\(upload.name): \(reply.text)")
        #expect(try school.server.storedFiles() == [])
        let list = try await school.server.send(.get, "/api/v1/responses?mine=true", as: school.student).json
        #expect(list["items"]?.array?.count == 0)
    }

    @Test func `larger than the limit are refused, at the limit they are not`() async throws {
        let recording = try Self.recordingBytes()
        let school = try await TestSchool { $0.limits.audioBytes = recording.count }
        #expect(try await school.server.upload(recording, as: school.student).status == 202)
        let larger = try await school.server.upload(recording + [0], as: school.student)
        #expect(larger.status == 413 && larger.code == "too_large")
        #expect(try school.server.storedFiles().count == 1)
    }

    @Test func `longer than the question allows have failed, with the reason`() async throws {
        let school = try await TestSchool { $0.limits.audioSeconds = 2 }
        let accepted = try await school.server.upload(Self.silence(seconds: 4), as: school.student)
        let path = try #require(accepted.json["links"]?["self"]?.string)
        try await school.server.finish(accepted, as: school.student)
        let response = try await school.server.send(.get, path, as: school.student).json
        #expect(response["status"]?.string == "failed")
        #expect(response["reason_code"]?.string == "audio_too_long")
        let again = try await school.server.send(.post, "\(path)/retry", as: school.student, json: [:])
        #expect(again.status == 202)
        try await school.server.finish(again, as: school.student)
        #expect(try await school.server.send(.get, path, as: school.student).json["status"]?.string == "failed")
    }

    @Test func `of free speech can be deleted by their owner, with their files`() async throws {
        let school = try await TestSchool()
        let accepted = try await school.server.upload(try Self.recordingBytes(), as: school.student)
        let path = try #require(accepted.json["links"]?["self"]?.string)
        try await school.server.finish(accepted, as: school.student)
        #expect(try await school.server.send(.delete, path, as: school.otherStudent).status == 404)
        #expect(try await school.server.send(.delete, path, as: school.student).status == 204)
        #expect(try await school.server.send(.get, path, as: school.student).status == 404)
        #expect(try school.server.storedFiles() == [])
    }

    @Test func `tell those who watch every stage and then that they are done`() async throws {
        let school = try await TestSchool()
        let accepted = try await school.server.upload(try Self.recordingBytes(), as: school.student)
        let text = try await school.server.finish(accepted, as: school.student)
        for stage in ["decode", "vad", "language", "transcribe", "text", "semantic"] {
            #expect(text.contains("\"stage\":\"\(stage)\",\"state\":\"done\""), "\(stage)")
        }
        #expect(text.hasSuffix("event: done\ndata: {\"status\":\"analysed\",\"reason\":null}\n\n"))
    }
}
