// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import TestRandom
import Testing
import Tokenizers

@Suite("ByteLevelBPE")
struct ByteLevelBPETests {
    let tokenizer: ByteLevelBPE

    init() throws { tokenizer = try Golden.tokenizer.get() }

    @Test func `encodes 2500 varied texts to the reference's ids, with and without added tokens`() throws {
        let lines = try Golden.lines("encoded.jsonl")
        #expect(lines.count == 2500)
        for line in lines {
            let text = try #require(line[0].string)
            #expect(tokenizer.encode(text) == line[1].integers, "\(text.debugDescription)")
            let special = line.count > 2 ? line[2] : line[1]
            #expect(tokenizer.encode(text, addedTokens: .asTokens) == special.integers, "\(text.debugDescription)")
        }
    }

    @Test func `gives every text back unchanged`() throws {
        for line in try Golden.lines("encoded.jsonl") {
            let text = try #require(line[0].string)
            #expect(tokenizer.decode(line[1].integers).utf8.elementsEqual(text.utf8))
        }
    }

    @Test func `decodes random ids to the reference's text, at once and one by one`() throws {
        for line in try Golden.lines("decoded.jsonl") {
            let ids = line[0].integers
            for skips in [false, true] {
                let expected = try #require((skips ? line.last : line[1])?.string)
                let text = tokenizer.decode(ids, skippingSpecialTokens: skips)
                #expect(text.utf8.elementsEqual(expected.utf8), "\(ids)")
                var decoder = IncrementalDecoder(tokenizer, skippingSpecialTokens: skips)
                var parts = ids.map { decoder.append($0) }
                parts.append(decoder.finish())
                #expect(parts.joined().utf8.elementsEqual(expected.utf8), "\(ids)")
            }
        }
    }

    @Test func `joins to the same text wherever bytes are cut`() {
        // Every pair and some longer runs of bytes that begin or continue characters, well formed or not.
        let bytes: [UInt8] = [
            0x41, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
        ]
        let ids = bytes.compactMap { byte in (0..<256).first { tokenizer.bytes(of: $0) == [byte] } }
        #expect(ids.count == bytes.count)
        var runs = ids.flatMap { first in ids.map { [first, $0] } }
        runs += runs.flatMap { run in ids.map { run + [$0] } }
        for run in runs {
            var decoder = IncrementalDecoder(tokenizer)
            let parts = run.map { decoder.append($0) } + [decoder.finish()]
            #expect(parts.joined() == tokenizer.decode(run))
        }
        // Nothing is held back that can't become a character any more (Unicode Standard, table 3-7).
        for (lead, next): (UInt8, UInt8) in [
            (0xED, 0xA0), (0xE0, 0x80), (0xF0, 0x80), (0xF4, 0x90), (0xC1, 0x80), (0xF5, 0x80), (0x80, 0x80),
        ] {
            var decoder = IncrementalDecoder(tokenizer)
            let parts = [lead, next].map { byte in
                decoder.append((0..<256).first { tokenizer.bytes(of: $0) == [byte] } ?? 0)
            }
            #expect(parts.joined() == "\u{FFFD}\u{FFFD}")
        }
    }

    @Test func `never shows half a character while decoding one by one`() {
        var decoder = IncrementalDecoder(tokenizer)
        let parts = tokenizer.encode("病 👩‍⚕️ ქართული").map { decoder.append($0) }
        #expect(!parts.joined().contains("\u{FFFD}"))
        #expect(decoder.finish().isEmpty)
        let half = tokenizer.encode("\u{10348}")
        #expect(half.count > 1)
        #expect(decoder.append(half[0]).isEmpty)
        #expect(decoder.finish() == "\u{FFFD}")
    }

