// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Cuts text into the pieces that BPE may not join, as GPT-2 does.
///
/// The pattern is `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` (Radford et al. 2019,
/// encoder.py): contractions; runs of letters, of digits or of anything else, each with one space before it; white
/// space but for its last character, which goes to the word after it if it is a space.
struct WordSplitter {
    /// The text as valid UTF-8.
    let text: UnsafeBufferPointer<UInt8>

    /// The end of the piece that starts at `start`, which is before the end of the text.
    func pieceEnd(from start: Int) -> Int {
        if let end = contractionEnd(from: start) { return end }
        let (first, length) = character(at: start)
        guard first == .space else { return runEnd(of: first, from: start + length) }
        if text[start] == UInt8(ascii: " "), start + 1 < text.count {
            let (second, length) = character(at: start + 1)
            if second != .space { return runEnd(of: second, from: start + 1 + length) }
        }
        var last = start
        var end = start + length
        while end < text.count {
            let (next, length) = character(at: end)
            guard next == .space else { return last > start ? last : end }
            last = end
            end += length
        }
        return end
    }

    private func contractionEnd(from start: Int) -> Int? {
        guard text[start] == UInt8(ascii: "'"), start + 1 < text.count else { return nil }
        switch text[start + 1] {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            return start + 2 < text.count && text[start + 2] == UInt8(ascii: "e") ? start + 3 : nil
        case UInt8(ascii: "l"):
            return start + 2 < text.count && text[start + 2] == UInt8(ascii: "l") ? start + 3 : nil
        default: return nil
        }
    }

    private func runEnd(of kind: CharacterClass, from start: Int) -> Int {
        var end = start
        while end < text.count {
            let (next, length) = character(at: end)
            guard next == kind else { break }
            end += length
        }
        return end
    }

    /// The class and the length in bytes of the character that starts at `index`.
    @inline(__always)
    private func character(at index: Int) -> (CharacterClass, Int) {
        let (scalar, length) = text.scalar(at: index)
        return (CharacterClass(scalar), length)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The scalar that starts at `index` in valid UTF-8, and its length in bytes.
    @inline(__always)
    func scalar(at index: Int) -> (Unicode.Scalar, Int) {
        func tail(_ offset: Int) -> UInt32 { index + offset < count ? UInt32(self[index + offset] & 0x3F) : 0 }
        let lead = UInt32(self[index])
        let (value, length): (UInt32, Int) =
            switch lead {
            case 0..<0x80: (lead, 1)
            case 0..<0xE0: ((lead & 0x1F) << 6 | tail(1), 2)
            case 0..<0xF0: ((lead & 0x0F) << 12 | tail(1) << 6 | tail(2), 3)
            default: ((lead & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4)
            }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", Swift.min(length, count - index))
    }
}
