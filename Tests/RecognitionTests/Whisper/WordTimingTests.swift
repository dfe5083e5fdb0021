// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import Testing

@testable import Recognition

/// Against openai-whisper (Tests/Fixtures/whisper/golden.py).
@Suite("Word timing")
struct WordTimingTests {
    let tokenizer: WhisperTokenizer
    let golden: JSONValue

    init() throws {
        tokenizer = try WhisperGolden.tokenizer.get()
        golden = try WhisperGolden.json("whisper/timing.json")
    }

    private static func words(_ value: JSONValue?) throws -> [TimedWord] {
        try #require(value?.array).map { item in
            let item = try #require(item.array)
            return TimedWord(
                text: try #require(item[0].string), tokens: item[1].integers, start: try #require(item[2].double),
                end: try #require(item[3].double), probability: try #require(item[4].double))
        }
    }

    @Test func `filters by the median as the reference does`() throws {
        for item in try #require(golden["medians"]?.array) {
            #expect(TokenAlignment.medianFiltered(item.array?[0].floats ?? []) == item.array?[1].floats)
        }
    }

    @Test func `warps time as the reference does, ties included`() throws {
        for item in try #require(golden["warps"]?.array) {
            let cost = try #require(item["cost"]?.array).map(\.doubles)
            let path = TokenAlignment.warp(cost.flatMap { $0 }, rows: cost.count, columns: cost[0].count)
            #expect(path.map(\.row) == item["path"]?.array?[0].integers)
            #expect(path.map(\.column) == item["path"]?.array?[1].integers)
        }
    }

    @Test(arguments: [TokenAlignment.Weights.scores, .probabilities])
    func `finds when words are said from the attention`(kind: TokenAlignment.Weights) throws {
        for item in try #require(golden["alignments"]?.array) {
            func number(_ name: String) throws -> Int { Int(try #require(item[name]?.integer)) }
            let (count, positions, start) = try (number("count"), number("positions"), number("start"))
            var heads = try #require(item["heads"]?.array).map(\.floats)
            if kind == .probabilities {
                heads = heads.map { head in
                    (0..<count).flatMap { row in
                        let scores = Array(head[row * positions..<(row + 1) * positions])
                        let distribution = LogProbabilities(scores)
                        return scores.map { Float(Double(distribution.value(ofLogit: $0)).exponential) }
                    }
                }
            }
            let alignment = TokenAlignment(
                heads, tokens: count, positions: positions, used: try number("frames") / 2, rows: start..<count - 1,
                kind: kind)
            let timing = WordTiming(
                try #require(item["tokens"]?.integers), probabilities: try #require(item["probabilities"]?.doubles),
                starts: alignment.starts, language: item["language"]?.string, tokenizer)
            let expected = try Self.words(item["words"])
            #expect(timing.words.map(\.text) == expected.map(\.text))
            #expect(timing.words.map(\.tokens) == expected.map(\.tokens))
            #expect(timing.words.map(\.start) == expected.map(\.start))
            #expect(timing.words.map(\.end) == expected.map(\.end))
            #expect(zip(timing.words, expected).allSatisfy { abs($0.probability - $1.probability) < 1e-9 })
        }
    }

    @Test func `places words into segments and shortens those that swallow pauses`() throws {
        for item in try #require(golden["placed"]?.array) {
            var segments = try #require(item["segments"]?.array).map { value in
                let value = try #require(value.array)
                return TimedSegment(
                    seek: Int(try #require(value[0].integer)), start: try #require(value[1].double),
                    end: try #require(value[2].double), tokens: value[3].integers)
            }
            WordTiming(try Self.words(item["words"])).place(
                into: &segments, lastSpeechEnd: try #require(item["last"]?.double), endOfText: tokenizer.endOfText)
            let expected = try #require(item["placed"]?.array)
            #expect(segments.count == expected.count)
            for (segment, value) in zip(segments, expected) {
                let value = try #require(value.array)
                let words = try #require(value[2].array)
                #expect(abs(segment.start - (value[0].double ?? -1)) < 1e-9)
                #expect(abs(segment.end - (value[1].double ?? -1)) < 1e-9)
                #expect(segment.words.map(\.text) == words.compactMap { $0.array?[0].string })
                for (word, value) in zip(segment.words, words) {
                    #expect(abs(word.start - (value.array?[1].double ?? -1)) < 1e-9)
                    #expect(abs(word.end - (value.array?[2].double ?? -1)) < 1e-9)
                }
            }
        }
    }

    @Test func `gives something for attention that says nothing`() {
        let flat = [Float](repeating: 0, count: 5 * 10)
        let alignment = TokenAlignment([flat], tokens: 5, positions: 10, used: 10, rows: 1..<4)
        #expect(alignment.starts.count == 3)
        #expect(alignment.starts.allSatisfy { (0...0.2).contains($0) })
        let broken = TokenAlignment(
            [[Float](repeating: .nan, count: 50)], tokens: 5, positions: 10, used: 10, rows: 1..<4)
        #expect(broken.starts.count == 3)
        #expect(TokenAlignment([], tokens: 5, positions: 10, used: 10, rows: 1..<4).starts == [0, 0, 0])
        #expect(TokenAlignment([flat], tokens: 5, positions: 10, used: 0, rows: 1..<9).starts.count == 4)
    }
}
