// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// The bytes that words are looked for in: typed text, or the words of a transcript with a space between them.
///
/// Typographic signs become the ASCII signs that mean the same, so that don’t and don't are one word; a single line
/// break is a space, and an empty line (two line breaks or more) is one line feed, which ends a sentence.
struct SourceText {
    /// UTF-8.
    private(set) var bytes: [UInt8] = []
    /// Where each piece begins; empty for typed text.
    private(set) var pieces: [UInt32] = []
    /// Whether all bytes are ASCII.
    private(set) var isASCII = true

    /// Typed text.
    init(typed text: String) {
        append(text)
        if hasLineBreaks { joinLines() }
    }

    /// The words of a transcript.
    ///
    /// - Parameters:
    ///   - words: The words as the recogniser cut them.
    ///   - hasSpaces: Whether the language sets words apart. Without, recognisers cut anywhere, and what they cut is
    ///     joined again, but for ASCII.
    init(words: [String], hasSpaces: Bool = true) {
        pieces.reserveCapacity(words.count)
        for word in words {
            if let last = bytes.last, hasSpaces || last < 0x80 || (word.utf8.first ?? 0) < 0x80 { bytes.append(0x20) }
            pieces.append(UInt32(truncatingIfNeeded: bytes.count))
            append(word)
        }
        if hasLineBreaks { joinLines() }
    }

    private var hasLineBreaks: Bool {
        bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return false }
            return memchr(base, 0x0A, raw.count) != nil || memchr(base, 0x0D, raw.count) != nil
        }
    }

    private mutating func append(_ text: String) {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        guard !Self.isASCII(bytes[start...]) else { return }
        simplify(from: start)
        if !Self.isASCII(bytes[start...]) { isASCII = false }
    }

    private static func isASCII(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBytes { raw in
            var seen: UInt64 = 0
            var offset = 0
            while offset + 8 <= raw.count {
                seen |= raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                offset += 8
            }
            while offset < raw.count {
                seen |= UInt64(raw[offset])
                offset += 1
            }
            return seen & 0x8080_8080_8080_8080 == 0
        }
    }

    /// Replaces quotation marks, dashes, the ellipsis and the no-break space by ASCII; never longer than before.
    private mutating func simplify(from start: Int) {
        var output = start
        var index = start
        func put(_ text: StaticString) {
            for offset in 0..<text.utf8CodeUnitCount { bytes[output + offset] = text.utf8Start[offset] }
            output += text.utf8CodeUnitCount
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] == 0xA0 {
                put(" ")
                index += 2
            } else if byte == 0xE2, index + 2 < bytes.count, bytes[index + 1] == 0x80 {
                switch bytes[index + 2] {
                case 0x90, 0x91: put("-")  // hyphens
                case 0x93, 0x94: put(" - ")  // en and em dash
                case 0x98, 0x99: put("'")
                case 0x9C, 0x9D: put("\"")
                case 0xA6: put("...")
                case let last:
                    bytes[output] = byte
                    bytes[output + 1] = 0x80
                    bytes[output + 2] = last
                    output += 3
                }
                index += 3
            } else {
                bytes[output] = byte
                output += 1
                index += 1
            }
        }
        bytes.removeSubrange(output...)
    }

    /// Leaves one line feed of each empty line and makes every other line break a space.
    private mutating func joinLines() {
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 0x0A || bytes[index] == 0x0D else {
                index += 1
                continue
            }
            var breaks = 0
            var end = index
            while end < bytes.count {
                switch bytes[end] {
                case 0x0D where end + 1 < bytes.count && bytes[end + 1] == 0x0A: break
                case 0x0A, 0x0D: breaks += 1
                case 0x20, 0x09: break
                default:
                    blank(index..<end, paragraph: breaks > 1)
                    breaks = -1
                }
                if breaks < 0 { break }
                end += 1
            }
            if breaks >= 0 { blank(index..<end, paragraph: breaks > 1) }
            index = end
        }
    }

    private mutating func blank(_ range: Range<Int>, paragraph: Bool) {
        for index in range { bytes[index] = 0x20 }
        if paragraph { bytes[range.lowerBound] = 0x0A }
    }
}
