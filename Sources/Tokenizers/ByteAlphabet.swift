// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The 256 characters that stand for bytes in the vocabularies of byte-level BPE.
///
/// GPT-2 (Radford et al. 2019) writes a byte that is a printable character of Latin-1 as itself and the others, in
/// order, as U+0100 and the characters after it, so that no token has white space or control characters in its name.
enum ByteAlphabet {
    /// The characters that have a byte are all below this one.
    private static let end: UInt32 = 0x144

    private static func isPrintable(_ byte: UInt32) -> Bool {
        (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
    }

    /// The byte of each character below ``end``; -1 for none.
    private static let bytes: [Int16] = {
        var table = [Int16](repeating: -1, count: Int(end))
        var next = 0x100
        for byte in UInt32(0)...255 {
            if isPrintable(byte) {
                table[Int(byte)] = Int16(byte)
            } else {
                table[next] = Int16(byte)
                next += 1
            }
        }
        return table
    }()

    /// The bytes that a token's name spells, or nil when it has a character that stands for no byte.
    static func bytes(of name: some Sequence<Unicode.Scalar>) -> [UInt8]? {
        var result: [UInt8] = []
        for scalar in name {
            guard scalar.value < end, bytes[Int(scalar.value)] >= 0 else { return nil }
            result.append(UInt8(bytes[Int(scalar.value)]))
        }
        return result
    }
}
