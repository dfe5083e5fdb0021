// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@testable import Recognition

@Suite("Spoken words")
struct SpokenWordsTests {
    private func words(_ names: String, posterior: Double? = 0.5) -> [Word] {
        let tokens = names.split(separator: " ").enumerated().map { index, name in
            SphinxToken(name: String(name), frames: index * 20..<index * 20 + 20, posterior: posterior)
        }
        return SpokenWords.words(from: tokens, duration: 100_000)
    }

    @Test func `leaves out silence and noises, and keeps their time free`() {
        let words = words("<s> <sil> she [NOISE] takes ++UM++ it [SPEECH] </s>")
        #expect(words.map(\.text) == ["she", "takes", "it"])
        #expect(words.map(\.start) == [400, 800, 1200])
        #expect(words.map(\.end) == [600, 1000, 1400])
    }

    @Test(arguments: [
        ("read(2)", "read"), ("the(12)", "the"), ("i", "I"), ("i'm(2)", "I'm"), ("it", "it"), ("don't", "don't"),
    ])
    func `writes dictionary entries as words`(entry: String, text: String) {
        #expect(SpokenWords.spelling(of: entry) == text)
    }

    @Test func `marks filled pauses`() {
        #expect(words("um she uh takes").map(\.kind) == [.filler, .word, .filler, .word])
    }

    @Test func `marks the second of two equal words, also across a filled pause`() {
        #expect(words("the(2) the um the dose").map(\.kind) == [.word, .repeat, .filler, .repeat, .word])
    }

    @Test func `takes digits and emphasis as meant`() {
        #expect(words("five five very very no no").allSatisfy { $0.kind == .word })
    }

    @Test func `confidence grows with the posterior and stays a probability`() {
        var last = 0.0
        for step in -1...21 {
            let confidence = SpokenWords.confidence(Double(step) / 20)
            #expect((0...1).contains(confidence) && confidence >= last)
            last = confidence
        }
        #expect(SpokenWords.confidence(.nan).isFinite)
        #expect(words("she", posterior: nil).first?.confidence == nil)
    }

    @Test func `no word ends after the recording`() {
        let token = SphinxToken(name: "end", frames: 90..<110, posterior: 1)
        #expect(SpokenWords.words(from: [token], duration: 1004).map(\.end) == [1004])
    }
}
