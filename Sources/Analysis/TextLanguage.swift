// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import CICU

/// The language rules that a text is measured by.
public struct TextLanguage: Sendable, Hashable {
    /// The primary subtag of a BCP 47 tag in lower case: `en` of `en-AU`; `und` when the language is not known.
    public let code: String

    /// Creates a language from a BCP 47 tag; nil, an empty tag and tags that are none are an unknown language.
    public init(_ tag: String?) {
        let subtag = (tag ?? "").prefix { $0 != "-" && $0 != "_" }.lowercased()
        let isCode = (2...3).contains(subtag.utf8.count) && subtag.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7A }
        code = isCode ? subtag : "und"
    }

    /// English.
    public static let english = TextLanguage("en")
    /// Not known.
    public static let unknown = TextLanguage(nil)

    /// Whether ISO 639 has such a language, as far as ICU knows it; also true for the unknown language, `und`.
    public var isKnown: Bool { code == "und" || oracy_isLanguage(code) }

    /// Whether syllables can be counted.
    var hasSyllables: Bool { self == .english || SyllableRules(self) != nil }

    /// Whether the writing puts spaces between words, so that words can be compared with those of other languages.
    var hasSpaces: Bool { !Self.unspaced.contains(code) }

    /// Whether the writing spells words with letters, so that long words have many of them.
    var hasLetters: Bool { hasSpaces && code != "ko" }

    private static let unspaced: Set<String> = ["zh", "ja", "th", "km", "lo", "my", "yue", "wuu"]
}
