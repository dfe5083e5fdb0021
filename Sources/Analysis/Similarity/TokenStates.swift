// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Inference
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
    private static let functionWords = HashIndex(of: EnglishLexicon.functionWords)

    /// How much memory they take, in bytes.
    var size: Int { 4 * directions.count + 16 * ids.count }

    /// Takes what a model made of a text.
    init(_ encoded: TextEncoder.EncodedText, of text: String) {
        let count = encoded.tokens.count
        let width = count == 0 ? 0 : encoded.states.count / count
        self.width = width
        ids = encoded.tokens.ids
        var directions = encoded.states
        directions.withUnsafeMutableBufferPointer { directions in
            for token in 0..<count {
                let direction = UnsafeMutableBufferPointer(rebasing: directions[token * width..<(token + 1) * width])
                var square: Float = 0
                for value in direction { square += value * value }
                guard square > 0 else { continue }
                let scale = 1 / square.squareRoot()
                for place in direction.indices { direction[place] *= scale }
            }
        }
        self.directions = directions
        weights = Self.weights(encoded.tokens, of: text)
    }

    /// What each token counts: its whole word decides, of which it may be a piece.
    private static func weights(_ tokens: TokenizedText, of text: String) -> [Double] {
        var text = text
        return text.withUTF8 { bytes in
            var weights = [Double](repeating: 1, count: tokens.count)
            var first = 0
            while first < weights.count {
                var end = first + 1
                while end < weights.count, tokens.continues[end] { end += 1 }
                let range = tokens.offsets[first].lowerBound..<tokens.offsets[end - 1].upperBound
                if range.upperBound <= bytes.count, isSmall(UnsafeBufferPointer(rebasing: bytes[range])) {
                    for token in first..<end { weights[token] = 0.15 }
                }
                first = end
            }
            return weights
        }
    }

    /// Whether a word only holds a sentence together, or is none.
    private static func isSmall(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        guard word.allSatisfy({ $0 < 0x80 }) else {
            return String(decoding: word, as: UTF8.self).allSatisfy { !$0.isLetter && !$0.isNumber }
        }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: word.count) { lower in
            var hasLetters = false
            for index in word.indices {
                let byte = word[index]
                let isCapital = byte >= 0x41 && byte <= 0x5A
                let isLetter = isCapital || byte >= 0x61 && byte <= 0x7A || byte >= 0x30 && byte <= 0x39
                lower.initializeElement(at: index, to: isCapital ? byte | 0x20 : byte)
                hasLetters = hasLetters || isLetter
            }
            return !hasLetters
                || lower.baseAddress.map { functionWords.contains(WordHash.of($0, count: word.count)) } ?? false
        }
    }

    /// For each token of this text the cosine of the closest one of another, and the other way round; -1 where there is none.
    package func nearest(_ other: TokenStates) -> (own: [Float], other: [Float]) {
        guard width == other.width, width > 0 else {
            return ([Float](repeating: -1, count: ids.count), [Float](repeating: -1, count: other.ids.count))
        }
        return Directions.closest(directions, other.directions, width: width)
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
}