    @Test func `finds added tokens that strip, stand alone or overlap as the reference does`() throws {
        let golden = try Golden.json("added.json")
        var file = try #require(
            try JSONValue(
                parsing: Golden.bytes("tokenizer.json"), limits: JSONLimits(bytes: 1 << 20, stringBytes: 1 << 10)
            ).object)
        file["added_tokens"] = golden["added_tokens"]
        let tokenizer = try ByteLevelBPE(tokenizerJSON: JSONValue.object(file).utf8)
        for line in try #require(golden["cases"]?.array) {
            let text = try #require(line.array?[0].string)
            let ids = try #require(line.array?[1].integers)
            #expect(tokenizer.encode(text, addedTokens: .asTokens) == ids, "\(text.debugDescription)")
        }
    }

    @Test func `reads vocab.json with merges.txt to the same tokenizer`() throws {
        let file = try JSONValue(
            parsing: Golden.bytes("tokenizer.json"), limits: JSONLimits(bytes: 1 << 20, stringBytes: 1 << 10))
        let merges = try #require(file["model"]?["merges"]?.array).map { pair in
            (pair.array ?? []).compactMap(\.string).joined(separator: " ")
        }
        var added = JSONObject()
        for token in try #require(file["added_tokens"]?.array).prefix(60) {
            added[try #require(token["content"]?.string)] = token["id"]
        }
        let map: JSONValue = [
            "eos_token": "<|endoftext|>", "additional_special_tokens": ["<|en|>", ["content": "<|de|>"]], "x": 3,
        ]
        let other = try ByteLevelBPE(
            vocabJSON: try #require(file["model"]?["vocab"]).utf8,
            mergesText: Array(("#version: 0.2\n" + merges.joined(separator: "\r\n") + "\n").utf8),
            addedTokensJSON: JSONValue.object(added).utf8, specialTokensMapJSON: map.utf8)
        #expect(other.isSpecial(try #require(other.id(ofAddedToken: "<|en|>"))))
        #expect(!other.isSpecial(try #require(other.id(ofAddedToken: "<|fr|>"))))
        for line in try Golden.lines("encoded.jsonl").prefix(500) {
            #expect(other.encode(try #require(line[0].string)) == line[1].integers)
        }
        let ids = other.encode("<|endoftext|>a<|en|><|de|>", addedTokens: .asTokens)
        #expect(ids.count == 4)
        #expect(other.decode(ids, skippingSpecialTokens: true) == "a")
    }

    @Test func `takes a long word in its stride`() {
        // Merged by a search from end to end for every merge, this would be 10^10 steps.
        let count = 100_000
        let ids = tokenizer.encode(String(repeating: "a", count: count))
        #expect(tokenizer.decode(ids).utf8.count == count)
    }

    @Test func `merges long words as it merges short ones`() throws {
        // A long word takes the heap, a short one the search; blanks make the long one out of short ones.
        var random = SplitMix(seed: 4)
        for _ in 0..<100 {
            let letters = (0..<200).map { _ in ["a", "b", "e", "t", "h", "é"].randomElement(using: &random) ?? "a" }
            let word = letters.joined()
            let long = tokenizer.encode(word)
            #expect(long == naive(word))
        }
    }

    /// The definition: join the leftmost pair of the lowest rank until there is none.
    private func naive(_ word: String) -> [Int] {
        var parts = word.utf8.map { [$0] }
        let ranks = Dictionary(uniqueKeysWithValues: (0..<2256).map { (tokenizer.bytes(of: $0), $0) })
        while true {
            let places = parts.indices.dropLast().compactMap { place in
                ranks[parts[place] + parts[place + 1]].map { (rank: $0, place: place) }
            }
            guard let best = places.min(by: { $0 < $1 }) else { break }
            parts[best.place] += parts.remove(at: best.place + 1)
        }
        return parts.compactMap { ranks[$0] }
    }

    @Test func `leaves ids out that it does not know`() {
        #expect(tokenizer.decode([-1, .min, .max, 1 << 40, 70, 4000]) == tokenizer.decode([70]))
        #expect(tokenizer.bytes(of: -5).isEmpty)
        #expect(tokenizer.encode("").isEmpty)
    }
}
