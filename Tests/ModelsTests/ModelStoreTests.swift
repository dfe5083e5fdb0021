// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Foundation
import JSON
import TestModels
import TestPrograms
import TestRandom
import Testing

@testable import Models

@Suite("The model store")
struct ModelStoreTests {
    private let folder: TemporaryFolder
    private let store: ModelStore

    init() throws {
        folder = try TemporaryFolder()
        store = ModelStore(folder: folder.path("models"))
    }

    @discardableResult
    private func add(
        _ name: String, weights: Int = 10,
        languages: String = #""is_multilingual": true, "lang_to_id": {"<|en|>": 1, "<|fr|>": 2}"#
    ) async throws -> InstalledModel {
        var files = TestFiles.whisper(weights: TestFiles.weights(weights))
        files["generation_config.json"] = TestFiles.json("{\(languages)}")
        let source = try folder.write(files, to: "source-" + name)
        return try await store.importModel(ImportRequest(folder: source, name: name))
    }

    private func change(_ path: String, _ body: (inout [UInt8]) -> Void) throws {
        let url = URL(filePath: store.folder).appending(path: path)
        var bytes = [UInt8](try Data(contentsOf: url))
        body(&bytes)
        try Data(bytes).write(to: url)
    }

    @Test func `is empty when it does not exist`() throws {
        let contents = try store.contents()
        #expect(contents.models.isEmpty && contents.problems.isEmpty && contents.unfinished.isEmpty)
        #expect(try store.best(for: .transcription) == nil)
        let error = #expect(throws: ModelError.self) { try store.open("whisper-base") }
        #expect(error?.code == .notInstalled && error?.message.contains("oracy models pull whisper-base") == true)
        #expect(!FileManager.default.fileExists(atPath: store.folder))
    }

    @Test func `lists the best first`() async throws {
        for name in ["whisper-tiny", "zebra", "whisper-base", "ant", "whisper-large-v3-turbo"] { try await add(name) }
        let names = try store.installed(task: .transcription).map(\.name.text)
        #expect(names == ["whisper-large-v3-turbo", "whisper-base", "whisper-tiny", "ant", "zebra"])
        #expect(try store.installed(task: .textEmbedding).isEmpty)
    }

    @Test func `chooses by language and by what fits`() async throws {
        let english = #""is_multilingual": false"#
        try await add("whisper-tiny")
        try await add("whisper-small.en", weights: 400, languages: english)
        #expect(try store.best(for: .transcription)?.name.text == "whisper-tiny")
        #expect(try store.best(for: .transcription, language: "en-GB")?.name.text == "whisper-small.en")
        #expect(try store.best(for: .transcription, language: "fr")?.name.text == "whisper-tiny")
        #expect(try store.best(for: .transcription, language: "de") == nil)
        let small = (512 << 20) + 1000
        #expect(try store.best(for: .transcription, language: "en", memory: small)?.name.text == "whisper-tiny")
        #expect(try store.best(for: .transcription, memory: 1 << 20) == nil)
    }

