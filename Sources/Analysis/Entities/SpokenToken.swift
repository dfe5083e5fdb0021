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
    /// Whether it is a sign for a fraction, "½", which goes on with a whole number before it.
    package var isFraction = false

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
                lastWasFiller = false
                return SpokenToken(kind: .number(fraction), range: start..<index, isFraction: true)
            } else if isDigit(first) || beginsWithPoint() {
                var figure = Figure(text: text, index: index)
                // What is no number, or none that anyone says, is a sign that nothing is read from.
                kind = figure.value().map(Kind.number) ?? .sign("#")
                index = figure.index
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

        private func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

        /// Whether a number begins without its nought: ".5".
        private func beginsWithPoint() -> Bool {
            guard [".", ",", "·"].contains(text[index]) else { return false }
            let next = text.index(after: index)
            guard next < text.endIndex, isDigit(text[next]) else { return false }
            guard index > text.startIndex else { return true }
            let before = text[text.index(before: index)]
            return before.isWhitespace || before == "("
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
