// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import TestPrograms
import Testing

@Suite("oracy bench speech")
struct BenchCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A window of the fixture: 80 bins of 3000 frames of floats.
    private func window(of level: Float) throws -> String {
        let path = folder.path("window")
        try Array(repeating: level, count: 80 * 3000).withUnsafeBytes { try Data($0).write(to: URL(filePath: path)) }
        return path
    }

    private func bench(_ arguments: String...) throws -> ProgramRun {
        try ProgramRun.oracy(
            ["bench", "speech", "--model", SpeechModel.folder, "--repeats", "1", "--tokens", "3", "-f", "json"]
                + arguments)
    }

    @Test func `gives the encoder's states of a chosen window to be compared with others`() throws {
        let states = folder.path("states")
        let run = try bench("--precision", "f32", "--spectrogram", try window(of: -0.5), "--states", states)
        #expect(run.status == 0 && run.errors.isEmpty)
        let figures = try JSONValue(parsing: run.output)
        #expect(figures["tokens"] == 3 && figures["model"] == "speech" && figures["batch"] == 1)
        let bytes = try Data(contentsOf: URL(filePath: states))
        // Positions times the width of the fixture.
        try #require(bytes.count == 4 * 1500 * 160)
        let numbers = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        #expect(numbers.allSatisfy(\.isFinite) && Set(numbers).count > 1000)
    }

    @Test func `refuses a window of another size, and says which sizes there are`() throws {
        let short = try folder.write("123", to: "short")
        let run = try bench("--spectrogram", short)
        #expect(run.status == 1 && run.output.isEmpty)
        #expect(
            run.errors
                == "oracy: \(short) has 3 bytes; this model's window has 80 bins of 3000 frames, which are 960000 bytes of floats.\n"
        )
    }
}
