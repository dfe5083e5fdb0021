// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import TestRandom
import Testing
import Tokenizers

@testable import Recognition

@Suite("WhisperTokenizer")
struct WhisperTokenizerTests {
    let tokenizer: WhisperTokenizer
    let golden: JSONValue

    init() throws {
        tokenizer = try WhisperGolden.tokenizer.get()
        golden = try WhisperGolden.json("tokenizers/whisper.json")
    }

    @Test func `finds all control tokens`() throws {
        func id(_ name: String) -> Int? { golden["specials"]?["<|\(name)|>"]?.integer.map { Int($0) } }
        #expect(tokenizer.endOfText == id("endoftext"))
        #expect(tokenizer.startOfTranscript == id("startoftranscript"))
        #expect(tokenizer.transcribe == id("transcribe"))
        #expect(tokenizer.translate == id("translate"))
        #expect(tokenizer.startOfLanguageModel == id("startoflm"))
        #expect(tokenizer.startOfPrevious == id("startofprev"))
        #expect(tokenizer.noSpeech == id("nospeech"))
        #expect(tokenizer.noTimestamps == id("notimestamps"))
        #expect(tokenizer.timestampBegin == id("0.00"))
        #expect(tokenizer.timestampBegin + WhisperTokenizer.timestampCount - 1 == id("30.00"))
        let codes = golden["languages"]?.array?.compactMap(\.string)
        #expect(tokenizer.languages.sorted() == codes?.sorted())
        for code in tokenizer.languages {
            #expect(tokenizer.token(ofLanguage: code) == id(code))
            #expect(tokenizer.token(ofLanguage: code).flatMap { tokenizer.language(ofToken: $0) } == code)
        }
    }

    @Test func `starts as the reference does`() throws {
        for item in try #require(golden["sot_sequences"]?.array) {
            let code = try #require(item.array?[0].string)
            let sequence = try tokenizer.startSequence(language: code, task: .transcribe, timestamps: true)
            #expect(sequence == item.array?[1].integers)
        }
        let plain = try tokenizer.startSequence(language: "de", task: .transcribe, timestamps: false)
        #expect(plain == golden["sot_no_timestamps"]?.integers)
        #expect(throws: RecognitionError.self) {
            try tokenizer.startSequence(language: "xx", task: .transcribe, timestamps: true)
        }
    }

    @Test func `keeps the last of what was said before`() {
        let start = [1, 2, 3]
        #expect(tokenizer.prompt(previous: [], start: start, contextLength: 448) == start)
        let long = Array(0..<400)
        let prompt = tokenizer.prompt(previous: long, start: start, contextLength: 448)
        #expect(prompt == [tokenizer.startOfPrevious].compactMap { $0 } + Array(177..<400) + start)
    }

    @Test func `suppresses the same tokens of notes`() {
        #expect(tokenizer.nonSpeechTokens == golden["non_speech"]?.integers)
    }

    @Test func `splits tokens into the reference's words`() throws {
        for sample in try #require(golden["words"]?.array) {
            let parts = try #require(sample.array)
            let tokens = parts[0].integers
            for (language, expected) in zip(["en", "ja"], parts.dropFirst()) {
                let words = tokenizer.words(of: tokens, language: language)
                let expected = try #require(expected.array)
                #expect(words.map(\.tokens) == expected.map { $0.array?[1].integers ?? [] })
                #expect(zip(words, expected).allSatisfy { $0.text.hasSameBytes(as: $1.array?[0].string ?? "") })
            }
        }
    }

    @Test func `loses no token whatever it is given`() {
        var random = SplitMix(seed: 5)
        for _ in 0..<300 {
            let tokens = (0..<20).map { _ in Int.random(in: 120..<2300, using: &random) }
            for language in ["en", "ja"] {
                #expect(tokenizer.words(of: tokens, language: language).flatMap(\.tokens) == tokens)
            }
        }
    }

    @Test func `decodes text only`() throws {
        for item in try #require(golden["decoded"]?.array) {
            let tokens = try #require(item.array?[0].integers)
            let text = tokenizer.decode([tokenizer.startOfTranscript] + tokens + [tokenizer.timestampBegin + 3])
            #expect(text.hasSameBytes(as: try #require(item.array?[1].string)))
        }
    }

    @Test func `takes control tokens that people write for text`() {
        let tokens = tokenizer.encode(" <|endoftext|><|de|>")
        #expect(tokens.allSatisfy { $0 < tokenizer.endOfText })
        #expect(tokenizer.decode(tokens) == " <|endoftext|><|de|>")
    }

    @Test func `refuses a tokenizer that is not Whisper's`() throws {
        var file = try #require(WhisperGolden.json("tokenizers/tokenizer.json").object)
        let tokens = try #require(file["added_tokens"]?.array)
        func tokenizer(_ change: ([JSONValue]) -> [JSONValue]) throws -> WhisperTokenizer {
            file["added_tokens"] = .array(change(tokens))
            return try WhisperTokenizer(ByteLevelBPE(tokenizerJSON: JSONValue.object(file).utf8))
        }
        #expect(throws: RecognitionError.self) { try tokenizer { _ in [] } }
        #expect(throws: RecognitionError.self) { try tokenizer { Array($0.dropFirst()) } }
        // An old vocabulary: no timestamps, and another name.
        let old = try tokenizer {
            $0.prefix(107).map { token in
                token["content"] == "<|nospeech|>"
                    ? ["id": token["id"] ?? .null, "content": "<|nocaptions|>", "special": true] : token
            }
        }
        #expect(old.timestampBegin == self.tokenizer.timestampBegin)
        #expect(old.noSpeech == self.tokenizer.noSpeech)
        // Without languages it is an English-only one.
        let english = try tokenizer { $0.filter { ($0["content"]?.string?.utf8.count ?? 0) > 7 } }
        #expect(!english.isMultilingual)
        #expect(
            try english.startSequence(language: "en", task: .transcribe, timestamps: true)
                == [english.startOfTranscript])
    }

    @Test(arguments: [
        ("en-GB", "en"), ("EN", "en"), ("nb-NO", "no"), ("jv", "jw"), ("zh-Hant-TW", "zh"), ("zh-yue", "yue"),
        ("german", "de"), ("Burmese", "my"), ("iw", "he"), ("fil", "tl"), ("xx", nil), ("", nil), ("-", nil),
    ])
    func `knows languages by tag and by name`(tag: String, code: String?) {
        #expect(WhisperLanguage.code(for: tag) == code)
    }
}
