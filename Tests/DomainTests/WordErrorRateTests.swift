// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@Suite("Word error rate")
struct WordErrorRateTests {
    /// From Tests/Fixtures/word_error_rate.py.
    static let golden: [(reference: String, hypothesis: String, language: String?, errors: Int, count: Int)] = [
        ("Avoid ibuprofen, because she takes warfarin.", "avoid i profen because she take warfarin", "en", 3, 6),
        (
            "And so, my fellow Americans: ask not what your country can do for you. Ask what you can do for your country!",
            "and so my fellow americans as not what your country can do for you as but you can do for your country",
            nil, 3, 22
        ),
        ("one two three", "three two one", nil, 2, 3),
        (
            "It was five hundred milligrams, twice a day.", "was five hundred and milligrams nice a day day", "en-GB",
            4, 8
        ),
        ("a b c d e", "", nil, 5, 5),
        ("a", "a b c d", nil, 3, 1),
        ("布洛芬不合适。", "布洛分 合适吗", "zh-Hans", 3, 6),
        ("くすりをのむ", "くすりのむ", "ja", 1, 6),
    ]

    @Test(arguments: golden.indices) func `agrees with an independent implementation`(index: Int) {
        let example = Self.golden[index]
        let result = WordErrorRate(
            reference: example.reference, hypothesis: example.hypothesis, language: example.language)
        #expect(result.errors == example.errors)
        #expect(result.referenceCount == example.count)
        #expect(result.rate == Double(example.errors) / Double(example.count))
    }

    @Test func `counts characters only where words have no spaces`() {
        #expect(WordErrorRate(reference: "ยา", hypothesis: "ยา", language: "th").unit == .character)
        #expect(WordErrorRate(reference: "약", hypothesis: "약", language: "ko").unit == .word)
        #expect(WordErrorRate(reference: "drug", hypothesis: "drug").unit == .word)
    }

    @Test func `has no rate without a reference`() {
        #expect(WordErrorRate(reference: "", hypothesis: "hello").rate == nil)
        #expect(WordErrorRate(reference: " - ", hypothesis: "...").rate == 0)
    }
}

@Suite("Text normalisation")
struct TextNormalizationTests {
    @Test(arguments: [
        ("Don’t STOP!", ["don't", "stop"]),
        ("'quoted' students' work", ["quoted", "students", "work"]),
        ("well-known and/or 3.5 mg", ["well", "known", "and", "or", "3.5", "mg"]),
        ("Take 1,000. Then 2, 3.", ["take", "1,000", "then", "2", "3"]),
        ("5% or 5 % at 37°C, < 3", ["5", "%", "or", "5", "%", "at", "37", "°", "c", "<", "3"]),
        ("soft\u{AD}hyphen naïve", ["softhyphen", "naïve"]),
        ("nai\u{308}ve", ["naïve"]),
        ("… — !", []),
        ("", []),
    ])
    func `keeps what is spoken`(text: String, words: [String]) {
        #expect(TextNormalization.words(of: text) == words)
    }
}
