// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import CICU

/// UTF-16 text for ICU, in Normalization Form C.
struct ICUText {
    /// The code units.
    private(set) var units: [UInt16] = []
    /// Where each piece begins; empty for typed text.
    private(set) var pieces: [UInt32] = []

    /// Converts a text piece by piece.
    init(_ source: SourceText) {
        if source.pieces.isEmpty {
            append(source.bytes[...])
        } else {
            pieces.reserveCapacity(source.pieces.count)
            for (index, start) in source.pieces.enumerated() {
                let end = index + 1 < source.pieces.count ? Int(source.pieces[index + 1]) : source.bytes.count
                pieces.append(UInt32(truncatingIfNeeded: units.count))
                append(source.bytes[Int(start)..<end])
            }
        }
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        let raw = Array(String(decoding: bytes, as: UTF8.self).utf16)
        units.append(
            contentsOf: Self.transform(raw) { oracy_composeNFC($0.baseAddress, Int32($0.count), $1, $2) } ?? raw)
    }

    /// The lower-case form of some code units by the rules of a language.
    static func lowerCase(_ units: [UInt16], language: String) -> [UInt16] {
        transform(units) { oracy_lowerCase($0.baseAddress, Int32($0.count), language, $1, $2) } ?? units
    }

    /// Calls a function of ICU that writes into a buffer, again with a larger one when it says so; nil if it fails.
    private static func transform(
        _ units: [UInt16], _ body: (UnsafeBufferPointer<UInt16>, UnsafeMutablePointer<UInt16>?, Int32) -> Int32
    ) -> [UInt16]? {
        units.withUnsafeBufferPointer { text in
            var capacity = units.count + 8
            while true {
                var needed: Int32 = -1
                let output = [UInt16](unsafeUninitializedCapacity: capacity) { buffer, count in
                    needed = body(text, buffer.baseAddress, Int32(buffer.count))
                    count = needed >= 0 && Int(needed) <= buffer.count ? Int(needed) : 0
                }
                guard needed >= 0 else { return nil }
                if Int(needed) <= capacity { return output }
                capacity = Int(needed)
            }
        }
    }

    /// The ends of all words (with what stands between them) or sentences, rising; the last is the end of the text.
    func boundaries(_ kind: Boundary, language: String) -> [Int] {
        units.withUnsafeBufferPointer { text in
            let open = kind == .words ? oracy_wordBreakOpen : oracy_sentenceBreakOpen
            guard let iterator = open(language, text.baseAddress, Int32(text.count)) else { return [text.count] }
            defer { oracy_breakClose(iterator) }
            var ends: [Int] = []
            while true {
                let end = oracy_breakNext(iterator)
                if end < 0 { return ends }
                ends.append(Int(end))
            }
        }
    }

    /// What ``boundaries(_:language:)`` looks for.
    enum Boundary { case words, sentences }

    /// The code point that begins at an index; a lone surrogate is itself.
    func scalar(at index: Int) -> (value: Int32, length: Int) {
        let unit = units[index]
        if unit & 0xFC00 == 0xD800, index + 1 < units.count, units[index + 1] & 0xFC00 == 0xDC00 {
            return (Int32(unit & 0x3FF) << 10 + Int32(units[index + 1] & 0x3FF) + 0x10000, 2)
        }
        return (Int32(unit), 1)
    }

    /// The code point that ends before an index, which must not be 0.
    func scalar(before index: Int) -> (value: Int32, length: Int) {
        if index > 1, units[index - 1] & 0xFC00 == 0xDC00, units[index - 2] & 0xFC00 == 0xD800 {
            return scalar(at: index - 2)
        }
        return (Int32(units[index - 1]), 1)
    }
}
