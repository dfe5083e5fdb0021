// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import Inference
import JSON
import Testing
import Tokenizers

@testable import TextEncoders

@Suite("TextEncoder")
struct TextEncoderTests {
    private static func encoder(_ name: String, _ precision: Precision = .float32, threads: Int = 1) throws
        -> TextEncoder
    {
        try TextEncoder(.init(folder: "\(EncoderGolden.fixtures)/\(name)", precision: precision, threads: threads))
    }

    @Test(arguments: EncoderGolden.names)
    func `computes the reference's states and logits`(_ name: String) throws {
        let cases = try EncoderGolden.cases(name)
        let texts = try cases.map { try #require($0["text"]?.string) }
        for (precision, tolerance) in [(Precision.float32, Float(1e-4)), (.bfloat16, 0.08), (.int8, 0.3)] {
            let encoder = try Self.encoder(name, precision)
            let (width, labels) = (encoder.width, encoder.labels.count)
            let encoded = encoder.encode(texts)
            let classes = encoder.classify(texts)
            let tags = encoder.tag(texts)
            for (index, golden) in cases.enumerated() {
                let ids = (golden["ids"]?.array ?? []).compactMap { $0.integer.map { Int($0) } }
                #expect(encoder.tokenizer.template.frame(encoded[index].tokens.ids) == ids)
                let states = try #require(golden["states"]).floats
                #expect(Self.distance(encoded[index].states, states[width..<states.count - width]) < tolerance)
                switch encoder.task {
                case .embed, .classifyPairs:
                    #expect(encoder.labels.isEmpty && classes[index].isEmpty && tags[index].logits.isEmpty)
                case .classify:
                    #expect(Self.distance(classes[index], try #require(golden["logits"]).floats[...]) < tolerance)
                case .tag:
                    let logits = try #require(golden["logits"]).floats
                    #expect(Self.distance(tags[index].logits, logits[labels..<logits.count - labels]) < tolerance)
                }
            }
        }
    }

    /// The largest difference; infinite for different counts.
    private static func distance(_ left: [Float], _ right: ArraySlice<Float>) -> Float {
        guard left.count == right.count else { return .infinity }
        return zip(left, right).map { abs($0 - $1) }.max() ?? 0
    }

    @Test(.enabled(if: EncoderGolden.miniLM != nil, "scripts/bootstrap could not fetch the model"))
    func `makes all-MiniLM-L6-v2's sentence vectors`() throws {
        let folder = try #require(EncoderGolden.miniLM)
        let golden = try #require(EncoderGolden.json("minilm.json").array)
        let texts = try golden.map { try #require($0["text"]?.string) }
        let expected = try golden.map { try #require($0["vector"]).floats }
        for (precision, least) in [(Precision.float32, 0.99999), (.bfloat16, 0.9995)] {
            let vectors = try TextEncoder(.init(folder: folder, precision: precision, threads: 2)).embed(texts)
            for (vector, expected) in zip(vectors, expected) {
                #expect(TextEncoder.cosine(vector, expected) > least)
            }
            for first in vectors.indices {
                for second in 0..<first {
                    let moved =
                        TextEncoder.cosine(vectors[first], vectors[second])
                        - TextEncoder.cosine(expected[first], expected[second])
                    #expect(abs(moved) <= 0.005)
                }
            }
        }
    }

    @Test func `gives a text the same vector in any company and on any threads`() throws {
        let alone = try Self.encoder("bert")
        let team = try Self.encoder("bert", threads: 3)
        var texts: [String] = []
        for count in [0, 1, 2, 5, 9, 17, 30] {
            texts += [String(repeating: "one ", count: count), String(repeating: "warfarin a ", count: count)]
        }
        texts += texts
        let together = team.embed(texts)
        for (text, vector) in zip(texts, together) {
            #expect(TextEncoder.cosine(alone.embed([text])[0], vector) > 0.999999)
        }
        #expect(team.embed([]).isEmpty)
    }

    @Test func `cuts long texts between words`() throws {
        let encoder = try Self.encoder("bert")
        let text = String(repeating: "the patient takes ibuprofen ", count: 40)
        let tokens = encoder.tokenizer.tokenize(text)
        let windows = TokenWindows.windows(of: tokens, longest: encoder.longestWindow)
        #expect(windows.count > 1)
        #expect(windows.first?.lowerBound == 0 && windows.last?.upperBound == tokens.count)
        for (window, next) in zip(windows, windows.dropFirst()) {
            #expect(window.upperBound == next.lowerBound && window.count <= encoder.longestWindow)
            #expect(!tokens.continues[next.lowerBound])
        }
        let encoded = encoder.encode([text])[0]
        #expect(encoded.states.count == tokens.count * encoder.width)
        // One word that fills windows is cut where they are full.
        var word = tokens
        word.continues = word.continues.indices.map { $0 > 0 }
        #expect(TokenWindows.windows(of: word, longest: 7).first == 0..<7)
        #expect(encoder.embed([String(repeating: "x", count: 1 << 20)]).count == 1)
    }

    @Test func `pools as the folder says`() throws {
        let folder = try SpoiledFolder(of: "\(EncoderGolden.fixtures)/bert")
        let module = "sentence_transformers.models."
        try folder.write(
            "modules.json",
            Array(
                """
                [{"idx":0,"path":"","type":"\(module)Transformer"},{"idx":1,"path":"1_Pooling","type":"\(module)Pooling"}]
                """.utf8))
        #expect(throws: TextEncoderError.self) { try TextEncoder(.init(folder: folder.path)) }
        try folder.makeFolder("1_Pooling")
        let golden = try EncoderGolden.cases("bert")
        let text = try #require(golden[0]["text"]?.string)
        let states = try #require(golden[0]["states"]).floats
        let width = 24
        for (mode, expected) in [
            ("pooling_mode_cls_token", Array(states[..<width])),
            (
                "pooling_mode_mean_tokens",
                (0..<width).map { column in
                    stride(from: column, to: states.count, by: width).reduce(0) { $0 + states[$1] }
                        / Float(states.count / width)
                }
            ),
        ] {
            try folder.write("1_Pooling/config.json", Array(#"{"\#(mode)":true}"#.utf8))
            let vector = try TextEncoder(.init(folder: folder.path, precision: .float32)).embed([text])[0]
            #expect(Self.distance(vector, expected[...]) < 1e-4)
        }
        try folder.write("1_Pooling/config.json", Array(#"{"pooling_mode_max_tokens":true}"#.utf8))
        #expect(throws: TextEncoderError.self) { try TextEncoder(.init(folder: folder.path)) }
    }

    @Test func `reads checkpoints with TensorFlow's names`() throws {
        let folder = try SpoiledFolder(of: "\(EncoderGolden.fixtures)/bert-tags")
        var bytes = try folder.bytes("model.safetensors")
        let header = 8..<8 + bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let names = String(decoding: bytes[header], as: UTF8.self)
            .replacing("LayerNorm.weight\"", with: "LayerNorm.gamma\" ")
            .replacing("LayerNorm.bias\"", with: "LayerNorm.beta\"")
        bytes.replaceSubrange(header, with: names.utf8)
        try folder.write("model.safetensors", bytes)
        let old = try TextEncoder(.init(folder: folder.path, precision: .float32)).tag(["one tablet"])[0]
        #expect(try Self.encoder("bert-tags").tag(["one tablet"])[0].logits == old.logits)
    }

    @Test func `says what is wrong with a folder`() throws {
        let source = "\(EncoderGolden.fixtures)/distilbert-classes"
        func code(_ spoil: (SpoiledFolder) throws -> Void) throws -> TextEncoderError.Code? {
            let folder = try SpoiledFolder(of: source)
            try spoil(folder)
            do throws(TextEncoderError) {
                _ = try TextEncoder(.init(folder: folder.path))
                return nil
            } catch {
                #expect(!error.message.isEmpty)
                return error.code
            }
        }
        #expect(try code { _ in } == nil)
        #expect(try code { try $0.remove("config.json") } == .unreadable)
        #expect(try code { try $0.remove("tokenizer.json") } == .unreadable)
        #expect(try code { try $0.remove("model.safetensors") } == .unreadable)
        #expect(try code { try $0.write("config.json", []) } != nil)
        #expect(try code { try $0.set("config.json", "model_type", "gpt2") } == .unsupported)
        #expect(try code { try $0.set("config.json", "activation", "relu") } == .unsupported)
        #expect(try code { try $0.set("config.json", "dim", 48) } == .malformed)
        #expect(try code { try $0.set("config.json", "dim", 0) } == .malformed)
        #expect(try code { try $0.set("config.json", "n_layers", 3) } == .malformed)
        #expect(try code { try $0.set("config.json", "n_layers", 1_000_000_000_000) } == .malformed)
        #expect(try code { try $0.set("config.json", "n_heads", 5) } == .unsupported)
        #expect(try code { try $0.set("config.json", "vocab_size", 20) } == .malformed)
        #expect(try code { try $0.set("config.json", "id2label", ["7": "x"]) } == .malformed)
        #expect(
            try code { try $0.write("tokenizer.json", Array($0.bytes("tokenizer.json").dropLast(40))) } == .malformed)
        #expect(
            try code { try $0.write("model.safetensors", Array($0.bytes("model.safetensors").dropLast(9))) }
                == .malformed)
    }
}
