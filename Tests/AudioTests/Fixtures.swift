// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// A fixture that can't be made stops the run at once.
// swift-format-ignore-file: NeverUseForceTry

import Audio
import Foundation
import TestPrograms

/// Audio files made by espeak-ng and ffmpeg for the length of the test run.
enum Fixtures {
    /// A folder of this test run.
    private static let run = try! TemporaryFolder()
    static let folder = URL(filePath: run.path)

    static let decoder = AudioDecoder(executable: BuiltProgram.decoder)

    /// About 5 s of speech with pauses, 22.05 kHz mono 16-bit.
    static let speechFile: String = {
        let path = folder.appending(path: "speech.wav").path
        let text = """
            The patient takes one tablet twice a day with food. Please don't drink any alcohol.
            """
        try! run("espeak-ng", "-v", "en-gb", "-s", "150", "-w", path, text)
        return path
    }()

    /// The same speech as samples, at 16 kHz.
    static let speech: Waveform = try! samples(of: speechFile)

    /// A file made from the speech (or from another input) by ffmpeg with the given output options.
    ///
    /// The file is written through a pipe when `isLive`, so that the muxer can't go back to fill in lengths.
    static func encode(
        _ name: String, _ options: [String], input: String = speechFile, format: String? = nil, isLive: Bool = false
    ) throws -> String {
        let path = folder.appending(path: name).path
        let source = (format.map { ["-f", $0] } ?? []) + ["-i", input]
        if isLive {
            try run(
                "sh",
                ["-c", #"file="$1"; shift; "$@" | cat >"$file""#, "sh", path]
                    + ["ffmpeg", "-v", "error"] + source + options + ["pipe:1"])
        } else {
            try run("ffmpeg", ["-v", "error", "-y"] + source + options + [path])
        }
        return path
    }

    /// A file with these bytes.
    static func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let path = folder.appending(path: name)
        try Data(bytes).write(to: path)
        return path.path
    }

    /// An executable shell script that stands in for the decoder.
    ///
    /// Another process writes it: a descriptor of ours that is open for writing may be inherited for a moment by a
    /// program that another test starts, and files that are open for writing can't be executed (ETXTBSY).
    static func script(_ name: String, _ text: String) throws -> String {
        let path = folder.appending(path: name).path
        try run("sh", "-c", #"printf '#!/bin/sh\n%s\n' "$1" >"$2" && chmod 755 "$2""#, "sh", text, path)
        return path
    }

    /// What ffmpeg's own program decodes: 16 kHz mono.
    static func samples(of path: String) throws -> Waveform {
        let raw = path + ".f32"
        try run("ffmpeg", "-v", "error", "-y", "-i", path, "-ac", "1", "-ar", "16000", "-f", "f32le", raw)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: raw)))
        return Waveform(
            samples: bytes.withUnsafeBytes { bytes in
                stride(from: 0, to: bytes.count, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: Float.self) }
            })
    }

    private static func run(_ program: String, _ arguments: String...) throws {
        try run(program, arguments)
    }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let run = try ProgramRun.run(program, arguments)
        guard run.status == 0 else { throw ProgramError("\(program) failed: \(run.errors)") }
    }
}
