// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// Where the words of a typed text are that evidence counts.
public struct WordPlaces: Sendable {
    /// The text, of which words that stand between white space are counted for people.
    private let text: ReadText
    /// Where each word is in the text's UTF-8; empty where that can't be told.
    private let places: [Range<Int>]

    /// Finds the words that a scan has found, by their letters and digits, which all belong to one.
    init(of words: [SpokenWord], in text: String) {
        self.text = ReadText(typed: text)
        places = Self.places(of: words, in: text) ?? []
    }

    /// The part of the text from the first of some words to the last, as it was typed, with its place; nil where it is not
    /// known.
    public func part(_ words: Range<Int>) -> (text: String, span: TextSpan)? {
        let words = words.clamped(to: places.indices)
        guard let first = words.first, let last = words.last else { return nil }
        let bytes = places[first].lowerBound..<places[last].upperBound
        return (String(decoding: text.text.utf8[text.range(bytes: bytes)], as: UTF8.self), text.span(bytes: bytes))
    }

    private static func places(of words: [SpokenWord], in text: String) -> [Range<Int>]? {
        var places: [Range<Int>] = []
        places.reserveCapacity(words.count)
        var left: Int32 = 0
        var start = 0
        var offset = 0
        for scalar in text.unicodeScalars {
            defer { offset += UTF8.width(scalar) }
            guard isCounted(scalar) else {
                // A mark on a letter belongs to its word.
                if left == 0, let last = places.last, last.upperBound == offset, isMark(scalar) {
                    places[places.count - 1] = last.lowerBound..<(offset + UTF8.width(scalar))
                }
                continue
            }
            if left == 0 {
                guard places.count < words.count else { return nil }
                left = words[places.count].letters + words[places.count].digits
                start = offset
            }
            left -= 1
            if left <= 0 { places.append(start..<(offset + UTF8.width(scalar))) }
        }
        return left == 0 && places.count == words.count ? places : nil
    }

    /// Whether a word counts this as one of its letters or digits.
    private static func isCounted(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar.value | 0x20 >= 0x61 && scalar.value | 0x20 <= 0x7A
                || scalar.value >= 0x30 && scalar.value <= 0x39
        }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: false
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return false }
        return switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}

extension AnswerAnalyzer {
    /// Where the words of a typed text are that the evidence of its measures counts.
    public func places(in text: String, language: String?) -> WordPlaces {
        guard text.utf8.count <= Self.longestText else { return WordPlaces(of: [], in: "") }
        return WordPlaces(of: scan(SourceText(typed: text), TextLanguage(language)).words, in: text)
    }
}
