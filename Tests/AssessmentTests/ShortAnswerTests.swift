// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@testable import Assessment

@Suite("Answers that are too short")
struct ShortAnswerTests {
    private static func isTooShort(
        _ words: [Word], expected: String, states: [KeyPointResult.State] = [.missing], isRetired: Bool = false
    ) -> Bool {
        let keyPoints = states.indices.map { KeyPoint(id: "\($0)", label: "x", isRetired: isRetired) }
        let results = states.enumerated().map { KeyPointResult(id: "\($0)", state: $1, credit: 0) }
        let transcript = Transcript(language: "en", segments: [Segment(start: 0, end: 1, text: "", words: words)])
        return AnswerAssessment(
            keyPoints: keyPoints, results: results, score: AnswerScore(low: 0, point: 0, high: 0)
        ).isTooShort(transcript, expected: expected)
    }

    private static func words(_ count: Int, _ kind: Word.Kind = .word) -> [Word] {
        (0..<count).map { Word(text: "w", start: $0, end: $0 + 1, kind: kind) }
    }

    @Test(arguments: [(1, 0), (4, 0), (5, 1), (8, 1), (9, 2), (12, 2), (40, 2)])
    func `have less than a quarter of the words that are expected, and less than three`(expected: Int, most: Int) {
        let wanted = Array(repeating: "word", count: expected).joined(separator: " ")
        for count in 0...4 {
            let isShort = Self.isTooShort(Self.words(count), expected: wanted)
            #expect(isShort == (count <= most && (count > 0 || expected > 0)), "\(count) of \(expected)")
        }
    }

    @Test func `say nothing about a key point, and are measured by the shortest expected answer`() {
        let long = "Take one gram of paracetamol every six hours, please"
        #expect(Self.isTooShort(Self.words(1), expected: long))
        for state in KeyPointResult.State.allCases where state != .missing {
            #expect(!Self.isTooShort(Self.words(1), expected: long, states: [.missing, state]))
        }
        #expect(Self.isTooShort(Self.words(1), expected: long, states: [.covered], isRetired: true))
        #expect(!Self.isTooShort(Self.words(1), expected: "\(long) ||| Paracetamol"))
        #expect(Self.isTooShort(Self.words(1) + Self.words(9, .filler) + Self.words(9, .repeat), expected: long))
    }
}
