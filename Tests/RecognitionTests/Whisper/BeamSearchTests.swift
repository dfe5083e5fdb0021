// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import TestRandom
import Testing

@testable import Recognition

@Suite("Choosing tokens")
struct BeamSearchTests {
    @Test func `searches like the reference, step by step`() throws {
        for item in try #require(WhisperGolden.json("whisper/rules.json")["beams"]?.array) {
            let width = Int(try #require(item["width"]?.integer))
            var search = BeamSearch(width: width, patience: try #require(item["patience"]?.double), endOfText: 10)
            for step in try #require(item["steps"]?.array) {
                let sources = search.advance(try #require(step["logits"]?.array).map(\.floats))
                #expect(sources == step["sources"]?.integers)
                #expect(search.beams.map(\.tokens) == step["beams"]?.array?.map(\.integers))
                let sums = try #require(step["sums"]?.floats)
                #expect(zip(search.beams, sums).allSatisfy { abs($0.sum - $1) < 1e-3 })
                #expect(search.isComplete == step["completed"]?.bool)
            }
            let final = search.hypotheses()
            #expect(final.map(\.tokens) == item["final"]?.array?.map(\.integers))
            let sums = try #require(item["final_sums"]?.floats)
            #expect(zip(final, sums).allSatisfy { abs($0.sum - $1) < 1e-3 })
            if let best = item["best"]?.integer {
                let chosen = Hypothesis.best(of: final, lengthPenalty: item["alpha"]?.double)
                #expect(chosen?.tokens == final[Int(best)].tokens)
            }
        }
    }

    @Test func `a beam of one is greedy`() {
        var random = SplitMix(seed: 9)
        var search = BeamSearch(width: 1, endOfText: 10)
        var sampler = TokenSampler(temperature: 0, seed: 1)
        var greedy = Hypothesis()
        while !greedy.isFinished {
            let logits = (0..<12).map { _ in Float.random(in: -3...3, using: &random) }
            if !search.isComplete { _ = search.advance([logits]) }
            let (token, logProbability) = sampler.sample(logits)
            greedy.append(token, logProbability, endOfText: 10)
        }
        #expect(search.finished.first?.tokens == greedy.tokens)
        #expect(search.finished.first?.logProbabilities == greedy.logProbabilities)
    }

    @Test func `samples by the probabilities, the same for the same seed`() {
        let logits: [Float] = [0, 1, 2, -.infinity, 1.5]
        for temperature: Float in [0.5, 1] {
            var sampler = TokenSampler(temperature: temperature, seed: 42)
            var again = TokenSampler(temperature: temperature, seed: 42)
            var counts = [Double](repeating: 0, count: 5)
            for _ in 0..<20_000 {
                let token = sampler.sample(logits).token
                #expect(token == again.sample(logits).token)
                counts[token] += 1
            }
            let scaled = LogProbabilities(logits.map { $0 / temperature })
            for (token, count) in counts.enumerated() {
                let share = Double(scaled.value(ofLogit: logits[token] / temperature)).exponential
                #expect(abs(count / 20_000 - share) < 0.02)
            }
        }
    }

    @Test func `takes the most probable token at temperature 0`() {
        var sampler = TokenSampler(temperature: 0, seed: 0)
        let (token, logProbability) = sampler.sample([1, 3, 3, 2])
        #expect(token == 1)
        #expect(abs(logProbability - (3 - LogProbabilities([1, 3, 3, 2]).normalizer)) < 1e-6)
        #expect(sampler.sample([.nan, 2, .nan]).token == 1)
        #expect(BeamSearch.greatest(3, of: [1, 5, 5, -1, 7]) == [4, 1, 2])
    }

    @Test func `ranks by mean or by Google's length penalty`() {
        let short = Hypothesis(tokens: [1], sum: -1.2)
        let long = Hypothesis(tokens: [1, 2, 3, 4], sum: -4)
        #expect(Hypothesis.best(of: [short, long]) == long)
        #expect(Hypothesis.best(of: [short, long], lengthPenalty: 0) == short)
        #expect(Hypothesis.best(of: []) == nil)
        #expect(long.average == -0.8)
        #expect(Hypothesis(sum: -2).score(lengthPenalty: nil) == -2)
    }

    @Test func `finds loops`() {
        #expect(Repetition.timesAtEnd(of: []) == 1)
        #expect(Repetition.timesAtEnd(of: [1, 2, 3]) == 1)
        #expect(Repetition.timesAtEnd(of: [9, 1, 2, 1, 2, 1, 2]) == 3)
        #expect(Repetition.timesAtEnd(of: [7, 7, 7, 7]) == 4)
        #expect(Repetition.timesAtEnd(of: [1, 2, 3, 1, 2, 3], longest: 2) == 1)
        #expect(Repetition.tokensThatRepeat([1, 2, 3, 1, 2], run: 3) == [3])
        #expect(Repetition.tokensThatRepeat([1, 2], run: 3).isEmpty)
        #expect(Repetition.tokensThatRepeat([4, 5], run: 1) == [4, 5])
    }

    @Test(arguments: [
        (-0.5, 1.5, 0.1, false, false), (-1.5, 1.5, 0.1, true, false), (-0.5, 2.5, 0.1, true, false),
        (-1.5, 1.5, 0.7, false, true), (-1.5, 2.5, 0.7, false, true), (-0.5, 2.5, 0.7, true, false),
        (-0.5, 1.5, 0.7, false, false),
    ])
    func `falls back and finds silence by the paper's thresholds`(
        logProbability: Double, ratio: Double, noSpeech: Double, retries: Bool, isSilence: Bool
    ) {
        let window = DecodedWindow(
            tokens: [], averageLogProbability: logProbability, noSpeechProbability: noSpeech, compressionRatio: ratio,
            temperature: 0)
        let thresholds = DecodingThresholds()
        #expect(thresholds.needsRetry(window) == retries)
        #expect(thresholds.isSilence(window) == isSilence)
    }
}
