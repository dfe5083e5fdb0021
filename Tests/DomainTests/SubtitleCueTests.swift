// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@Suite("Subtitles")
struct SubtitleCueTests {
    private func transcript(_ text: String, wordLength: Int = 300) -> Transcript {
        let words = text.components.enumerated().map { index, word in
            Word(text: word, start: index * wordLength, end: index * wordLength + wordLength - 20)
        }
        return Transcript(
            language: "en", segments: [Segment(start: 0, end: words.last?.end ?? 0, text: text, words: words)])
    }

    @Test func `writes SubRip`() {
        var two = transcript("Avoid ibuprofen.")
        two.segments.append(
            Segment(
                start: 3_661_001, end: 3_662_345, text: "a --> b",
                words: [
                    Word(text: "a", start: 3_661_001, end: 3_661_100),
                    Word(text: "-->", start: 3_661_100, end: 3_661_900),
                    Word(text: "b", start: 3_662_000, end: 3_662_345),
                ]))
        #expect(
            two.subRip == """
                1
                00:00:00,000 --> 00:00:01,000
                Avoid ibuprofen.

                2
                01:01:01,001 --> 01:01:02,345
                a -- > b

                """)
    }

    @Test func `writes WebVTT with escapes`() {
        #expect(
            transcript("if a<b & c --> d", wordLength: 500).webVTT == """
                WEBVTT

                00:00:00.000 --> 00:00:02.980
                if a&lt;b &amp; c --&gt; d

                """)
        #expect(Transcript(language: nil, segments: []).webVTT == "WEBVTT\n")
        #expect(Transcript(language: nil, segments: []).subRip.isEmpty)
    }

    @Test(arguments: [120, 300, 900]) func `keeps cues short and readable`(wordLength: Int) {
        let sentence = "The patient takes warfarin every day and so she should not take any ibuprofen at all. "
        let text = String(repeating: sentence, count: 6)
        let cues = transcript(text, wordLength: wordLength).subtitleCues
        #expect(cues.flatMap(\.lines).joined(separator: " ") == text.components.joined(separator: " "))
        var end = 0
        for cue in cues {
            #expect((1...2).contains(cue.lines.count))
            #expect(cue.lines.allSatisfy { $0.count <= SubtitleCue.lineWidth && !$0.isEmpty && $0.first != " " })
            #expect(cue.end - cue.start <= SubtitleCue.longestTime)
            #expect(cue.start >= end && cue.end > cue.start)
            end = cue.end
        }
    }

    @Test func `begins a new cue after a pause`() {
        var pausing = transcript("first part then second part")
        for index in 2..<5 {
            pausing.segments[0].words[index].start += 2000
            pausing.segments[0].words[index].end += 2000
        }
        #expect(pausing.subtitleCues.map(\.lines) == [["first part"], ["then second part"]])
    }

    @Test func `shows a word longer than a line alone, and text without word times`() {
        let long = String(repeating: "x", count: 60)
        #expect(transcript("a \(long) b").subtitleCues.map(\.lines) == [["a"], [long], ["b"]])
        let untimed = Transcript(
            language: "en", segments: [Segment(start: 1000, end: 3000, text: "no word times", words: [])])
        #expect(untimed.subtitleCues == [SubtitleCue(start: 1000, end: 3000, lines: ["no word times"])])
    }

    @Test func `gives words without length a moment on screen`() {
        let instant = Transcript(
            language: nil,
            segments: [
                Segment(start: 500, end: 500, text: "a", words: [Word(text: "a", start: 500, end: 500)]),
                Segment(start: 500, end: 500, text: "b", words: [Word(text: "b", start: 500, end: 500)]),
            ])
        #expect(instant.subtitleCues.map(\.end) == [501, 1500])
    }
}
