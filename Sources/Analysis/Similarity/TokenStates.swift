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

    /// For each token of this text the cosine of the closest one of another, and the other way round; -1 where there is none.
    package func nearest(_ other: TokenStates) -> (own: [Float], other: [Float]) {
        var own = [Float](repeating: -1, count: ids.count)
        var others = [Float](repeating: -1, count: other.ids.count)
        guard width == other.width else { return (own, others) }
        directions.withUnsafeBytes { mine in
            other.directions.withUnsafeBytes { theirs in
                for token in own.indices {
                    for place in others.indices {
                        let cosine = Self.product(mine, token * width, theirs, place * width, width)
                        own[token] = max(own[token], cosine)
                        others[place] = max(others[place], cosine)
                    }
                }
            }
        }
        return (own, others)
    }

    /// How much of this text's meaning is found, -1...1: the average of what ``nearest(_:)`` gives, weighted.
    ///
    /// - Parameter discount: What each token's weight is multiplied by; nil for none.
    package func share(_ nearest: [Float], discount: [Double]? = nil) -> Double {
        var sum = 0.0
        var whole = 0.0
        for token in ids.indices {
            let weight = weights[token] * (discount?[token] ?? 1)
            sum += weight * Double(nearest[token])
            whole += weight
        }
        return whole > 0 ? sum / whole : 0
    }

    /// The sum of products of floats, in sixteen sums side by side, which processors add at once.
    private static func product(
        _ first: UnsafeRawBufferPointer, _ start: Int, _ second: UnsafeRawBufferPointer, _ other: Int, _ count: Int
    ) -> Float {
        var sums = SIMD16<Float>()
        let whole = count / 16 * 16
        for index in stride(from: 0, to: whole, by: 16) {
            sums +=
                first.loadUnaligned(fromByteOffset: 4 * (start + index), as: SIMD16<Float>.self)
                * second.loadUnaligned(fromByteOffset: 4 * (other + index), as: SIMD16<Float>.self)
        }
        var rest: Float = 0
        for index in whole..<count {
            rest +=
                first.loadUnaligned(fromByteOffset: 4 * (start + index), as: Float.self)
                * second.loadUnaligned(fromByteOffset: 4 * (other + index), as: Float.self)
        }
        return sums.sum() + rest
    }
}