    @Test func `falls back to a model for English when there is no other`() async throws {
        try await add("whisper-tiny.en", languages: #""is_multilingual": false"#)
        #expect(try store.best(for: .transcription)?.name.text == "whisper-tiny.en")
    }

    @Test func `names every file that is damaged, missing or foreign`() async throws {
        let model = try await add("m")
        #expect(try await store.verify("m").isSound)
        try change("m/model.safetensors") { $0[$0.count - 1] ^= 1 }
        try change("m/config.json") { $0 += [0x20] }
        try FileManager.default.removeItem(atPath: model.folder + "/tokenizer.json")
        try FileManager.default.removeItem(atPath: model.folder + "/preprocessor_config.json")
        try FileManager.default.createSymbolicLink(
            atPath: model.folder + "/preprocessor_config.json", withDestinationPath: "/etc/hostname")
        _ = try folder.write(["x/evil.so": [1]], to: "models/m")
        let report = try await store.verify("m")
        #expect(
            report.findings.map(\.path) == [
                "config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json", "x/evil.so",
            ])
        #expect(
            report.findings.map(\.finding) == [
                .damaged, .damaged, .unreadable(reason: "it is no regular file"), .missing, .foreign,
            ])
        let error = #expect(throws: ModelError.self) { try store.open("m") }
        #expect(error?.code == .damaged && error?.message.contains("oracy models verify m") == true)
        #expect(try store.contents().problems.map(\.name) == ["m"])
    }

    @Test func `finds damage that leaves the size`() async throws {
        try await add("m")
        try change("m/model.safetensors") { $0[$0.count - 1] ^= 1 }
        #expect(throws: Never.self) { try store.open("m") }
        #expect(try await store.verify("m").findings.map(\.path) == ["model.safetensors"])
    }

    @Test func `removes a model and nothing else`() async throws {
        try await add("one")
        try await add("two")
        let outside = try folder.write(["keep.txt": [1]], to: "outside")
        try FileManager.default.createSymbolicLink(
            atPath: store.folder + "/one/link", withDestinationPath: outside)
        #expect(try await store.remove("one") > 0)
        #expect(try folder.everything(below: "models").allSatisfy { $0.hasPrefix("two") })
        #expect(FileManager.default.fileExists(atPath: outside + "/keep.txt"))
        let error = await #expect(throws: ModelError.self) { try await store.remove("one") }
        #expect(error?.code == .notInstalled)
    }

    @Test(arguments: ["..", "../outside", "/etc", "one/../../outside", ".", "", ".incoming", "one/"])
    func `refuses to remove what is not in the store`(name: String) async throws {
        try await add("one")
        let outside = try folder.write(["keep.txt": [1]], to: "outside")
        let error = await #expect(throws: ModelError.self) { try await store.remove(name) }
        #expect(error?.code == .invalidName)
        #expect(FileManager.default.fileExists(atPath: outside + "/keep.txt"))
        #expect(throws: ModelError.self) { try store.open(name) }
    }

    @Test func `reports folders without a manifest, and manifests of others`() async throws {
        let model = try await add("one")
        _ = try folder.write(TestFiles.whisper(), to: "models/by-hand")
        try FileManager.default.copyItem(atPath: model.folder, toPath: store.folder + "/copy")
        let contents = try store.contents()
        #expect(contents.models.map(\.name.text) == ["one"])
        #expect(contents.problems.map(\.name) == ["by-hand", "copy"])
        #expect(contents.problems.first?.message.contains("oracy models import") == true)
    }

    @Test func `reads back the manifest that it wrote`() async throws {
        let model = try await add("one")
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: model.folder + "/oracy-model.json")))
        #expect(try ModelManifest(parsing: bytes) == model.manifest)
    }

    @Test func `survives two thousand damaged manifests`() async throws {
        let model = try await add("one")
        let bytes = model.manifest.files.isEmpty ? [] : Array(JSONValue.object(model.manifest.json).text.utf8)
        var random = SplitMix(seed: 3)
        var accepted = 0
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<damaged.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: damaged[index] = .random(in: 0...255, using: &random)
                case 1: damaged.remove(at: index)
                case 2: damaged.insert(contentsOf: Array("9999999999".utf8), at: index)
                default: damaged = Array(damaged.prefix(max(1, index)))
                }
            }
            if let manifest = try? ModelManifest(parsing: damaged) {
                // The digest binds the files; what people read may differ.
                #expect(manifest.digest == model.digest)
                accepted += 1
            }
        }
        #expect(accepted < 500)
    }

    @Test func `survives two thousand damaged safetensors headers`() throws {
        let bytes = TestFiles.weights(20)
        var random = SplitMix(seed: 5)
        for round in 0..<2000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<min(damaged.count, 110), using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: damaged[index] = .random(in: 0...255, using: &random)
                case 1: damaged.remove(at: index)
                default: damaged.insert(.random(in: 0x30...0x39, using: &random), at: index)
                }
            }
            let path = folder.path("fuzz.safetensors")
            try Data(damaged).write(to: URL(filePath: path))
            let file = try OpenFile(reading: path)
            do {
                try SafetensorsHeader.check(file, size: damaged.count, name: "fuzz")
            } catch {
                #expect(error.code == .foreignFile, "round \(round)")
            }
        }
    }

    @Test(arguments: [
        #"{"w":{"dtype":"F32","shape":[9223372036854775807,9],"data_offsets":[0,4]}}"#,
        #"{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
        #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
        #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}"#,
        #"{"w":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}"#, #"{"w":[1]}"#, #"{}"#,
        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
        #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#,
        #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#,
    ])
    func `refuses safetensors whose tensors can't be`(header: String) throws {
        let text = Array(header.utf8)
        let path = folder.path("x.safetensors")
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + [1, 2, 3, 4]
        try Data(bytes).write(to: URL(filePath: path))
        let file = try OpenFile(reading: path)
        let error = #expect(throws: ModelError.self) {
            try SafetensorsHeader.check(file, size: bytes.count, name: "x")
        }
        #expect(error?.code == .foreignFile)
    }
}
