// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The written form of a recording: segments of timed words.
///
/// Word positions count through all segments from 0; evidence refers to them.
public struct Transcript: Sendable, Hashable {
    /// The language that most of it is in (BCP 47); ``undetermined`` when it was measured and not recognised; nil when
    /// nothing is known of it.
    public var language: String?
    /// How sure the recogniser is of the language, 0...1; nil when it was chosen, not found.
    public var languageProbability: Double?
    /// The languages that are spoken or were taken for spoken, the largest share first; empty when nobody looked.
    public var languages: [LanguageGuess]
    /// Utterances in order of time.
    public var segments: [Segment]

    /// Creates a transcript.
    public init(
        language: String?, languageProbability: Double? = nil, languages: [LanguageGuess] = [], segments: [Segment]
    ) {
        self.language = language
        self.languageProbability = languageProbability
        self.languages = languages
        self.segments = segments
    }

    /// What stands for a language that was not recognised (BCP 47, RFC 5646 §4.1).
    public static let undetermined = "und"

    /// All words in order.
    public var words: [Word] { segments.flatMap(\.words) }

    /// The text of all segments, separated by spaces.
    public var text: String { segments.map(\.text).filter { !$0.isEmpty }.joined(separator: " ") }
}

/// An utterance: words spoken without a long break.
public struct Segment: Sendable, Hashable {
    /// When it starts, in milliseconds from the start of the recording.
    public var start: Int
    /// When it ends, in milliseconds.
    public var end: Int
    /// What was said, with the punctuation the source gives.
    public var text: String
    /// The words of the text.
    public var words: [Word]
    /// The language it is in (BCP 47); ``Transcript/undetermined`` when it was not recognised; nil for the transcript's.
    public var language: String?
    /// How sure the recogniser is of that, 0...1; nil when it was not measured.
    public var languageProbability: Double?

    /// Creates a segment.
    public init(
        start: Int, end: Int, text: String, words: [Word], language: String? = nil, languageProbability: Double? = nil
    ) {
        self.start = start
        self.end = end
        self.text = text
        self.words = words
        self.language = language
        self.languageProbability = languageProbability
    }
}

/// One word with its time.
public struct Word: Sendable, Hashable {
    /// What a word is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A word of the message.
        case word
        /// A filled pause such as "um".
        case filler
        /// The same word again by accident.
        case `repeat`
        /// A numeral.
        case number
        /// Written or changed by a person.
        case edited
    }

    /// Where the times come from.
    public enum Timing: String, Sendable, Hashable, CaseIterable {
        /// Measured by the recogniser.
        case recognised
        /// Spread between the measured neighbours after an edit.
        case interpolated
    }

    /// The word as written, with attached punctuation.
    public var text: String
    /// When it starts, in milliseconds from the start of the recording.
    public var start: Int
    /// When it ends, in milliseconds.
    public var end: Int
    /// How sure the recogniser is, 0...1; nil when it can't tell or a person wrote it.
    public var confidence: Double?
    /// What it is.
    public var kind: Kind
    /// Where the times come from.
    public var timing: Timing
    /// Whether somebody who marks the answer has listened and found that this was said.
    public var isConfirmed: Bool

    /// Creates a word.
    public init(
        text: String, start: Int, end: Int, confidence: Double? = nil, kind: Kind = .word,
        timing: Timing = .recognised, isConfirmed: Bool = false
    ) {
        self.text = text
        self.start = start
        self.end = end
        self.confidence = confidence
        self.kind = kind
        self.timing = timing
        self.isConfirmed = isConfirmed
    }
}

/// One state of a response's transcript: the recogniser's, or a person's edit of an earlier one.
public struct TranscriptVersion: Sendable, Hashable {
    /// Who wrote it.
    public enum Origin: String, Sendable, Hashable, CaseIterable {
        /// A recogniser.
        case asr
        /// A person.
        case human
    }

    /// Identity.
    public var id: Identifier<TranscriptVersion>
    /// The response.
    public var response: Identifier<Response>
    /// Counts from 1 within the response.
    public var number: Int
    /// Who wrote it.
    public var origin: Origin
    /// The person, for an edit.
    public var author: Identifier<User>?
    /// The number of the version that was edited.
    public var parent: Int?
    /// Why it was edited, if they said so.
    public var editReason: String?
    /// Whether its author changed nothing, but listened and found that these words were said.
    public var isConfirmation: Bool
    /// The engine and model, such as "pocketsphinx/en-us", for a recogniser's version.
    public var engine: String?
    /// The words that the recogniser was told before it listened; empty for one that can't be told any, and for an edit.
    public var vocabulary: [String]
    /// The words.
    public var transcript: Transcript
    /// What the recogniser considered beside them; empty for one that does not say, and for an edit.
    public var alternatives: [HeardAlternatives]
    /// The word error rate of the recogniser's version against this one; nil for the recogniser's own.
    public var wordErrorRate: Double?
    /// When it was written.
    public var createdAt: Timestamp

    /// Creates a version.
    public init(
        id: Identifier<TranscriptVersion>, response: Identifier<Response>, number: Int, origin: Origin,
        author: Identifier<User>? = nil, parent: Int? = nil, editReason: String? = nil, isConfirmation: Bool = false,
        engine: String? = nil, vocabulary: [String] = [], transcript: Transcript,
        alternatives: [HeardAlternatives] = [], wordErrorRate: Double? = nil, createdAt: Timestamp
    ) {
        self.id = id
        self.response = response
        self.number = number
        self.origin = origin
        self.author = author
        self.parent = parent
        self.editReason = editReason
        self.isConfirmation = isConfirmation
        self.engine = engine
        self.vocabulary = vocabulary
        self.transcript = transcript
        self.alternatives = alternatives
        self.wordErrorRate = wordErrorRate
        self.createdAt = createdAt
    }
}
