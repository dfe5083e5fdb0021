// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension Span<UInt8> {
    /// The bytes of a range as text; ill-formed UTF-8 becomes U+FFFD.
    func text(_ range: Range<Int>) -> String {
        withUnsafeBufferPointer { String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self) }
    }

    /// Whether the bytes of a range are exactly `word`.
    func equals(_ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { word in
            for offset in 0..<range.count where self[range.lowerBound + offset] != word[offset] { return false }
            return true
        }
    }

    /// Whether the bytes of a range are `word`, which is in lower case, without regard to ASCII case.
    func matches(_ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { word in
            for offset in 0..<range.count where ASCII.lowercased(self[range.lowerBound + offset]) != word[offset] {
                return false
            }
            return true
        }
    }
}
