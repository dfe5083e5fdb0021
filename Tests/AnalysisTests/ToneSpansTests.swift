// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TestRandom
import Testing

@testable import Analysis

@Suite struct `Stretches whose tone is read` {
    static func typed(_ text: String, _ language: String = "en") throws -> ToneSpans {
        try Samples.analyzer.get().toneSpans(of: text, TextLanguage(language))
    }

    static func spoken(_ text: String, gap: (String) -> Int = { _ in 50 }) throws -> ToneSpans {
        try Samples.analyzer.get().toneSpans(of: Samples.transcript(text, gap: gap).words, .english)
    }

    @Test func `are the sentences of a punctuated text`() throws {
        let spans = try Self.typed(Samples.pharmacy)
        #expect(spans.spans.count == 8 && !spans.areClauses)
        #expect(spans.spans.first?.text == "So first I would ask about allergies and other medicines.")
    }

    @Test func `end at empty lines`() throws {
        let spans = try Self.typed("it was lovely\n\n\ni hated the wait\r\n\r\nand that is\nall")
        #expect(spans.spans.map(\.text) == ["it was lovely", "i hated the wait", "and that is all"])
        #expect(spans.spans.map(\.words) == [0..<3, 3..<7, 7..<11])
    }

    @Test func `are clauses where nothing shows the sentences, cut where clauses begin`() throws {
        let text = Samples.unpunctuated(
            "I love this job, but the computer is slow today. So first I would ask about allergies, because she takes "
                + "warfarin. Then I would call the doctor and explain it.")
        let spans = try Self.typed(text)
        #expect(spans.areClauses)
        #expect(
            spans.spans.map(\.text) == [
                "i love this job", "but the computer is slow today", "so first i would ask about allergies",
                "because she takes warfarin", "then i would call the doctor and explain it",
            ])
    }

    @Test func `are cut at pauses where words have times`() throws {
        let text =
            "take one tablet of the white ones in the morning the blue ones are for the night you need both of them"
        let spans = try Self.spoken(text) { ["morning", "night"].contains($0) ? 400 : 40 }
        #expect(spans.areClauses)
        #expect(
            spans.spans.map(\.text) == [
                "take one tablet of the white ones in the morning", "the blue ones are for the night",
                "you need both of them",
            ])
        #expect(spans.spans.map(\.words) == [0..<10, 10..<17, 17..<22])
    }

    @Test func `of a short answer without marks are one`() throws {
        let spans = try Self.typed("it was lovely but i hated the wait")
        #expect(spans.spans.count == 1 && !spans.areClauses)
    }

    @Test func `of a very long sentence are its clauses`() throws {
        let people = ["she", "he", "my aunt", "your boss", "Ann", "the nurse", "Tom", "Eve", "a friend", "Joe"]
        let text = people.map { "\($0) is kind and warm today, " }.joined() + "and so on. This is short."
        let spans = try Self.typed(text)
        #expect(spans.spans.count > 3 && !spans.areClauses)
        #expect(spans.spans.last?.text == "This is short.")
        #expect(spans.spans.dropLast(2).allSatisfy { $0.text.hasSuffix(",") })
    }

    @Test(arguments: UInt64(1)...20)
    func `hold every word once, in order, within their limits`(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let words = [
            "and", "but", "tablet", "so", "warfarin", "i", "take", "5-10", "um", "the", "the", "pain", "because",
        ]
        let text = (0..<Int.random(in: 1...300, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
        for language in ["en", "de", "xx"] {
            let spans = try Self.typed(text.joined(separator: " "), language)
            #expect(zip(spans.spans, spans.spans.dropFirst()).allSatisfy { $0.words.upperBound <= $1.words.lowerBound })
            if spans.spans.count > 1 {
                #expect(spans.spans.allSatisfy { $0.wordCount <= ToneSpans.most })
                // A piece of two words ("5-10") counts as one here, so a clause may seem shorter.
                #expect(spans.spans.allSatisfy { $0.wordCount * 2 >= ToneSpans.fewest })
            }
        }
    }

    @Test(arguments: ["", " \n\n ", "...", "\n\n\n", "um", "😀"])
    func `of hardly anything are none or one`(text: String) throws {
        #expect(try Self.typed(text).spans.count <= 1)
    }
}
