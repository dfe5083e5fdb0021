// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Glibc

/// Turns the scores of a text's pieces into entities: the best path of BIO labels that can be (weights/FORMAT.md,
/// `bio-viterbi`).
struct EntityTags {
    /// Pieces that name one thing.
    struct Span: Equatable {
        /// The pieces, as indices.
        var pieces: Range<Int>
        /// The class: the label without its `B-`.
        var kind: String
        /// The mean over its pieces of the probability that they belong to this class.
        var confidence: Double
    }

    private enum Label: Equatable {
        case outside
        case begin(Int)
        case inside(Int)
    }

    private let labels: [Label]
    private let kinds: [String]
    /// Whether an `I-` may begin an entity, and `B-` only parts two that touch (the IOB1 of CoNLL-2003): so where a class has
    /// no `B-` at all.
    private let beginsInside: Bool

    /// Reads label names: `O`, and `B-` and `I-` with a class; nil where a name is of no other form.
    init?(labels names: [String]) {
        var kinds: [String] = []
        var labels: [Label] = []
        for name in names {
            if name == "O" {
                labels.append(.outside)
                continue
            }
            guard name.hasPrefix("B-") || name.hasPrefix("I-"), name.utf8.count > 2 else { return nil }
            let kind = String(name.dropFirst(2))
            let index = kinds.firstIndex(of: kind) ?? kinds.count
            if index == kinds.count { kinds.append(kind) }
            labels.append(name.hasPrefix("B-") ? .begin(index) : .inside(index))
        }
        guard labels.contains(.outside) else { return nil }
        self.labels = labels
        self.kinds = kinds
        beginsInside = kinds.indices.contains { !labels.contains(.begin($0)) }
    }

    /// The spans of a text.
    ///
    /// - Parameters:
    ///   - logits: A score for each label, [pieces, labels].
    ///   - continues: For each piece whether it goes on with the word of the one before it.
    func spans(logits: [Float], continues: [Bool]) -> [Span] {
        let count = labels.count
        let pieces = continues.count
        guard pieces > 0, logits.count == pieces * count else { return [] }
        let scores = logProbabilities(logits)
        var total = (0..<count).map { mayFollow(nil, $0, continues: false) ? scores[$0] : -.infinity }
        var from = [Int](repeating: 0, count: pieces * count)
        for piece in 1..<max(1, pieces) {
            var next = [Double](repeating: -.infinity, count: count)
            for label in 0..<count {
                for before in 0..<count where mayFollow(before, label, continues: continues[piece]) {
                    // Of equal paths the one with the lower label before: strictly greater replaces.
                    if total[before] > next[label] {
                        next[label] = total[before]
                        from[piece * count + label] = before
                    }
                }
                next[label] += scores[piece * count + label]
            }
            total = next
        }
        var path = [Int](repeating: 0, count: pieces)
        path[pieces - 1] = total.indices.max { total[$0] < total[$1] || (total[$0] == total[$1] && $0 > $1) } ?? 0
        for piece in stride(from: pieces - 1, to: 0, by: -1) { path[piece - 1] = from[piece * count + path[piece]] }
        return spans(of: path, scores)
    }

    private func mayFollow(_ before: Int?, _ label: Int, continues: Bool) -> Bool {
        let previous = before.map { labels[$0] } ?? .outside
        switch labels[label] {
        case .outside: return !continues || previous == .outside
        case .begin: return !continues
        case .inside(let kind):
            return previous == .begin(kind) || previous == .inside(kind) || (beginsInside && !continues)
        }
    }

    private func logProbabilities(_ logits: [Float]) -> [Double] {
        var scores = logits.map(Double.init)
        for start in stride(from: 0, to: scores.count, by: labels.count) {
            let row = start..<(start + labels.count)
            let highest = scores[row].max() ?? 0
            let sum = highest + log(scores[row].reduce(0) { $0 + exp($1 - highest) })
            for index in row { scores[index] -= sum }
        }
        return scores
    }

    private func spans(of path: [Int], _ scores: [Double]) -> [Span] {
        var spans: [Span] = []
        for (piece, label) in path.enumerated() {
            let kind: Int
            switch labels[label] {
            case .outside: continue
            case .begin(let begun): kind = begun
            case .inside(let inner):
                let before = piece > 0 ? labels[path[piece - 1]] : .outside
                if before == .begin(inner) || before == .inside(inner) {
                    spans[spans.count - 1].pieces = spans[spans.count - 1].pieces.lowerBound..<(piece + 1)
                    continue
                }
                kind = inner
            }
            spans.append(Span(pieces: piece..<(piece + 1), kind: kinds[kind], confidence: 0))
        }
        for index in spans.indices {
            let kind = kinds.firstIndex(of: spans[index].kind) ?? 0
            let members = labels.indices.filter { labels[$0] == .begin(kind) || labels[$0] == .inside(kind) }
            let probabilities = spans[index].pieces.map { piece in
                members.reduce(0) { $0 + exp(scores[piece * labels.count + $1]) }
            }
            spans[index].confidence = min(1, probabilities.reduce(0, +) / Double(probabilities.count))
        }
        return spans
    }
}
