// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import TestModels
import TestPrograms
import TestRandom
import Testing

@testable import Models

@Suite("Importing models")
struct ImportTests {
    private let folder: TemporaryFolder
    private let store: ModelStore

    init() throws {
        folder = try TemporaryFolder()
        store = ModelStore(folder: folder.path("models"))
    }

    private func failure(_ request: ImportRequest) async throws -> ModelError {
        let error = await #expect(throws: ModelError.self) { try await store.importModel(request) }
        let left = try? folder.everything(below: "models").filter { !$0.hasSuffix(".incoming") }
        #expect(left ?? [] == [])
        return try #require(error)
    }

    @Test func `copies a folder and finds out what it is`() async throws {
        let source = try folder.write(TestFiles.whisper(), to: "whisper-nurse")
        let model = try await store.importModel(ImportRequest(folder: source))
        #expect(model.name.text == "whisper-nurse" && model.task == .transcription)
        #expect(model.manifest.licence == "mit")
        #expect(model.manifest.languages == ["en", "de", "jv"])
        #expect(model.manifest.files.map(\.path.text) == TestFiles.wanted)
        #expect(model.manifest.files.allSatisfy { $0.evidence == .computed })
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: try #require(model.location(of: "model.safetensors")))))
        #expect(bytes == TestFiles.weights(5000))
        #expect(try await store.verify("whisper-nurse").isSound)
        #expect(try store.open("whisper-nurse") == model)
    }

