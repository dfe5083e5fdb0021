// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Tokenizers

/// A word and the tokens that spell it.
struct SpelledWord: Sendable, Hashable {
    /// The word, with the space before it.
    var text: String
    /// Its tokens.
    var tokens: [Int]
}

extension WhisperTokenizer {
    /// Languages that are written without spaces between words.
    private static let unspacedLanguages: Set<String> = ["zh", "ja", "th", "lo", "my", "yue"]

    /// Cuts tokens into words: at spaces and around punctuation, or between characters in languages without spaces.
    /// Every token is in exactly one word; a control token is a word of its own. As openai-whisper's tokenizer.py.
    func words(of tokens: [Int], language: String?) -> [SpelledWord] {
        let pieces = characterPieces(of: tokens)
        if isMultilingual, let language, Self.unspacedLanguages.contains(language) { return pieces }
        var words: [SpelledWord] = []
        for piece in pieces {
            let isControl = (piece.tokens.first ?? 0) >= endOfText
            let startsWord = piece.text.unicodeScalars.first == " "
            if isControl || startsWord || Self.isPunctuation(piece.text) || words.isEmpty {
                words.append(piece)
            } else {
                words[words.count - 1].text += piece.text
                words[words.count - 1].tokens += piece.tokens
            }
        }
        return words
    }

    /// The shortest runs of tokens that are whole characters, or that are broken in the whole text too.
    private func characterPieces(of tokens: [Int]) -> [SpelledWord] {
        let whole = Array(text.decode(tokens).unicodeScalars)
        var pieces: [SpelledWord] = []
        var current: [Int] = []
        var offset = 0
        for token in tokens {
            current.append(token)
            let decoded = text.decode(current)
            let scalars = decoded.unicodeScalars
            let broken = scalars.firstIndex(of: "\u{FFFD}").map { scalars.distance(from: scalars.startIndex, to: $0) }
            if let broken, offset + broken < whole.count, whole[offset + broken] != "\u{FFFD}" { continue }
            pieces.append(SpelledWord(text: decoded, tokens: current))
            offset += scalars.count
            current = []
        }
        if !current.isEmpty { pieces.append(SpelledWord(text: text.decode(current), tokens: current)) }
        return pieces
    }

    private static let asciiPunctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

    /// Whether nothing but one mark is there, or marks that follow each other in ASCII (which is how the reference's
    /// test of a substring works out), or nothing at all.
    private static func isPunctuation(_ text: String) -> Bool {
        asciiPunctuation.utf8.contains(text.trimmingSpaces.utf8)
    }
}

extension String {
    /// Without white space at its ends. The information separators are white space here, as in Python.
    var trimmingSpaces: String {
        func isSpace(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
        }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(scalars[first...last])
    }
}
