// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import TestModels
import TestPrograms
import Testing

/// What `oracy models import` makes of folders that can't be used, with small checkpoints of random weights.
@Suite("Trying models before they are installed")
struct ImportedModelTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func oracy(_ words: [String]) throws -> ProgramRun {
        try .oracy(words, environment: ["ORACY_HOME": folder.path("home")])
    }

    @Test(arguments: BrokenModel.encoders + BrokenModel.others)
    func `Refuses a folder in words, and leaves nothing behind`(broken: BrokenModel) throws {
        let source = try folder.write(try broken.make().files, to: "model")
        let result = try oracy(["models", "import", source] + broken.options)
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("oracy: ") && !result.errors.contains("incoming"), "\(result.errors)")
        for word in broken.words { #expect(result.errors.contains(word), "\(result.errors)") }
        let home = folder.path("home/models")
        let left = (try? FileManager.default.subpathsOfDirectory(atPath: home)) ?? []
        #expect(left.allSatisfy { $0 == ".incoming" }, "\(left)")
    }

    @Test func `Takes the same folders when nothing is wrong with them, and an adapter without its base`() throws {
        let models = [
            ("tone", try ModelFiles.tone()), ("names", try ModelFiles.names()), ("vectors", try ModelFiles.vectors()),
            ("adapter", try ModelFiles("encoders/adapter-classes")), ("whisper", try ModelFiles("whisper/speech")),
        ]
        for (name, model) in models {
            let result = try oracy(["models", "import", try folder.write(model.files, to: name)])
            #expect(result.status == 0 && result.output.hasPrefix("Installed \(name) "), "\(result.errors)")
        }
        let verify = try oracy(["models", "verify"])
        #expect(verify.status == 0 && verify.output.contains("tone: 3 files are sound."), "\(verify.output)")
    }
}
