// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A number, a word or a sign of a text in which doses, quantities and dates are looked for.
package struct SpokenToken: Sendable {
    package enum Kind: Equatable, Sendable {
        /// A number in digits.
        case number(Double)
        /// A word, in lower case.
        case word(String)
        /// Any other sign.
        case sign(Character)
    }

    /// What it is.
    package var kind: Kind
    /// Where it is in the text.
    package var range: Range<String.Index>

    /// The word, if it is one.
    package var word: String? { if case .word(let word) = kind { word } else { nil } }
    /// The number, if it is one in digits.
    package var number: Double? { if case .number(let number) = kind { number } else { nil } }

    /// Whether it is the sign.
    package func isSign(_ sign: Character) -> Bool { kind == .sign(sign) }

    /// Hesitations: speech goes on behind them as if they had not been there.
    private static let fillers: Set<String> = ["um", "uh", "er", "erm", "uhm", "hmm", "ah", "eh"]

    /// The tokens of a text, without hesitations. Digits and letters are apart ("500mg"), letters with full stops
    /// between them are one word ("p.r.n." is "prn").
    package static func tokens(of text: String) -> [SpokenToken] {
        var tokens: [SpokenToken] = []
        var scanner = Scanner(text: text, index: text.startIndex)
        while let token = scanner.next() {
            if let word = token.word {
                if fillers.contains(word) { continue }
                if word == "like", scanner.afterFiller { continue }
            }
            tokens.append(token)
        }
        return tokens
    }

    private struct Scanner {
        let text: String
        var index: String.Index
        /// Whether the last word was a hesitation, which makes "like" one too.
        var afterFiller = false
        private var lastWasFiller = false

        init(text: String, index: String.Index) {
            self.text = text
            self.index = index
        }

        mutating func next() -> SpokenToken? {
            while index < text.endIndex, text[index].isWhitespace { text.formIndex(after: &index) }
            guard index < text.endIndex else { return nil }
            let start = index
            let first = text[start]
            let kind: Kind
            if let fraction = Self.fractions[first] {
                text.formIndex(after: &index)
                kind = .number(fraction)
            } else if first.isASCII, first.isNumber {
                kind = .number(number())
            } else if first.isLetter {
                let word = word()
                afterFiller = lastWasFiller
                lastWasFiller = fillers.contains(word)
                return SpokenToken(kind: .word(word), range: start..<index)
            } else {
                text.formIndex(after: &index)
                kind = .sign(Self.signs[first] ?? first)
            }
            lastWasFiller = false
            return SpokenToken(kind: kind, range: start..<index)
        }

        private static let fractions: [Character: Double] = ["½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3]
        private static let signs: [Character: Character] = ["–": "-", "—": "-", "‑": "-", "−": "-", "×": "x", "⁄": "/"]

        /// Digits with groups of three after commas and a decimal part: 1,000 and 2.5, not 1,5.
        private mutating func number() -> Double {
            var digits = ""
            readDigits(into: &digits)
            while let next = after(","), isGroup(at: next) {
                index = next
                readDigits(into: &digits)
            }
            if let next = after("."), next < text.endIndex, isDigit(text[next]) {
                digits.append(".")
                index = next
                readDigits(into: &digits)
            }
            // Longer numbers are no doses; cut, they can't overflow.
            return Double(digits.prefix(24)) ?? 0
        }

        private func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

        private mutating func readDigits(into digits: inout String) {
            while index < text.endIndex, isDigit(text[index]) {
                digits.append(text[index])
                text.formIndex(after: &index)
            }
        }

        private func after(_ sign: Character) -> String.Index? {
            index < text.endIndex && text[index] == sign ? text.index(after: index) : nil
        }

        private func isGroup(at start: String.Index) -> Bool {
            let digits = text[start...].prefix(4)
            return digits.count >= 3 && digits.prefix(3).allSatisfy(isDigit)
                && !digits.dropFirst(3).contains(where: isDigit)
        }

        /// A word with its apostrophes; single letters with full stops between them are one word.
        private mutating func word() -> String {
            var word = ""
            while index < text.endIndex {
                let character = text[index]
                if character.isLetter {
                    word.append(contentsOf: character.lowercased())
                    text.formIndex(after: &index)
                } else if character == "'" || character == "’", nextIsLetter(after: index) {
                    word.append("'")
                    text.formIndex(after: &index)
                } else {
                    break
                }
            }
            guard word.count == 1 else { return word }
            var ahead = index
            var letters = word
            while ahead < text.endIndex, text[ahead] == ".", nextIsLetter(after: ahead) {
                let letter = text.index(after: ahead)
                let behind = text.index(after: letter)
                if behind < text.endIndex, text[behind].isLetter || isDigit(text[behind]) { break }
                letters.append(contentsOf: text[letter].lowercased())
                ahead = behind
            }
            if letters.count > 1 {
                if ahead < text.endIndex, text[ahead] == "." { text.formIndex(after: &ahead) }
                index = ahead
                word = letters
            }
            return word
        }

        private func nextIsLetter(after index: String.Index) -> Bool {
            let next = text.index(after: index)
            return next < text.endIndex && text[next].isLetter
        }
    }
}
