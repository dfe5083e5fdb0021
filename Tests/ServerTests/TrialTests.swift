// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import HTTP
import JSON
import Storage
import TestPrograms
import TestSupport
import Testing

@testable import Server

/// Answers that an educator speaks to see what becomes of the key points, through the real decoder and recognisers.
@Suite("Trials by voice")
struct TrialTests {
    private static let keyPoints: JSONValue = [
        ["id": "dose", "label": "Take six spoons every day"], ["id": "water", "label": "Drink much water"],
    ]

    private static func clip(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: SpeechModel.clip(name))))
    }

    private static func silence(seconds: Double) -> [UInt8] {
        WaveFile.bytes([Float](repeating: 0, count: Int(seconds * 16_000)))
    }

    /// A school with the small Whisper, and the path to try a question of its with these key points.
    private func school(
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws -> (TestSchool, path: String) {
        let school = try await TestSchool {
            $0.speech.model = SpeechModel.folder
            $0.speech.precision = .f32
            change(&$0)
        }
        return (school, try await school.ask(keyPoints: Self.keyPoints) + "/try")
    }

    /// Nothing of a trial may be left: no file, no answer, no job.
    private func expectNothingKept(_ school: TestSchool) async throws {
        #expect(try school.server.storedFiles() == [])
        let list = try await school.server.send(.get, "/api/v1/responses?mine=true", as: school.educator).json
        #expect(list["items"]?.array == [])
        let jobs = try await school.server.application.services.database.read { try $0.jobs.counts() }
        #expect(jobs.values.allSatisfy { $0 == 0 })
    }

    @Test func `are written down and held against the key points, and nothing is kept`() async throws {
        let (school, path) = try await school()
        let reply = try await school.server.upload(try Self.clip("en-02"), as: school.educator, to: path)
        #expect(reply.status == 200, "\(reply.text)")
        let tried = reply.json
        #expect(tried["status"] == "analysed" && tried["reason_code"] == .null)
        #expect(tried["transcript"]?["text"] == "Take six spoons every day.")
        #expect(tried["transcript"]?["language"] == "en")
        let words = tried["transcript"]?["segments"]?.array?.flatMap { $0["words"]?.array ?? [] } ?? []
        #expect(words.count == 5 && words.allSatisfy { (0...1).contains($0["confidence"]?.double ?? -1) })
        #expect(tried["engine"]?["name"] == "whisper" && tried["engine"]?["notice"]?.string != nil)
        #expect((tried["recording"]?["duration"]?.double ?? 0) > 1)
        #expect(tried["recording"]?["quality"]?.array?.contains { $0["key"] == "snr_db" } == true)
        #expect(tried["keypoints"]?.array?.map { $0["state"] } == ["covered", "missing"], "\(reply.text)")
        let evidence = tried["keypoints"]?.array?.first?["evidence"]
        #expect(evidence?["text"] == "Take six spoons every day" && evidence?["start_s"]?.double != nil)
        #expect(tried["keypoints_source"] == "given" && tried["score"]?["point"]?.double == 0.5)
        try await expectNothingKept(school)
    }

    @Test func `tell how far they are to whoever asks for events, and end with the same result`() async throws {
        let (school, path) = try await school()
        let bytes = try Self.clip("en-02")
        let plain = try await school.server.upload(bytes, as: school.educator, to: path)
        let streamed = try await school.server.upload(
            bytes, as: school.educator, to: path, accept: "text/event-stream, application/problem+json")
        #expect(streamed.headers["Content-Type"] == "text/event-stream")
        let events = streamed.text.split(separator: "\n\n").map { block in
            let lines = block.split(separator: "\n")
            return (
                name: lines.first?.dropFirst(7),
                data: (try? JSONValue(parsing: String(lines.last?.dropFirst(6) ?? ""))) ?? .null
            )
        }
        #expect(events.map(\.name).contains("stage") && events.map(\.name).contains("segment"), "\(streamed.text)")
        #expect(events.first { $0.name == "segment" }?.data["text"] == "Take six spoons every day.")
        #expect(events.last?.name == "done" && events.last?.data == plain.json)
        try await expectNothingKept(school)
    }

    @Test func `are held against a draft that was not saved`() async throws {
        let (school, path) = try await school()
        let bytes = try Self.clip("en-02")
        func states(_ fields: (String, String)...) async throws -> TestServer.Reply {
            try await school.server.upload(bytes, fields: fields, as: school.educator, to: path)
        }
        let draft = try await states(("key_points", #"[{"id": "a", "label": "Wash the hands"}]"#))
        #expect(draft.json["keypoints"]?.array?.map { $0["state"] } == ["missing"], "\(draft.text)")
        let proposed = try await states(("key_points", "[]"), ("expected_answer", "Take six spoons every day."))
        #expect(proposed.json["keypoints_source"] == "proposed", "\(proposed.text)")
        #expect(proposed.json["keypoints"]?.array?.map { $0["state"] } == ["covered"], "\(proposed.text)")
        let typed = try await school.server.send(
            .post, path, as: school.educator,
            json: ["text": "Take six spoons every day.", "key_points": [], "expected_answer": "Drink much water."])
        #expect(typed.json["keypoints"]?.array?.map { $0["label"] } == ["Drink much water"], "\(typed.text)")
        let several = try await states(
            ("key_points", "[]"), ("expected_answers", #"["Drink much water.", "Take six spoons every day."]"#))
        #expect(several.json["keypoints"]?.array?.map { $0["state"] } == ["covered"], "\(several.text)")
        let opposite = try await school.server.send(
            .post, path, as: school.educator,
            json: [
                "text": "Do not take six spoons every day.", "contradicted_credit": -0.5,
                "key_points": [["id": "a", "label": "Take six spoons every day"]],
            ])
        #expect(opposite.json["keypoints"]?.array?.map { $0["credit"] } == [-0.5], "\(opposite.text)")
        let spanish = try await states(("languages", #"["es"]"#))
        #expect(spanish.json["reason_code"] == "wrong_language", "\(spanish.text)")
        let short = try await states(("time_limit", "1"), ("language", "en"))
        #expect(short.status == 200, "five seconds are allowed beyond the limit: \(short.text)")
        try await expectNothingKept(school)
    }

    @Test func `say why nothing can be measured`() async throws {
        let (school, path) = try await school()
        for (bytes, code) in [
            (Self.silence(seconds: 2), "silence"), (Self.silence(seconds: 0.3), "too_short"),
            (try Self.clip("es-02"), "wrong_language"),
        ] {
            let reply = try await school.server.upload(bytes, as: school.educator, to: path)
            #expect(reply.status == 200 && reply.json["status"] == "unscorable", "\(reply.text)")
            #expect(reply.json["reason_code"] == .string(code) && reply.json["reason"]?.string?.isEmpty == false)
            #expect(reply.json["keypoints"] == [] && reply.json["score"] == .null)
            #expect((reply.json["transcript"] == .null) == (code != "wrong_language"))
            if code == "wrong_language" {
                #expect(reply.json["transcript"]?["language"] == "es")
                #expect(reply.json["transcript"]?["text"] == "La madre bebe té mañana.")
            }
        }
        try await expectNothingKept(school)
    }

    @Test func `by the fallback recogniser say so, and never count without a person`() async throws {
        let school = try await TestSchool()
        let bytes = [UInt8](
            try Data(contentsOf: URL(filePath: "/usr/share/pocketsphinx/test/data/cards/001.wav")))
        let path = try await school.ask(keyPoints: [["id": "clubs", "label": "Five of clubs"]]) + "/try"
        let reply = try await school.server.upload(bytes, as: school.educator, to: path)
        #expect(reply.json["engine"]?["name"] == "pocketsphinx", "\(reply.text)")
        #expect(reply.json["transcript"]?["text"]?.string?.contains("clubs") == true)
        #expect(reply.json["score"]?["holds"]?.array?.contains("fallback_recogniser") == true)
        let german = try await school.server.upload(
            bytes, fields: [("language", "de")], as: school.educator, to: path)
        #expect(german.status == 422 && german.code == "unsupported_language", "\(german.text)")
        try await expectNothingKept(school)
    }

    @Test func `that can't be used are refused in words and leave nothing behind`() async throws {
        let (school, path) = try await school {
            $0.limits.audioBytes = 500_000
            $0.limits.audioSeconds = 12
        }
        let good = try Self.clip("en-02")
        let cases: [(audio: [UInt8]?, fields: [(String, String)], status: Int, code: String)] = [
            (Array("Hello, this is no recording.\n".utf8), [], 422, "not_audio"),
            ([], [], 422, "audio_empty"),
            (nil, [("language", "en")], 422, "missing_field"),
            (Self.silence(seconds: 14), [], 422, "audio_too_long"),
            (Self.silence(seconds: 8), [("time_limit", "2")], 422, "audio_too_long"),
            (Self.silence(seconds: 17), [], 413, "too_large"),
            (good, [("key_points", "[")], 422, "invalid_field"),
            (good, [("key_points", #"[{"id": "a"}]"#)], 422, "invalid_field"),
            (good, [("languages", #"["!"]"#)], 422, "invalid_field"),
            (good, [("time_limit", "0")], 422, "invalid_field"),
            (good, [("expected_answers", #"{"a": 1}"#)], 422, "invalid_field"),
            (good, [("contradicted_credit", "0.5")], 422, "invalid_field"),
            (good, [("vocabulary", #"["one two three four"]"#)], 422, "invalid_field"),
            (good, [("language", "../x")], 422, "invalid_field"),
        ]
        for (audio, fields, status, code) in cases {
            for accept in [nil, "text/event-stream"] {
                let reply = try await school.server.upload(
                    audio, fields: fields, as: school.educator, to: path, accept: accept)
                #expect(reply.status == status && reply.code == code, "\(fields): \(reply.status) \(reply.text)")
                #expect(reply.json["detail"]?.string?.isEmpty == false)
            }
        }
        try await expectNothingKept(school)
    }

    @Test func `are for the educators of the course only`() async throws {
        let (school, path) = try await school()
        let bytes = try Self.clip("en-02")
        for (token, status) in [(school.student, 403), (school.otherEducator, 404), (nil, 401)] as [(String?, Int)] {
            #expect(try await school.server.upload(bytes, as: token, to: path).status == status)
        }
        try await expectNothingKept(school)
    }

    @Test func `wait their turn, so that the answers of students come first`() async throws {
        let (school, path) = try await school { $0.workers = 1 }
        let bytes = try Self.clip("en-02")
        var ticket: TranscriptionAdmission.Ticket? = try school.server.application.services.trials.enter()
        let refused = try await school.server.upload(bytes, as: school.educator, to: path)
        #expect(refused.status == 429 && refused.code == "too_many_requests", "\(refused.text)")
        #expect(refused.headers["Retry-After"].flatMap { Int($0) } ?? 0 > 0)
        withExtendedLifetime(ticket) {}
        ticket = nil
        for _ in 0..<2 {
            #expect(try await school.server.upload(bytes, as: school.educator, to: path).status == 200)
        }
        try await expectNothingKept(school)
    }
}
