// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Testing

@testable import Recognition

@Suite("Utterance plan")
struct UtterancePlanTests {
    private func plan(_ spans: [(Int, Int)], frames: Int, quietest: Int = -1) -> [Range<Int>] {
        UtterancePlan.utterances(speech: spans.map { SpeechSpan(start: $0.0, end: $0.1) }, frameCount: frames) {
            abs($0 - quietest) <= 2 ? 0 : 10
        }
    }

    @Test func `joins speech across short pauses and parts it at long ones`() {
        #expect(plan([(0, 1000), (1500, 3000), (4000, 5005)], frames: 1000) == [0..<300, 400..<501])
    }

    @Test func `stays inside the recording`() {
        #expect(plan([(0, 1000), (8000, 9000)], frames: 90) == [0..<90])
        #expect(plan([], frames: 90) == [])
        #expect(plan([(0, 500)], frames: 0) == [])
    }

    @Test func `cuts a stretch that is too long at its quietest place`() {
        #expect(plan([(0, 20_000)], frames: 2000, quietest: 1234) == [0..<1234, 1234..<2000])
    }

    @Test func `loses nothing of a long speech and keeps every part short`() {
        let parts = plan([(100, 100_000)], frames: 10_000)
        #expect(parts.first?.lowerBound == 10 && parts.last?.upperBound == 10_000)
        for (a, b) in zip(parts, parts.dropFirst()) { #expect(a.upperBound == b.lowerBound) }
        #expect(parts.allSatisfy { !$0.isEmpty && $0.count <= UtterancePlan.longest })
    }

    @Test func `does not join what would be too long`() {
        let parts = plan([(0, 9000), (9100, 18_000)], frames: 1800)
        #expect(parts == [0..<900, 910..<1800])
    }
}
