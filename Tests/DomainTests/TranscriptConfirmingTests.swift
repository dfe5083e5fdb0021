// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@Suite("Words that are confirmed by listening")
struct TranscriptConfirmingTests {
    private static let heard: Transcript = {
        let words = "No ibuprofen please. Take paracetamol today.".split(separator: " ").enumerated().map {
            Word(text: String($1), start: $0 * 100, end: $0 * 100 + 90, confidence: 0.3)
        }
        return Transcript(
            language: "en",
            segments: [
                Segment(start: 0, end: 290, text: "No ibuprofen please.", words: Array(words[..<3])),
                Segment(start: 300, end: 590, text: "Take paracetamol today.", words: Array(words[3...])),
            ])
    }()

    private static func confirmed(_ transcript: Transcript) -> [Bool] { transcript.words.map(\.isConfirmed) }

    private static func edit(
        _ before: Transcript, _ text: String, _ sentences: [Range<Int>], isByMarker: Bool
    ) -> Transcript {
        before.edited(to: text).edited(from: before, sentences: sentences, isByMarker: isByMarker)
    }

    @Test func `a confirmation keeps everything else, and credit rests on it whoever wrote the word`() {
        let confirmed = Self.heard.confirmed
        #expect(Self.confirmed(confirmed) == Array(repeating: true, count: 6))
        #expect(confirmed.words.map(\.confidence) == Self.heard.words.map(\.confidence))
        #expect(confirmed.text == Self.heard.text && Self.confirmed(Self.heard).allSatisfy { !$0 })
        var word = Word(text: "w", start: 0, end: 1, confidence: 0.3, kind: .edited)
        #expect(word.asConfirmed == word)
        word.isConfirmed = true
        #expect(word.asConfirmed.confidence == 1 && word.asConfirmed.kind == .word)
        word.kind = .filler
        #expect(word.asConfirmed.kind == .filler)
    }

    @Test func `a marker's correction confirms its sentences, also where words are only gone`() {
        let changed = Self.edit(
            Self.heard, "No ibuprofen please.\nTake aspirin today.", [0..<3, 3..<6], isByMarker: true)
        #expect(Self.confirmed(changed) == [false, false, false, true, true, true])
        let shorter = Self.edit(Self.heard, "No ibuprofen please.\nTake today.", [0..<3, 3..<5], isByMarker: true)
        #expect(Self.confirmed(shorter) == [false, false, false, true, true])
        let first = Self.edit(
            Self.heard, "ibuprofen please.\nTake paracetamol today.", [0..<2, 2..<5], isByMarker: true)
        #expect(Self.confirmed(first) == [true, true, false, false, false])
        let nothing = Self.edit(Self.heard, "", [], isByMarker: true)
        #expect(nothing.words.isEmpty)
        let same = Self.edit(
            Self.heard, "No ibuprofen please.\nTake paracetamol today.", [0..<3, 3..<6], isByMarker: true)
        #expect(Self.confirmed(same).allSatisfy { !$0 })
    }

    @Test func `what anybody else changes is not confirmed any more`() {
        let changed = Self.edit(
            Self.heard.confirmed, "ibuprofen please.\nTake paracetamol today.", [0..<2, 2..<5], isByMarker: false)
        #expect(Self.confirmed(changed) == [false, false, true, true, true])
    }
}
