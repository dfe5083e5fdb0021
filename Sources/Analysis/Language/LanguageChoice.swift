// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The language that a text is measured as, and why.
public struct LanguageChoice: Sendable, Hashable {
    /// The language whose rules and formulas apply (BCP 47); nil where it is not known.
    public let language: String?
    /// What the text looks like; nil where nobody looked.
    public let identification: LanguageIdentification?

    /// A language that is declared, without a look at the text; nil is an unknown language.
    public init(declared language: String?) {
        self.language = language
        identification = nil
    }

    /// Looks at a text.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - declared: The language it is declared to be in, or that was recognised from the sound (BCP 47). It decides, and
    ///     makes the look at the text easier; where the text is reliably in another language, measures say so.
    public init(for text: String, declared: String? = nil) {
        let identification = LanguageIdentifier.identify(text, hint: declared)
        self.identification = identification
        if TextLanguage(declared) != .unknown {
            language = declared
        } else {
            language = identification.isReliable ? identification.code : nil
        }
    }

    /// The rules.
    var rules: TextLanguage { TextLanguage(language) }

    /// Said where the words are reliably in another language than the one that decides.
    var contradiction: String? {
        guard let identification, identification.contradicts(rules) else { return nil }
        return "The words look like another language (\(identification.code)) than the one they were measured as."
    }

    /// Why measures that rest on a language are doubtful; nil when they are not.
    var doubt: String? {
        if let contradiction { return contradiction }
        guard let identification, identification.isMixed else { return nil }
        let parts = identification.shares.map { "\($0.code) \(Int(($0.share * 100).rounded())) %" }
        return "The text looks like several languages (\(parts.joined(separator: ", ")))."
    }
}
