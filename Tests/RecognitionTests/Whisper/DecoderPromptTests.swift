// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TestRandom
import Testing

@testable import Recognition

@Suite("DecoderPrompt")
struct DecoderPromptTests {
    /// A token for each word and each mark.
    private func count(_ text: String) -> Int {
        text.split(separator: " ").count + text.count(where: { $0 == "," || $0 == "." })
    }

    private func prompt(_ terms: [String], _ previous: String, room: Int) -> DecoderPrompt {
        DecoderPrompt(terms: terms, previous: previous, room: room, count: count)
    }

    @Test func `has the terms, then what was said before`() {
        #expect(prompt([], "", room: 9).text == "")
        #expect(prompt(["warfarin", "naproxen"], "", room: 9).text == "warfarin, naproxen")
        #expect(prompt([], "She takes  two.", room: 9).text == "She takes  two.")
        let both = prompt(["warfarin", "naproxen"], "She takes two.", room: 9)
        #expect(both.text == "warfarin, naproxen. She takes two." && both.warnings.isEmpty)
    }

    @Test func `keeps the terms and the end of the text, and says what it left out`() {
        let both = prompt(["warfarin", "naproxen"], "one two three four five six", room: 8)
        #expect(both.text == "warfarin, naproxen. three four five six")
        #expect(both.warnings == ["The model has room for the last 4 of the prompt's 6 words."])
        let terms = prompt((0..<10).map { "term\($0)" }, "one two", room: 7)
        #expect(terms.text == "term0, term1, term2, term3")
        #expect(
            terms.warnings == [
                "The model has room for 4 of the 10 keywords; the others were not used.",
                "The model has no room for the prompt beside the keywords.",
            ])
        let none = prompt(["warfarin"], "one", room: 0)
        #expect(none.text == "" && none.warnings.count == 2)
    }

    @Test func `never exceeds the room and never leaves out what fits`() {
        var random = SplitMix(seed: 5)
        for _ in 0..<300 {
            let terms = (0..<Int.random(in: 0...12, using: &random)).map { "t\($0)" }
            let words = (0..<Int.random(in: 0...30, using: &random)).map { "w\($0)" }
            let room = Int.random(in: 0...60, using: &random)
            let made = prompt(terms, words.joined(separator: " "), room: room)
            #expect(count(made.text) <= room)
            let whole = [terms.joined(separator: ", "), words.joined(separator: " ")].filter { !$0.isEmpty }
                .joined(separator: ". ")
            #expect(made.warnings.isEmpty == (made.text == whole))
            #expect(count(whole) > room || made.text == whole)
        }
    }
}
