// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What language a text is in, by its words.
public struct LanguageIdentification: Sendable, Hashable {
    /// One language of a text.
    public struct Share: Sendable, Hashable {
        /// The language (BCP 47).
        public let code: String
        /// How much of the text is in it, from 0 to 1.
        public let share: Double
    }

    /// A stretch of the text in one language.
    public struct Passage: Sendable, Hashable {
        /// Where it stands, in bytes of UTF-8.
        public let bytes: Range<Int>
        /// Its language (BCP 47); `und` where it can't be told.
        public let code: String
    }

    /// The language of most of the text (BCP 47); `und` where there is too little to tell.
    public let code: String
    /// How likely that is, from 0 to 1; 0 for `und`.
    public let probability: Double
    /// The languages of the text, most of it first: several for a mixed text, none for `und`.
    public let shares: [Share]
    /// The text from its beginning, in stretches; one of them for a text in one language.
    public let passages: [Passage]

    /// Nothing could be told.
    public static let unknown = LanguageIdentification(code: "und", probability: 0, shares: [], passages: [])

    /// The probability from which the language is relied on.
    public static let reliableProbability = 0.8

    /// Whether the language is likely enough to choose rules by it.
    public var isReliable: Bool { probability >= Self.reliableProbability }

    /// Whether a good part of the text, a fifth or more, is in other languages.
    public var isMixed: Bool {
        guard let first = shares.first else { return false }
        return first.share < 0.8 * shares.reduce(0) { $0 + $1.share }
    }

    /// Whether most of the text is, reliably, in another language than a declared one.
    ///
    /// Written languages that differ in less than a short text shows (Croatian and Serbian, the two Norwegians with
    /// Danish, Indonesian and Malay) do not contradict each other.
    public func contradicts(_ declared: TextLanguage) -> Bool {
        guard isReliable, declared != .unknown else { return false }
        let found = TextLanguage(code)
        let groups: [Set<String>] = [
            ["hr", "sr", "bs", "sh", "cnr"], ["no", "nb", "nn", "da"], ["id", "ms", "jv", "su"], ["zh", "yue", "wuu"],
            ["es", "gl", "ca"], ["tl", "fil"], ["cs", "sk"], ["hi", "mr", "ne"], ["de", "lb"], ["en", "sco"],
            ["af", "nl"],
        ]
        return found != declared && !groups.contains { $0.contains(found.code) && $0.contains(declared.code) }
    }
}
