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
        var own = [Float](repeating: -1, count: ids.count)
        var others = [Float](repeating: -1, count: other.ids.count)
        guard width == other.width else { return (own, others) }
        directions.withUnsafeBytes { mine in
            other.directions.withUnsafeBytes { theirs in
                // Four by two at once, so that each number that is loaded serves several products.
                for token in stride(from: 0, to: own.count, by: 4) {
                    for place in stride(from: 0, to: others.count, by: 2) {
                        let rows = min(4, own.count - token)
                        let columns = min(2, others.count - place)
                        if rows == 4, columns == 2 {
                            let cosines = Self.products(mine, token * width, theirs, place * width, width)
                            for row in 0..<4 {
                                own[token + row] = max(own[token + row], max(cosines[row], cosines[row + 4]))
                                others[place] = max(others[place], cosines[row])
                                others[place + 1] = max(others[place + 1], cosines[row + 4])
                            }
                            continue
                        }
                        for row in token..<token + rows {
                            for column in place..<place + columns {
                                let cosine = Self.product(mine, row * width, theirs, column * width, width)
                                own[row] = max(own[row], cosine)
                                others[column] = max(others[column], cosine)
                            }
                        }
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

    /// The products of four rows with two others, as ``product(_:_:_:_:_:)`` gives each, to the last bit: those of the four with
    /// the first one, then those with the second.
    @inline(__always)
    private static func products(
        _ first: UnsafeRawBufferPointer, _ start: Int, _ second: UnsafeRawBufferPointer, _ other: Int, _ width: Int
    ) -> SIMD8<Float> {
        typealias Four = SIMD4<Float>
        @inline(__always)
        func load(_ numbers: UnsafeRawBufferPointer, _ index: Int) -> Four {
            numbers.loadUnaligned(fromByteOffset: 4 * index, as: Four.self)
        }
        let whole = width / 16 * 16
        // A quarter of the sixteen sums at a time: eight times four numbers fit the registers that every processor has.
        @inline(__always)
        func quarter(_ lane: Int) -> (Four, Four, Four, Four, Four, Four, Four, Four) {
            var (a0, a1, a2, a3, b0, b1, b2, b3) = (
                Four(), Four(), Four(), Four(), Four(), Four(), Four(), Four()
            )
            for index in stride(from: lane, to: whole, by: 16) {
                let (left, right) = (load(second, other + index), load(second, other + width + index))
                let (r0, r1) = (load(first, start + index), load(first, start + width + index))
                a0 += r0 * left
                b0 += r0 * right
                a1 += r1 * left
                b1 += r1 * right
                let (r2, r3) = (load(first, start + 2 * width + index), load(first, start + 3 * width + index))
                a2 += r2 * left
                b2 += r2 * right
                a3 += r3 * left
                b3 += r3 * right
            }
            return (a0, a1, a2, a3, b0, b1, b2, b3)
        }
        let (q, r, s, t) = (quarter(0), quarter(4), quarter(8), quarter(12))
        @inline(__always)
        func sum(_ q: Four, _ r: Four, _ s: Four, _ t: Four) -> Float {
            SIMD16(lowHalf: SIMD8(lowHalf: q, highHalf: r), highHalf: SIMD8(lowHalf: s, highHalf: t)).sum()
        }
        var results = SIMD8(
            sum(q.0, r.0, s.0, t.0), sum(q.1, r.1, s.1, t.1), sum(q.2, r.2, s.2, t.2), sum(q.3, r.3, s.3, t.3),
            sum(q.4, r.4, s.4, t.4), sum(q.5, r.5, s.5, t.5), sum(q.6, r.6, s.6, t.6), sum(q.7, r.7, s.7, t.7))
        guard whole < width else { return results }
        for row in 0..<8 {
            var rest: Float = 0
            for index in whole..<width {
                rest +=
                    first.loadUnaligned(fromByteOffset: 4 * (start + row % 4 * width + index), as: Float.self)
                    * second.loadUnaligned(fromByteOffset: 4 * (other + row / 4 * width + index), as: Float.self)
            }
            results[row] += rest
        }
        return results
    }
}
