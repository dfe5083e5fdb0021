// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The readability formulas for English and for any language with letters. They need at least one word and one sentence; without, the results are not finite.
extension TextCounts {
    /// Flesch Reading Ease (Flesch 1948): about 0...100, higher is easier.
    public var fleschReadingEase: Double { 206.835 - 1.015 * wordsPerSentence - 84.6 * syllablesPerWord }

    /// Flesch-Kincaid grade level (Kincaid et al. 1975): years of school in the USA.
    public var fleschKincaidGrade: Double { 0.39 * wordsPerSentence + 11.8 * syllablesPerWord - 15.59 }

    /// Gunning fog index (Gunning 1952): years of school.
    public var gunningFog: Double { 0.4 * (wordsPerSentence + perHundredWords(complexWords)) }

    /// SMOG grade (McLaughlin 1969): years of school; made for 30 sentences or more.
    public var smog: Double { 1.0430 * (30 * Double(polysyllables) / Double(sentences)).squareRoot() + 3.1291 }

    /// Automated Readability Index (Smith & Senter 1967): years of school.
    public var automatedReadabilityIndex: Double {
        4.71 * Double(characters) / Double(words) + 0.5 * wordsPerSentence - 21.43
    }

    /// Coleman-Liau index (Coleman & Liau 1975): years of school.
    public var colemanLiau: Double { 0.0588 * perHundredWords(letters) - 0.296 * perHundredWords(sentences) - 15.8 }

    /// LIX (Björnsson 1968): the mean sentence length plus the share of long words; any language with letters.
    public var lix: Double { wordsPerSentence + perHundredWords(longWords) }

    /// RIX (Anderson 1983): long words to a sentence.
    public var rix: Double { Double(longWords) / Double(sentences) }
}
