// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Glibc

/// Follows which language is spoken through a recording: a hidden Markov model whose states are the languages and whose
/// observations are what the model says of each piece of speech (Rabiner 1989).
///
/// A value without a model. Languages that nobody expects are not excluded but made improbable: who speaks one of them
/// clearly is not taken for speaking another.
struct LanguageTracker: Sendable, Hashable {
    /// A stretch of speech and the languages that it may be in, by its sound alone.
    struct Piece: Sendable, Hashable {
        /// By sound alone.
        var scores: LanguageScores
        /// Its speech.
        var seconds: Double
    }

    /// What a stretch is written in.
    struct Verdict: Sendable, Hashable {
        /// Whisper's code of the language to write: the most probable of those that are expected.
        var code: String
        /// How probable it is that this is what is spoken, 0...1.
        var probability: Double
        /// Whether it is probable enough to be said to be spoken.
        var isRecognised: Bool { probability >= LanguageGuess.leastProbability }
    }

    /// The weight of a language that nobody expects, beside the greatest of those that are expected.
    static let unexpectedWeight = 0.02
    /// What a change of language from one passage to the next is worth beside none: it needs twenty times the evidence.
    static let changeWeight = 0.05
    /// The same from piece to piece, where a change is only a suspicion that is looked into: each run is heard alone then.
    static let pieceChangeWeight = 0.3
    /// Nothing is more improbable than this: a model is often wrong about short pieces, and then very sure.
    private static let leastScore = 1e-4
    /// Pieces of this many seconds count fully; shorter ones less.
    private static let fullSeconds = 1.5

    /// The weights of the languages that are expected, by Whisper's codes; the greatest is 1. Empty when any may be.
    private let expected: [String: Double]
    /// What was spoken last.
    private var belief: LanguageScores?

    /// Creates a tracker at the beginning of a recording.
    ///
    /// - Parameter expected: How probable languages are before anything is heard, in any scale; empty for any.
    init(expected: [String: Double] = [:]) {
        let greatest = expected.values.max() ?? 1
        self.expected = expected.filter { $0.value > 0 }.mapValues { $0 / greatest }
    }

    /// Whether a language may be written.
    private func isExpected(_ code: String) -> Bool { expected.isEmpty || expected[code] != nil }

    private func weight(_ code: String) -> Double { expected.isEmpty ? 1 : expected[code] ?? Self.unexpectedWeight }

    /// How much speaks for a language before a piece is heard.
    private func prior(_ code: String) -> Double {
        guard let belief else { return weight(code) }
        return belief[code] + Self.changeWeight * weight(code)
    }

    /// What the sound says together with what is expected, but not with what was spoken before.
    func alone(_ scores: LanguageScores) -> LanguageScores { scores.weighted(by: weight) }

    /// What the next stretch is written in.
    mutating func verdict(_ scores: LanguageScores) -> Verdict {
        let posterior = scores.weighted(by: prior)
        belief = posterior
        return mostProbable(posterior)
    }

    /// What a stretch that is taken for a language is written in.
    func verdict(_ code: String, by scores: LanguageScores) -> Verdict {
        let posterior = alone(scores)
        return isExpected(code) ? Verdict(code: code, probability: posterior[code]) : mostProbable(posterior)
    }

    /// What a stretch is written in, if it is in the language that it is taken for; nil otherwise.
    func confirmed(_ code: String, by scores: LanguageScores) -> Verdict? {
        alone(scores)[code] >= LanguageGuess.leastProbability ? verdict(code, by: scores) : nil
    }

    private func mostProbable(_ posterior: LanguageScores) -> Verdict {
        let best = posterior.scores.first { isExpected($0.code) }
        return Verdict(code: best?.code ?? expected.keys.min() ?? "en", probability: best?.probability ?? 0)
    }

    /// Goes on as if a language had just been recognised.
    mutating func goOn(from code: String) { belief = LanguageScores(weights: [(code, 1)]) }

    /// The most probable languages of pieces that follow each other (Viterbi 1967).
    func path(_ pieces: [Piece]) -> [String] {
        guard let first = pieces.first else { return [] }
        let codes = first.scores.scores.map(\.code)
        var totals = codes.map { log(max(prior($0), 1e-9)) }
        var steps: [[Int]] = []
        for (index, piece) in pieces.enumerated() {
            if index > 0 {
                let best = totals.indices.max { totals[$0] < totals[$1] } ?? 0
                var step = Array(codes.indices)
                var next = totals
                for code in codes.indices {
                    let changed = totals[best] + log(Self.pieceChangeWeight * weight(codes[code]))
                    if changed > totals[code] {
                        step[code] = best
                        next[code] = changed
                    }
                }
                steps.append(step)
                totals = next
            }
            let trust = min(1, piece.seconds / Self.fullSeconds)
            for code in codes.indices { totals[code] += trust * log(max(piece.scores[codes[code]], Self.leastScore)) }
        }
        guard var place = totals.indices.max(by: { totals[$0] < totals[$1] }) else { return [] }
        var path = [codes[place]]
        for step in steps.reversed() {
            place = step[place]
            path.append(codes[place])
        }
        return path.reversed()
    }
}
