// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A normaliser that a table describes, as SentencePiece compiles it (`precompiled_charsmap`): which characters become
/// which others.
///
/// The table is a double-array trie (Aoe 1989; Yata's darts-clone gives the layout of its units) from UTF-8 to places in
/// a blob of results, each ended by a zero. It is applied to grapheme clusters of up to five bytes and otherwise to
/// characters, and of the keys that a cluster begins with the shortest counts, as in the `tokenizers` library.
struct CharacterMap: Sendable {
    private let units: [UInt32]
    private let results: [UInt8]
    private static let longestCluster = 5

    /// Reads the base64 of a table; nil when it is none.
    init?(base64: String) {
        guard let bytes = Self.decode(base64), bytes.count >= 4 else { return nil }
        func word(_ place: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
        }
        let size = Int(word(0))
        guard size % 4 == 0, size >= 4, size <= bytes.count - 4 else { return nil }
        units = stride(from: 4, to: 4 + size, by: 4).map(word)
        results = Array(bytes[(4 + size)...])
    }

    private static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3)
        var (buffer, bits) = (UInt32(0), 0)
        var characters = text.utf8[...]
        guard characters.count % 4 == 0 else { return nil }
        for _ in 0..<2 where characters.last == UInt8(ascii: "=") { characters.removeLast() }
        for character in characters {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return bytes
    }

    func normalize(_ text: AlignedText) -> AlignedText {
        let characters = text.characters()
        var changes: [Change] = []
        changes.reserveCapacity(characters.count)
        var isModified = false
        text.bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            for cluster in String(decoding: bytes, as: UTF8.self) {
                let end = start + cluster.utf8.count
                if end - start <= Self.longestCluster, let result = result(for: bytes[start..<end]) {
                    Self.replace(cluster.unicodeScalars.count, by: result, in: &changes)
                    isModified = true
                } else {
                    var index = start
                    for scalar in cluster.unicodeScalars {
                        let next = index + UTF8.width(scalar)
                        if let result = result(for: bytes[index..<next]) {
                            Self.replace(1, by: result, in: &changes)
                            isModified = true
                        } else {
                            changes.append(Change(scalar: scalar, difference: 0))
                        }
                        index = next
                    }
                }
                start = end
            }
        }
        return isModified ? AlignedText(Self.apply(changes, to: characters)) : text
    }

    /// What the shortest key becomes that some bytes begin with; nil when there is none.
    private func result(for key: Slice<UnsafeBufferPointer<UInt8>>) -> String.UnicodeScalarView? {
        var node = Self.offset(units[0])
        for byte in key {
            guard byte != 0 else { return nil }
            node ^= Int(byte)
            guard node < units.count, units[node] & 0x8000_00FF == UInt32(byte) else { return nil }
            let unit = units[node]
            node ^= Self.offset(unit)
            if unit >> 8 & 1 == 1 {
                guard node < units.count else { return nil }
                let place = Int(units[node] & 0x7FFF_FFFF)
                guard place <= results.count else { return nil }
                return String(decoding: results[place...].prefix { $0 != 0 }, as: UTF8.self).unicodeScalars
            }
        }
        return nil
    }

    private static func offset(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit >> 6) & 8)) }

    // MARK: Origins

    /// A character of the result. A difference of 1 says that it was added, one below 0 that so many after the one that
    /// it stands for were left out.
    private struct Change {
        var scalar: Unicode.Scalar
        var difference: Int
    }

    private static func replace(_ count: Int, by result: String.UnicodeScalarView, in changes: inout [Change]) {
        let added = result.count - count
        for (index, scalar) in result.enumerated() {
            changes.append(Change(scalar: scalar, difference: index >= count ? 1 : 0))
        }
        if added < 0, !changes.isEmpty { changes[changes.count - 1].difference += added }
    }

    /// Gives the characters of the result their origins, as the `tokenizers` library counts them: characters that are
    /// left out at the very beginning are not noticed.
    private static func apply(_ changes: [Change], to characters: [AlignedText.Character]) -> [AlignedText.Character] {
        var place = 0
        return changes.map { change in
            var character: AlignedText.Character
            if change.difference > 0 {
                character = characters[max(0, min(place, characters.count) - 1)]
                if place == 0 { (character.start, character.end) = (0, 0) }
            } else {
                character = characters[min(place, characters.count - 1)]
                place += 1 - change.difference
            }
            character.scalar = change.scalar
            return character
        }
    }
}
