// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The form in which two texts are compared word by word, so that only what is spoken counts.
///
/// Letters are lower-cased, punctuation is dropped, and hyphens and slashes separate words ("well-known" is two). An
/// apostrophe inside a word stays, in its straight form ("don’t" is "don't"); so does a point or comma between digits
/// ("3.5"). A percent sign, currency sign, degree sign or mathematical sign is a word of its own ("5 %" is "5%").
/// Numerals are left as they are written. Composed and decomposed letters are equal, as everywhere in Swift.
public enum TextNormalization {
    /// The words of a text in the form to compare; none for a text of punctuation.
    public static func words(of text: some StringProtocol) -> [String] {
        let scalars = Array(text.lowercased().unicodeScalars)
        var words: [String] = []
        var word = String.UnicodeScalarView()
        func finish() {
            while word.last == apostrophe { word.removeLast() }
            if !word.isEmpty { words.append(String(word)) }
            word = String.UnicodeScalarView()
        }
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "a"..."z", "0"..."9":
                word.append(scalar)
            case " ":
                finish()
            case "'", "\u{2018}", "\u{2019}", "\u{201B}", "\u{02BC}", "\u{FF07}":
                if !word.isEmpty { word.append(apostrophe) }
            case ".", ",":
                let next = index + 1 < scalars.count ? scalars[index + 1] : nil
                if isDigit(word.last), isDigit(next) { word.append(scalar) } else { finish() }
            default:
                switch role(of: scalar) {
                case .letter: word.append(scalar)
                case .invisible: break
                case .separator: finish()
                case .sign:
                    finish()
                    words.append(String(scalar))
                }
            }
        }
        finish()
        return words
    }

    /// The characters of a text's words, without the spaces between them: the unit of comparison for languages that
    /// are written without spaces.
    public static func characters(of text: some StringProtocol) -> [Character] {
        words(of: text).flatMap(Array.init)
    }

    /// Whether a language (BCP 47) is written without spaces between words, so that characters are counted instead.
    public static func countsCharacters(in language: String?) -> Bool {
        guard let primary = language?.split(separator: "-").first else { return false }
        return ["zh", "yue", "ja", "th", "lo", "km", "my"].contains(primary.lowercased())
    }

    private static let apostrophe: Unicode.Scalar = "'"

    private enum Role {
        case letter, sign, separator, invisible
    }

    private static func role(of scalar: Unicode.Scalar) -> Role {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
            .letter
        case .currencySymbol, .mathSymbol: .sign
        case .otherPunctuation: scalar == "%" || scalar == "\u{2030}" ? .sign : .separator
        case .otherSymbol: scalar == "°" ? .sign : .separator
        case .format: .invisible
        default: .separator
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return ("0"..."9").contains(scalar) || scalar.properties.generalCategory == .decimalNumber
    }
}
