// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Finds the tokens that a text begins with.
///
/// A trie over bytes whose edges are in one hash table with open addressing. The hash is seeded anew for every trie, so
/// that no file can be made whose edges collide.
struct PrefixTrie: Sendable {
    /// The node where every search begins.
    static let root: Int32 = 0

    private static let free: UInt64 = .max
    private var keys: [UInt64]
    private var targets: [Int32]
    private var shift: UInt64
    private let seed: UInt64
    /// The token that ends at each node; -1 for none.
    private var tokens: [Int32] = [-1]

    init() {
        keys = Array(repeating: Self.free, count: 1 << 10)
        targets = Array(repeating: 0, count: 1 << 10)
        shift = 54
        seed = .random(in: 0 ... .max) | 1
    }

    /// Adds a token; of two with the same bytes the first stays.
    mutating func insert(_ name: some Sequence<UInt8>, _ token: Int32) {
        var node = Self.root
        for byte in name {
            let slot = slot(node, byte)
            if keys[slot] != Self.free {
                node = targets[slot]
                continue
            }
            let next = Int32(tokens.count)
            tokens.append(-1)
            keys[slot] = Self.key(node, byte)
            targets[slot] = next
            node = next
            if 2 * tokens.count > keys.count { grow() }
        }
        if tokens[Int(node)] < 0 { tokens[Int(node)] = token }
    }

    /// The node that a byte leads to.
    @inline(__always)
    func next(_ node: Int32, _ byte: UInt8) -> Int32? {
        let slot = slot(node, byte)
        return keys[slot] == Self.free ? nil : targets[slot]
    }

    /// The node that some bytes lead to.
    func node(after name: some Sequence<UInt8>) -> Int32? {
        var node = Self.root
        for byte in name {
            guard let next = next(node, byte) else { return nil }
            node = next
        }
        return node
    }

    /// The token that ends at a node.
    @inline(__always)
    func token(at node: Int32) -> Int32? {
        let token = tokens[Int(node)]
        return token < 0 ? nil : token
    }

    /// The longest token that the bytes from `start` begin with, and its end.
    func longest(from node: Int32, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> (Int32, Int)? {
        var node = node
        var found: (Int32, Int)?
        var index = range.lowerBound
        while index < range.upperBound, let next = next(node, bytes[index]) {
            node = next
            index += 1
            if let token = token(at: node) { found = (token, index) }
        }
        return found
    }

    @inline(__always)
    private static func key(_ node: Int32, _ byte: UInt8) -> UInt64 {
        UInt64(UInt32(bitPattern: node)) << 8 | UInt64(byte)
    }

    /// Where the edge is, or the free slot where it would go. At most half of the slots are taken.
    @inline(__always)
    private func slot(_ node: Int32, _ byte: UInt8) -> Int {
        let key = Self.key(node, byte)
        var hash = (key ^ seed) &* 0x9E37_79B9_7F4A_7C15
        hash = (hash ^ (hash >> 32)) &* seed
        var index = Int(truncatingIfNeeded: (hash ^ (hash >> 29)) >> shift)
        while keys[index] != key, keys[index] != Self.free { index = (index + 1) & (keys.count - 1) }
        return index
    }

    private mutating func grow() {
        let (oldKeys, oldTargets) = (keys, targets)
        keys = Array(repeating: Self.free, count: 2 * oldKeys.count)
        targets = Array(repeating: 0, count: 2 * oldKeys.count)
        shift -= 1
        for (key, target) in zip(oldKeys, oldTargets) where key != Self.free {
            let slot = slot(Int32(truncatingIfNeeded: key >> 8), UInt8(truncatingIfNeeded: key))
            keys[slot] = key
            targets[slot] = target
        }
    }
}
