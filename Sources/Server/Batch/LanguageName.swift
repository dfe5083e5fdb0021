// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Recognition

/// Reads what people call the language of a text.
public enum LanguageName {
    /// What is expected, for messages.
    public static let expectation = "a language such as en, en-AU or English, or auto"

    /// The BCP 47 tag: of a tag in any case, of a code of three letters, or of an English name.
    ///
    /// - Returns: The tag in its usual form; nil for what is no language.
    public static func tag(_ text: String) -> String? {
        if let tag = WhisperLanguage.tag(named: text), LanguageTag.isWellFormed(tag) { return tag }
        guard LanguageTag.isWellFormed(text), TextLanguage(text).isKnown else { return nil }
        return text
    }
}
