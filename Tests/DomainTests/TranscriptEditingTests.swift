// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TestRandom
import Testing

@Suite("Transcript editing")
struct TranscriptEditingTests {
    private let original = Transcript(
        language: "en", languageProbability: 0.9,
        segments: [
            Segment(
                start: 0, end: 2000, text: "avoid i profen because",
                words: [
                    Word(text: "avoid", start: 100, end: 500, confidence: 0.9),
                    Word(text: "i", start: 500, end: 600, confidence: 0.2),
                    Word(text: "profen", start: 600, end: 1100, confidence: 0.3),
                    Word(text: "because", start: 1200, end: 1800, confidence: 0.8),
                ]),
            Segment(
                start: 3000, end: 5000, text: "um she she takes it",
                words: [
                    Word(text: "um", start: 3000, end: 3300, confidence: 0.7, kind: .filler),
                    Word(text: "she", start: 3400, end: 3600, confidence: 0.6),
                    Word(text: "she", start: 3700, end: 3900, confidence: 0.6, kind: .repeat),
                    Word(text: "takes", start: 4000, end: 4400, confidence: 0.95),
                    Word(text: "it", start: 4500, end: 4700, confidence: 0.5),
                ]),
        ])

    @Test func `keeps unchanged words and gives replaced ones the time of what they replace`() {
        let edited = original.edited(to: "avoid ibuprofen because um she she takes it")
        #expect(edited.segments.count == 2)
        #expect(edited.words[0] == original.words[0])
        #expect(
            edited.words[1]
                == Word(text: "ibuprofen", start: 500, end: 1100, kind: .edited, timing: .interpolated))
        #expect(Array(edited.words[2...]) == Array(original.words[3...]))
        #expect(edited.segments[0].text == "avoid ibuprofen because")
        #expect(edited.segments[0].start == 0 && edited.segments[0].end == 2000)
        #expect(edited.segments[1] == original.segments[1])
        #expect(edited.language == "en" && edited.languageProbability == 0.9)
    }

    @Test func `writing the same text changes nothing`() {
        #expect(original.edited(to: original.text) == original)
        #expect(original.edited(to: original.lines) == original)
        #expect(original.edited(to: "  " + original.lines + "\r\n\r\n") == original)
    }

    @Test func `case and punctuation leave the time as it was`() {
        let edited = original.edited(to: "Avoid I profen, because:\nUm, she she takes it.")
        #expect(edited.text == "Avoid I profen, because: Um, she she takes it.")
        for (new, old) in zip(edited.words, original.words) {
            #expect(new.start == old.start && new.end == old.end)
            #expect(new.confidence == old.confidence && new.kind == old.kind && new.timing == .recognised)
        }
    }

    @Test func `spreads inserted words over the gap in proportion to their length`() {
        let edited = original.edited(to: "avoid i profen strictly so because um she she takes it")
        #expect(edited.words[3] == Word(text: "strictly", start: 1100, end: 1180, kind: .edited, timing: .interpolated))
        #expect(edited.words[4] == Word(text: "so", start: 1180, end: 1200, kind: .edited, timing: .interpolated))
    }

    @Test func `a repetition without its twin is a plain word`() {
        let edited = original.edited(to: "avoid i profen because um she takes it")
        #expect(edited.words.allSatisfy { $0.kind != .repeat })
    }

    @Test func `lines become segments`() {
        let edited = original.edited(to: "avoid i\nprofen because um\n\nshe she takes it")
        #expect(edited.segments.map(\.text) == ["avoid i", "profen because um", "she she takes it"])
        #expect(edited.segments.map(\.start) == [0, 600, 3400])
        #expect(edited.segments.map(\.end) == [600, 3300, 5000])
    }

    @Test func `takes an empty text, and text for an empty transcript`() {
        #expect(original.edited(to: " \n ").segments.isEmpty)
        let empty = Transcript(language: nil, segments: [])
        let written = empty.edited(to: "no words were\nheard", duration: 2000)
        #expect(written.text == "no words were heard")
        #expect(written.segments.count == 2)
        #expect(written.words.first?.start == 0 && written.words.last?.end == 2000)
        #expect(
            empty.edited(to: "hello").words == [
                Word(text: "hello", start: 0, end: 0, kind: .edited, timing: .interpolated)
            ])
    }

    @Test func `edits Chinese by characters`() {
        let chinese = Transcript(
            language: "zh",
            segments: [
                Segment(
                    start: 0, end: 900, text: "布洛分不合适。",
                    words: [
                        Word(text: "布洛分", start: 0, end: 300, confidence: 0.5),
                        Word(text: "不", start: 300, end: 450, confidence: 0.9),
                        Word(text: "合适。", start: 500, end: 900, confidence: 0.8),
                    ])
            ])
        let edited = chinese.edited(to: "布洛芬不合适。")
        #expect(edited.segments.map(\.text) == ["布洛芬不合适。"])
        #expect(edited.words.map(\.text) == ["布", "洛", "芬", "不", "合适。"])
        #expect(edited.words[2] == Word(text: "芬", start: 200, end: 300, kind: .edited, timing: .interpolated))
        #expect(Array(edited.words[3...]) == Array(chinese.words[1...]))
    }

    @Test(arguments: [UInt64](1...80)) func `any edit keeps text, order and unchanged words`(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        let vocabulary = [
            "the", "dose", "is", "one", "gram", "no", "Ibuprofen,", "药", "片。", "ยา", "—", "500", "\u{1F48A}", "n’t",
        ]
        func text(_ count: Int) -> [String] {
            (0..<count).map { _ in vocabulary.randomElement(using: &generator) ?? "" }
        }
        var time = Int.random(in: 0...500, using: &generator)
        var segments: [Segment] = []
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            let start = time
            let words = text(Int.random(in: 1...12, using: &generator)).map { word in
                let begin = time + Int.random(in: 0...300, using: &generator)
                time = begin + Int.random(in: 0...600, using: &generator)
                return Word(text: word, start: begin, end: time, confidence: 0.5)
            }
            time += Int.random(in: 0...400, using: &generator)
            segments.append(
                Segment(start: start, end: time, text: words.map(\.text).joined(separator: " "), words: words))
        }
        let duration = time + 100
        var transcript = Transcript(language: "en", segments: segments)
        for round in 0..<4 {
            var words = transcript.lines.split(separator: " ").map(String.init)
            for _ in 0..<Int.random(in: 0...8, using: &generator) {
                let place = Int.random(in: 0...words.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: words.insert(contentsOf: text(2), at: place)
                case 1 where place < words.count: words.remove(at: place)
                case 2 where place < words.count: words[place] = vocabulary.randomElement(using: &generator) ?? ""
                case 3 where place < words.count: words[place] += ["\n", "\n\nno", ".", "\r\n"][round]
                default: break
                }
            }
            let newText = words.joined(separator: " ")
            let edited = transcript.edited(to: newText, duration: duration)
            let comment: Comment = "seed \(seed), round \(round)"

            #expect(
                edited.segments.map(\.text).joined().filter { !$0.isWhitespace } == newText.filter { !$0.isWhitespace },
                comment)
            var last = 0
            for word in edited.words {
                #expect(word.start >= last && word.end >= word.start && word.end <= duration, comment)
                last = word.start
                if word.timing == .recognised {
                    #expect(transcript.words.contains { $0.start == word.start && $0.end == word.end }, comment)
                } else {
                    #expect(word.kind == .edited && word.confidence == nil, comment)
                }
            }
            var end = 0
            for segment in edited.segments {
                #expect(segment.start >= end && segment.end <= duration && !segment.words.isEmpty, comment)
                #expect(segment.start <= segment.words.first?.start ?? .min, comment)
                #expect(segment.end >= segment.words.last?.end ?? .max, comment)
                #expect(
                    segment.words.map(\.text).joined().filter { !$0.isWhitespace }
                        == segment.text.filter { !$0.isWhitespace }, comment)
                end = segment.end
            }
            // Every part of the text that is unchanged is unchanged in the words too.
            #expect(edited.edited(to: edited.lines, duration: duration) == edited, comment)
            transcript = edited
        }
    }
}

