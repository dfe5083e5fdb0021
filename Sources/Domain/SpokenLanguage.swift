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

    /// Creates a guess.
    public init(language: String, probability: Double?, share: Double = 0) {
        self.language = language
        self.probability = probability
        self.share = share
    }
}
