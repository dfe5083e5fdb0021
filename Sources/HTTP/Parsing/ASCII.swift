// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The byte classes of HTTP's grammar (RFC 5234, RFC 9110 §5.6).
enum ASCII {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let colon: UInt8 = UInt8(ascii: ":")
    static let slash: UInt8 = UInt8(ascii: "/")
    static let percent: UInt8 = UInt8(ascii: "%")

    // Bit masks of the 128 characters, as literals so that they need no initialisation at run time:
    // low is U+0000 to U+003F, high U+0040 to U+007F.

    @inline(__always)
    private static func contains(low: UInt64, high: UInt64, _ byte: UInt8) -> Bool {
        guard byte < 128 else { return false }
        return (byte < 64 ? low : high) &>> UInt64(byte & 63) & 1 != 0
    }

    /// `tchar` (RFC 9110 §5.6.2): letters, digits and ``!#$%&'*+-.^_`|~``.
    static func isToken(_ byte: UInt8) -> Bool {
        contains(low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c7ff_fffe, byte)
    }

    /// What may stand in a path (RFC 3986 §3.3): letters, digits, `/-._~!$&'()*+,;=:@%`, and `|[]`, which browsers leave
    /// as they are.
    static func isPath(_ byte: UInt8) -> Bool {
        contains(low: 0x2fff_fff2_0000_0000, high: 0x57ff_fffe_afff_ffff, byte)
    }

    /// What may stand in a query (RFC 3986 §3.4): what may stand in a path, and ``?{}^`\``, which browsers leave as they
    /// are.
    static func isQuery(_ byte: UInt8) -> Bool {
        contains(low: 0xafff_fff2_0000_0000, high: 0x7fff_ffff_ffff_ffff, byte)
    }

    /// `reg-name` (RFC 3986 §3.2.2): letters, digits and `-._~!$&'()*+,;=%`.
    static func isHost(_ byte: UInt8) -> Bool {
        contains(low: 0x2bff_7ff2_0000_0000, high: 0x47ff_fffe_87ff_fffe, byte)
    }

    static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// The value of a hexadecimal digit.
    static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// The two lower-case hexadecimal digits of a byte's halves, for chunk sizes and the like.
    static let hexadecimalDigits: [UInt8] = Array("0123456789abcdef".utf8)
}
