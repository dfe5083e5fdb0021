// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Audio
public import Domain

/// Turns speech into timed words.
///
/// Recognisers do their work on threads of their own and may be called by several tasks at once.
public protocol SpeechRecognizing: Sendable {
    /// What this recogniser is and can do.
    var engine: RecognitionEngine { get }

    /// Writes down what is said.
    ///
    /// - Parameters:
    ///   - audio: 16 kHz mono at any level; recognisers bring it to theirs.
    ///   - options: What the caller knows and wants.
    ///   - progress: Called now and then with what has been done, from any thread.
    /// - Returns: The transcript; without words when nobody speaks.
    /// - Throws: ``RecognitionError``.
    func transcribe(
        _ audio: Waveform, options: RecognitionOptions, progress: @escaping @Sendable (RecognitionProgress) -> Void
    ) async throws -> Recognition

    /// Says which language is spoken, most probable first; engines for one language return it with nil probability.
    func identifyLanguage(_ audio: Waveform) async throws -> [LanguageGuess]
}

/// What a recogniser is, for people and for the record.
public struct RecognitionEngine: Sendable, Hashable {
    /// The engine, such as "pocketsphinx".
    public var name: String
    /// The model, such as "en-us".
    public var model: String
    /// A digest of the model's files, lower-case hexadecimal, so that results can be reproduced.
    public var modelHash: String
    /// The languages it can write (BCP 47); empty for any.
    public var languages: [String]
    /// Whether it finds the spoken language by itself.
    public var identifiesLanguage: Bool
    /// What people must know about its limits, in one sentence; nil when nothing stands out.
    public var notice: String?

    /// Creates a description.
    public init(
        name: String, model: String, modelHash: String, languages: [String], identifiesLanguage: Bool,
        notice: String? = nil
    ) {
        self.name = name
        self.model = model
        self.modelHash = modelHash
        self.languages = languages
        self.identifiesLanguage = identifiesLanguage
        self.notice = notice
    }
}

/// What the caller of a recogniser knows and wants.
public struct RecognitionOptions: Sendable, Hashable {
    /// The spoken language (BCP 47), or nil to find it.
    public var language: String?
    /// Single terms that may be said, such as drug names. Never the expected answer: it would be heard in any audio.
    public var vocabulary: [String]
    /// How many alternative readings of a segment to return.
    public var alternatives: Int

    /// Creates options.
    public init(language: String? = nil, vocabulary: [String] = [], alternatives: Int = 0) {
        self.language = language
        self.vocabulary = vocabulary
        self.alternatives = alternatives
    }
}

/// What a recogniser made of a recording.
public struct Recognition: Sendable, Hashable {
    /// The words.
    public var transcript: Transcript
    /// The languages considered, most probable first.
    public var languages: [LanguageGuess]
    /// Other readings, in order of probability, if they were asked for.
    public var alternatives: [Transcript]

    /// Creates a result.
    public init(transcript: Transcript, languages: [LanguageGuess], alternatives: [Transcript] = []) {
        self.transcript = transcript
        self.languages = languages
        self.alternatives = alternatives
    }
}

/// One language that may be spoken.
public struct LanguageGuess: Sendable, Hashable {
    /// The language (BCP 47).
    public var language: String
    /// How probable it is, 0...1; nil when it was assumed, not measured.
    public var probability: Double?

    /// Creates a guess.
    public init(language: String, probability: Double?) {
        self.language = language
        self.probability = probability
    }
}

/// How far a recogniser has come.
public struct RecognitionProgress: Sendable, Hashable {
    /// Seconds of audio that are done.
    public var seconds: Double
    /// Seconds of audio in all.
    public var total: Double
    /// A segment that has just been finished, if any.
    public var segment: Segment?

    /// Creates a report.
    public init(seconds: Double, total: Double, segment: Segment? = nil) {
        self.seconds = seconds
        self.total = total
        self.segment = segment
    }
}
