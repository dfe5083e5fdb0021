// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import TestRandom
import Testing

@testable import Recognition

@Suite("SpeechChunks")
struct SpeechChunksTests {
    private func ranges(_ spans: [(Int, Int)], seconds: Int) -> [Range<Int>] {
        SpeechChunks.ranges(
            spans.map { SpeechSpan(start: $0.0, end: $0.1) }, count: seconds * 1000, sampleRate: 1000, longest: 30_000)
    }

    @Test func `are the whole recording when it fits into a window, and nothing when nobody speaks`() {
        #expect(ranges([(2_000, 5_000), (9_000, 12_000)], seconds: 30) == [0..<30_000])
        #expect(ranges([], seconds: 300).isEmpty)
    }

    @Test func `end at silences and are at most a window long`() {
        let found = ranges([(1_000, 12_000), (13_000, 28_000), (29_500, 40_000), (70_000, 75_000)], seconds: 80)
        #expect(found == [1_000..<28_000, 29_500..<40_000, 70_000..<75_000])
    }

    @Test func `end at a long silence even if more would fit`() {
        #expect(
            ranges([(0, 3_000), (7_900, 9_000), (14_000, 16_000)], seconds: 40)
                == [0..<9_000, 14_000..<16_000])
    }

    @Test func `keep a long stretch without a pause in one piece, for the windows within it`() {
        #expect(ranges([(0, 50_000), (51_000, 60_000)], seconds: 70) == [0..<50_000, 51_000..<60_000])
    }

    @Test func `never overlap, go forward and hold all speech`() {
        var generator = SplitMix(seed: 11)
        for _ in 0..<300 {
            var time = 0
            let spans = (0..<Int.random(in: 1...60, using: &generator)).map { _ in
                let start = time + Int.random(in: 100...4_000, using: &generator)
                time = start + Int.random(in: 100...20_000, using: &generator)
                return (start, time)
            }
            let found = ranges(spans, seconds: time / 1000 + 1)
            for (one, next) in zip(found, found.dropFirst()) { #expect(one.upperBound <= next.lowerBound) }
            for (start, end) in spans {
                #expect(found.contains { $0.lowerBound <= start && end <= $0.upperBound }, "\(start)..<\(end)")
            }
        }
    }
}
