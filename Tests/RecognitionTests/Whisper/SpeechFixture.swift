// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Foundation
import Inference
import JSON
import TestPrograms
import Testing

@testable import Recognition

/// The small Whisper of training/whisper-fixture: English, German and Spanish as espeak-ng speaks them.
enum SpeechFixture {
    static let folder = SpeechModel.folder

    /// Exact arithmetic, so that results can be compared with the reference's.
    static let parts = Result { try WhisperParts(folder: folder, precision: .float32, threads: 1) }

    static let recognizer = Result {
        try WhisperRecognizer(
            .init(folder: folder, name: "speech-fixture", digest: "0", precision: .float32, threads: 1))
    }

    /// A sentence that was held out of training.
    struct Sentence {
        let language: String
        let text: String
        let words: [(text: String, start: Double)]
        let command: [String]
    }

    static func sentences() throws -> [Sentence] {
        try (WhisperGolden.json("whisper/speech/sentences.json")["sentences"]?.array ?? []).map { entry in
            Sentence(
                language: entry["language"]?.string ?? "", text: entry["text"]?.string ?? "",
                words: (entry["words"]?.array ?? []).map { ($0["text"]?.string ?? "", $0["start"]?.double ?? -1) },
                command: (entry["command"]?.array ?? []).compactMap(\.string))
        }
    }

    /// A file's sound at 16 kHz.
    static func waveform(of path: String) throws -> Waveform {
        let raw = path + ".f32"
        let made = try ProgramRun.run(
            "ffmpeg", ["-v", "error", "-y", "-i", path, "-ac", "1", "-ar", "16000", "-f", "f32le", raw])
        try #require(made.status == 0, "\(made.errors)")
        defer { unlink(raw) }
        let bytes = try Data(contentsOf: URL(filePath: raw))
        return Waveform(samples: bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) })
    }

    /// The sentence as espeak-ng speaks it, by the command that goes with it.
    static func spoken(_ sentence: Sentence) throws -> Waveform {
        let folder = try TemporaryFolder()
        var command = sentence.command
        guard let place = command.firstIndex(of: "-w") else { throw ProgramError("the command writes no file") }
        command[place + 1] = folder.path("spoken.wav")
        let made = try ProgramRun.run(command[0], Array(command.dropFirst()))
        try #require(made.status == 0, "\(made.errors)")
        return try waveform(of: folder.path("spoken.wav"))
    }
}
