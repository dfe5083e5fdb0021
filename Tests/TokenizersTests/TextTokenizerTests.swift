// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import TestRandom
import Testing
import Tokenizers

@Suite("TextTokenizer")
struct TextTokenizerTests {
    static let names = ["wordpiece", "wordpiece-cased", "unigram", "roberta"]

    /// Tests/Fixtures/tokenizers/text_golden.py writes the files and says how to make longer ones for any tokenizer.
    @Test(arguments: names)
    func `encodes varied texts to the reference's ids and offsets`(_ name: String) throws {
        try compare(
            TextTokenizer(tokenizerJSON: Golden.bytes(name + ".json")), with: Golden.lines(name + ".jsonl"))
    }

    private static let longComparison = ProcessInfo.processInfo.environment["ORACY_TOKENIZER_COMPARISON"]

    @Test(.enabled(if: longComparison != nil, "asked for by ORACY_TOKENIZER_COMPARISON"))
    func `encodes a folder's texts to the reference's ids and offsets`() throws {
        let folder = try #require(Self.longComparison)
        let lines = try Data(contentsOf: URL(filePath: folder + "/encoded.jsonl"))
        try compare(
            TextTokenizer(folder: folder),
            with: lines.split(separator: 10).map { try #require(JSONValue(parsing: Array($0)).array) })
    }

    private func compare(_ tokenizer: TextTokenizer, with lines: [[JSONValue]]) throws {
        #expect(!lines.isEmpty)
        for line in lines {
            let text = try #require(line[0].string)
            let plain = tokenizer.tokenize(text)
            #expect(plain.ids == line[1].integers, "\(text.debugDescription)")
            #expect(Self.places(plain) == line[2].integers, "\(text.debugDescription)")
            let found = tokenizer.tokenize(text, addedTokens: .asTokens)
            #expect(found.ids == line[line.count > 3 ? 3 : 1].integers, "\(text.debugDescription)")
            #expect(Self.places(found) == line[line.count > 3 ? 4 : 2].integers, "\(text.debugDescription)")
        }
    }

    private static func places(_ text: TokenizedText) -> [Int] {
        text.offsets.flatMap { [$0.lowerBound, $0.upperBound] }
    }

    @Test(arguments: names)
    func `keeps its offsets within the text and on the edges of characters`(_ name: String) throws {
        let tokenizer = try TextTokenizer(tokenizerJSON: Golden.bytes(name + ".json"))
        var random = SplitMix(seed: 6)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0..<80, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let utf8 = Array(text.utf8)
            let result = tokenizer.tokenize(text, addedTokens: .asTokens)
            #expect(result.ids.count == result.offsets.count)
            for (id, range) in zip(result.ids, result.offsets) {
                #expect((0..<tokenizer.vocabularySize).contains(id))
                #expect(range.upperBound <= utf8.count)
                #expect(String(validating: utf8[range], as: UTF8.self) != nil)
            }
        }
    }

    @Test(arguments: names)
    func `takes a megabyte in its stride, and nothing`(_ name: String) throws {
        let tokenizer = try TextTokenizer(tokenizerJSON: Golden.bytes(name + ".json"))
        #expect(tokenizer.tokenize("").count == 0)
        #expect(tokenizer.tokenize(String(repeating: "a", count: 1 << 20)).count > 0)
        #expect(tokenizer.tokenize("a" + String(repeating: "\u{301}\u{327}", count: 1 << 18)).count > 0)
        #expect(tokenizer.tokenize(String(repeating: " ", count: 1 << 20)).count <= 1 << 20)
    }

    @Test func `puts the template's tokens around those of a text`() throws {
        let tokenizer = try TextTokenizer(tokenizerJSON: Golden.bytes("wordpiece.json"))
        let cls = try #require(tokenizer.id(ofAddedToken: "[CLS]"))
        let sep = try #require(tokenizer.id(ofAddedToken: "[SEP]"))
        #expect(tokenizer.template.frame([7, 8]) == [cls, 7, 8, sep])
        // What people have written is text, even if it reads like a token.
        #expect(!tokenizer.tokenize("[SEP]").ids.contains(sep))
        #expect(tokenizer.tokenize("[SEP]", addedTokens: .asTokens).ids == [sep])
    }

    static let refused: [(String, String, TokenizerError.Code)] = [
        ("nothing", "", .malformed), ("no object", "[]", .malformed), ("no model", "{}", .malformed),
        ("unknown model", #"{"model":{"type":"Magic","vocab":{"a":0}}}"#, .unsupported),
        ("no vocabulary", #"{"model":{"type":"WordPiece"}}"#, .malformed),
        ("no unknown token", #"{"model":{"type":"WordPiece","vocab":{"a":0}}}"#, .inconsistent),
        ("id twice", #"{"model":{"type":"WordPiece","vocab":{"a":0,"[UNK]":0}}}"#, .inconsistent),
        ("huge id", #"{"model":{"type":"WordPiece","vocab":{"a":4000000000,"[UNK]":0}}}"#, .malformed),
        (
            "unknown normaliser", #"{"model":{"type":"WordPiece","vocab":{"[UNK]":0}},"normalizer":{"type":"Nmt2"}}"#,
            .unsupported
        ),
        (
            "unknown pre-tokenizer",
            #"{"model":{"type":"WordPiece","vocab":{"[UNK]":0}},"pre_tokenizer":{"type":"Digits"}}"#, .unsupported
        ),
        (
            "odd template",
            #"{"model":{"type":"WordPiece","vocab":{"[UNK]":0}},"post_processor":{"type":"TemplateProcessing","single":[]}}"#,
            .unsupported
        ),
        (
            "impossible id in the template",
            #"{"model":{"type":"WordPiece","vocab":{"[UNK]":0}},"post_processor":{"type":"BertProcessing","cls":["a",-1],"sep":["b",2]}}"#,
            .malformed
        ),
        ("Unigram without pieces", #"{"model":{"type":"Unigram","vocab":[]}}"#, .malformed),
        ("Unigram with odd pieces", #"{"model":{"type":"Unigram","vocab":[["a"]],"unk_id":0}}"#, .malformed),
        ("unknown piece out of range", #"{"model":{"type":"Unigram","vocab":[["a",-1]],"unk_id":5}}"#, .malformed),
        (
            "broken character map",
            #"{"model":{"type":"Unigram","vocab":[["a",-1]],"unk_id":0},"normalizer":{"type":"Precompiled","precompiled_charsmap":"AAAAAAA"}}"#,
            .malformed
        ),
    ]

    @Test(arguments: refused) func `refuses what it does not know or can't trust`(
        _ name: String, _ file: String, _ code: TokenizerError.Code
    ) throws {
        let error = #expect(throws: TokenizerError.self) { try TextTokenizer(tokenizerJSON: Array(file.utf8)) }
        #expect(error?.code == code, "\(name): \(String(describing: error))")
    }

    @Test(arguments: names)
    func `survives files that are cut short or changed`(_ name: String) throws {
        let good = try Golden.bytes(name + ".json")
        var random = SplitMix(seed: 9)
        for length in stride(from: 0, to: good.count - 2, by: good.count / 40) {
            #expect(throws: TokenizerError.self) { try TextTokenizer(tokenizerJSON: Array(good[..<length])) }
        }
        for _ in 0..<40 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 32..<127, using: &random)
            }
            if let tokenizer = try? TextTokenizer(tokenizerJSON: bytes) {
                _ = tokenizer.tokenize("Wörd ab  [SEP] 病人 naïve\u{301}", addedTokens: .asTokens)
            }
        }
    }
}
