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
        var start: String.Index?
        var hasLetter = false
        var hasUnspacedLetter = false
        func finish(at end: String.Index) {
            guard let first = start else { return }
            let words = TextNormalization.words(of: text[first..<end])
            let key = words.isEmpty ? String(text[first..<end]) : words.joined(separator: " ")
            tokens.append(TextToken(range: first..<end, key: key))
            start = nil
            hasLetter = false
            hasUnspacedLetter = false
        }
        for index in text.indices {
            let character = text[index]
            if character.isWhitespace {
                finish(at: index)
                continue
            }
            let isUnspaced = character.isWrittenWithoutSpaces
            let isLetter = isUnspaced || character.isLetter || character.isNumber
            if isUnspaced && hasLetter || isLetter && hasUnspacedLetter { finish(at: index) }
            if start == nil { start = index }
            hasLetter = hasLetter || isLetter
            hasUnspacedLetter = hasUnspacedLetter || isUnspaced
        }
        finish(at: text.endIndex)
        return tokens
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
