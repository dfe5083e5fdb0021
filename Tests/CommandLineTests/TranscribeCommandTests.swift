// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import Glibc
import JSON
import TestPrograms
import TestRandom
import Testing

@testable import oracy

/// Recordings of Debian's package pocketsphinx-testdata: a person reads playing cards.
private let cards = "/usr/share/pocketsphinx/test/data/cards"

@Suite(
    "oracy transcribe", .enabled(if: FileManager.default.fileExists(atPath: cards), "pocketsphinx-testdata is missing"))
struct TranscribeCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A second of digital silence.
    private func silence() throws -> String {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let size = 32_000
        let header =
            Array("RIFF".utf8) + little(36 + size, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(1, 2)
            + little(1, 2)
            + little(16_000, 4) + little(32_000, 4) + little(2, 2) + little(16, 2) + Array("data".utf8)
            + little(size, 4)
        let path = folder.path("silence.wav")
        try Data(header + [UInt8](repeating: 0, count: size)).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// What is said about results of PocketSphinx and of the small Whisper.
    private static let notices = (
        pocketSphinx: """
        oracy: pocketsphinx-en-us: Writes English only, whatever is spoken, with many errors: a fallback for practice, \
        never a basis for marks.\n
        """,
        fixture: """
        oracy: whisper-speech: A test fixture for synthetic English, German and Spanish: it makes words up for real \
        voices.\n
        """
    )

    @Test func `writes what is said as JSON in the documented shape`() throws {
        let result = try ProgramRun.oracy(["transcribe", "--format", "json", "\(cards)/001.wav"])
        #expect(result.status == 0 && result.errors == Self.notices.pocketSphinx)
        let json = try JSONValue(parsing: result.output)
        #expect(
            json.object?.keys == [
                "text", "language", "language_probability", "languages", "duration", "quality", "engine", "model",
                "model_hash", "precision", "voice_activity", "segments", "notice",
            ])
        #expect(json["notice"]?.string?.hasPrefix("Writes English only") == true && json["precision"] == .null)
        #expect(json["model_hash"]?.string?.utf8.count == 64)
        #expect(json["quality"]?.object?.keys == ["snr_db", "clip_pct", "speech_pct", "level_dbfs"])
        #expect(json["text"]?.string?.contains("clubs") == true)
        #expect(json["language"] == "en" && json["engine"] == "pocketsphinx" && json["model"] == "en-us")
        let duration = try #require(json["duration"]?.double)
        #expect(abs(duration - 1.095) < 0.01)
        let words = try #require(json["segments"]?.array?.first?["words"]?.array)
        #expect(words.map { $0["word"]?.string }.joined(" ") == json["text"]?.string)
        var time = 0.0
        for word in words {
            let start = try #require(word["start"]?.double)
            let end = try #require(word["end"]?.double)
            #expect(time <= start && start < end && end <= duration)
            time = start
        }
    }

    @Test func `goes on after files that are no recordings, with a line for each`() throws {
        let text = try folder.write("This is only text.", to: "text.wav")
        let empty = try folder.write("", to: "empty.wav")
        let missing = folder.path("missing.wav")
        let silent = try silence()
        let files = [text, empty, folder.path, missing, silent]
        let result = try ProgramRun.oracy(["transcribe", "-f", "json", "--jobs", "2"] + files)
        #expect(result.status == 1)
        let errors = result.errors.split(separator: "\n").map(String.init)
        #expect(errors.count == 6)
        #expect(errors[0].hasPrefix("oracy: \(text): "))
        #expect(errors[1].hasPrefix("oracy: \(empty): "))
        #expect(errors[2] == "oracy: \(folder.path): This is a folder, not a file.")
        #expect(errors[3] == "oracy: \(missing): The file can't be opened: No such file or directory.")
        #expect(errors[4] + "\n" == Self.notices.pocketSphinx)
        #expect(errors[5] == "oracy: 4 of 5 recordings failed.")
        let lines = try result.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(lines.map { $0["file"]?.string } == files)
        #expect(
            lines.map { $0["error"]?["code"]?.string } == [
                "not_audio", "audio_empty", "audio_unreadable", "audio_unreadable", nil,
            ])
        #expect(lines.last?["text"] == "" && lines.last?["segments"] == [])
    }

    @Test func `gives one line for a text file named wav`() throws {
        let text = try folder.write("This is only text.", to: "text.wav")
        let result = try ProgramRun.oracy(["transcribe", text])
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(result.errors.hasPrefix("oracy: \(text): This is not an audio file"))
        let json = try ProgramRun.oracy(["transcribe", "-f", "json", text])
        #expect(json.status == 1)
        #expect(try JSONValue(parsing: json.output)["error"]?["code"] == "not_audio")
    }

    @Test func `writes subtitles to a file`() throws {
        let path = folder.path("card.vtt")
        let result = try ProgramRun.oracy(["transcribe", "-f", "vtt", "-o", path, "\(cards)/001.wav"])
        #expect(result.status == 0 && result.output.isEmpty && result.errors == Self.notices.pocketSphinx)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasPrefix("WEBVTT\n\n00:00:00.") && text.contains(" --> 00:00:01."))
    }

    @Test func `knows before the work that the output can't be written`() throws {
        for output in ["/nonexistent/out.txt", folder.path] {
            let result = try ProgramRun.oracy(["transcribe", "-o", output, "\(cards)/001.wav"])
            #expect(result.status == 1 && result.output.isEmpty)
            #expect(result.errors.hasPrefix("oracy: can't write \(output): "))
        }
    }

    @Test func `says so when a language, a recogniser or the decoder is missing`() throws {
        let language = try ProgramRun.oracy(["transcribe", "-l", "de", "\(cards)/001.wav"])
        #expect(language.status == 1)
        #expect(language.errors.hasSuffix(" No installed recogniser writes this language. Installed for: en.\n"))
        let engine = try ProgramRun.oracy(["transcribe", "--engine", "whisper", "\(cards)/001.wav"])
        #expect(engine.status == 1)
        #expect(engine.errors.hasSuffix(" There is no such engine. Installed: pocketsphinx.\n"))
        let decoder = try ProgramRun.oracy(["transcribe", "--decoder", "/nonexistent", "\(cards)/001.wav"])
        #expect(decoder.status == 1 && decoder.errors.contains("there is no program /nonexistent."))
        let model = try ProgramRun.oracy(["transcribe", "--pocketsphinx-model=/nonexistent", "\(cards)/001.wav"])
        #expect(model.status == 1 && model.errors.contains("/nonexistent"))
    }

    @Test(arguments: [
        (["transcribe"], "FILE is missing."),
        (["transcribe", "--resume", "a.wav"], "--resume works with --manifest only."),
        (["transcribe", "-m", "l", "--resume"], "--resume needs the --output to go on with."),
        (["transcribe", "-m", "l", "a.wav"], "name recordings on the command line or in a list, not both."),
        (["transcribe", "-m", "l", "-f", "text"], "results of a list are JSON lines."),
        (["transcribe", "-f", "srt", "a.wav", "b.wav"], "subtitles are written for one file at a time."),
        (["transcribe", "-", "-"], "the standard input (-) can be read once only."),
        (["transcribe", "--precision", "fp16", "a.wav"], "--precision: expects auto, f32, bf16 or int8."),
        (["transcribe", "--threads", "0", "a.wav"], "--threads: expects a whole number from 1 to 256."),
        (["transcribe", "-l", "xx", "a.wav"], "--language expects a language such as en or English, not \"xx\"."),
        (
            ["transcribe", "-l", "Englsh", "a.wav"],
            "--language expects a language such as en or English, not \"Englsh\". Did you mean English?"
        ),
    ])
    func `refuses what does not go together`(words: [String], message: String) throws {
        let result = try ProgramRun.oracy(words)
        #expect(result.status == 64)
        #expect(result.errors == "oracy: \(message)\nTry: oracy transcribe --help\n")
    }

    @Test(arguments: ["EN", "English", "eng", "en_US"])
    func `knows languages by tag and name in any case`(language: String) throws {
        let result = try ProgramRun.oracy(["transcribe", "-f", "json", "-l", language, "\(cards)/001.wav"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try JSONValue(parsing: result.output)["language"] == "en")
    }

    @Test func `reads a recording from the standard input, also one that can't be sought in`() throws {
        let named = try ProgramRun.oracy(["transcribe", "\(cards)/001.wav"])
        for script in ["oracy=$0; $oracy transcribe - <$1", "oracy=$0; cat $1 | $oracy transcribe -"] {
            let result = try ProgramRun.run("/bin/sh", ["-c", script, BuiltProgram.oracy, "\(cards)/001.wav"])
            #expect(result.status == 0 && result.output == named.output, "\(result.errors)")
        }
        let json = try ProgramRun.run(
            "/bin/sh", ["-c", "$0 transcribe -f json - </dev/null", BuiltProgram.oracy])
        #expect(json.status == 1)
        #expect(try JSONValue(parsing: json.output)["error"]?["code"] == "audio_empty")
    }

    @Test func `says when a recording was cut short, and when keywords don't fit`() throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: SpeechModel.clip("en-02")))
        let cut = folder.path("cut.wav")
        try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: cut))
        let words = ["transcribe", "--model", SpeechModel.folder, "--precision", "f32", "--beam", "1", "-f", "json"]
        let short = try ProgramRun.oracy(words + [cut])
        #expect(short.status == 0 && short.errors.contains("\(cut): The recording is damaged or was cut short"))
        #expect(try JSONValue(parsing: short.output)["warnings"]?.array?.count == 1)
        let terms = (0..<300).map { "term\($0)" }.joined(separator: ",")
        let crowded = try ProgramRun.oracy(words + ["--keywords", terms, SpeechModel.clip("en-02")])
        #expect(crowded.status == 0 && crowded.errors.contains(" of the 300 keywords; the others were not used."))
        #expect(try JSONValue(parsing: crowded.output)["warnings"]?.array?.count == 1)
    }

    /// A list of recordings and of files that are none, and its ids.
    private func list(_ count: Int) throws -> (path: String, ids: [JSONValue]) {
        _ = try folder.write("This is only text.", to: "text.wav")
        let lines = (0..<count).map { index -> JSONValue in
            let audio = index % 6 == 0 ? "\(cards)/001.wav" : "text.wav"
            return ["id": .string("item-\(index)"), "audio": .string(audio), "number": .integer(Int64(index))]
        }
        let path = try folder.write(lines.map { $0.text + "\n" }.joined(), to: "list.jsonl")
        return (path, lines.compactMap { $0["id"] })
    }

    @Test(arguments: [24 as UInt64])
    func `loses and repeats nothing when it is killed and goes on`(seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        let (list, ids) = try list(24)
        let output = folder.path("results.jsonl")
        func results() throws -> [JSONValue] {
            guard let text = try? String(contentsOfFile: output, encoding: .utf8) else { return [] }
            let complete = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            return try complete.map { try JSONValue(parsing: String($0)) }
        }
        let words = [
            "transcribe", "--manifest", list, "--output", output, "--resume", "--jobs", "2", "--progress", "none",
        ]
        for kill in 1...4 {
            let before = try results().count
            let running = try RunningProgram(BuiltProgram.oracy, words)
            // Somewhere on the way: when some more results are there, and a moment later.
            let goal = before + Int.random(in: 0...6, using: &generator)
            while running.isRunning, try results().count < goal { usleep(2_000) }
            usleep(UInt32.random(in: 0...60_000, using: &generator))
            running.send(SIGKILL)
            _ = try running.wait()
            let ended = try results().map { $0["id"] ?? .null }
            #expect(ended == Array(ids.prefix(ended.count)), "seed \(seed), kill \(kill)")
            // A power cut can leave half a line, as killing a process hardly ever does.
            if kill == 2, let handle = FileHandle(forWritingAtPath: output) {
                try handle.seekToEnd()
                try handle.write(contentsOf: Data("{\"id\":\"item-\(ended.count)\",\"te".utf8))
                try handle.close()
            }
        }
        let refused = try ProgramRun.oracy(words.filter { $0 != "--resume" })
        #expect(refused.status == 1 && refused.errors.contains("add --resume"), "seed \(seed)")
        _ = try ProgramRun.oracy(words)
        let lines = try results()
        #expect(lines.map { $0["id"] ?? .null } == ids, "seed \(seed)")
        for (index, line) in lines.enumerated() {
            #expect(line["number"] == .integer(Int64(index)))
            if index % 6 == 0 {
                #expect(line["text"]?.string?.contains("clubs") == true, "seed \(seed), line \(index)")
            } else {
                #expect(line["error"]?["code"] == "not_audio", "seed \(seed), line \(index)")
            }
        }
        let done = try String(contentsOfFile: output, encoding: .utf8)
        let again = try ProgramRun.oracy(words)
        #expect(again.status == 0 && again.errors == "oracy: 24 of 24 were done already.\n")
        #expect(try String(contentsOfFile: output, encoding: .utf8) == done)
    }

    @Test func `uses the model of a folder, finds the language and shows the tokens`() throws {
        let words = ["transcribe", "--model", SpeechModel.folder, "--precision", "f32", "--beam", "1"]
        let result = try ProgramRun.oracy(
            words + ["-f", "verbose_json", "--alternatives", "2", SpeechModel.clip("de-02")])
        #expect(result.status == 0 && result.errors == Self.notices.fixture, "\(result.errors)")
        let json = try JSONValue(parsing: result.output)
        #expect(json["precision"] == "f32" && json["notice"]?.string?.hasPrefix("A test fixture") == true)
        #expect(json["language"] == "de" && json["engine"] == "whisper" && json["model"] == "speech")
        #expect((json["language_probability"]?.double ?? 0) > 0.8 && json["languages"]?.array?.count == 3)
        #expect(json["model_hash"]?.string?.utf8.count == 64)
        let segment = try #require(json["segments"]?.array?.first)
        #expect(segment["tokens"]?.array?.isEmpty == false && (segment["avg_logprob"]?.double ?? 1) < 0)
        #expect(segment["words"]?.array?.first?["word"] == "Nehmen")
        let alternatives = try #require(json["alternatives"]?.array?.first)
        #expect(alternatives["segments"] == [0] && alternatives["hypotheses"]?.array?.first?["text"] == json["text"])

        let list = folder.path("clips.jsonl")
        try "{\"audio\": \"\(SpeechModel.clip("de-02"))\"}\n".write(toFile: list, atomically: true, encoding: .utf8)
        let listed = try ProgramRun.oracy(words + ["-f", "verbose_json", "--manifest", list])
        let line = try JSONValue(parsing: listed.output)
        #expect(line["model_hash"] == json["model_hash"] && line["segments"]?.array?.first?["tokens"] != nil)
        #expect(line["alternatives"] == nil)

        let missing = try ProgramRun.oracy(["transcribe", "--model", "whisper-none", SpeechModel.clip("de-02")])
        #expect(missing.status == 1 && missing.errors.contains("whisper-none"), "\(missing.errors)")
        let foreign = try ProgramRun.oracy(words + ["-l", "fr", SpeechModel.clip("de-02")])
        #expect(foreign.status == 1)
    }

    @Test func `listens for the languages that are expected, and says when another is spoken`() throws {
        let words = ["transcribe", "--model", SpeechModel.folder, "--precision", "f32", "--beam", "1", "-f", "json"]
        let expected = try ProgramRun.oracy(words + ["--languages", "en,de=2", SpeechModel.clip("de-02")])
        #expect(expected.status == 0 && expected.errors == Self.notices.fixture, "\(expected.errors)")
        let german = try JSONValue(parsing: expected.output)
        #expect(german["language"] == "de" && german["segments"]?.array?.first?["language"] == "de")
        #expect(german["languages"]?.array?.first?["share"]?.double == 1)
        let other = try ProgramRun.oracy(words + ["--languages", "en", SpeechModel.clip("de-02")])
        #expect(other.status == 0 && other.errors.contains("language not recognised; it sounds most like de"))
        #expect(try JSONValue(parsing: other.output)["language"] == "und")
        for list in ["e", "en,en", "en=0", "en=x", "en=1=2", "deutsch!"] {
            let refused = try ProgramRun.oracy(words + ["--languages", list, SpeechModel.clip("de-02")])
            #expect(refused.status == 64 && refused.errors.contains("--languages"), "\(list): \(refused.errors)")
        }
        let unknown = try ProgramRun.oracy(words + ["--languages", "fr", SpeechModel.clip("de-02")])
        #expect(unknown.status == 1)
    }

    @Test func `says which language is spoken`() throws {
        let words = ["languages", "--model", SpeechModel.folder, "--precision", "f32"]
        let result = try ProgramRun.oracy(words + ["-f", "json", SpeechModel.clip("es-02"), SpeechModel.clip("en-02")])
        #expect(result.status == 0, "\(result.errors)")
        let found = try result.output.split(separator: "\n").map {
            try JSONValue(parsing: String($0))["languages"]?.array?.first?["language"]
        }
        #expect(found == ["es", "en"])
        let other = try ProgramRun.oracy(words + ["--languages", "de", SpeechModel.clip("es-02")])
        #expect(other.output.hasPrefix("es ") || other.output.hasPrefix("language not recognised: "), "\(other.output)")
        let home = try TemporaryFolder()
        let none = try ProgramRun.oracy(["languages", "--home", home.path, SpeechModel.clip("es-02")])
        #expect(none.status == 1 && none.errors.contains("oracy models pull"), "\(none.errors)")
    }

    @Test func `ends by the signal, with a message, when it is interrupted`() throws {
        let (list, _) = try list(60)
        let output = folder.path("results.jsonl")
        let running = try RunningProgram(BuiltProgram.oracy, ["transcribe", "-m", list, "-o", output, "--jobs", "1"])
        while running.isRunning, ((try? Data(contentsOf: URL(fileURLWithPath: output)))?.count ?? 0) == 0 {
            usleep(2_000)
        }
        running.send(SIGINT)
        let result = try running.wait()
        #expect(result.ending == .signalled(SIGINT))
        #expect(result.errors.hasSuffix("oracy: interrupted; the same command with --resume goes on.\n"))
    }
}

extension [String?] {
    fileprivate func joined(_ separator: String) -> String { compactMap(\.self).joined(separator: separator) }
}
