// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The identity of one entity: a UUID version 7 in lower-case text (RFC 9562 §5.7), so that ids sort by creation time.
///
/// The type parameter keeps a course's id from being passed where a user's is meant.
public struct Identifier<Entity>: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The 36 characters, lower case.
    public let text: String

    /// Takes an id from outside; nil unless it is a UUID in canonical lower-case form.
    public init?(_ text: String) {
        guard isCanonicalUUID(text) else { return nil }
        self.text = text
    }

    /// Takes an id from outside; nil unless it is a UUID in canonical lower-case form.
    public init?(_ text: some StringProtocol) { self.init(String(text)) }

    /// Makes a new id for an entity created at `time`.
    public init(at time: Timestamp, using generator: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(clamping: time.milliseconds) & 0xFFFF_FFFF_FFFF
        let high = milliseconds << 16 | 0x7000 | generator.next() & 0x0FFF
        let low = 0x8000_0000_0000_0000 | generator.next() & 0x3FFF_FFFF_FFFF_FFFF
        let digits = Array("0123456789abcdef".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 { bytes.append(UInt8(ascii: "-")) }
            let half = index < 16 ? high : low
            bytes.append(digits[Int(half >> UInt64(60 - 4 * (index % 16)) & 15)])
        }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// Makes a new id for an entity created at `time` (now, unless said otherwise).
    public init(at time: Timestamp = WallClock.system.now()) {
        var generator = SystemRandomNumberGenerator()
        self.init(at: time, using: &generator)
    }

    /// The text form.
    public var description: String { text }

    /// Orders by creation time.
    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// Not generic, so that it is as fast for rows of a database as code that knows all types.
private func isCanonicalUUID(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
        guard bytes.count == 36 else { return false }
        for (index, byte) in bytes.enumerated() {
            switch (index, byte) {
            case (8, _), (13, _), (18, _), (23, _): if byte != UInt8(ascii: "-") { return false }
            case (_, UInt8(ascii: "0")...UInt8(ascii: "9")), (_, UInt8(ascii: "a")...UInt8(ascii: "f")): break
            default: return false
            }
        }
        return true
    }
}
