// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// How far a recogniser's text is from what was said: WER = (S + D + I) / N.
///
/// Both texts are compared in the form of ``TextNormalization``. For languages written without spaces the unit is the
/// character (CER), as is usual in the field.
///
/// ```swift
/// let errors = WordErrorRate(reference: "she takes warfarin", hypothesis: "she take warfarin")
/// errors.rate  // 0.333…
/// ```
public struct WordErrorRate: Sendable, Hashable {
    /// What is counted.
    public enum Unit: String, Sendable, Hashable, CaseIterable {
        /// Words.
        case word
        /// Characters as people see them (extended grapheme clusters).
        case character
    }

    /// What is counted.
    public let unit: Unit
    /// S: units of the reference that were written as something else.
    public let substitutions: Int
    /// D: units of the reference that are missing.
    public let deletions: Int
    /// I: units that nobody said.
    public let insertions: Int
    /// N: units of the reference.
    public let referenceCount: Int

    /// Compares a recogniser's text with the text that counts as right.
    ///
    /// - Parameters:
    ///   - reference: What was said, as a person wrote it.
    ///   - hypothesis: What the recogniser wrote.
    ///   - language: The language (BCP 47), which decides the unit; nil counts words.
    public init(reference: String, hypothesis: String, language: String? = nil) {
        let alignment: WordAlignment
        if TextNormalization.countsCharacters(in: language) {
            unit = .character
            let characters = TextNormalization.characters(of: reference)
            referenceCount = characters.count
            alignment = WordAlignment(elements: characters, TextNormalization.characters(of: hypothesis))
        } else {
            unit = .word
            let words = TextNormalization.words(of: reference)
            referenceCount = words.count
            alignment = WordAlignment(reference: words, hypothesis: TextNormalization.words(of: hypothesis))
        }
        substitutions = alignment.count(of: .substitute)
        deletions = alignment.count(of: .delete)
        insertions = alignment.count(of: .insert)
    }

    /// S + D + I.
    public var errors: Int { substitutions + deletions + insertions }

    /// The rate, 0 or more (insertions can bring it above 1); 0 when both texts have no words, nil when only the
    /// reference has none.
    public var rate: Double? {
        if referenceCount == 0 { return errors == 0 ? 0 : nil }
        return Double(errors) / Double(referenceCount)
    }
}
