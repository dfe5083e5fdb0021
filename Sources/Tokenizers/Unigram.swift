// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// SentencePiece's unigram model: of all ways to cut a piece into tokens the one with the greatest probability
/// (Kudo 2018), found from left to right (Viterbi 1967).
struct Unigram: SubwordModel {
    /// The tokens.
    let trie: PrefixTrie
    /// The logarithm of each token's probability.
    let scores: [Double]
    /// The token of what is none; nil when there is none, which only a model with tokens for bytes can afford.
    let unknown: Int?
    /// The tokens that stand for bytes, for what is no token; nil when the model has not all of them, or does not use them.
    let bytes: [Int32]?
    private let unknownScore: Double

    init(trie: PrefixTrie, scores: [Double], unknown: Int?, bytes: [Int32]?) {
        self.trie = trie
        self.scores = scores
        self.unknown = unknown
        self.bytes = bytes
        // SentencePiece's unigram_model.cc: kUnkPenalty.
        unknownScore = (scores.min() ?? 0) - 10
    }

    private struct Node {
        var score = 0.0
        /// Where the last token of the best way begins; -1 when no way leads here.
        var start: Int32 = -1
        /// That token; -1 for what is none.
        var token: Int32 = -1
    }

    func encode(_ pieces: [Range<Int>], of text: AlignedText, into result: inout TokenizedText) {
        var nodes: [Node] = []
        var parts: [(range: Range<Int>, token: Int32)] = []
        text.bytes.withUnsafeBufferPointer { bytes in
            for piece in pieces {
                findBest(bytes, piece, &nodes)
                parts.removeAll(keepingCapacity: true)
                var end = piece.count
                while end > 0 {
                    let node = nodes[end]
                    let start = max(0, min(Int(node.start), end - 1))
                    let range = piece.lowerBound + start..<piece.lowerBound + end
                    // What is none is one token, however long.
                    if node.token < 0, let last = parts.last, last.token < 0 {
                        parts[parts.count - 1].range = range.lowerBound..<last.range.upperBound
                    } else {
                        parts.append((range, node.token))
                    }
                    end = start
                }
                for part in parts.reversed() {
                    append(
                        part.range, part.token, bytes, text, isFirst: part.range.lowerBound == piece.lowerBound, &result
                    )
                }
            }
        }
    }

    private func findBest(_ bytes: UnsafeBufferPointer<UInt8>, _ piece: Range<Int>, _ nodes: inout [Node]) {
        nodes.removeAll(keepingCapacity: true)
        nodes.append(contentsOf: repeatElement(Node(), count: piece.count + 1))
        var start = 0
        while start < piece.count {
            let score = nodes[start].score
            let length = min(bytes.scalar(at: piece.lowerBound + start).1, piece.count - start)
            var isKnown = false
            var node = PrefixTrie.root
            var end = start
            while end < piece.count, let next = trie.next(node, bytes[piece.lowerBound + end]) {
                node = next
                end += 1
                guard let token = trie.token(at: node) else { continue }
                reach(end, from: start, score + scores[Int(token)], token, &nodes)
                if end - start == length { isKnown = true }
            }
            if !isKnown { reach(start + length, from: start, score + unknownScore, -1, &nodes) }
            start += length
        }
    }

    @inline(__always)
    private func reach(_ end: Int, from start: Int, _ score: Double, _ token: Int32, _ nodes: inout [Node]) {
        guard nodes[end].start < 0 || score > nodes[end].score else { return }
        nodes[end] = Node(
            score: score, start: Int32(truncatingIfNeeded: start), token: token == unknown.map(Int32.init) ? -1 : token)
    }

    private func append(
        _ range: Range<Int>, _ token: Int32, _ bytes: UnsafeBufferPointer<UInt8>, _ text: AlignedText, isFirst: Bool,
        _ result: inout TokenizedText
    ) {
        let origin = text.origin(of: range)
        if token >= 0 { return result.append(Int(token), origin, continues: !isFirst) }
        // What was joined may be a token after all.
        if let node = trie.node(after: bytes[range]), let token = trie.token(at: node) {
            return result.append(Int(token), origin, continues: !isFirst)
        }
        if let byteTokens = self.bytes {
            for index in range {
                result.append(
                    Int(byteTokens[Int(bytes[index])]), origin, continues: !isFirst || index > range.lowerBound)
            }
        } else if let unknown {
            result.append(unknown, origin, continues: !isFirst)
        }
    }
}
