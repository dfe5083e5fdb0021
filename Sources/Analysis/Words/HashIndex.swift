// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Numbers for digests: a table without removal, for loops that a Dictionary's seeded hashing would slow down.
struct HashIndex {
    private var keys: [UInt64]
    /// The number plus one, or 0 where a slot is free.
    private var values: [Int32]
    private var mask: Int
    /// How many digests have a number.
    private(set) var count = 0

    /// Creates a table with room for so many digests; it grows when there are more.
    init(capacity: Int) {
        var slots = 16
        while slots < capacity * 2 { slots *= 2 }
        keys = [UInt64](repeating: 0, count: slots)
        values = [Int32](repeating: 0, count: slots)
        mask = slots - 1
    }

    /// Creates a table of the words of a list.
    init(of words: [String]) {
        self.init(capacity: words.count)
        for word in words { _ = number(of: WordHash.of(word), orInsert: Int32(count)) }
    }

    /// Whether a digest has a number.
    @inline(__always)
    func contains(_ hash: UInt64) -> Bool { number(of: hash) != nil }

    /// The number of a digest, or nil.
    @inline(__always)
    func number(of hash: UInt64) -> Int32? {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let value = values[slot]
            if value == 0 { return nil }
            if keys[slot] == hash { return value &- 1 }
            slot = (slot &+ 1) & mask
        }
    }

    /// The number of a digest, which becomes `number` when it has none.
    @inline(__always)
    mutating func number(of hash: UInt64, orInsert number: Int32) -> Int32 {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let value = values[slot]
            if value == 0 { break }
            if keys[slot] == hash { return value &- 1 }
            slot = (slot &+ 1) & mask
        }
        keys[slot] = hash
        values[slot] = number &+ 1
        count += 1
        if count * 2 > mask { grow() }
        return number
    }

    private mutating func grow() {
        var larger = HashIndex(capacity: (mask + 1))
        for slot in keys.indices where values[slot] != 0 {
            _ = larger.number(of: keys[slot], orInsert: values[slot] - 1)
        }
        self = larger
    }
}
