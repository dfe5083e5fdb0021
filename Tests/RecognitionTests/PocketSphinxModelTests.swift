// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import TestPrograms
import Testing

@testable import Recognition

@Suite("PocketSphinx model")
struct PocketSphinxModelTests {
    /// A folder with small files under the model's names, and its removal.
    private func withFolder(_ body: (String) throws -> Void) throws {
        let held = try TemporaryFolder()
        let folder = URL(filePath: held.path)
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("en-us"), withIntermediateDirectories: true)
        for file in PocketSphinxModel.files {
            try Data("content of \(file)".utf8).write(to: folder.appendingPathComponent(file))
        }
        try body(folder.path)
    }

    @Test func `its digest is what sha256sum makes of the list of files`() throws {
        try withFolder { folder in
            let list = "find . -type f -printf '%P\\n' | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c1-64"
            let digest = try ProgramRun.run("sh", ["-c", list], folder: folder).output
            #expect(try PocketSphinxModel(folder: folder).digest + "\n" == digest)
        }
    }

    @Test func `a change in any file changes the digest`() throws {
        try withFolder { folder in
            var digests: Set = [try PocketSphinxModel(folder: folder).digest]
            for file in PocketSphinxModel.files {
                try Data("other".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(file)"))
                digests.insert(try PocketSphinxModel(folder: folder).digest)
            }
            #expect(digests.count == PocketSphinxModel.files.count + 1)
        }
    }

    @Test func `says which file is missing and what to install`() throws {
        let error = #expect(throws: RecognitionError.self) {
            try PocketSphinxRecognizer(.init(modelFolder: "/nonexistent/model"))
        }
        #expect(error?.code == .modelMissing)
        #expect(error?.message.contains("/nonexistent/model/cmudict-en-us.dict") == true)
        #expect(error?.message.contains("pocketsphinx-en-us") == true)
    }

    @Test func `refuses an empty file and a folder in place of a file`() throws {
        try withFolder { folder in
            let file = "\(folder)/en-us/mdef"
            try Data().write(to: URL(fileURLWithPath: file))
            #expect(throws: RecognitionError.self) { try PocketSphinxModel(folder: folder) }
            try FileManager.default.removeItem(atPath: file)
            try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
            let error = #expect(throws: RecognitionError.self) { try PocketSphinxModel(folder: folder) }
            #expect(error?.code == .modelInvalid)
        }
    }
}
