// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The shortest way to turn one sequence into another with substitutions, insertions and deletions, each at cost 1.
///
/// The columns of Levenshtein's matrix are computed 64 rows at a time (Myers 1999, "A fast bit-vector algorithm for
/// approximate string matching", in the blocks of Hyyrö 2003), and memory stays bounded by splitting large problems in
/// two (Hirschberg 1975). Time is O(n·m/64): two unrelated texts of 15,000 words take a few tens of milliseconds.
/// The result is the same for the same input, always.
enum EditPath {
    /// What happens to one element.
    enum Step: UInt8 {
        case equal, substitute, insert, delete
    }

    /// Bytes that the matrix of one part may take before it is split further.
    static let matrixLimit = 4 << 20

    /// The steps that turn `source` into `target`, from the start to the end.
    static func steps<Element: Hashable>(
        from source: [Element], to target: [Element], matrixLimit: Int = EditPath.matrixLimit
    ) -> [Step] {
        var symbols: [Element: Int] = [:]
        func symbol(_ element: Element) -> Int {
            if let known = symbols[element] { return known }
            symbols[element] = symbols.count
            return symbols.count - 1
        }
        let source = source.map(symbol)
        let target = target.map(symbol)
        var steps: [Step] = []
        steps.reserveCapacity(max(source.count, target.count))
        append(source[...], target[...], symbolCount: symbols.count, matrixLimit: matrixLimit, to: &steps)
        return steps
    }

    private static func append(
        _ source: ArraySlice<Int>, _ target: ArraySlice<Int>, symbolCount: Int, matrixLimit: Int, to steps: inout [Step]
    ) {
        // A common beginning and end belong to some shortest path, and most edits leave nothing else.
        var prefix = 0
        for (a, b) in zip(source, target) {
            guard a == b else { break }
            prefix += 1
        }
        var source = source.dropFirst(prefix)
        var target = target.dropFirst(prefix)
        var suffix = 0
        while let a = source.last, let b = target.last, a == b {
            source.removeLast()
            target.removeLast()
            suffix += 1
        }
        steps.append(contentsOf: repeatElement(.equal, count: prefix))
        defer { steps.append(contentsOf: repeatElement(.equal, count: suffix)) }
        if source.isEmpty {
            steps.append(contentsOf: repeatElement(.insert, count: target.count))
            return
        }
        if target.isEmpty {
            steps.append(contentsOf: repeatElement(.delete, count: source.count))
            return
        }

        let bytes = EditColumn.blockCount(for: source.count) * target.count * 16
        if bytes <= matrixLimit || target.count == 1 {
            steps.append(contentsOf: traced(Array(source), Array(target), symbolCount: symbolCount))
            return
        }
        let middle = target.startIndex + target.count / 2
        let ahead = distances(Array(source), Array(target[..<middle]), symbolCount: symbolCount)
        let behind = distances(source.reversed(), target[middle...].reversed(), symbolCount: symbolCount)
        var best = 0
        for row in 1...source.count
        where ahead[row] + behind[source.count - row] < ahead[best] + behind[source.count - best] {
            best = row
        }
        let cut = source.startIndex + best
        append(source[..<cut], target[..<middle], symbolCount: symbolCount, matrixLimit: matrixLimit, to: &steps)
        append(source[cut...], target[middle...], symbolCount: symbolCount, matrixLimit: matrixLimit, to: &steps)
    }

    /// The distance of every beginning of `source` to the whole of `target`. `[source.count + 1]`
    private static func distances(_ source: [Int], _ target: [Int], symbolCount: Int) -> [Int] {
        var column = EditColumn(source, symbolCount: symbolCount)
        for symbol in target { column.advance(symbol) }
        var result = [target.count]
        result.reserveCapacity(source.count + 1)
        for row in source.indices {
            result.append(result[row] + (column.rises(at: row) ? 1 : column.falls(at: row) ? -1 : 0))
        }
        return result
    }

