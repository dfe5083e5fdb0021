// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Domain
import TestRandom
import Testing

@testable import Recognition

@Suite("HallucinationGuard")
struct HallucinationGuardTests {
    private static let endOfText = 1000

    /// A segment between two timestamps, a token a word.
    private static func segment(_ words: [(text: String, start: Double, end: Double)], probability: Double = 0.9)
        -> TimedSegment
    {
        let timed = words.enumerated().map { index, word in
            TimedWord(
                text: " " + word.text, tokens: [index], start: word.start, end: word.end, probability: probability)
        }
        return TimedSegment(
            seek: 0, start: words.first?.start ?? 0, end: words.last?.end ?? 0,
            tokens: [endOfText + 1] + Array(words.indices) + [endOfText + 2], words: timed)
    }

    private static func cleaned(
        _ segments: [TimedSegment], speech: [ClosedRange<Double>], isLoop: Bool = false
    ) -> [TimedSegment] {
        var segments = segments
        HallucinationGuard(speech: speech).removeImpossibleWords(
            from: &segments, isLoop: isLoop, endOfText: endOfText)
        return segments
    }

    private static func spoken(_ text: String, from start: Double, each length: Double = 0.3) -> TimedSegment {
        segment(
            text.split(separator: " ").enumerated().map { index, word in
                (String(word), start + Double(index) * length, start + Double(index + 1) * length)
            })
    }

    @Test func `drops words far from any speech, with their tokens`() {
        let said = Self.spoken("she has a cold", from: 1)
        let made = Self.spoken("thank you", from: 12)
        #expect(Self.cleaned([said, made], speech: [0.8...2.4]) == [said])
        // The last word of a segment alone.
        var words = said.words.map { ($0.text, $0.start, $0.end) }
        words.append(("bye", 9, 9.5))
        let both = Self.segment(words)
        let rest = Self.cleaned([both], speech: [0.8...2.4])
        #expect(rest.map(\.words.count) == [4])
        #expect(rest[0].tokens == [Self.endOfText + 1, 0, 1, 2, 3, Self.endOfText + 2])
        #expect(rest[0].end == said.words[3].end)
    }

    @Test func `leaves words within half a second of speech alone`() {
        let said = Self.spoken("she has a cold", from: 1)
        #expect(Self.cleaned([said], speech: [1.7...1.8]) == [said])
        #expect(Self.cleaned([said], speech: [0...1.2, 2.3...9]) == [said])
    }

    @Test func `drops what is piled up at the end without length`() {
        let said = Self.spoken("she has a cold", from: 1)
        let pile = Self.segment((0..<5).map { _ in ("cold", 2.2, 2.2) })
        #expect(Self.cleaned([said, pile], speech: [0.8...2.4]) == [said])
        // Two short words may have been said.
        let short = Self.segment([("it", 2.2, 2.2), ("is", 2.2, 2.22)])
        #expect(Self.cleaned([said, short], speech: [0.8...2.4]) == [said, short])
        // So may short words before longer ones.
        let middle = Self.segment([("a", 2.2, 2.2), ("b", 2.2, 2.2), ("c", 2.2, 2.2), ("cold", 2.2, 2.6)])
        #expect(Self.cleaned([said, middle], speech: [0.8...2.8]) == [said, middle])
    }

    @Test func `cuts a loop to its first round, and nothing that only repeats`() {
        let loop = Self.spoken("she has a cold a cold a cold a cold a cold", from: 1)
        let cut = Self.cleaned([loop], speech: [0...9], isLoop: true)
        #expect(cut.flatMap(\.words).map(\.text) == [" she", " has", " a", " cold"])
        #expect(Self.cleaned([loop], speech: [0...9]) == [loop])
        let emphatic = Self.spoken("very very very good", from: 1)
        #expect(Self.cleaned([emphatic], speech: [0...9], isLoop: true) == [emphatic])
    }

    @Test func `drops improbable segments in silence and keeps them in speech`() {
        let place = HallucinationGuard.Window(seek: 0, frames: 3000, contentFrames: 3000, lastSpeechEnd: 0)
        let said = Self.spoken("she has a cold", from: 0)
        let doubtful = Self.segment(
            [("maybe", 10, 10.4), ("it", 10.4, 10.6), ("hurts", 10.6, 11)], probability: 0.05)
        func review(_ speech: [ClosedRange<Double>]?) -> [TimedSegment] {
            var result = WindowSegments([], timestampBegin: 100, seek: 0, frames: 3000)
            result.segments = [said, doubtful]
            _ = HallucinationGuard(speech: speech).review(&result, in: place)
            return result.segments
        }
        #expect(review(nil) == [said])
        #expect(review([0...1.4]) == [said])
        #expect(review([0...1.4, 9.8...11.2]) == [said, doubtful])
    }

    @Test func `keeps the words of a sentence that silence and noise follow, and adds none`() async throws {
        let recognizer = try SpeechFixture.recognizer.get()
        var generator = SplitMix(seed: 5)
        for sentence in try SpeechFixture.sentences().filter({ $0.language == "en" }).prefix(2) {
            let samples = try SpeechFixture.spoken(sentence).samples
            let alone = try await recognizer.transcribe(
                Waveform(samples: samples), options: RecognitionOptions(language: "en")
            ) { _ in }
            let noise = (0..<12 * Waveform.speechRate).map { _ in Float.random(in: -0.003...0.003, using: &generator) }
            for rest in [[Float](repeating: 0, count: noise.count), noise] {
                let result = try await recognizer.transcribe(
                    Waveform(samples: samples + rest), options: RecognitionOptions(language: "en")
                ) { _ in }
                let spoken = Int(Double(samples.count) / 16) + 500
                #expect(result.transcript.words.allSatisfy { $0.start < spoken })
                let rate = WordErrorRate(
                    reference: alone.transcript.text, hypothesis: result.transcript.text, language: "en")
                #expect(rate.errors <= 1, "\(alone.transcript.text) | \(result.transcript.text)")
            }
        }
    }
}
