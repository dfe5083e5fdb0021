// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import TestModels
import TestPrograms
import Testing

@testable import oracy

@Suite("oracy models")
struct ModelsCommandTests {
    private let folder: TemporaryFolder
    private let hub: TestHub

    init() throws {
        folder = try TemporaryFolder()
        hub = try TestHub()
        hub.set("openai/whisper-tiny", .init(files: TestFiles.whisper(), large: ["model.safetensors"]))
    }

    private var environment: [String: String] {
        ["ORACY_HOME": folder.path("home"), "ORACY_MODELS_MIRROR": hub.address]
    }

    private func models(_ words: String..., adding more: [String: String] = [:]) throws -> ProgramRun {
        try .oracy(["models"] + words, environment: environment.merging(more) { $1 })
    }

    private func stored() throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder.path("home/models")) else { return [] }
        return try folder.everything(below: "home/models")
    }

    @Test func `pulls a model and shows its licence first`() throws {
        let pull = try models("pull", "whisper-tiny")
        #expect(pull.status == 0)
        #expect(pull.output.hasPrefix("Installed whisper-tiny: 20 kB, digest "))
        #expect(
            pull.errors == "oracy: whisper-tiny: licence apache-2.0; 20 kB from openai/whisper-tiny at 0123456789ab.\n")
        #expect(try stored().count == 7)
        let again = try models("pull", "whisper-tiny")
        #expect(again.status == 0 && again.errors.isEmpty)
        #expect(again.output == "whisper-tiny is installed already; --again pulls it once more.\n")
    }

    @Test func `lists what is installed and what can be had`() throws {
        let empty = try models("list")
        #expect(empty.output.hasPrefix("No model is installed in \(folder.path("home/models")).\n"))
        #expect(empty.output.contains("  whisper-large-v3-turbo  809 M       mit         transcription   100"))
        _ = try models("pull", "whisper-tiny")
        let list = try models("list")
        #expect(list.output.contains("  whisper-tiny  20 kB  apache-2.0  transcription  99         "))
        let json = try JSONValue(parsing: try models("list", "--format", "json").output)
        let model = json["installed"]?.array?.first
        #expect(json["installed"]?.array?.count == 1 && json["available"]?.array?.count == 18)
        #expect(model?["name"] == "whisper-tiny" && model?["licence"] == "apache-2.0")
        #expect(model?["source"]?["repository"] == "openai/whisper-tiny" && model?["digest"]?.string?.count == 64)
        #expect(model?["folder"] == .string(folder.path("home/models/whisper-tiny")))
    }

    @Test func `verifies, names damage and repairs it`() throws {
        let none = try models("verify")
        #expect(none.status == 0 && none.errors.contains("no model is installed"))
        hub.set("openai/whisper-tiny", .init(files: try ModelFiles("whisper/speech").files))
        _ = try models("pull", "whisper-tiny")
        let sound = try models("verify")
        #expect(sound.status == 0 && sound.output == "whisper-tiny: 10 files are sound.\n", "\(sound)")
        let weights = folder.path("home/models/whisper-tiny/model.safetensors")
        try Data(TestFiles.weights(5000, seed: 2)).write(to: URL(filePath: weights))
        _ = try folder.write("", to: "home/models/whisper-tiny/extra")
        let verify = try models("verify", "whisper-tiny")
        #expect(verify.status == 1)
        #expect(
            verify.output == """
                whisper-tiny: extra is not part of the model.
                whisper-tiny: model.safetensors is damaged.

                """)
        let json = try JSONValue(parsing: try models("verify", "--format", "json").output)
        #expect(json["sound"] == false)
        #expect(json["findings"]?.array?.first == ["file": "extra", "finding": "foreign"])
        let repair = try #require(verify.errors.split(separator: "oracy models ").last)
        let words = repair.split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(try ProgramRun.oracy(["models"] + words, environment: environment).status == 0)
        #expect(try models("verify").status == 0)
    }

    @Test func `verifies that a model whose files are sound can be used`() throws {
        _ = try models("pull", "whisper-tiny")
        let verify = try models("verify")
        #expect(verify.status == 1 && verify.output.contains("but it can't be used: "), "\(verify)")
        let json = try JSONValue(parsing: try models("verify", "--format", "json").output)
        #expect(json["sound"] == false && json["findings"]?.array?.isEmpty == true)
        #expect(json["problem"]?.string?.contains("config.json") == true)
    }

    @Test func `removes models`() throws {
        _ = try models("pull", "whisper-tiny")
        let remove = try models("remove", "whisper-tiny")
        #expect(remove.status == 0 && remove.output.hasPrefix("Removed whisper-tiny: "))
        #expect(try stored().isEmpty)
        let again = try models("remove", "whisper-tiny")
        #expect(again.status == 1 && again.errors.contains("Get it: oracy models pull whisper-tiny."))
        #expect(try models("remove", "../home").status == 1)
    }

    @Test func `imports a folder`() throws {
        let source = try folder.write(try ModelFiles("whisper/speech").files, to: "whisper-nurse")
        let result = try ProgramRun.oracy(
            ["models", "import", "whisper-nurse", "--licence", "mit", "--link"], environment: environment,
            folder: folder.path)
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        #expect(result.output.hasPrefix("Installed whisper-nurse for transcription: 5 MB, licence mit, digest "))
        #expect(FileManager.default.fileExists(atPath: source + "/model.safetensors"))
        #expect(try models("import", source).status == 1)
        let again = try models("import", "--if-missing", source)
        #expect(again.status == 0 && again.output.isEmpty && again.errors.isEmpty)
        let pickle = try folder.write(["config.json": [0x7B, 0x7D], "pytorch_model.bin": [1]], to: "old")
        let refusal = try models("import", pickle)
        #expect(refusal.status == 1 && refusal.errors.contains("safe_serialization=True"))
    }

    @Test(arguments: [
        (["pull"], "MODEL is missing."), (["pull", "whisper-bse"], "Did you mean whisper-base?"),
        (["pull", "../x"], "OWNER/NAME"), (["pull", "a", "b", "--name", "c"], "--name is for one model at a time."),
        (["pull", "whisper-tiny", "--mirror", "nonsense"], "--mirror expects an address"),
        (["import", "x", "--task", "y"], "--task expects transcription,"), (["remove"], "NAME is missing."),
        ([], "say which one"),
    ])
    func `exits with 64 when the command line is wrong`(words: [String], message: String) throws {
        let result = try ProgramRun.oracy(["models"] + words, environment: environment)
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(try stored().isEmpty && hub.paths.isEmpty)
    }

    @Test func `says so at once when there is no network, and leaves nothing`() throws {
        let result = try models("pull", "whisper-tiny", adding: ["ORACY_MODELS_MIRROR": "http://127.0.0.1:1"])
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("oracy: can't reach 127.0.0.1: "))
        #expect(try stored().isEmpty)
    }

    @Test func `never shows the token`() throws {
        let token = ["ORACY_MODELS_TOKEN": "hf_marker_marker"]
        hub.fail("/tree/", .status(403))
        let refusal = try models("pull", "whisper-tiny", adding: token)
        #expect(refusal.status == 1 && refusal.errors.contains("Check that the token of ORACY_MODELS_TOKEN is valid"))
        let print = try ProgramRun.oracy(["config", "print"], environment: environment.merging(token) { $1 })
        #expect(print.output.contains("ORACY_MODELS_TOKEN"))
        for text in [refusal.errors, refusal.output, print.output, print.errors] { #expect(!text.contains("marker")) }
        #expect(hub.values(of: "Authorization", where: "/tree/") == ["Bearer hf_marker_marker"])
        let other = try TestHub()
        #expect(try models("pull", "whisper-tiny", "--mirror", other.address, adding: token).status == 1)
        #expect(other.values(of: "Authorization", where: "/") == [nil])
    }

    @Test func `goes on after it was killed`() throws {
        hub.fail("/tokenizer.json", .silence)
        let program = try RunningProgram(
            BuiltProgram.oracy, ["models", "pull", "whisper-tiny"], environment: environment)
        while !hub.paths.contains(where: { $0.hasSuffix("/tokenizer.json") }), program.isRunning { sched_yield() }
        program.send(SIGKILL)
        #expect(try program.wait().ending == .signalled(SIGKILL))
        #expect(try stored().contains(".incoming/whisper-tiny/model.safetensors"))
        #expect(try !stored().contains("whisper-tiny"))
        #expect(try models("list").output.contains("Unfinished"))
        hub.forget()
        #expect(try models("pull", "whisper-tiny").status == 0)
        #expect(!hub.paths.contains { $0.contains("/copies/") })
        #expect(try models("verify").output.hasPrefix("whisper-tiny: its files are those that were installed"))
        #expect(try stored().allSatisfy { $0.hasPrefix("whisper-tiny") })
    }

    @Test func `gives back the room when the disk is full`() throws {
        // 8 blocks of 512 bytes are the largest file that may be written: less than the weights.
        let result = try ProgramRun.run(
            "sh", ["-c", "ulimit -f 8; exec \"$0\" models pull whisper-tiny", BuiltProgram.oracy],
            environment: environment)
        #expect(result.status == 1 && result.errors.contains("Make room on that disk"), "\(result.errors)")
        #expect(try stored().isEmpty)
        #expect(try models("pull", "whisper-tiny").status == 0)
    }
}
