// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TestRandom
import Testing

@testable import Recognition

@Suite("LanguageTracker")
struct LanguageTrackerTests {
    private func scores(_ probabilities: [String: Double]) -> LanguageScores {
        LanguageScores(weights: probabilities.map { ($0.key, $0.value) })
    }

    private func piece(_ probabilities: [String: Double], seconds: Double = 3) -> LanguageTracker.Piece {
        .init(scores: scores(probabilities), seconds: seconds)
    }

    @Test func `believes the sound alone when nothing is known`() {
        var tracker = LanguageTracker()
        let verdict = tracker.verdict(scores(["en": 0.7, "de": 0.2, "fr": 0.1]))
        #expect(verdict.code == "en" && abs(verdict.probability - 0.7) < 1e-9 && verdict.isRecognised)
    }

    @Test func `does not recognise what is not probable enough, and writes the most probable`() {
        var tracker = LanguageTracker()
        let verdict = tracker.verdict(scores(["en": 0.4, "de": 0.35, "fr": 0.25]))
        #expect(verdict.code == "en" && !verdict.isRecognised)
        var empty = LanguageTracker(expected: ["de": 1])
        #expect(empty.verdict(scores([:])) == .init(code: "de", probability: 0))
    }

    @Test func `takes a doubtful sound for a language that is expected, but not a clear one`() {
        let doubtful = scores(["nl": 0.5, "de": 0.4, "en": 0.1])
        var tracker = LanguageTracker(expected: ["de": 2, "en": 2])
        let verdict = tracker.verdict(doubtful)
        #expect(verdict.code == "de" && verdict.isRecognised)
        var other = LanguageTracker(expected: ["de": 1])
        let clear = other.verdict(scores(["fr": 0.99, "de": 0.004, "en": 0.006]))
        #expect(clear.code == "de" && !clear.isRecognised, "\(clear)")
        // Bayes: three times as probable before, three times the odds after.
        var weighted = LanguageTracker(expected: ["de": 3, "en": 1])
        let even = weighted.verdict(scores(["de": 0.5, "en": 0.5]))
        #expect(abs(even.probability - 0.75) < 1e-9)
    }

    @Test func `changes the language only for good reasons`() {
        var tracker = LanguageTracker()
        _ = tracker.verdict(scores(["en": 0.99, "de": 0.01]))
        #expect(tracker.verdict(scores(["en": 0.3, "de": 0.7])).code == "en")
        #expect(tracker.verdict(scores(["en": 0.001, "de": 0.999])).code == "de")
        #expect(tracker.verdict(scores(["en": 0.4, "de": 0.6])).code == "de")
    }

    @Test func `finds the runs of pieces, and passes over single doubtful or very short ones`() {
        let english = ["en": 0.99, "de": 0.01]
        let german = ["en": 0.01, "de": 0.99]
        let tracker = LanguageTracker()
        #expect(tracker.path([piece(english), piece(german), piece(german)]) == ["en", "de", "de"])
        #expect(tracker.path([piece(english), piece(["en": 0.2, "de": 0.8]), piece(english)]) == ["en", "en", "en"])
        #expect(tracker.path([piece(english), piece(german, seconds: 0.4), piece(english)]) == ["en", "en", "en"])
        #expect(tracker.path([piece(english), piece(["en": 1e-9, "de": 1]), piece(english)]) == ["en", "de", "en"])
        #expect(tracker.path([]).isEmpty && tracker.path([piece([:])]).isEmpty)
    }

    @Test func `hears the best path of all`() {
        // Against every path there is.
        var generator = SplitMix(seed: 5)
        let codes = ["de", "en", "es"]
        let tracker = LanguageTracker(expected: ["de": 1, "en": 0.5])
        for _ in 0..<200 {
            let pieces = (0..<4).map { _ in
                piece(
                    Dictionary(
                        uniqueKeysWithValues: codes.map { ($0, Double.random(in: 0.001...1, using: &generator)) }))
            }
            func value(_ path: [String]) -> Double {
                func weight(_ code: String) -> Double {
                    ["de": 1, "en": 0.5][code] ?? LanguageTracker.unexpectedWeight
                }
                var product = weight(path[0])
                for (index, code) in path.enumerated() {
                    product *= max(pieces[index].scores[code], 1e-4)
                    if index > 0, code != path[index - 1] {
                        product *= LanguageTracker.pieceChangeWeight * weight(code)
                    }
                }
                return product
            }
            var paths: [[String]] = [[]]
            for _ in pieces { paths = paths.flatMap { path in codes.map { path + [$0] } } }
            let best = paths.map(value).max() ?? 0
            #expect(abs(value(tracker.path(pieces)) - best) < 1e-9 * best)
        }
    }

    @Test func `confirms a run only if it is what it was taken for`() {
        let tracker = LanguageTracker(expected: ["en": 1, "de": 1])
        #expect(tracker.confirmed("de", by: scores(["de": 0.8, "en": 0.2]))?.code == "de")
        #expect(tracker.confirmed("de", by: scores(["de": 0.2, "en": 0.8])) == nil)
        let french = tracker.confirmed("fr", by: scores(["fr": 0.999, "en": 0.0007, "de": 0.0003]))
        #expect(french?.code == "en" && french?.isRecognised == false)
    }

    @Test func `cuts passages at their pauses, and joins what is too short to tell`() {
        func ranges(_ spans: [Range<Int>]) -> [Range<Int>] { LanguagePieces.ranges(spans, sampleRate: 1000) }
        #expect(ranges([0..<2_000, 3_000..<5_000]) == [0..<2_000, 3_000..<5_000])
        #expect(ranges([0..<2_000, 2_500..<2_900, 4_000..<6_000]) == [0..<2_900, 4_000..<6_000])
        #expect(ranges([100..<500]) == [100..<500] && ranges([]).isEmpty)
        #expect(ranges((0..<40).map { $0 * 3_000..<$0 * 3_000 + 1_500 }).count == LanguagePieces.greatestCount)
        let pieces = [500..<2_000, 3_000..<5_000, 6_000..<8_000]
        #expect(
            LanguagePieces.runs(pieces, languages: ["en", "de", "de"])
                == [.init(samples: 500..<2_000, code: "en"), .init(samples: 3_000..<8_000, code: "de")])
        #expect(
            LanguagePieces.runs(pieces, languages: ["en", "en", "en"])
                == [.init(samples: 500..<8_000, code: "en")])
    }
}
