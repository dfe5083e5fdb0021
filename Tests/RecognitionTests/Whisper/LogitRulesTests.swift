// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import TestRandom
import Testing

@testable import Recognition

/// Against openai-whisper (Tests/Fixtures/whisper/golden.py).
@Suite("Decoding rules")
struct LogitRulesTests {
    let tokenizer: WhisperTokenizer
    let golden: JSONValue

    init() throws {
        tokenizer = try WhisperGolden.tokenizer.get()
        golden = try WhisperGolden.json("whisper/rules.json")
    }

    /// The rules of golden.py's vocabulary of 24 tokens.
    private func tinyRules() -> LogitRules {
        var rules = LogitRules(tokenizer)
        rules.suppressedAtBegin = [3, 10]
        rules.timestamps?.endOfText = 10
        rules.timestamps?.noTimestamps = 13
        rules.timestamps?.timestampBegin = 14
        return rules
    }

    @Test func `forbid what the reference forbids`() throws {
        var rules = tinyRules()
        let cases = try #require(golden["filters"]?.array)
        #expect(cases.count == 250)
        for item in cases {
            rules.suppressed = item["suppressed"]?.integers ?? []
            rules.timestamps?.latestStart = item["latest"]?.integer.map { Int($0) }
            var logits = try #require(item["logits"]?.floats)
            rules.apply(to: &logits, after: item["sampled"]?.integers ?? [])
            let expected = try #require(item["filtered"]?.floats)
            #expect(zip(logits, expected).allSatisfy { $0 == $1 || abs($0 - $1) < 1e-4 })
        }
    }

    @Test func `suppress the control tokens and the notes by default`() {
        let rules = LogitRules(tokenizer)
        #expect(Set(rules.suppressed).isSuperset(of: tokenizer.nonSpeechTokens))
        let control = [tokenizer.startOfTranscript, tokenizer.startOfPrevious, tokenizer.noSpeech].compactMap { $0 }
        #expect(Set(rules.suppressed).isSuperset(of: control))
        #expect(rules.timestamps?.latestStart == 50)
        #expect(rules.suppressedAtBegin == tokenizer.encode(" ") + [tokenizer.endOfText])
        #expect(LogitRules(tokenizer, suppressed: [-1, 5], withTimestamps: false).suppressed.contains(5))
    }

    @Test func `survive logits of any size and tokens out of range`() {
        var rules = tinyRules()
        rules.suppressed = [-3, 5, 1_000_000]
        rules.unrepeatedRun = 2
        for count in 0..<30 {
            var logits = [Float](repeating: 0, count: count)
            rules.apply(to: &logits, after: [])
            rules.apply(to: &logits, after: [14, 3, 9999, -4, 3])
            #expect(logits.count == count)
        }
    }

    @Test func `normalise logits`() {
        var random = SplitMix(seed: 3)
        for count in [1, 2, 15, 16, 17, 1000] {
            let logits = (0..<count).map { _ in Float.random(in: -90...20, using: &random) }
            let exact = log(logits.reduce(0.0) { $0 + exp(Double($1)) })
            #expect(abs(Double(LogProbabilities(logits).normalizer) - exact) < 4e-6)
        }
        #expect(LogProbabilities([]).normalizer == -.infinity)
        #expect(LogProbabilities([-.infinity, -.infinity]).normalizer == -.infinity)
        #expect(abs(LogProbabilities([-.infinity, 3, .nan]).normalizer - 3) < 1e-6)
        #expect(LogProbabilities([1, 2]).value(ofLogit: -.infinity) == -.infinity)
    }

    @Test func `choose languages as the reference does, and weigh them by what is known`() throws {
        let item = try #require(golden["languages"])
        let first = Int(try #require(item["first"]?.integer))
        let logits = [Float](repeating: 50, count: first) + (try #require(item["logits"]?.floats))
        let expected = try #require(item["probabilities"]?.object)
        let all = LanguageScores(logits, tokenizer)
        #expect(all.scores.count == 99)
        for score in all.scores {
            #expect(abs(score.probability - (expected[score.code]?.double ?? -1)) < 1e-6)
        }
        #expect(zip(all.scores, all.scores.dropFirst()).allSatisfy { $0.probability >= $1.probability })

        let two = all.weighted { ["de", "fr"].contains($0) ? 1 : 0 }
        #expect(Set(two.scores.filter { $0.probability > 0 }.map(\.code)) == ["de", "fr"])
        #expect(abs(two.scores.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
        // Bayes: the prior's odds times the likelihoods' odds.
        let prior = all.weighted { ["de": 3, "fr": 1][$0] ?? 0 }
        func odds(_ scores: LanguageScores) -> Double { scores["de"] / scores["fr"] }
        #expect(abs(odds(prior) - 3 * odds(two)) < 1e-6 * odds(prior))
        #expect(all.weighted { _ in 0 }.best == nil && all["xx"] == 0)
        #expect(LanguageScores([], tokenizer).scores.isEmpty)
        let mixed = LanguageScores(mixing: [(all, 1), (two, 3)])
        #expect(abs(mixed.scores.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
    }

    @Test func `compress texts as zlib does`() throws {
        for item in try #require(golden["ratios"]?.array) {
            let text = try #require(item.array?[0].string)
            #expect(Repetition.compressionRatio(of: text) == item.array?[1].double)
        }
        #expect(Repetition.compressionRatio(of: "") == 0)
    }
}
