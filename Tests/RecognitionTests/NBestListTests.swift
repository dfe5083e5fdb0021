// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import Testing

@testable import Recognition

@Suite("NBestList")
struct NBestListTests {
    private func list(_ texts: [(text: String, probability: Double)]) -> NBestList {
        NBestList(
            segments: 0..<1,
            hypotheses: texts.map {
                .init(
                    text: $0.text, words: $0.text.split(separator: " ").map(String.init),
                    logProbability: log($0.probability) - 7)
            })
    }

    @Test func `says how probable each text is among those of the list`() {
        let probabilities = list([("a", 0.4), ("b", 0.1)]).probabilities
        #expect(abs(probabilities[0] - 0.8) < 1e-9 && abs(probabilities[1] - 0.2) < 1e-9)
        let hopeless = NBestList(
            segments: 0..<1, hypotheses: [.init(text: "a", words: ["a"], logProbability: -9_000)])
        #expect(hopeless.probabilities == [1])
    }

    @Test func `puts what others say in the place of each word, and adds up who agree`() {
        let words = list([
            ("Take one tablet.", 0.5), ("take two tablets", 0.2), ("Take too tablets", 0.1), ("Take tablet.", 0.1),
            ("please take one tablet", 0.1),
        ]).wordAlternatives
        #expect(words.map { $0.map(\.word) } == [[], ["two", "", "too"], ["tablets"]])
        #expect(abs(words[2][0].probability - 0.3) < 1e-9)
    }
}