@Suite("Transcript diff")
struct TranscriptDiffTests {
    private func transcript(_ text: String) -> Transcript {
        Transcript(language: nil, segments: []).edited(to: text)
    }

    @Test func `shows runs of changed words`() {
        let diff = TranscriptDiff(
            from: transcript("avoid i profen because she takes it"),
            to: transcript("Please avoid ibuprofen because she takes"))
        #expect(diff.changes.map(\.operation) == [.insert, .equal, .replace, .equal, .delete])
        #expect(diff.changes[2].fromWords == ["i", "profen"])
        #expect(diff.changes[2].toWords == ["ibuprofen"])
        #expect(diff.changes[2].fromStart == 1 && diff.changes[2].toStart == 2)
        #expect(diff.changes[4].fromWords == ["it"])
    }

    @Test func `holds every word of both versions and none twice`() {
        let from = transcript("one two three four five")
        let to = transcript("zero one 2 three, and five six")
        let changes = TranscriptDiff(from: from, to: to).changes
        #expect(changes.flatMap(\.fromWords) == from.words.map(\.text))
        #expect(changes.flatMap(\.toWords) == to.words.map(\.text))
        #expect(TranscriptDiff(from: from, to: from).changes.map(\.operation) == [.equal])
        #expect(TranscriptDiff(from: transcript(""), to: transcript("")).changes.isEmpty)
    }
}