    @Test func `knows the languages of a model of the catalogue`() async throws {
        let files = ["config.json": Array(#"{"model_type":"bert"}"#.utf8), "modules.json": Array("[]".utf8)]
        let source = try folder.write(
            files.merging(["model.safetensors": TestFiles.weights(16)]) { first, _ in first }, to: "all-MiniLM-L6-v2")
        let model = try await store.importModel(ImportRequest(folder: source))
        #expect(model.task == .textEmbedding && model.manifest.languages == ["en"])
        let other = try await store.importModel(ImportRequest(folder: source, name: "other"))
        #expect(other.manifest.languages == [])
    }

    @Test(arguments: [
        ("language: en", ["en"]), ("language:\n- de\n- fr\nlicense: mit", ["de", "fr"]),
        ("language: [es, \"pt\"]", ["es", "pt"]),
        ("language: multilingual", []), ("language:\n- multilingual\n- en", []), ("license: mit", []),
        ("language:", []),
    ])
    func `reads the languages of a card`(front: String, languages: [String]) async throws {
        let config = #"{"model_type":"bert","architectures":["BertForSequenceClassification"]}"#
        let source = try folder.write(
            [
                "config.json": Array(config.utf8), "model.safetensors": TestFiles.weights(16),
                "README.md": Array("---\n\(front)\n---\nlanguage: xx\n".utf8),
            ], to: "judge")
        let model = try await store.importModel(ImportRequest(folder: source))
        #expect(model.task == .textClassification && model.manifest.languages == languages)
    }

    @Test(arguments: [
        ("<s>\n<pad>\nwarfarin\n", true), ("<!DOCTYPE html><html>Log in</html>", false), ("<span>", false),
    ])
    func `takes a vocabulary that begins with a token for what it is, and a web page too`(
        text: String, isVocabulary: Bool
    ) async throws {
        let config = #"{"model_type":"mpnet","architectures":["MPNetForSequenceClassification"]}"#
        let source = try folder.write(
            [
                "config.json": Array(config.utf8), "model.safetensors": TestFiles.weights(16),
                "vocab.txt": Array(text.utf8),
            ], to: "judge")
        if isVocabulary {
            #expect(try await store.importModel(ImportRequest(folder: source)).task == .textClassification)
        } else {
            #expect(try await failure(ImportRequest(folder: source)).message.contains("web page"))
        }
    }

    @Test func `gives the digest that sha256sum gives`() async throws {
        let source = try folder.write(TestFiles.whisper(), to: "m")
        let model = try await store.importModel(ImportRequest(folder: source))
        let command = "sha256sum $(ls | grep -v oracy-model.json | sort) | sha256sum"
        let run = try ProgramRun.run("sh", ["-c", command], environment: ["LC_ALL": "C"], folder: model.folder)
        #expect(run.output.hasPrefix(model.digest))
    }

    @Test func `follows the links of a cache and links files when asked to`() async throws {
        let blobs = try folder.write(
            Dictionary(uniqueKeysWithValues: TestFiles.whisper().map { ($0.key + ".blob", $0.value) }), to: "blobs")
        let snapshot = folder.path("snapshot")
        try FileManager.default.createDirectory(atPath: snapshot, withIntermediateDirectories: false)
        for name in TestFiles.wanted {
            try FileManager.default.createSymbolicLink(
                atPath: "\(snapshot)/\(name)", withDestinationPath: "../blobs/\(name).blob")
        }
        var request = ImportRequest(folder: snapshot, name: "linked")
        request.linksFiles = true
        let model = try await store.importModel(request)
        func number(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
        }
        #expect(try number("\(model.folder)/model.safetensors") == number("\(blobs)/model.safetensors.blob"))
        let copy = try await store.importModel(ImportRequest(folder: snapshot, name: "copied"))
        #expect(try number("\(copy.folder)/model.safetensors") != number("\(blobs)/model.safetensors.blob"))
        #expect(copy.digest == model.digest)
    }

    @Test func `takes the task and licence that it is told`() async throws {
        var files = TestFiles.whisper()
        files["config.json"] = TestFiles.json(#"{"model_type": "bert"}"#)
        let source = try folder.write(files, to: "m")
        var request = ImportRequest(folder: source, name: "mine")
        let error = try await failure(request)
        #expect(error.code == .invalidFolder && error.message.contains("--task"))
        request.task = .textEmbedding
        request.licence = "mit"
        let model = try await store.importModel(request)
        #expect(model.task == .textEmbedding && model.manifest.licence == "mit")
    }

    @Test func `takes the weights of Silero VAD as its package has them`() async throws {
        let source = try folder.write(
            ["silero_vad_16k.safetensors": TestFiles.weights(10), "silero_vad.jit": [1], "silero_vad.onnx": [2]],
            to: "data")
        let model = try await store.importModel(ImportRequest(folder: source, name: "silero-vad"))
        #expect(model.task == .voiceActivity && model.manifest.files.count == 1)
    }

    @Test(arguments: [
        ([:], ModelError.Code.invalidFolder, "no model.safetensors"),
        (["config.json": "{}", "pytorch_model.bin": "PK"], .pickleOnly, "safe_serialization=True"),
        (["config.json": "{}", "model.pt": "PK"], .pickleOnly, "convert it"),
        (["model.safetensors": "W"], .invalidFolder, "no config.json"),
        (["config.json": "{}", "model.safetensors.index.json": "{}"], .invalidFolder, "none of the files"),
        (["config.json": "{", "model.safetensors": "W"], .foreignFile, "config.json"),
        (["config.json": #"{"model_type": "whisper"}"#, "model.safetensors": "W"], .invalidFolder, "tokenizer"),
    ])
    func `refuses folders that are no models`(
        files: [String: String], code: ModelError.Code, message: String
    ) async throws {
        let source = try folder.write(["notes.md": Array("x".utf8)], to: "m")
        _ = try folder.write(
            files.mapValues { $0 == "W" ? TestFiles.weights(10) : Array($0.utf8) }, to: "m")
        let error = try await failure(ImportRequest(folder: source))
        #expect(error.code == code && error.message.contains(message), "\(error)")
    }

    @Test func `refuses names that lead elsewhere and names that are taken`() async throws {
        let source = try folder.write(TestFiles.whisper(), to: "m")
        for name in [
            "../x", "/x", "a/b", "", ".incoming", "-x", "a..b", "a b", "x\n", "é", String(repeating: "a", count: 97),
        ] {
            #expect(try await failure(ImportRequest(folder: source, name: name)).code == .invalidName, "\(name)")
        }
        try await store.importModel(ImportRequest(folder: source))
        let error = await #expect(throws: ModelError.self) {
            try await store.importModel(ImportRequest(folder: source))
        }
        #expect(error?.code == .busy && error?.message.contains("--name") == true)
        let missing = await #expect(throws: ModelError.self) {
            try await store.importModel(ImportRequest(folder: folder.path("nothing")))
        }
        #expect(missing?.code == .fileSystem)
    }

    @Test func `survives hundreds of damaged descriptions, in an import and in a folder`() async throws {
        var files = TestFiles.whisper(weights: TestFiles.weights(4))
        files["vocab.json"] = TestFiles.json(#"{"a": 0}"#)
        files["merges.txt"] = TestFiles.json("#version: 0.2\na b\n")
        files["model.safetensors.index.json"] = TestFiles.json(#"{"weight_map": {"w": "model.safetensors"}}"#)
        let names = files.keys.filter { $0.hasSuffix(".json") || $0 == "merges.txt" }.sorted()
        let telling = [
            "1152921504606846976", "-1", "null", "[", "{}", "\"\"", "../", "/etc/passwd", "\\u0000", "<|", ",",
        ]
        .map { Array($0.utf8) }
        var random = SplitMix(seed: 8)
        var refused = 0
        for round in 0..<300 {
            let name = names[round % names.count]
            var damaged = files
            damaged[name] = random.mutate(try #require(files[name]), telling: telling)
            let source = try folder.write(damaged, to: "damaged")
            do {
                _ = try ModelStore.inspect(folder: source)
                _ = try await store.importModel(ImportRequest(folder: source))
                _ = try await store.remove("damaged")
            } catch let error as ModelError {
                #expect([.foreignFile, .invalidFolder, .pickleOnly].contains(error.code), "\(round): \(error)")
                refused += 1
            }
        }
        #expect(refused > 50 && refused < 300, "\(refused)")
    }
}