    /// The path through a matrix that is kept whole.
    private static func traced(_ source: [Int], _ target: [Int], symbolCount: Int) -> [Step] {
        var column = EditColumn(source, symbolCount: symbolCount)
        let blocks = column.blockCount
        var rising: [UInt64] = []
        var falling: [UInt64] = []
        rising.reserveCapacity(blocks * target.count)
        falling.reserveCapacity(blocks * target.count)
        for symbol in target {
            column.advance(symbol)
            rising.append(contentsOf: column.rising)
            falling.append(contentsOf: column.falling)
        }
        func bit(_ bits: [UInt64], row: Int, column: Int) -> Bool {
            bits[column * blocks + row >> 6] >> UInt64(row & 63) & 1 == 1
        }

        var steps: [Step] = []
        var row = source.count
        var place = target.count
        while row > 0, place > 0 {
            if source[row - 1] == target[place - 1] {
                steps.append(.equal)
                row -= 1
                place -= 1
            } else if bit(rising, row: row - 1, column: place - 1) {
                steps.append(.delete)
                row -= 1
            } else if place > 1, bit(falling, row: row - 1, column: place - 2) {
                steps.append(.insert)
                place -= 1
            } else {
                steps.append(.substitute)
                row -= 1
                place -= 1
            }
        }
        steps.append(contentsOf: repeatElement(.delete, count: row))
        steps.append(contentsOf: repeatElement(.insert, count: place))
        return steps.reversed()
    }
}

/// One column of Levenshtein's matrix as differences between neighbouring rows, 64 to a word.
private struct EditColumn {
    /// Bit `row`: the value grows by 1 from row to row + 1.
    private(set) var rising: [UInt64]
    /// Bit `row`: the value shrinks by 1 from row to row + 1.
    private(set) var falling: [UInt64]
    let blockCount: Int

    /// Where each symbol stands in the source: `positions[starts[symbol]..<starts[symbol + 1]]`.
    private var starts: [Int]
    private var positions: [Int]
    /// Symbols that stand in more places than there are blocks have their masks ready; there are at most 64 of them.
    private var masks: [Int: [UInt64]] = [:]
    private var matches: [UInt64]

    static func blockCount(for rows: Int) -> Int { (rows + 63) / 64 }

    /// The first column: row `i` costs `i` deletions.
    init(_ source: [Int], symbolCount: Int) {
        let blocks = Self.blockCount(for: source.count)
        blockCount = blocks
        rising = Array(repeating: .max, count: blocks)
        falling = Array(repeating: 0, count: blocks)
        matches = Array(repeating: 0, count: blocks)
        starts = Array(repeating: 0, count: symbolCount + 1)
        for symbol in source { starts[symbol + 1] += 1 }
        for symbol in 0..<symbolCount { starts[symbol + 1] += starts[symbol] }
        positions = Array(repeating: 0, count: source.count)
        var next = starts
        for (row, symbol) in source.enumerated() {
            positions[next[symbol]] = row
            next[symbol] += 1
        }
        for symbol in 0..<symbolCount where starts[symbol + 1] - starts[symbol] > blocks {
            var mask: [UInt64] = Array(repeating: 0, count: blocks)
            for row in positions[starts[symbol]..<starts[symbol + 1]] { mask[row >> 6] |= 1 << UInt64(row & 63) }
            masks[symbol] = mask
        }
    }

    func rises(at row: Int) -> Bool { rising[row >> 6] >> UInt64(row & 63) & 1 == 1 }

    func falls(at row: Int) -> Bool { falling[row >> 6] >> UInt64(row & 63) & 1 == 1 }

    /// Goes on to the column of the next element of the target.
    mutating func advance(_ symbol: Int) {
        if let mask = masks[symbol] {
            advance(matching: mask)
            return
        }
        let rows = starts[symbol]..<starts[symbol + 1]
        for place in rows { matches[positions[place] >> 6] |= 1 << UInt64(positions[place] & 63) }
        advance(matching: matches)
        for place in rows { matches[positions[place] >> 6] = 0 }
    }

    private mutating func advance(matching matches: [UInt64]) {
        var carriedRise: UInt64 = 1
        var carriedFall: UInt64 = 0
        for block in 0..<blockCount {
            let up = rising[block]
            let down = falling[block]
            let equal = matches[block] | carriedFall
            let diagonal = (((equal & up) &+ up) ^ up) | equal | down
            var rise = down | ~(diagonal | up)
            var fall = diagonal & up
            let nextRise = rise >> 63
            let nextFall = fall >> 63
            rise = rise << 1 | carriedRise
            fall = fall << 1 | carriedFall
            rising[block] = fall | ~(diagonal | rise)
            falling[block] = rise & diagonal
            carriedRise = nextRise
            carriedFall = nextFall
        }
    }
}
