// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference
import JSON
import Testing
import TextEncoders

@Suite("TextAdapter")
struct TextAdapterTests {
    private static let base = "\(EncoderGolden.fixtures)/bert-tags"

    private static func encoder(_ adapter: String, digest: String? = nil) throws -> TextEncoder {
        try TextEncoder(.init(folder: base, precision: .float32, adapter: adapter, weightsDigest: digest))
    }

    @Test(arguments: ["tags", "classes"])
    func `merges an adapter to the reference's logits, over windows and with letters' case`(_ name: String) throws {
        let encoder = try Self.encoder("\(EncoderGolden.fixtures)/adapter-\(name)")
        let cases = try #require(EncoderGolden.json("adapters.json")[name]?.array)
        let texts = try cases.map { try #require($0["text"]?.string) }
        #expect(encoder.labels.count == 3 && encoder.longestWindow == 10)
        let logits = name == "tags" ? encoder.tag(texts).map(\.logits) : encoder.classify(texts)
        for (logits, golden) in zip(logits, cases) {
            let expected = try #require(golden["logits"]).floats
            #expect(logits.count == expected.count)
            #expect(zip(logits, expected).allSatisfy { abs($0 - $1) < 1e-4 })
        }
    }

    @Test func `refuses adapters that do not fit`() throws {
        let source = "\(EncoderGolden.fixtures)/adapter-tags"
        func isRefused(_ spoil: (SpoiledFolder) throws -> Void) throws -> Bool {
            let folder = try SpoiledFolder(of: source)
            try spoil(folder)
            do throws(TextEncoderError) {
                _ = try TextEncoder(.init(folder: Self.base, adapter: folder.path))
                return false
            } catch {
                return !error.message.isEmpty
            }
        }
        #expect(try !isRefused { _ in })
        #expect(try isRefused { try $0.remove("adapter.json") })
        #expect(try isRefused { try $0.remove("adapter.safetensors") })
        #expect(try isRefused { try $0.set("adapter.json", "version", 2) })
        #expect(try isRefused { try $0.set("adapter.json", "weights_sha256", "00") })
        #expect(try isRefused { try $0.set("adapter.json", "rank", 3) })
        #expect(try isRefused { try $0.set("adapter.json", "rank", 0) })
        #expect(try isRefused { try $0.set("adapter.json", "labels", ["O"]) })
        #expect(try isRefused { try $0.set("adapter.json", "token_types", "zero") })
        #expect(try isRefused { try $0.set("adapter.json", "token_types", "pair") })
        #expect(try isRefused { try $0.set("adapter.json", "task", "text-pair-classification") })
        #expect(try isRefused { try $0.set("adapter.json", "task", "translation") })
        #expect(try isRefused { try $0.set("adapter.json", "weights", "../adapter-tags/adapter.safetensors") })
        // Its tensors of this module belong nowhere then.
        #expect(try isRefused { try $0.set("adapter.json", "adapted_modules", ["output.dense"]) })
        // Another model's weights, and another architecture.
        #expect(throws: TextEncoderError.self) { try Self.encoder(source, digest: String(repeating: "0", count: 64)) }
        #expect(throws: TextEncoderError.self) {
            try TextEncoder(.init(folder: "\(EncoderGolden.fixtures)/roberta-tags", adapter: source))
        }
    }
}
