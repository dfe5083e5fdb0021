// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The bytes of every token by its id, in one array.
struct TokenTable: Sendable {
    /// What a token is for.
    enum Kind: UInt8, Sendable { case absent, ordinary, added, special }

    private struct Entry: Sendable {
        var start: UInt32 = 0
        var length: UInt32 = 0
        var kind = Kind.absent
    }

    private var entries: [Entry] = []
    private var storage: [UInt8] = []

    /// Ids are below this, so that a file can't make us allocate without bound; the largest known vocabularies have
    /// about 260,000 tokens.
    static let idLimit = 1 << 21
    /// All tokens together have at most this many bytes.
    static let byteLimit = 1 << 27

    /// One more than the greatest id.
    var count: Int { entries.count }

    /// What a token is for; `absent` for any id that is not in the vocabulary.
    @inline(__always)
    func kind(of id: Int) -> Kind { entries.indices.contains(id) ? entries[id].kind : .absent }

    /// The bytes of a token; empty for an id that is not in the vocabulary.
    @inline(__always)
    func bytes(of id: Int32) -> ArraySlice<UInt8> {
        guard entries.indices.contains(Int(id)) else { return [] }
        let entry = entries[Int(id)]
        return storage[Int(entry.start)..<Int(entry.start + entry.length)]
    }

    /// Adds or replaces a token; false when a limit is exceeded.
    mutating func set(_ id: Int, _ bytes: [UInt8], _ kind: Kind) -> Bool {
        guard (0..<Self.idLimit).contains(id), bytes.count <= Self.byteLimit - storage.count else { return false }
        if id >= entries.count {
            entries.append(contentsOf: repeatElement(Entry(), count: id + 1 - entries.count))
        }
        entries[id] = Entry(start: UInt32(storage.count), length: UInt32(bytes.count), kind: kind)
        storage.append(contentsOf: bytes)
        return true
    }
}
