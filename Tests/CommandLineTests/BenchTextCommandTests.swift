// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import TestPrograms
import Testing

@Suite("oracy bench text")
struct BenchTextCommandTests {
    private let folder: TemporaryFolder
    /// A small encoder whose vectors have 24 numbers.
    private let model = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/encoders/bert").standardizedFileURL.path

    init() throws { folder = try TemporaryFolder() }

    private func bench(_ arguments: String...) throws -> ProgramRun {
        try ProgramRun.oracy(["bench", "text", "--model", model, "--repeats", "1", "-f", "json"] + arguments)
    }

    @Test func `gives the vectors of chosen texts to be compared with others`() throws {
        let vectors = folder.path("vectors")
        let texts = try folder.write("one\ntwo three\n", to: "texts")
        let run = try bench("--precision", "f32", "--texts", texts, "--vectors", vectors)
        #expect(run.status == 0 && run.errors.isEmpty)
        #expect(try JSONValue(parsing: run.output)["texts"] == 2)
        let bytes = try Data(contentsOf: URL(filePath: vectors))
        try #require(bytes.count == 4 * 2 * 24)
        let numbers = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        #expect(numbers.allSatisfy { $0.isFinite })
    }

    @Test func `makes texts up`() throws {
        let run = try bench("--batch", "3", "--tokens", "16")
        #expect(run.status == 0 && run.errors.isEmpty)
        #expect(try JSONValue(parsing: run.output)["texts"] == 3)
    }

    @Test func `refuses a file without texts`() throws {
        let empty = try folder.write("\n", to: "empty")
        let run = try bench("--texts", empty)
        #expect(run.status == 1 && run.output.isEmpty)
        #expect(run.errors == "oracy: \(empty) has no text.\n")
    }
}
