// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The language rules that a text is measured by.
public struct TextLanguage: Sendable, Hashable {
    /// The language (BCP 47).
    public let tag: String

    /// The primary subtag in lower case: `en` of `en-AU`.
    public var code: String { String(tag.prefix { $0 != "-" && $0 != "_" }).lowercased() }

    /// Creates a language from a BCP 47 tag.
    public init(_ tag: String) { self.tag = tag }

    /// English.
    public static let english = TextLanguage("en")
}
