// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A 64-bit digest of a word's bytes that stands for the word: with a million different words, two of them share a
/// digest once in some 37 million texts.
///
/// The same in every process, and not made to withstand people who choose words to collide: nothing but the measures
/// of their own text depends on it.
enum WordHash {
    /// The digest of the bytes of a word.
    @inline(__always)
    static func of(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        let raw = UnsafeRawPointer(bytes)
        var hash = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while count &- offset > 8 {
            hash = mix(hash ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset &+= 8
        }
        // The last 1...8 bytes, read without leaving the word: parts of them may be read twice.
        let left = count &- offset
        var tail: UInt64 = 0
        if left >= 4 {
            let low = raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            let high = raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            tail = UInt64(low) | UInt64(high) << 32
        } else if left > 0 {
            tail =
                UInt64(bytes[offset]) | UInt64(bytes[offset &+ left / 2]) << 8 | UInt64(bytes[count &- 1]) << 16
        }
        return mix(hash ^ tail)
    }

    /// The digest of a constant word.
    static func of(_ word: StaticString) -> UInt64 { of(word.utf8Start, count: word.utf8CodeUnitCount) }

    /// The digest of a word.
    static func of(_ word: String) -> UInt64 {
        var word = word
        return word.withUTF8 { bytes in bytes.baseAddress.map { of($0, count: bytes.count) } ?? mix(0) }
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = (value ^ 0x2D35_8DCC_AA6C_78A5).multipliedFullWidth(by: 0x8BB8_4B93_962E_ACC9)
        return product.high ^ product.low
    }
}
