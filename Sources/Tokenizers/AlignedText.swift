// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A text in the form that a tokenizer works on, each character with the bytes of the original that it was made of.
struct AlignedText: Sendable {
    /// UTF-8.
    private(set) var bytes: [UInt8] = []
    /// For each byte where its character's origin begins in the original.
    private(set) var starts: [Int32] = []
    /// For each byte where its character's origin ends in the original.
    private(set) var ends: [Int32] = []

    /// A character and its origin.
    struct Character: Sendable {
        var scalar: Unicode.Scalar
        var start: Int32
        var end: Int32
    }

    init() {}

    /// Part of an original as it is, which must be valid UTF-8 cut between characters.
    init(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        reserve(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let length = text.scalar(at: index).1
            for place in index..<index + length { append(text[place], index, index + length) }
            index += length
        }
    }

    /// Characters with their origins.
    init(_ characters: [Character]) {
        reserve(characters.count)
        for character in characters { append(character) }
    }

    private mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(count)
        starts.reserveCapacity(count)
        ends.reserveCapacity(count)
    }

    private mutating func append(_ byte: UInt8, _ start: Int, _ end: Int) {
        bytes.append(byte)
        starts.append(Int32(truncatingIfNeeded: start))
        ends.append(Int32(truncatingIfNeeded: end))
    }

    /// Adds a character.
    mutating func append(_ character: Character) {
        for byte in UTF8.encode(character.scalar) ?? UTF8.encodedReplacementCharacter {
            append(byte, Int(character.start), Int(character.end))
        }
    }

    /// The characters of a part.
    func characters(in range: Range<Int>? = nil) -> [Character] {
        let range = range ?? 0..<bytes.count
        var result: [Character] = []
        result.reserveCapacity(range.count)
        bytes.withUnsafeBufferPointer { bytes in
            var index = range.lowerBound
            while index < range.upperBound {
                let (scalar, length) = bytes.scalar(at: index)
                result.append(Character(scalar: scalar, start: starts[index], end: ends[index]))
                index += length
            }
        }
        return result
    }

    /// The part of the original that a part of this text was made of.
    func origin(of range: Range<Int>) -> Range<Int> {
        guard range.lowerBound < range.upperBound else { return 0..<0 }
        let start = Int(starts[range.lowerBound])
        return start..<max(start, Int(ends[range.upperBound - 1]))
    }
}
