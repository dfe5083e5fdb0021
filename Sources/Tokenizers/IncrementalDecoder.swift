// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Turns tokens into text one by one, never in the middle of a character.
///
/// A token may end within the bytes of a character; they are held back until the next token completes or breaks it.
/// All texts joined are what ``ByteLevelBPE/decode(_:skippingSpecialTokens:)`` makes of all the tokens.
///
/// ```swift
/// var decoder = IncrementalDecoder(tokenizer)
/// for id in ids { print(decoder.append(id), terminator: "") }
/// print(decoder.finish())
/// ```
public struct IncrementalDecoder: Sendable {
    private let tokenizer: ByteLevelBPE
    private let skipsSpecialTokens: Bool
    private var pending: [UInt8] = []

    /// Creates a decoder at the start of a text.
    public init(_ tokenizer: ByteLevelBPE, skippingSpecialTokens: Bool = false) {
        self.tokenizer = tokenizer
        skipsSpecialTokens = skippingSpecialTokens
    }

    /// The text that is certain with this token; empty when a character is still incomplete.
    public mutating func append(_ id: Int) -> String {
        if skipsSpecialTokens, tokenizer.isSpecial(id) { return "" }
        pending.append(contentsOf: tokenizer.bytes(of: id))
        let held = incompleteTail
        let text = String(decoding: pending.dropLast(held), as: UTF8.self)
        pending.removeFirst(pending.count - held)
        return text
    }

    /// The rest: U+FFFD for a character that was never completed. The decoder is then at the start of a new text.
    public mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }

    /// How many bytes at the end are a proper prefix of a well-formed character (Unicode Standard, table 3-7).
    private var incompleteTail: Int {
        for length in 1...3 where length <= pending.count {
            let lead = pending[pending.count - length]
            if lead & 0xC0 == 0x80 { continue }
            let second = length > 1 ? pending[pending.count - length + 1] : nil
            let isPrefix: Bool =
                switch lead {
                case 0xC2...0xDF: length == 1
                case 0xE0: length < 3 && (second ?? 0xA0) >= 0xA0
                case 0xED: length < 3 && (second ?? 0x80) <= 0x9F
                case 0xE1...0xEF: length < 3
                case 0xF0: (second ?? 0x90) >= 0x90
                case 0xF1...0xF3: true
                case 0xF4: (second ?? 0x80) <= 0x8F
                default: false
                }
            return isPrefix ? length : 0
        }
        return 0
    }
}
