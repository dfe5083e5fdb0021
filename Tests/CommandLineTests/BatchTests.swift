// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Foundation
import JSON
import Recognition
import TestPrograms
import Testing

@testable import Server

@Suite("Data sets")
struct BatchTests {
    private static let engine = RecognitionEngine(
        name: "echo", model: "m", modelHash: "0", languages: [], identifiesLanguage: false)

    /// A transcription that says the file's name.
    private static func transcription(_ text: String) -> FileTranscription {
        let word = Word(text: text, start: 120, end: 480, confidence: 0.123456)
        let segment = Segment(start: 100, end: 500, text: text, words: [word])
        let transcript = Transcript(language: "en", languageProbability: nil, segments: [segment])
        let languages = [LanguageGuess(language: "en", probability: 0.98765, share: 1)]
        return FileTranscription(
            recognition: Recognition(transcript: transcript, languages: languages), engine: engine, duration: 1.23456,
            quality: [Measure("snr_db", 17.12345, unit: "dB"), Measure("clip_pct", unit: "%", na: "It is silent.")])
    }

    @Test func `writes results in the documented shape`() {
        #expect(
            JSONValue.object(Self.transcription("hello").json).text == """
                {"text":"hello","language":"en","language_probability":null,"languages":[{"language":"en",\
                "probability":0.988,"share":1}],"duration":1.235,"quality":{"snr_db":17.123,"clip_pct":null},\
                "engine":"echo","model":"m","model_hash":"0","precision":null,"voice_activity":null,\
                "segments":[{"start":0.1,"end":0.5,"text":"hello","language":null,"language_probability":null,\
                "words":[{"word":"hello","start":0.12,"end":0.48,"confidence":0.123}]}]}
                """)
    }

    @Test func `copies an item's members and keeps those that clash`() throws {
        let item = TranscriptionManifest.Item(
            id: 7, path: "/a.wav", extras: ["speaker": "p1", "text": "reference", "nested": ["a": [1]]])
        let line = item.json(.success(Self.transcription("hello")))
        #expect(line["id"] == 7)
        #expect(line["speaker"] == "p1" && line["input_text"] == "reference" && line["nested"] == ["a": [1]])
        #expect(line["text"] == "hello")
        let failure = item.json(.failure(TranscriptionFailure(code: "not_audio", message: "No audio.")))
        #expect(failure["error"] == ["code": "not_audio", "message": "No audio."])
        #expect(failure["text"] == nil && failure["id"] == 7)
    }

    @Test func `reads a list of recordings`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            """
            {"id": "a", "audio": "x/1.wav", "language": "en", "speaker": "p1"}

            {"file": "/2.wav", "language": "auto"}\r
            {"id": 3, "audio": "3.wav"}
            """, to: "list.jsonl")
        #expect(
            try TranscriptionManifest(path: path).items == [
                .init(id: "a", path: folder.path("x/1.wav"), language: "en", extras: ["speaker": "p1"]),
                .init(id: "/2.wav", path: "/2.wav"),
                .init(id: 3, path: folder.path("3.wav")),
            ])
    }

    @Test(arguments: [
        ("{", "1: is no JSON: the document ends where a member is expected (at byte 1)"),
        ("[1]", "1: is no JSON object"),
        ("{\"id\": 1}", "1: needs the recording's path: {\"audio\": \"...\"}"),
        ("{\"audio\": \"a\", \"file\": \"a\"}", "1: needs the recording's path: {\"audio\": \"...\"}"),
        ("{\"audio\": 1}", "1: needs the recording's path: {\"audio\": \"...\"}"),
        ("{\"audio\": \"a\", \"language\": 1}", "1: \"language\" must be text such as \"en\" or \"auto\""),
        ("{\"audio\": \"a\", \"id\": null}", "1: \"id\" must be text or a whole number"),
        ("{\"audio\": \"a\"}\n{\"audio\": \"a\"}", "2: has the same id as line 1; ids must be unique"),
    ])
    func `names the lines of a list that are wrong`(list: String, message: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(list, to: "list.jsonl")
        #expect {
            _ = try TranscriptionManifest(path: path)
        } throws: { error in
            let text = "\(error)"
            return text == "\(path):\(message)"
                || message.contains("is no JSON:") && text.hasPrefix("\(path):1: is no JSON:")
        }
    }

    @Test func `transcribes at most so many at once and delivers in order`() async throws {
        let running = Counter()
        let transcriber = BatchTranscriber(jobs: 3) { item throws(TranscriptionFailure) in
            running.enter()
            for _ in 0..<(item.path.utf8.count * 37 % 11) { await Task.yield() }
            running.leave()
            if item.path.hasSuffix("4") { throw TranscriptionFailure(code: "bad", message: "Bad.") }
            return Self.transcription(item.path)
        }
        let items = (0..<50).map { TranscriptionManifest.Item(id: .integer(Int64($0)), path: "\($0)") }
        var delivered: [JSONValue] = []
        var failures = 0
        try await transcriber.run(items) { outcome in
            delivered.append(outcome.item.id)
            if case .failure = outcome.result { failures += 1 }
        }
        #expect(delivered == items.map(\.id))
        #expect(failures == 5)
        #expect((1...3).contains(running.most))
    }

    @Test func `ends when a result can't be delivered`() async throws {
        let transcriber = BatchTranscriber(jobs: 2) { item in Self.transcription(item.path) }
        let items = (0..<50).map { TranscriptionManifest.Item(id: .integer(Int64($0)), path: "\($0)") }
        var delivered = 0
        await #expect(throws: BatchError.self) {
            try await transcriber.run(items) { _ in
                delivered += 1
                if delivered == 5 { throw BatchError("the disk is full") }
            }
        }
        #expect(delivered == 5)
    }

    @Test func `goes on after a cut at any byte, without loss or repetition`() throws {
        let folder = try TemporaryFolder()
        let results: [JSONValue] = (0..<4).map { ["id": .integer(Int64($0)), "text": .string("é\n\"\($0)")] }
        let whole = results.map { $0.text + "\n" }.joined()
        for length in 0...whole.utf8.count {
            let path = folder.path("out-\(length).jsonl")
            try Data(whole.utf8.prefix(length)).write(to: URL(fileURLWithPath: path))
            let file = try ResultFile(path: path, resumes: true)
            let complete = whole.utf8.prefix(length).count { $0 == UInt8(ascii: "\n") }
            #expect(file.ids == Set(results.prefix(complete).compactMap { $0["id"] }))
            for result in results where !file.ids.contains(result["id"] ?? .null) { try file.append(result) }
            try file.synchronize()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == whole, "cut at byte \(length)")
        }
    }

    @Test func `refuses an output that is in use, exists or holds something else`() throws {
        let folder = try TemporaryFolder()
        func fault(_ path: String, resumes: Bool) -> String {
            do {
                _ = try ResultFile(path: path, resumes: resumes)
                return ""
            } catch {
                return error.message
            }
        }
        let other = try folder.write("Dear diary,\nno results here.\n", to: "diary.txt")
        #expect(fault(other, resumes: true) == "line 1 of \(other) is no result; is it the right file?")
        #expect(fault(other, resumes: false).contains("add --resume"))
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "Dear diary,\nno results here.\n")
        #expect(fault(folder.path, resumes: true) == "can't write \(folder.path): Is a directory")
        #expect(fault(folder.path("none/x"), resumes: false).hasSuffix("No such file or directory"))
        let path = folder.path("out.jsonl")
        let file = try ResultFile(path: path, resumes: false)
        #expect(fault(path, resumes: true).contains("is being written by another run"))
        try file.append(["id": 1])
    }

    @Test(arguments: ["", "\n", "a", "a\n", "a\nb", "\n\na\r\n\nb\n", String(repeating: "x", count: 200_000) + "\ny"])
    func `reads lines as they are`(text: String) throws {
        let folder = try TemporaryFolder()
        let reader = try LineReader(path: try folder.write(text, to: "t"))
        let count = try reader.count()
        var lines: [String] = []
        while let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        var expected = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self)
        }
        if expected.last == "" { expected.removeLast() }
        #expect(lines == expected)
        #expect(count == lines.count)
        #expect(reader.lineNumber == lines.count && reader.position == text.utf8.count)
    }
}

/// How many are inside at once.
private final class Counter: @unchecked Sendable {
    // Safe to share: the lock guards both numbers.
    private let lock = NSLock()
    private var inside = 0
    private(set) var most = 0

    func enter() {
        lock.withLock {
            inside += 1
            most = max(most, inside)
        }
    }

    func leave() { lock.withLock { inside -= 1 } }
}
