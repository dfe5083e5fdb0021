// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TestRandom
import Testing

@Suite("Other words that may have been said")
struct TranscriptVariantTests {
    private static func transcript(_ lines: String...) -> Transcript {
        var start = 0
        return Transcript(
            language: "en",
            segments: lines.map { line in
                let words = line.split(separator: " ").map { word in
                    defer { start += 400 }
                    return Word(text: String(word), start: start, end: start + 300, confidence: 0.9)
                }
                return Segment(start: words.first?.start ?? 0, end: start, text: line, words: words)
            })
    }

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    @Test func `keeps what a recogniser considered as changes to what it wrote`() {
        let list = HeardAlternatives(
            texts: [
                (Self.words("You can give fifteen milligrams."), 0.6),
                (Self.words("You can give 50 milligrams."), 0.2),
                (Self.words("you can give fifteen milligrams"), 0.1),
                (Self.words("You can't give fifteen milligrams, no."), 0.06),
                (Self.words("You can give 50 milligrams"), 0.03),
                (Self.words("Can give fifteen milligrams."), 0.005),
            ], from: 10)
        #expect(list.readings.count == 2)
        #expect(list.readings[0].changes == [.init(words: 13..<14, text: ["50"])])
        #expect(abs(list.readings[0].probability - 0.23) < 1e-12)
        #expect(
            list.readings[1].changes == [
                .init(words: 11..<12, text: ["can't"]), .init(words: 15..<15, text: ["no."]),
            ])
    }

    @Test func `keeps the most probable ones of many`() {
        let lists = (0..<150).map { index in
            HeardAlternatives(
                readings: (0..<2).map {
                    .init(
                        probability: 0.9 / Double(1 + index + 40 * $0),
                        changes: [.init(words: index..<(index + 1), text: ["x"])])
                })
        }
        let kept = lists.bounded
        #expect(kept.reduce(0) { $0 + $1.readings.count } == HeardAlternatives.most)
        #expect(kept.first?.readings.count == 2 && kept.last?.readings.count == 1)
    }

    @Test func `puts alternatives in the place of what was written`() throws {
        let transcript = Self.transcript("you can give fifteen", "milligrams a day")
        let list = HeardAlternatives(
            readings: [
                .init(
                    probability: 0.2,
                    changes: [.init(words: 3..<4, text: ["fifty", "whole"]), .init(words: 7..<7, text: ["no"])]),
                .init(probability: 0.1, changes: [.init(words: 0..<2, text: [])]),
            ])
        let variants = TranscriptVariant.variants(of: transcript, recognised: transcript, alternatives: [list])
        #expect(
            variants.map(\.transcript.text) == [
                "you can give fifty whole milligrams a day no", "give fifteen milligrams a day",
            ])
        #expect(variants[0].transcript.segments.map(\.words.count) == [5, 4])
        #expect(variants[0].transcript.words.map(\.start) == variants[0].transcript.words.map(\.start).sorted())
        #expect(variants[0].differences.map(\.instead) == [3..<5, 8..<9])
        #expect(variants[1].differences.map(\.words) == [0..<2])
    }

    @Test func `leaves alone what a person has changed or confirmed`() {
        let recognised = Self.transcript("you can give fifteen milligrams a day")
        let list = HeardAlternatives(
            readings: [.init(probability: 0.2, changes: [.init(words: 3..<4, text: ["fifty"])])])
        func texts(_ transcript: Transcript) -> [String] {
            TranscriptVariant.variants(of: transcript, recognised: recognised, alternatives: [list])
                .filter { $0.source == .alternative }.map(\.transcript.text)
        }
        #expect(
            texts(recognised.edited(to: "well you can give fifteen milligrams")) == [
                "well you can give fifty milligrams"
            ])
        #expect(texts(recognised.edited(to: "you can give sixteen milligrams a day")).isEmpty)
        #expect(texts(recognised.confirmed).isEmpty)
    }

    @Test func `puts back what somebody changed who does not mark the answer`() {
        let recognised = Self.transcript("do not give ibuprofen.", "It is fine with warfarin.")
        func restored(_ transcript: Transcript) -> String? {
            TranscriptVariant.variants(of: transcript, recognised: recognised, alternatives: []).first?.transcript.text
        }
        for text in [
            "do not give ibuprofen.", "do give ibuprofen. It is fine with warfarin.", "",
            "do not. Give ibuprofen. It is not fine with warfarin.", "something else",
            "do not give ibuprofen. It is fine with warfarin. Or so.",
        ] {
            #expect(restored(recognised.edited(to: text, duration: 4_000)) == recognised.text, "\(text)")
        }
        #expect(restored(recognised) == nil)
        // A marker has heard it.
        let edited = recognised.edited(to: "do not give ibuprofen.")
        let confirmed = edited.edited(from: recognised, sentences: [0..<4], isByMarker: true)
        #expect(restored(confirmed) == nil)
    }

    @Test func `puts any edit back`() {
        var generator = SplitMix(seed: 7)
        let vocabulary = ["a", "b", "c", "d.", "E"]
        for _ in 0..<300 {
            func text() -> String {
                (0..<Int.random(in: 1...9, using: &generator)).map { _ in
                    vocabulary[Int.random(in: 0..<5, using: &generator)]
                }.joined(separator: " ")
            }
            let recognised = Self.transcript(text(), text())
            let edited = recognised.edited(to: text() + "\n" + text(), duration: 9_000)
            let variants = TranscriptVariant.variants(of: edited, recognised: recognised, alternatives: [])
            #expect((variants.first?.transcript ?? edited).text == recognised.text)
            for variant in variants {
                for difference in variant.differences {
                    #expect(difference.words.upperBound <= edited.words.count)
                    #expect(difference.instead.upperBound <= variant.transcript.words.count)
                }
            }
        }
    }
}
