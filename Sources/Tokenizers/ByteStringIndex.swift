// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Finds the id of a token by its bytes.
///
/// The bytes stay where they are, in one array for all tokens; the table holds ids only. The hash is the standard
/// library's, seeded for every run, so that no file can be made whose tokens collide.
struct ByteStringIndex: Sendable {
    private var slots: [Int32]

    /// Creates an index with room for `capacity` tokens.
    init(capacity: Int) {
        let bits = max(4, Int.bitWidth - (2 * max(capacity, 1) - 1).leadingZeroBitCount)
        slots = Array(repeating: -1, count: 1 << bits)
    }

    /// Adds a token, unless one with the same bytes is there: then returns that one.
    mutating func insert(_ id: Int32, _ name: some Collection<UInt8>, in tokens: TokenTable) -> Int32? {
        let slot = slot(of: name, in: tokens)
        guard slots[slot] < 0 else { return slots[slot] }
        slots[slot] = id
        return nil
    }

    /// The id of the token with these bytes.
    func id(of name: some Collection<UInt8>, in tokens: TokenTable) -> Int32? {
        let id = slots[slot(of: name, in: tokens)]
        return id < 0 ? nil : id
    }

    private func slot(of name: some Collection<UInt8>, in tokens: TokenTable) -> Int {
        var hasher = Hasher()
        for byte in name { hasher.combine(byte) }
        var index = hasher.finalize() & (slots.count - 1)
        while slots[index] >= 0, !tokens.bytes(of: slots[index]).elementsEqual(name) {
            index = (index + 1) & (slots.count - 1)
        }
        return index
    }
}
