// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A language that answers may be given in.
public struct ExpectedLanguage: Sendable, Hashable {
    /// The language (BCP 47).
    public var language: String
    /// How much more often it is spoken than a language of weight 1, before anything is heard; above 0.
    public var weight: Double

    /// Creates an expectation.
    public init(_ language: String, weight: Double = 1) {
        self.language = language
        self.weight = weight
    }

    /// Whether somebody who speaks a language speaks this one, as far as can be heard.
    ///
    /// That is so of the same language in another region or script, and of those that ISO 639-3 counts as one
    /// macrolanguage or that differ in writing first of all (Hindi and Urdu): which one it is can't be told by the sound.
    public func covers(_ other: String) -> Bool {
        let codes = [language, other].map { String($0.prefix { $0 != "-" }).lowercased() }
        return codes[0] == codes[1] || Self.kin.contains { group in codes.allSatisfy(group.contains) }
    }

    private static let kin: [Set<String>] = [
        ["bs", "cnr", "hr", "sh", "sr"], ["nb", "nn", "no"], ["id", "ms"], ["hi", "ur"], ["cmn", "yue", "zh"],
    ]

    /// The greatest weight; the least is one over it.
    public static let greatestWeight = 1000.0
    /// The most languages that may be expected at once.
    public static let greatestCount = 20
}

/// One language that may be spoken in a recording.
public struct LanguageGuess: Sendable, Hashable {
    /// The language (BCP 47).
    public var language: String
    /// How probable it is by its sound alone, 0...1; nil when it was assumed, not measured.
    public var probability: Double?
    /// How much of the speech was written down in it, 0...1.
    public var share: Double

    /// A language that is less probable than this is not recognised: nobody is told that it is spoken. openai-whisper has
    /// no such limit; faster-whisper has the same number (`language_detection_threshold`).
    public static let leastProbability = 0.5

    /// From here on a language that may not be spoken is one that is: measured on the speech fixture, no right answer is
    /// refused then, but for those in noise as loud as the voice (docs/recognition.md).
    public static let certainProbability = 0.8

    /// Creates a guess.
    public init(language: String, probability: Double?, share: Double = 0) {
        self.language = language
        self.probability = probability
        self.share = share
    }
}

extension Transcript {
    /// The language that is spoken instead of those that may be, beyond doubt: most of the speech was recognised as none
    /// of them, and another one is very probable by its sound. Nil otherwise, and when any language may be spoken.
    public func languageInstead(of expected: [ExpectedLanguage]) -> LanguageGuess? {
        guard !expected.isEmpty, language == Self.undetermined,
            let best = languages.max(by: { $0.probability ?? 0 < $1.probability ?? 0 }),
            let probability = best.probability, probability >= LanguageGuess.certainProbability,
            !expected.contains(where: { $0.covers(best.language) })
        else { return nil }
        return best
    }
}
