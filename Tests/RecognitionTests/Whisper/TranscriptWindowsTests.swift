// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import TestRandom
import Testing

@testable import Recognition

/// Against openai-whisper's transcribe() on a model with scripted results (Tests/Fixtures/whisper/golden.py).
@Suite("TranscriptWindows")
struct TranscriptWindowsTests {
    let tokenizer: WhisperTokenizer

    init() throws { tokenizer = try WhisperGolden.tokenizer.get() }

    @Test func `goes through recordings as the reference does`() throws {
        for item in try #require(WhisperGolden.json("whisper/windows.json").array) {
            var windows = TranscriptWindows(
                contentFrames: Int(try #require(item["content"]?.integer)), tokenizer: tokenizer,
                initialPrompt: item["prompt"]?.string)
            windows.conditionsOnPreviousText = item["conditions"]?.bool == true
            windows.hallucinationGuard = item["silence"]?.double.map { HallucinationGuard(silence: $0) }
            let isTimed = item["timed"]?.bool == true
            var log = try #require(item["log"]?.array)[...]
            while let window = windows.next {
                // The temperatures until one is good enough.
                var decoded: DecodedWindow?
                var words: JSONValue?
                for temperature in windows.thresholds.temperatures {
                    guard let entry = log.popFirst() else { break }
                    #expect(entry["temperature"]?.double.map { Float($0) } == temperature)
                    #expect(entry["prompt"]?.integers == window.previousTokens)
                    let result = DecodedWindow(
                        tokens: try #require(entry["tokens"]?.integers),
                        averageLogProbability: try #require(entry["logprob"]?.double),
                        noSpeechProbability: entry["no_speech"]?.double,
                        compressionRatio: try #require(entry["ratio"]?.double), temperature: temperature)
                    decoded = result
                    words = entry["words"]
                    if !windows.thresholds.needsRetry(result) { break }
                }
                guard let decoded else {
                    Issue.record("more windows than the reference")
                    break
                }
                guard var draft = windows.draft(decoded) else { continue }
                if isTimed { try Self.time(&draft, try #require(words?.array)) }
                windows.append(draft, decoded, hasWordTimes: isTimed)
            }
            #expect(log.isEmpty, "fewer windows than the reference")
            let expected = try #require(item["segments"]?.array)
            #expect(windows.segments.count == expected.count)
            for (finished, value) in zip(windows.segments, expected) {
                let value = try #require(value.array)
                #expect(finished.segment.seek == value[0].integer.map { Int($0) })
                #expect(abs(finished.segment.start - (value[1].double ?? -1)) < 1e-9)
                #expect(abs(finished.segment.end - (value[2].double ?? -1)) < 1e-9)
                #expect(finished.segment.tokens == value[3].integers)
                #expect(finished.segment.words.count == value[4].integer.map { Int($0) })
            }
        }
    }

    @Test(arguments: [true, false])
    func `hears the rest of a window again only when the model was asked where its text ends`(
        usesTimestamps: Bool
    ) throws {
        var windows = TranscriptWindows(contentFrames: 1000, tokenizer: tokenizer)
        windows.usesTimestamps = usesTimestamps
        let decoded = DecodedWindow(
            tokens: tokenizer.encode(" words"), averageLogProbability: -0.1, noSpeechProbability: 0,
            compressionRatio: 1, temperature: 0)
        let first = windows.draft(decoded)
        var draft = try #require(first)
        draft.segments[0].words = [TimedWord(text: " words", tokens: [], start: 0, end: 9.5, probability: 1)]
        windows.append(draft, decoded, hasWordTimes: true)
        #expect(windows.next?.seek == (usesTimestamps ? 950 : nil))
    }

    private static func time(_ draft: inout WindowSegments, _ words: [JSONValue]) throws {
        for (index, value) in words.enumerated() where draft.segments.indices.contains(index) {
            let value = try #require(value.array)
            draft.segments[index].start = try #require(value[0].double)
            draft.segments[index].end = try #require(value[1].double)
            draft.segments[index].words = try #require(value[2].array).map { word in
                let word = try #require(word.array)
                return TimedWord(
                    text: try #require(word[0].string), tokens: [], start: try #require(word[1].double),
                    end: try #require(word[2].double), probability: try #require(word[3].double))
            }
        }
    }

    /// A segment of four words; made-up ones are improbable.
    private static func segment(_ start: Double, _ end: Double, isMadeUp: Bool) -> TimedSegment {
        let length = (end - start) / 4
        let words = (0..<4).map { index in
            TimedWord(
                text: " word", tokens: [], start: start + Double(index) * length,
                end: start + Double(index + 1) * length, probability: isMadeUp ? 0.01 : 0.9)
        }
        return TimedSegment(seek: 0, start: start, end: end, tokens: [1], words: words)
    }

    @Test func `drops what is made up near the start and near the end of a window`() {
        let place = HallucinationGuard.Window(seek: 0, frames: 3000, contentFrames: 9000, lastSpeechEnd: 0)
        var result = WindowSegments([], timestampBegin: 100, seek: 0, frames: 3000)
        let spoken = Self.segment(0, 2.5, isMadeUp: false)
        // Only 0.5 s after speech, but within the first 4 s; then a long silence.
        result.segments = [spoken, Self.segment(3, 4, isMadeUp: true), Self.segment(20, 22, isMadeUp: false)]
        #expect(!HallucinationGuard(silence: 4).review(&result, in: place))
        #expect(result.segments == [spoken])
        #expect(result.nextSeek == 300)
        // Only 1 s before the end of the window, which is no long silence.
        result.segments = [spoken, Self.segment(27, 29, isMadeUp: true)]
        #expect(!HallucinationGuard(silence: 4).review(&result, in: place))
        #expect(result.segments == [spoken])
        #expect(result.nextSeek == 2700)
        // The same in the middle of speech stays.
        result.segments = [Self.segment(8, 10, isMadeUp: false), Self.segment(10.5, 12, isMadeUp: true)]
        result.segments.append(Self.segment(12.5, 14, isMadeUp: false))
        #expect(!HallucinationGuard(silence: 1).review(&result, in: place))
        #expect(result.segments.count == 3)
    }

    @Test func `always goes forward and ends, whatever the decoder writes`() {
        var random = SplitMix(seed: 6)
        for _ in 0..<200 {
            var windows = TranscriptWindows(
                contentFrames: Int.random(in: 0..<9000, using: &random), tokenizer: tokenizer)
            var seek = -1
            var steps = 0
            while let window = windows.next {
                #expect(window.seek > seek)
                seek = window.seek
                steps += 1
                let tokens = (0..<Int.random(in: 0..<9, using: &random)).map { _ in
                    Bool.random(using: &random)
                        ? tokenizer.timestampBegin + Int.random(in: 0..<4, using: &random)
                        : Int.random(in: 0..<3000, using: &random)
                }
                let decoded = DecodedWindow(
                    tokens: tokens, averageLogProbability: -0.3, noSpeechProbability: nil, compressionRatio: 1,
                    temperature: 0)
                guard let draft = windows.draft(decoded) else { continue }
                windows.append(draft, decoded, hasWordTimes: false)
            }
            #expect(steps < 9001)
            #expect(windows.segments.allSatisfy { $0.segment.end > $0.segment.start })
        }
    }
}
