// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TextEncoders
import Tokenizers

/// The words of a sentence as a model of language sees them: one direction each, which says what a word means beside its
/// neighbours.
///
/// A key point is said where each of its words has one of about its meaning in the answer ("late interaction": Khattab and
/// Zaharia 2020, "ColBERT"; Zhang et al. 2020, "BERTScore"). That finds paraphrases better than the cosine of whole sentences.
package struct TokenStates: Sendable {
    /// The directions, [count, width], each of length 1.
    private let directions: [Float]
    private let width: Int
    /// Which token of the vocabulary each is.
    package let ids: [Int]
    /// How much of the meaning each carries: words that only hold a sentence together count little.
    private let weights: [Double]
    private static let functionWords = Set(EnglishLexicon.functionWords)

    /// Takes what a model made of a text.
    init(_ encoded: TextEncoder.EncodedText, of text: String) {
        let count = encoded.tokens.count
        width = count == 0 ? 0 : encoded.states.count / count
        ids = encoded.tokens.ids
        var directions = encoded.states
        for token in 0..<count {
            var square: Float = 0
            for place in token * width..<(token + 1) * width { square += directions[place] * directions[place] }
            guard square > 0 else { continue }
            let scale = 1 / square.squareRoot()
            for place in token * width..<(token + 1) * width { directions[place] *= scale }
        }
        self.directions = directions
        let bytes = Array(text.utf8)
        weights = (0..<count).map { token in
            // The whole word decides, of which the token may be a piece.
            var first = token
            while first > 0, encoded.tokens.continues[first] { first -= 1 }
            var last = token
            while last + 1 < count, encoded.tokens.continues[last + 1] { last += 1 }
            let range = encoded.tokens.offsets[first].lowerBound..<encoded.tokens.offsets[last].upperBound
            guard range.upperBound <= bytes.count else { return 1 }
            let word = String(decoding: bytes[range], as: UTF8.self).lowercased()
            return Self.functionWords.contains(word) || word.allSatisfy { !$0.isLetter && !$0.isNumber } ? 0.15 : 1
        }
    }

    /// How much of this one's meaning another has, -1...1: for each word the closest, weighted.
    ///
    /// - Parameter discount: What each word's weight is multiplied by; nil for none.
    package func share(in others: [TokenStates], discount: [Double]? = nil) -> Double {
        var sum = 0.0
        var whole = 0.0
        for token in ids.indices {
            let weight = weights[token] * (discount?[token] ?? 1)
            var best: Float = -1
            for other in others where other.width == width {
                for place in other.ids.indices {
                    var dot: Float = 0
                    for index in 0..<width {
                        dot += directions[token * width + index] * other.directions[place * width + index]
                    }
                    best = max(best, dot)
                }
            }
            sum += weight * Double(best)
            whole += weight
        }
        return whole > 0 ? sum / whole : 0
    }
}
