// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Joins the bytes of one piece into tokens; keeps its memory from piece to piece.
struct Merger {
    private let tokenizer: ByteLevelBPE
    private var symbols: [Int32] = []
    /// The rule for each symbol and the one after it; ``none`` where there is none or no symbol.
    private var ranks: [UInt32] = []
    private var results: [Int32] = []

    /// Pieces up to this length are searched from end to end for every merge, which is faster than a heap.
    private static let shortPiece = 64
    private static let none: UInt32 = .max

    init(_ tokenizer: ByteLevelBPE) { self.tokenizer = tokenizer }

    /// Appends the tokens of a piece.
    mutating func encode(_ piece: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) {
        if tokenizer.options.ignoresMerges, let id = tokenizer.index.id(of: piece, in: tokenizer.tokens) {
            ids.append(Int(id))
            return
        }
        symbols.removeAll(keepingCapacity: true)
        for byte in piece { symbols.append(tokenizer.byteTokens[Int(byte)]) }
        if symbols.count > 1 {
            ranks.removeAll(keepingCapacity: true)
            results.removeAll(keepingCapacity: true)
            for index in symbols.indices {
                ranks.append(Self.none)
                results.append(0)
                if index + 1 < symbols.count { look(at: index, before: index + 1) }
            }
            if symbols.count <= Self.shortPiece { mergeBySearch() } else { mergeByHeap() }
        }
        for symbol in symbols { ids.append(Int(symbol)) }
    }

    /// Notes the rule for the neighbours at two places.
    private mutating func look(at left: Int, before right: Int) {
        if let merge = tokenizer.merges.merge(symbols[left], symbols[right]) {
            ranks[left] = merge.rank
            results[left] = merge.result
        } else {
            ranks[left] = Self.none
        }
    }

    private mutating func mergeBySearch() {
        while true {
            var best = Self.none
            var place = -1
            for index in ranks.indices where ranks[index] < best {
                best = ranks[index]
                place = index
            }
            guard place >= 0, place + 1 < symbols.count else { return }
            symbols[place] = results[place]
            symbols.remove(at: place + 1)
            ranks.remove(at: place + 1)
            results.remove(at: place + 1)
            if place + 1 < symbols.count { look(at: place, before: place + 1) } else { ranks[place] = Self.none }
            if place > 0 { look(at: place - 1, before: place) }
        }
    }

    /// The same for long pieces: a heap of rank and place, and a list of the symbols that are left.
    private mutating func mergeByHeap() {
        let count = symbols.count
        var next = Array(1...count)
        var previous = Array(-1..<count - 1)
        var heap = Heap()
        for index in ranks.indices where ranks[index] != Self.none { heap.push(ranks[index], index) }
        while let (rank, place) = heap.pop() {
            // The symbols there have changed since, unless this is still their rule.
            guard ranks[place] == rank else { continue }
            let second = next[place]
            symbols[place] = results[place]
            symbols[second] = -1
            ranks[second] = Self.none
            ranks[place] = Self.none
            next[place] = next[second]
            if next[place] < count {
                previous[next[place]] = place
                look(at: place, before: next[place])
                if ranks[place] != Self.none { heap.push(ranks[place], place) }
            }
            if previous[place] >= 0 {
                look(at: previous[place], before: place)
                if ranks[previous[place]] != Self.none { heap.push(ranks[previous[place]], previous[place]) }
            }
        }
        symbols.removeAll { $0 < 0 }
    }
}

/// A binary heap that gives the lowest rank first and, within a rank, the leftmost place.
private struct Heap {
    private var keys: [UInt64] = []

    mutating func push(_ rank: UInt32, _ place: Int) {
        let key = UInt64(rank) << 32 | UInt64(truncatingIfNeeded: place)
        var child = keys.count
        keys.append(key)
        while child > 0 {
            let parent = (child - 1) / 2
            guard keys[parent] > key else { break }
            keys[child] = keys[parent]
            child = parent
        }
        keys[child] = key
    }

    mutating func pop() -> (rank: UInt32, place: Int)? {
        guard let first = keys.first, let last = keys.popLast() else { return nil }
        if !keys.isEmpty {
            var parent = 0
            while 2 * parent + 1 < keys.count {
                var child = 2 * parent + 1
                if child + 1 < keys.count, keys[child + 1] < keys[child] { child += 1 }
                guard keys[child] < last else { break }
                keys[parent] = keys[child]
                parent = child
            }
            keys[parent] = last
        }
        return (UInt32(first >> 32), Int(first & 0xFFFF_FFFF))
    }
}
