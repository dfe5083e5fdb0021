// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Which two tokens make which one, and how early.
///
/// A hash table with open addressing over pairs of ids. The hash is seeded anew for every table, so that no file can
/// be made whose pairs collide.
struct MergeTable: Sendable {
    /// A rule: a lower rank goes first.
    struct Merge: Sendable {
        var rank: UInt32
        var result: Int32
    }

    private struct Slot: Sendable {
        var pair: UInt64
        var merge: Merge
    }

    /// No pair of ids has this key: ids are not negative.
    private static let free: UInt64 = .max
    private var slots: [Slot]
    private let shift: UInt64
    private let seed: UInt64

    /// Creates a table with room for `capacity` rules.
    init(capacity: Int) {
        let bits = max(4, Int.bitWidth - (2 * max(capacity, 1) - 1).leadingZeroBitCount)
        slots = Array(
            repeating: Slot(pair: Self.free, merge: Merge(rank: 0, result: 0)), count: 1 << bits)
        shift = UInt64(64 - bits)
        seed = .random(in: 0 ... .max) | 1
    }

    /// Adds a rule; a later rule for the same pair replaces the earlier one, as in the `tokenizers` library.
    mutating func insert(_ left: Int32, _ right: Int32, _ merge: Merge) {
        slots[slot(of: Self.key(left, right))] = Slot(pair: Self.key(left, right), merge: merge)
    }

    /// The rule for two neighbours, if there is one.
    @inline(__always)
    func merge(_ left: Int32, _ right: Int32) -> Merge? {
        let slot = slots[slot(of: Self.key(left, right))]
        return slot.pair == Self.free ? nil : slot.merge
    }

    @inline(__always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// Where the pair is, or the free slot where it would go. At most half of the slots are taken, so one is found.
    @inline(__always)
    private func slot(of pair: UInt64) -> Int {
        var hash = (pair ^ seed) &* 0x9E37_79B9_7F4A_7C15
        hash = (hash ^ (hash >> 32)) &* seed
        var index = Int(truncatingIfNeeded: (hash ^ (hash >> 29)) >> shift)
        while slots[index].pair != pair, slots[index].pair != Self.free {
            index = (index + 1) & (slots.count - 1)
        }
        return index
    }
}
