// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import CICU

/// What ``ASCIIScanner`` must know beside UAX #29.
struct BreakRules {
    /// Whether a colon between letters stays inside a word (before CLDR 42 it did).
    var colonJoinsLetters: Bool
    /// Whether an at sign is part of a word (from CLDR 42 it is, so that e-mail addresses are one).
    var atIsLetter: Bool
    /// Whether a sentence goes on after a full stop before a semicolon (from Unicode 15.1).
    var semicolonContinues: Bool

    /// The words whose full stop ends no sentence.
    var abbreviations: Abbreviations

    /// The rules for a language; nil where ICU's own rules for ASCII text are not those of English.
    static func ascii(for language: TextLanguage) -> BreakRules? {
        switch language.code {
        // Greek ends questions with a semicolon, Finnish and Swedish keep colons inside words, and the others have
        // lower-case letters of their own.
        case "el", "fi", "sv", "tr", "az", "lt": return nil
        default:
            var rules = installed
            rules.abbreviations = .of(language)
            return rules
        }
    }

    /// The points on which versions of Unicode differ, as the installed ICU decides them.
    private static let installed: BreakRules = {
        func isOneWord(_ sample: String) -> Bool {
            let units = Array(sample.utf16)
            return units.withUnsafeBufferPointer { text in
                guard let iterator = oracy_wordBreakOpen("en", text.baseAddress, Int32(text.count)) else {
                    return false
                }
                defer { oracy_breakClose(iterator) }
                return Int(oracy_breakNext(iterator)) == text.count
            }
        }
        return BreakRules(
            colonJoinsLetters: isOneWord("a:b"), atIsLetter: isOneWord("a@b"),
            semicolonContinues: oracy_sentenceBreakProperty(0x3B) == Int32(U_SB_SCONTINUE.rawValue),
            abbreviations: .of(.unknown))
    }()
}
