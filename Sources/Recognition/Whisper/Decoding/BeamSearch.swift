// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Keeps the most probable sequences while the decoder writes (openai-whisper, decoding.py, BeamSearchDecoder; patience
/// after Kasai et al. 2022).
///
/// A value without a model: the caller computes the logits of every beam, calls ``advance(_:)``, and reorders its
/// caches as that says.
struct BeamSearch: Sendable {
    /// The sequences that are being written, best first; as many as beams after the first step, one before.
    private(set) var beams: [Hypothesis] = [Hypothesis()]
    /// The sequences that have ended, in the order they did.
    private(set) var finished: [Hypothesis] = []
    private let width: Int
    private let candidates: Int
    private let endOfText: Int

    /// Creates a search.
    ///
    /// - Parameters:
    ///   - width: How many sequences are written at a time, at least 1.
    ///   - patience: The search ends when `width` times this many have ended.
    init(width: Int, patience: Double = 1, endOfText: Int) {
        precondition(width >= 1)
        self.width = width
        candidates = max(1, Int((Double(width) * patience).rounded(.toNearestOrEven)))
        self.endOfText = endOfText
    }

    /// Whether enough sequences have ended.
    var isComplete: Bool { finished.count >= candidates }

    /// Goes on by one token.
    ///
    /// - Parameter logits: Those of each of ``beams``, after the rules were applied. `[beam][vocabulary]`
    /// - Returns: For each of the new ``beams``, the old one that it continues.
    mutating func advance(_ logits: [[Float]]) -> [Int] {
        precondition(logits.count == beams.count)
        var choices: [(beam: Int, token: Int, logProbability: Float, sum: Float)] = []
        for (beam, row) in logits.enumerated() {
            let distribution = LogProbabilities(row)
            for token in Self.greatest(width + 1, of: row) {
                let logProbability = distribution.value(ofLogit: row[token])
                choices.append((beam, token, logProbability, beams[beam].sum + logProbability))
            }
        }
        let order = choices.indices.sorted { first, second in
            choices[first].sum == choices[second].sum ? first < second : choices[first].sum > choices[second].sum
        }
        var next: [Hypothesis] = []
        var sources: [Int] = []
        for index in order {
            let choice = choices[index]
            var hypothesis = beams[choice.beam]
            hypothesis.append(choice.token, choice.logProbability, endOfText: endOfText)
            if hypothesis.isFinished {
                if finished.count < candidates { finished.append(hypothesis) }
            } else {
                next.append(hypothesis)
                sources.append(choice.beam)
                if next.count == width { break }
            }
        }
        beams = next
        return sources
    }

    /// The sequences to choose from: those that have ended and, if they are fewer than the beams, the best of the others.
    func hypotheses() -> [Hypothesis] {
        let missing = max(0, width - finished.count)
        return finished + beams.sorted { $0.sum > $1.sum }.prefix(missing)
    }

    /// The tokens with the greatest logits, greatest first; the lower of equals first.
    static func greatest(_ count: Int, of logits: [Float]) -> [Int] {
        var best: [(logit: Float, token: Int)] = []
        best.reserveCapacity(count + 1)
        var least = -Float.infinity
        logits.withUnsafeBufferPointer { logits in
            for token in logits.indices where best.count < count || logits[token] > least {
                let logit = logits[token]
                let place = best.firstIndex { $0.logit < logit } ?? best.count
                best.insert((logit, token), at: place)
                if best.count > count { best.removeLast() }
                least = best[best.count - 1].logit
            }
        }
        return best.map(\.token)
    }
}
