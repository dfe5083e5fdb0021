// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A piece of text that a word of a transcript is made from.
///
/// Words are what stands between spaces. Scripts that are written without spaces give a piece for each character with
/// the punctuation after it, so that an edit in Chinese or Thai moves single characters and not whole sentences.
struct TextToken {
    /// Where it stands, with attached punctuation.
    let range: Range<String.Index>
    /// What is compared: the normalised words, or the text as it is when it has none.
    let key: String

    /// The pieces of a text in order; white space belongs to none.
    static func tokens(in text: Substring) -> [TextToken] {
        var tokens: [TextToken] = []
        for chunk in text.split(whereSeparator: { $0 == " " || $0.isWhitespace }) {
            if chunk.utf8.allSatisfy({ $0 < 0x80 }) {
                tokens.append(TextToken(range: chunk.startIndex..<chunk.endIndex, key: key(of: chunk)))
            } else {
                appendPieces(of: chunk, to: &tokens)
            }
        }
        return tokens
    }

    /// Cuts text without white space before every letter of a script without spaces, and after a run of them.
    private static func appendPieces(of chunk: Substring, to tokens: inout [TextToken]) {
        var start = chunk.startIndex
        var hasLetter = false
        var hasUnspacedLetter = false
        for index in chunk.indices {
            let isUnspaced = chunk[index].isWrittenWithoutSpaces
            let isLetter = isUnspaced || chunk[index].isLetter || chunk[index].isNumber
            if isUnspaced && hasLetter || isLetter && hasUnspacedLetter {
                tokens.append(TextToken(range: start..<index, key: key(of: chunk[start..<index])))
                start = index
                hasLetter = false
                hasUnspacedLetter = false
            }
            hasLetter = hasLetter || isLetter
            hasUnspacedLetter = hasUnspacedLetter || isUnspaced
        }
        tokens.append(TextToken(range: start..<chunk.endIndex, key: key(of: chunk[start...])))
    }

    private static func key(of piece: Substring) -> String {
        // Most words are in normal form already.
        let isNormal = piece.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
        }
        if isNormal { return String(piece) }
        let words = TextNormalization.words(of: piece)
        return words.isEmpty ? String(piece) : words.joined(separator: " ")
    }
}

extension Character {
    /// Whether it is a letter of a script that puts no spaces between words: Han, Kana, Thai, Lao, Khmer, Burmese.
    var isWrittenWithoutSpaces: Bool {
        guard let scalar = unicodeScalars.first, scalar.value >= 0x0E00 else { return false }
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3005...0x3007, 0x3040...0x30FF, 0x31F0...0x31FF,
            0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFF:
            return isLetter || isNumber
        default: return false
        }
    }
}
