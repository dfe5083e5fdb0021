// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// When each token is spoken, from the decoder's cross-attention (openai-whisper, timing.py).
///
/// The heads that follow the audio are normalised over the tokens, smoothed by a median filter and averaged; dynamic
/// time warping (Sakoe and Chiba 1978) then finds the path through tokens and time that has the most attention.
struct TokenAlignment: Sendable, Hashable {
    /// What the attention is given as.
    enum Weights: Sendable {
        /// Scaled products of queries and keys, before the softmax.
        case scores
        /// After a softmax over at least the frames that are used.
        case probabilities
    }

    /// The seconds from the start of the window at which each row of the attention begins. `[row]`
    let starts: [Double]

    /// Positions of the encoder in a second.
    static let positionsPerSecond = 50.0

    /// Aligns the rows of an attention matrix.
    ///
    /// The decoder has been given the start sequence with `<|notimestamps|>`, the text and the end. Row r attends to
    /// what is said by token r + 1, so the rows from the last token of the start sequence on are the text's, and that
    /// of the text's last token is the end's.
    ///
    /// - Parameters:
    ///   - attention: One matrix for each alignment head. `[head, token, position]`
    ///   - tokens: Rows of each matrix.
    ///   - positions: Columns of each matrix (1500).
    ///   - used: The positions with audio; the others are ignored. At most `positions`.
    ///   - rows: The rows to align, after normalisation over all of them.
    ///   - kind: What the values are.
    init(
        _ attention: [[Float]], tokens: Int, positions: Int, used: Int, rows: Range<Int>, kind: Weights = .scores
    ) {
        let used = min(used, positions)
        let rows = rows.clamped(to: 0..<max(tokens, 0))
        guard used > 0, !rows.isEmpty, !attention.isEmpty else {
            starts = Array(repeating: 0, count: rows.count)
            return
        }
        var mean = [Float](repeating: 0, count: rows.count * used)
        for head in attention {
            precondition(head.count >= tokens * positions)
            var weights = Self.probabilities(head, tokens, positions, used, kind)
            Self.standardize(&weights, tokens, used)
            for (row, source) in rows.enumerated() {
                let line = weights[source * used..<(source + 1) * used]
                for (position, value) in Self.medianFiltered(Array(line)).enumerated() {
                    mean[row * used + position] += value
                }
            }
        }
        let cost = mean.map { -Double($0) / Double(attention.count) }
        let path = Self.warp(cost, rows: rows.count, columns: used)
        var starts = [Double](repeating: 0, count: rows.count)
        for step in path.reversed() { starts[step.row] = Double(step.column) / Self.positionsPerSecond }
        self.starts = starts
    }

    /// Each token's attention as probabilities over the positions that are used. `[token, used]`
    private static func probabilities(
        _ head: [Float], _ tokens: Int, _ positions: Int, _ used: Int, _ kind: Weights
    ) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(tokens * used)
        for token in 0..<tokens {
            let row = head[token * positions..<token * positions + used]
            switch kind {
            case .scores:
                let normalizer = LogProbabilities.logSumExp(row)
                result.append(contentsOf: row.map { expf($0 - normalizer) })
            case .probabilities:
                let sum = row.reduce(0, +)
                result.append(contentsOf: row.map { sum > 0 ? $0 / sum : 0 })
            }
        }
        return result
    }

    /// Takes the mean over the tokens from each position and divides by the deviation, so that a position that every
    /// token attends to says nothing.
    private static func standardize(_ weights: inout [Float], _ tokens: Int, _ used: Int) {
        var means = [Double](repeating: 0, count: used)
        var deviations = [Double](repeating: 0, count: used)
        for token in 0..<tokens {
            for position in 0..<used { means[position] += Double(weights[token * used + position]) / Double(tokens) }
        }
        for token in 0..<tokens {
            for position in 0..<used {
                let difference = Double(weights[token * used + position]) - means[position]
                deviations[position] += difference * difference / Double(tokens)
            }
        }
        for token in 0..<tokens {
            for position in 0..<used {
                let difference = Double(weights[token * used + position]) - means[position]
                let deviation = deviations[position].squareRoot()
                weights[token * used + position] = deviation > 0 ? Float(difference / deviation) : 0
            }
        }
    }

    /// The median of seven: each value, and three to each side, mirrored at the ends; unchanged when there are too few.
    static func medianFiltered(_ values: [Float]) -> [Float] {
        let count = values.count
        guard count > 3 else { return values }
        var padded = [Float](repeating: 0, count: count + 6 + 16)
        for index in -3..<count + 3 {
            var place = abs(index)
            if place >= count { place = 2 * (count - 1) - place }
            padded[index + 3] = values[place]
        }
        var result = [Float](repeating: 0, count: count + 16)
        padded.withUnsafeBytes { padded in
            result.withUnsafeMutableBytes { result in
                for index in stride(from: 0, to: count, by: 16) {
                    let medians = median {
                        padded.loadUnaligned(fromByteOffset: 4 * (index + $0), as: SIMD16<Float>.self)
                    }
                    result.storeBytes(of: medians, toByteOffset: 4 * index, as: SIMD16<Float>.self)
                }
            }
        }
        result.removeLast(16)
        return result
    }

    /// The medians of sixteen times seven values, by a network of comparisons (Devillard 1998, Fast median search).
    @inline(__always)
    private static func median(_ value: (Int) -> SIMD16<Float>) -> SIMD16<Float> {
        var (a, b, c, d, e, f, g) = (value(0), value(1), value(2), value(3), value(4), value(5), value(6))
        func order(_ low: inout SIMD16<Float>, _ high: inout SIMD16<Float>) {
            let swapped = high .< low
            let least = low.replacing(with: high, where: swapped)
            high.replace(with: low, where: swapped)
            low = least
        }
        order(&a, &f)
        order(&a, &d)
        order(&b, &g)
        order(&c, &e)
        order(&a, &b)
        order(&d, &f)
        order(&c, &g)
        order(&c, &d)
        order(&d, &g)
        order(&e, &f)
        order(&b, &e)
        order(&b, &d)
        order(&d, &e)
        return d
    }

    /// The cheapest path from the first row and column to the last ones.
    ///
    /// - Parameter cost: `[rows, columns]`
    /// - Returns: The cells of the path, first to last.
    static func warp(_ cost: [Double], rows: Int, columns: Int) -> [(row: Int, column: Int)] {
        guard rows > 0, columns > 0 else { return [] }
        enum Move: UInt8 { case both, row, column }
        let width = columns + 1
        var moves = [Move](repeating: .both, count: (rows + 1) * width)
        // The reference adds in double and stores in single precision; so ties are the same.
        var previous = [Float](repeating: .infinity, count: width)
        previous[0] = 0
        for row in 1...rows {
            var current = [Float](repeating: .infinity, count: width)
            for column in 1...columns {
                let both = previous[column - 1]
                let above = previous[column]
                let left = current[column - 1]
                var best = left
                var move = Move.column
                if both < above, both < left {
                    best = both
                    move = .both
                } else if above < both, above < left {
                    best = above
                    move = .row
                }
                current[column] = Float(cost[(row - 1) * columns + column - 1] + Double(best))
                moves[row * width + column] = move
            }
            previous = current
        }
        var path: [(row: Int, column: Int)] = []
        var (row, column) = (rows, columns)
        while row > 0 || column > 0 {
            path.append((max(row - 1, 0), max(column - 1, 0)))
            let move = row == 0 ? .column : column == 0 ? .row : moves[row * width + column]
            if move != .column { row -= 1 }
            if move != .row { column -= 1 }
        }
        return path.reversed()
    }
}
