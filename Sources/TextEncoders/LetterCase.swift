// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Tokenizers

/// What capitals say, as token types for an encoder whose vocabulary has small letters only (weights/FORMAT.md).
struct LetterCase {
    /// The type of each token.
    private(set) var types: [Int32] = []
    /// The type of the tokens around the text.
    let around: Int32

    /// The type of everything in a text without capitals.
    private static let noCapitals: Int32 = 4

    init(_ text: String, _ tokens: TokenizedText) {
        guard text.unicodeScalars.contains(where: { Self.isUpper($0) }) else {
            around = Self.noCapitals
            types = Array(repeating: around, count: tokens.count)
            return
        }
        around = 0
        let bytes = Array(text.utf8)
        var index = 0
        while index < tokens.count {
            var end = index + 1
            while end < tokens.count, tokens.continues[end] { end += 1 }
            let start = tokens.offsets[index].lowerBound
            let stop = min(max(start, tokens.offsets[end - 1].upperBound), bytes.count)
            let type = Self.type(of: String(decoding: bytes[min(start, stop)..<stop], as: UTF8.self))
            types.append(contentsOf: repeatElement(type, count: end - index))
            index = end
        }
    }

    private static func isUpper(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: true
        default: false
        }
    }

    private static func type(of word: String) -> Int32 {
        let cased = word.unicodeScalars.filter { isUpper($0) || $0.properties.generalCategory == .lowercaseLetter }
        let capitals = cased.count(where: isUpper)
        guard capitals > 0, let first = cased.first else { return 0 }
        if capitals == 1, isUpper(first) { return 1 }
        return capitals == cased.count ? 2 : 3
    }
}
