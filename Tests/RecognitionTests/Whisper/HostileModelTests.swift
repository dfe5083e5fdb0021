// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import Inference
import JSON
import TestPrograms
import TestRandom
import Testing

@testable import Recognition

/// Model folders that are damaged or made to do harm: each is refused with a typed error, or works.
///
/// Set ORACY_FUZZ_ROUNDS for more rounds than the few hundred of a test run.
@Suite("Hostile model files")
struct HostileModelTests {
    private static let rounds = ProcessInfo.processInfo.environment["ORACY_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 300

    /// A tiny model with the fixture's tokenizer, whose timestamps are left out so that changes hit what matters.
    private struct Original {
        var files: [String: [UInt8]] = [:]
        let folder: TemporaryFolder

        init(sharded: Bool, withTokenizerJSON: Bool) throws {
            folder = try TemporaryFolder()
            func json(_ name: String) throws -> JSONValue {
                let bytes = try Data(contentsOf: URL(filePath: "\(SpeechFixture.folder)/\(name)"))
                return try JSONValue(parsing: [UInt8](bytes))
            }
            func isText(_ content: String?) -> Bool { content?.first { $0.isNumber } == nil }
            var config = try #require(try json("config.json").object)
            for (key, size) in [
                ("d_model", 16), ("encoder_layers", 1), ("encoder_attention_heads", 2), ("encoder_ffn_dim", 16),
                ("decoder_layers", 1), ("decoder_attention_heads", 2), ("decoder_ffn_dim", 16), ("num_mel_bins", 4),
                ("max_target_positions", 64),
            ] { config[key] = .integer(Int64(size)) }
            files["config.json"] = JSONValue.object(config).utf8
            files["generation_config.json"] = try json("generation_config.json").utf8
            if withTokenizerJSON {
                var tokenizer = try #require(try json("tokenizer.json").object)
                tokenizer["added_tokens"] = .array(
                    (tokenizer["added_tokens"]?.array ?? []).filter { isText($0["content"]?.string) })
                files["tokenizer.json"] = JSONValue.object(tokenizer).utf8
            } else {
                var added = JSONObject()
                for member in try json("added_tokens.json").object?.members ?? [] where isText(member.key) {
                    added[member.key] = member.value
                }
                files["added_tokens.json"] = JSONValue.object(added).utf8
                for name in ["vocab.json", "merges.txt", "special_tokens_map.json"] {
                    files[name] = [UInt8](try Data(contentsOf: URL(filePath: "\(SpeechFixture.folder)/\(name)")))
                }
            }
            let weights = SmallWhisper.checkpoint(.object(config))
            if sharded {
                let length = weights.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
                let header = try JSONValue(parsing: Array(weights[8..<8 + length]))
                var map = JSONObject()
                for name in header.object?.keys ?? [] { map[name] = "model-00001-of-00001.safetensors" }
                files["model.safetensors.index.json"] = JSONValue.object(["weight_map": .object(map)]).utf8
                try Data(weights).write(to: URL(filePath: folder.path("model-00001-of-00001.safetensors")))
            } else {
                try Data(weights).write(to: URL(filePath: folder.path("model.safetensors")))
            }
            for (name, bytes) in files { try put(bytes, name) }
        }

        func put(_ bytes: [UInt8], _ name: String) throws {
            try Data(bytes).write(to: URL(filePath: folder.path(name)), options: .atomic)
        }
    }

    /// Opens the folder as the recogniser does, and does with it what a recording makes it do.
    ///
    /// - Returns: Whether it was accepted.
    private func open(_ folder: String) throws -> Bool {
        let parts: WhisperParts
        do {
            parts = try WhisperParts(folder: folder, precision: .float32, threads: 1)
        } catch {
            #expect(!error.message.isEmpty && error.message.utf8.count < 1000)
            return false
        }
        let configuration = parts.model.configuration
        let tokenizer = parts.tokenizer
        #expect((1...8).contains(parts.capacity))
        _ = tokenizer.decode(tokenizer.encode(" the twelve\u{0}ÄÖ") + [0, 555, configuration.vocabulary - 1, .max, -1])
        for timestamps in [true, false] {
            var logits = [Float](repeating: 0, count: configuration.vocabulary)
            parts.rules(withTimestamps: timestamps).apply(to: &logits, after: [])
        }
        guard
            let start = try? tokenizer.startSequence(
                language: tokenizer.languages.first ?? "en", task: .transcribe, timestamps: true)
        else { return true }
        let spectrogram = [Float](repeating: 0.1, count: configuration.melBins * configuration.frames)
        let window = parts.model.window(for: parts.model.encode(spectrogram))
        let decoder = WhisperDecoder(model: parts.model, slots: 1)
        decoder.begin(slot: 0, window: window)
        let output = decoder.step([.init(slot: 0, tokens: start)], attentionOf: parts.alignmentHeads)
        #expect(output.withLogits(0) { $0.count } == configuration.vocabulary)
        return true
    }

    /// Numbers that overflow, wrong kinds, names that mean something, control tokens.
    private static let telling: [[UInt8]] = [
        "0", "-1", "1152921504606846976", "9223372036854775807", "18446744073709551616", "1e400", "-0.5", "null",
        "true",
        "[]", "{}", "[[", "\"\"", ",", ":", "}", "]", "\\u0000", "\\ud800", "../", "/dev/zero", "Ġ", " ", "\n", "<|",
        "|>",
        "16", "2068", "556", "99999999999999999999999999",
    ].map { Array($0.utf8) }

    /// The process's greatest memory so far, in bytes.
    private var greatestMemory: Int {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_maxrss << 10
    }

    @Test(arguments: [true, false])
    func `refuses damaged files with a typed error, or works with them`(withTokenizerJSON: Bool) throws {
        let original = try Original(sharded: withTokenizerJSON, withTokenizerJSON: withTokenizerJSON)
        #expect(try open(original.folder.path))
        var random = SplitMix(seed: withTokenizerJSON ? 1 : 2)
        let names = original.files.keys.sorted()
        let before = greatestMemory
        var refused = 0
        for round in 0..<Self.rounds {
            let name = names[round % names.count]
            let bytes = try #require(original.files[name])
            let damaged = random.mutate(bytes, telling: Self.telling)
            try original.put(damaged, name)
            if try !open(original.folder.path) { refused += 1 }
            try original.put(bytes, name)
        }
        #expect(refused > Self.rounds / 3, "\(refused)")
        #expect(greatestMemory - before < 256 << 20)
        #expect(try open(original.folder.path))
    }

    @Test func `allocates nothing because of a number in a file`() throws {
        let original = try Original(sharded: true, withTokenizerJSON: true)
        let before = greatestMemory
        func expectRefused(_ bytes: [UInt8], _ name: String, _ what: String) throws {
            try original.put(bytes, name)
            #expect(try !open(original.folder.path), "\(name): \(what)")
            try original.put(try #require(original.files[name]), name)
        }
        let given = try #require(original.files["config.json"])
        let config = try #require(JSONValue(parsing: given).object)
        let sizes = config.members.filter { ($0.value.integer ?? 0) > 0 && !$0.key.hasSuffix("_id") }.map(\.key)
        #expect(sizes.count >= 11)
        for key in sizes where key != "num_hidden_layers" {
            for value: Int64 in [0, -1, 128, 8192, 1_000_000, 1 << 31, 1 << 60, .max]
            where config[key]?.integer != value {
                var changed = config
                changed[key] = .integer(value)
                try expectRefused(JSONValue.object(changed).utf8, "config.json", "\(key) \(value)")
            }
        }
        // The largest that is allowed, all at once.
        var largest = config
        for (key, value) in [
            ("d_model", 8192), ("encoder_layers", 128), ("decoder_layers", 128), ("encoder_attention_heads", 128),
            ("decoder_attention_heads", 128), ("encoder_ffn_dim", 32768), ("decoder_ffn_dim", 32768),
            ("num_mel_bins", 512), ("vocab_size", 1_000_000), ("max_target_positions", 16384),
        ] { largest[key] = .integer(Int64(value)) }
        try expectRefused(JSONValue.object(largest).utf8, "config.json", "everything")

        for name in original.files.keys.sorted() {
            for bytes in [[], [0], Array(String(repeating: "[", count: 1 << 20).utf8), Array("{\"a\":".utf8)] {
                try expectRefused(bytes, name, "\(bytes.prefix(4))")
            }
        }
        let shards = (0..<1001).map { "\"t\($0)\":\"s\($0).safetensors\"" }.joined(separator: ",")
        try expectRefused(Array("{\"weight_map\":{\(shards)}}".utf8), "model.safetensors.index.json", "many shards")
        let heads = JSONValue.object(["alignment_heads": .array(Array(repeating: [0, 0, 0], count: 100_000))])
        try expectRefused(heads.utf8, "generation_config.json", "heads of three")
        #expect(greatestMemory - before < 256 << 20)
    }
}
