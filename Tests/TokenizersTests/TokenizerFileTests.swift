// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import TestPrograms
import TestRandom
import Testing
import Tokenizers

@Suite("Tokenizer files")
struct TokenizerFileTests {
    /// The smallest byte-level tokenizer with some merges and added tokens.
    static let small: JSONValue = {
        var vocabulary = JSONObject()
        let printable = Array(33...126) + Array(161...172) + Array(174...255)
        var next = 256
        for byte in 0..<256 {
            let code = printable.contains(byte) ? byte : next
            if code == next { next += 1 }
            vocabulary[String(UnicodeScalar(UInt32(code)).map(Character.init) ?? " ")] = .integer(Int64(byte))
        }
        vocabulary["th"] = 256
        vocabulary["the"] = 257
        vocabulary["Ġthe"] = 258
        return [
            "added_tokens": [["id": 259, "content": "<end>", "special": true]], "normalizer": nil,
            "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false], "decoder": ["type": "ByteLevel"],
            "model": [
                "type": "BPE", "dropout": nil, "vocab": .object(vocabulary), "merges": ["t h", ["th", "e"], "Ġ the"],
            ],
        ]
    }()

    private static func changed(_ path: [String], _ value: JSONValue?) -> JSONValue {
        func change(_ document: JSONValue, _ path: ArraySlice<String>) -> JSONValue {
            guard var object = document.object, let name = path.first else { return document }
            object[name] = path.count == 1 ? value : change(object[name] ?? .null, path.dropFirst())
            return .object(object)
        }
        return change(small, path[...])
    }

    @Test func `reads a small tokenizer`() throws {
        let tokenizer = try ByteLevelBPE(tokenizerJSON: Self.small.utf8)
        #expect(tokenizer.encode("the the <end>", addedTokens: .asTokens) == [257, 258, 32, 259])
        #expect(tokenizer.vocabularySize == 260)
    }

    static let refused: [(String, [String], JSONValue?, TokenizerError.Code)] = [
        ("no model", ["model"], nil, .malformed),
        ("WordPiece", ["model", "type"], "WordPiece", .unsupported),
        ("dropout", ["model", "dropout"], 0.1, .unsupported),
        ("normaliser", ["normalizer"], ["type": "NFC"], .unsupported),
        ("other pre-tokenizer", ["pre_tokenizer"], ["type": "Whitespace"], .unsupported),
        ("no pre-tokenizer", ["pre_tokenizer"], nil, .unsupported),
        ("other decoder", ["decoder"], ["type": "WordPiece"], .unsupported),
        ("vocabulary as array", ["model", "vocab"], ["a", "b"], .malformed),
        ("id too large", ["model", "vocab", "the"], 4_000_000_000, .malformed),
        ("negative id", ["model", "vocab", "the"], -1, .malformed),
        ("id as text", ["model", "vocab", "the"], "257", .malformed),
        ("id twice", ["model", "vocab", "the"], 256, .inconsistent),
        ("no byte", ["model", "vocab", "A"], nil, .unsupported),
        ("merge without result", ["model", "vocab", "the"], nil, .inconsistent),
        ("merge of three", ["model", "merges"], ["t h e"], .malformed),
        ("merge without space", ["model", "merges"], ["th"], .malformed),
        ("merge as number", ["model", "merges"], [3], .malformed),
        ("no merges", ["model", "merges"], nil, .malformed),
        ("added tokens as object", ["added_tokens"], ["a": 1], .malformed),
        ("added token without id", ["added_tokens"], [["content": "x"]], .malformed),
        ("added token in place of another", ["added_tokens"], [["content": "<x>", "id": 256]], .inconsistent),
        ("added token with a second id", ["added_tokens"], [["content": "the", "id": 300]], .inconsistent),
        ("added token with a huge id", ["added_tokens"], [["content": "<x>", "id": 1_000_000_000_000]], .malformed),
        (
            "two added tokens with one id", ["added_tokens"],
            [["content": "<x>", "id": 300], ["content": "<y>", "id": 300]], .inconsistent
        ),
    ]

    @Test(arguments: refused)
    func `refuses what does not fit together`(
        name: String, path: [String], value: JSONValue?, code: TokenizerError.Code
    ) {
        let error = #expect(throws: TokenizerError.self, "\(name)") {
            try ByteLevelBPE(tokenizerJSON: Self.changed(path, value).utf8)
        }
        #expect(error?.code == code, "\(name): \(error?.message ?? "")")
    }

    @Test func `refuses more added tokens than a model has, without looking at all of them`() {
        let long = String(repeating: "x", count: 60_000)
        let many: [JSONValue] = (0..<20).map { ["id": .integer(Int64(300 + $0)), "content": .string("\(long)\($0)")] }
        let error = #expect(throws: TokenizerError.self) {
            try ByteLevelBPE(tokenizerJSON: Self.changed(["added_tokens"], .array(many)).utf8)
        }
        #expect(error?.code == .malformed)
    }

    @Test func `survives a thousand damaged files`() {
        var random = SplitMix(seed: 11)
        let original = Self.small.utf8
        var refused = 0
        for _ in 0..<1000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = .random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: bytes[..<place].suffix(8), at: place)
                default: bytes.removeSubrange(place..<min(place + 40, bytes.count))
                }
                if bytes.isEmpty { break }
            }
            do {
                let tokenizer = try ByteLevelBPE(tokenizerJSON: bytes)
                #expect(tokenizer.decode(tokenizer.encode(" the thing")) == " the thing")
            } catch {
                refused += 1
            }
        }
        #expect(refused > 500)
    }

    @Test func `reads a folder, and says what is missing`() throws {
        let held = try TemporaryFolder()
        let folder = URL(filePath: held.path)
        let missing = #expect(throws: TokenizerError.self) { try ByteLevelBPE(folder: folder.path) }
        #expect(missing?.code == .missing)
        let vocabulary = try #require(Self.small["model"]?["vocab"])
        try Data(vocabulary.utf8).write(to: folder.appending(path: "vocab.json"))
        try Data("#version: 0.2\nt h\nth e\n".utf8).write(to: folder.appending(path: "merges.txt"))
        #expect(try ByteLevelBPE(folder: folder.path).encode("the") == [257])
        try Data(Self.small.utf8).write(to: folder.appending(path: "tokenizer.json"))
        #expect(try ByteLevelBPE(folder: folder.path).encode(" the") == [258])
        try FileManager.default.removeItem(at: folder.appending(path: "tokenizer.json"))
        #expect(mkfifo(folder.appending(path: "tokenizer.json").path, 0o600) == 0)
        let pipe = #expect(throws: TokenizerError.self) { try ByteLevelBPE(folder: folder.path) }
        #expect(pipe?.code == .unreadable)
    }
}
