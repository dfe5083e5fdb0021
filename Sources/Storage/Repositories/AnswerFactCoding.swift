// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain

/// The stored form of the facts of an answer that are many: what became of its key points.
enum AnswerFactCoding {
    /// Reads key points as ``SQLiteMigration/facts`` writes them, such as `c,1.0,400,1100,4:dosem,0.0,,,4:when`.
    ///
    /// - Throws: ``StorageError`` with code `decoding` for anything else.
    static func keyPoints(_ text: String) throws -> [InsightOutcome] {
        var text = text
        return try text.withUTF8 { bytes in
            var outcomes: [InsightOutcome] = []
            // Each has one colon, and names seldom have any.
            outcomes.reserveCapacity(bytes.count { $0 == colon })
            var place = 0
            func malformed() -> StorageError { SQLValue.text("").mismatch(expected: "the facts of an answer") }
            func number(before end: UInt8) throws -> Int? {
                var value: Int?
                while place < bytes.count, bytes[place] != end {
                    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]), value ?? 0 < 1 << 48 else {
                        throw malformed()
                    }
                    value = (value ?? 0) * 10 + Int(bytes[place] - UInt8(ascii: "0"))
                    place += 1
                }
                guard place < bytes.count else { throw malformed() }
                place += 1
                return value
            }
            func credit() throws -> Double {
                let begin = place
                while place < bytes.count, bytes[place] != comma { place += 1 }
                guard place < bytes.count else { throw malformed() }
                defer { place += 1 }
                let digits = UnsafeBufferPointer(rebasing: bytes[begin..<place])
                // Most are 0, 1 or a half: no need for a text.
                if digits.count == 3, digits[1] == UInt8(ascii: "."), let whole = digit(digits[0]),
                    let tenth = digit(digits[2])
                {
                    return Double(10 * whole + tenth) / 10
                }
                guard let value = Double(String(decoding: digits, as: UTF8.self)), value.isFinite else {
                    throw malformed()
                }
                return value
            }
            while place < bytes.count {
                guard let state = state(bytes[place]), place + 1 < bytes.count, bytes[place + 1] == comma else {
                    throw malformed()
                }
                place += 2
                let credit = try credit()
                let (start, end) = (try number(before: comma), try number(before: comma))
                guard let length = try number(before: colon), length <= bytes.count - place else {
                    throw malformed()
                }
                let id = UnsafeBufferPointer(rebasing: bytes[place..<(place + length)])
                place += length
                var outcome = InsightOutcome(
                    keyPoint: String(decoding: id, as: UTF8.self), state: state, credit: credit)
                if let start, let end, start <= end { outcome.time = start..<end }
                outcomes.append(outcome)
            }
            return outcomes
        }
    }

    private static let comma = UInt8(ascii: ",")
    private static let colon = UInt8(ascii: ":")

    private static func digit(_ byte: UInt8) -> Int? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
    }

    private static func state(_ letter: UInt8) -> KeyPointResult.State? {
        switch letter {
        case UInt8(ascii: "c"): .covered
        case UInt8(ascii: "p"): .partial
        case UInt8(ascii: "m"): .missing
        case UInt8(ascii: "x"): .contradicted
        case UInt8(ascii: "u"): .uncertain
        default: nil
        }
    }
}
