// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import HTTP
import JSON
import TestPrograms
import TestRandom
import TestSupport
import Testing

@testable import Server

/// What a student does with an answer, from the recording to the correction. What has to be heard is heard by the small
/// Whisper that knows espeak-ng's voice.
@Suite("A student")
struct StudentJourneyTests {
    private let school: TestSchool

    init() async throws { school = try await TestSchool { $0.speech.model = SpeechModel.folder } }

    private static func recording(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: SpeechModel.clip(name))))
    }

    /// Hands in a recording and waits until it has been worked on.
    ///
    /// - Returns: Its path, and the events that a watcher saw.
    private func answer(_ question: String, _ audio: [UInt8]) async throws -> (path: String, events: String) {
        let id = String(question.split(separator: "/").last ?? "")
        let accepted = try await school.server.upload(audio, fields: [("question_id", id)], as: school.student)
        let path = try #require(accepted.json["links"]?["self"]?.string, "\(accepted.text)")
        return (path, try await school.server.finish(accepted, as: school.student))
    }

    private func get(_ path: String) async throws -> TestServer.Reply {
        try await school.server.send(.get, path, as: school.student)
    }

    private static func keyPoint(_ analysis: JSONValue, _ id: String) -> JSONValue? {
        analysis["keypoints"]?.array?.first { $0["id"]?.string == id }
    }

    @Test func `sees the stages, then each key point with the moment of the recording that shows it`() async throws {
        let question = try await school.ask(keyPoints: [
            [
                "id": "dose", "label": "Take six spoons every day", "weight": 2, "essential": true,
                "numbers": [["value": 6, "unit": "spoons"]],
            ],
            ["id": "doctor", "label": "See a doctor if it lasts longer than three days"],
        ])
        let (path, events) = try await answer(question, try Self.recording("en-02"))
        for stage in ["decode", "vad", "transcribe", "text"] { #expect(events.contains(stage), "\(stage)") }
        let analysis = try await get("\(path)/analysis").json
        let dose = try #require(Self.keyPoint(analysis, "dose"), "\(analysis.text)")
        #expect(dose["state"] == "covered", "\(analysis["keypoints"]?.text ?? "")")
        #expect(Self.keyPoint(analysis, "doctor")?["state"] == "missing")
        // The words stand where they are heard, so that a click plays them.
        let evidence = try #require(dose["evidence"])
        let (start, end) = (evidence["start_s"]?.double ?? -1, evidence["end_s"]?.double ?? -1)
        #expect(0 <= start && start < 0.5 && 1.3 < end && end < 2.2, "\(evidence.text)")
        #expect(evidence["text"]?.string?.lowercased().contains("six spoons") == true)
        let recording = try #require(try await get(path).json["recording"]?["id"]?.string)
        let part = try await school.server.send(
            .get, "/api/v1/recordings/\(recording)/audio", as: school.student, headers: ["Range": "bytes=0-99"])
        #expect(part.status == 206 && part.body.count == 100)
        let score = analysis["score"]
        #expect((score?["low"]?.double ?? 1) <= 0.6667 && (score?["high"]?.double ?? 0) >= 0.6666, "\(analysis.text)")
        let told = analysis["feedback"]?.array?.compactMap { $0["rule"]?.string } ?? []
        #expect(told.contains("missing"), "\(told)")
    }

    @Test func `who speaks another dose or the opposite aloud is contradicted, not praised for the wording`()
        async throws
    {
        let question = try await school.ask(keyPoints: [
            [
                "id": "dose", "label": "Take six spoons twice a day", "critical": true,
                "numbers": [["value": 2, "unit": "times a day"]],
            ],
            ["id": "never", "label": "Do not take six spoons every day", "critical": true],
        ])
        let analysis = try await get("\(try await answer(question, try Self.recording("en-02")).path)/analysis").json
        #expect(Self.keyPoint(analysis, "dose")?["state"] == "contradicted", "\(analysis["keypoints"]?.text ?? "")")
        #expect(Self.keyPoint(analysis, "dose")?["flags"]?.array?.contains("number_mismatch") == true)
        #expect(Self.keyPoint(analysis, "never")?["state"] == "contradicted", "\(analysis["keypoints"]?.text ?? "")")
        #expect(Self.keyPoint(analysis, "never")?["flags"]?.array?.contains("negated") == true)
        #expect((analysis["score"]?["high"]?.double ?? 1) <= 0.3 && analysis["score"]?["release"] == "person")
        #expect(analysis["feedback"]?.array?.first?["rule"] == "critical_contradicted")
    }

    @Test func `who calls ibuprofen fine with warfarin, or names ten grams, is told so`() async throws {
        let question = try await school.ask(keyPoints: [
            ["id": "no-ibuprofen", "label": "Ibuprofen is not suitable with warfarin", "critical": true],
            ["id": "dose", "label": "Paracetamol 1 g", "numbers": [["value": 1, "unit": "g", "role": "paracetamol"]]],
        ])
        let path = try await school.say(
            "Ibuprofen is fine with warfarin. Take paracetamol ten grams.", to: question, as: school.student)
        let analysis = try await get("\(path)/analysis").json
        let warning = try #require(Self.keyPoint(analysis, "no-ibuprofen"))
        #expect(warning["state"] == "contradicted" && warning["critical"] == true, "\(analysis.text)")
        #expect((warning["similarity"]?["tfidf_cosine"]?.double ?? 0) > 0.4, "the wording stays close all the same")
        #expect(Self.keyPoint(analysis, "dose")?["state"] == "contradicted")
        #expect(Self.keyPoint(analysis, "dose")?["flags"]?.array?.contains("number_mismatch") == true)
        let first = analysis["feedback"]?.array?.first
        #expect(first?["rule"] == "critical_contradicted" && first?["evidence"]?.array?.first?["start_s"] != nil)
        #expect(try await get("\(path)/marks").json["grade"]?.isNull == true, "a person has to look")
    }

    @Test func `who says nothing is told that no speech was found, and earns no zero`() async throws {
        let question = try await school.ask(keyPoints: [["id": "a", "label": "Offer paracetamol"]])
        let (path, _) = try await answer(question, WaveFile.bytes([Float](repeating: 0, count: 160_000)))
        let response = try await get(path).json
        #expect(response["status"] == "unscorable" && response["reason_code"] == "silence", "\(response.text)")
        #expect(response["reason"]?.string?.hasPrefix("No speech was found") == true)
        #expect(try await get("\(path)/transcript").status == 404)
        #expect(try await get("\(path)/analysis").code == "not_ready")
        let marks = try await get("\(path)/marks").json
        #expect(marks["grade"]?.isNull == true && marks["marks"] == [], "\(marks.text)")
    }

    @Test func `who cannot be understood in the noise gets an interval for a person, or is asked to record again`()
        async throws
    {
        let question = try await school.ask(keyPoints: [
            ["id": "dose", "label": "Take six spoons every day"], ["id": "doctor", "label": "See a doctor"],
        ])
        let clean = try WaveFile.samples(try Self.recording("en-02"))
        let noise = Signals.white(seconds: Double(clean.count) / 16_000 + 1, seed: 3)
        let (path, _) = try await answer(question, WaveFile.bytes(zip(clean, noise).map { 0.3 * $0 + 2 * $1 }))
        let response = try await get(path).json
        if response["status"] == "analysed" {
            let score = try await get("\(path)/analysis").json["score"]
            let (low, high) = (score?["low"]?.double ?? 0, score?["high"]?.double ?? 0)
            #expect(low < high && score?["release"] == "person", "\(score?.text ?? "")")
        } else {
            #expect(response["status"] == "unscorable", "\(response.text)")
            #expect(["noise", "silence"].contains(response["reason_code"]?.string), "\(response.text)")
        }
        #expect(try await get("\(path)/marks").json["grade"]?.isNull == true, "a bad microphone is no bad answer")
    }

    @Test func `corrects a wrong drug name, and sees every version, the difference and that somebody has to listen`()
        async throws
    {
        let question = try await school.ask(keyPoints: [
            ["id": "paracetamol", "label": "Offer paracetamol"],
            ["id": "no-ibuprofen", "label": "Ibuprofen is not suitable with warfarin"],
        ])
        let heard = "Offer parrots at a mall. Ibuprofen is not suitable with warfarin."
        let path = try await school.say(heard, to: question, as: school.student)
        let before = try await get("\(path)/analysis").json
        #expect(Self.keyPoint(before, "paracetamol")?["state"] == "missing", "\(before.text)")
        let edit = try await school.server.send(
            .put, "\(path)/transcript", as: school.student, headers: ["If-Match": "\"v1\""],
            json: ["text": "Offer paracetamol. Ibuprofen is not suitable with warfarin.", "reason": "misheard"])
        #expect(edit.status == 200 && (edit.json["wer"]?.double ?? 0) > 0, "\(edit.text)")
        let after = try await get("\(path)/analysis").json
        let corrected = Self.keyPoint(after, "paracetamol")
        #expect(after["transcript_version"] == 2 && after["previous"]?["transcript_version"] == 1)
        #expect(corrected?["state"] == "covered" && corrected?["flags"]?.array?.contains("edited") == true)
        #expect(after["score"]?["holds"]?.array?.contains("edited") == true, "\(after["score"]?.text ?? "")")
        #expect(Self.keyPoint(after, "no-ibuprofen")?["flags"]?.array?.contains("edited") == false)
        let versions = try await get("\(path)/transcript/versions").json["items"]?.array ?? []
        #expect(versions.map { $0["origin"]?.string } == ["human", "asr"])
        #expect(versions.first?["author"]?["name"] == "student@school.example")
        #expect(try await get("\(path)/transcript?version=1").json["text"]?.string == heard)
        let changes = try await get("\(path)/transcript/diff?from=1&to=2").json["changes"]?.array ?? []
        let gone = changes.filter { $0["op"] != "equal" }.flatMap { $0["from_words"]?.array ?? [] }
        #expect(gone.compactMap(\.string) == ["parrots", "at", "a", "mall."], "\(changes)")
    }

    @Test func `who speaks Spanish in an English examination is told so, in the words that were spoken`() async throws {
        let question = try await school.ask(keyPoints: [["id": "a", "label": "Offer paracetamol"]])
        let (path, _) = try await answer(question, try Self.recording("es-02"))
        let response = try await get(path).json
        #expect(response["status"] == "unscorable" && response["reason_code"] == "wrong_language", "\(response.text)")
        let transcript = try await get("\(path)/transcript").json
        #expect(transcript["language"] == "es", "\(transcript.text)")
        #expect(try await get("\(path)/analysis").code == "not_ready")
    }
}

/// Sounds as WAV files: 16 kHz, 16 bits, one channel.
enum WaveFile {
    static func bytes(_ samples: [Float]) -> [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
        var bytes = Array("RIFF".utf8) + little(36 + 2 * samples.count, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
        bytes += little(1, 2) + little(1, 2) + little(16_000, 4) + little(32_000, 4) + little(2, 2) + little(16, 2)
        bytes += Array("data".utf8) + little(2 * samples.count, 4)
        for sample in samples { bytes += little(Int(max(-1, min(1, sample)) * 32_767) & 0xFFFF, 2) }
        return bytes
    }

    /// The samples of such a file.
    static func samples(_ bytes: [UInt8]) throws -> [Float] {
        let marker = Array("data".utf8)
        let start = try #require((12..<bytes.count - 8).first { Array(bytes[$0..<$0 + 4]) == marker }) + 8
        return stride(from: start, to: bytes.count - 1, by: 2).map { place in
            Float(Int16(truncatingIfNeeded: Int(bytes[place]) | Int(bytes[place + 1]) << 8)) / 32_768
        }
    }
}
