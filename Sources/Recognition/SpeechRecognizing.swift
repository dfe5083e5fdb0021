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
    ///
    /// - Parameter expected: The languages that may be spoken; empty for any. It moves the probabilities towards them.
    func identifyLanguage(_ audio: Waveform, expected: [ExpectedLanguage]) async throws -> [LanguageGuess]
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
    /// Whether it can write in English what is said in another language.
    public var translates: Bool
    /// Whether it can be told words that may be said.
    public var takesVocabulary: Bool
    /// What people must know about its limits, in one sentence; nil when nothing stands out.
    public var notice: String?
    /// What finds the speech in recordings for it, such as "silero-vad"; nil for an engine that hears everything.
    public var voiceActivity: String?
    /// What it computes with, such as "bf16", on which results depend a little; nil for an engine without a choice.
    public var precision: String?
    /// When its model was installed, in seconds since 1970; nil when that is not known.
    public var modelTime: Int64?
    /// How many recordings keep it busy, for an engine that works on several together; nil for one a processor.
    public var recordingsTogether: Int?

    /// Creates a description.
    public init(
        name: String, model: String, modelHash: String, languages: [String], identifiesLanguage: Bool,
        translates: Bool = false, takesVocabulary: Bool = false, notice: String? = nil, voiceActivity: String? = nil,
        precision: String? = nil, modelTime: Int64? = nil, recordingsTogether: Int? = nil
    ) {
        self.name = name
        self.model = model
        self.modelHash = modelHash
        self.languages = languages
        self.identifiesLanguage = identifiesLanguage
        self.translates = translates
        self.takesVocabulary = takesVocabulary
        self.notice = notice
        self.voiceActivity = voiceActivity
        self.precision = precision
        self.modelTime = modelTime
        self.recordingsTogether = recordingsTogether
    }
}

extension RecognitionEngine {
    /// The engine and model in one word, such as "whisper-base", as OpenAI's clients name models.
    public var modelID: String { model.hasPrefix(name + "-") ? model : "\(name)-\(model)" }
}

/// What the caller of a recogniser knows and wants.
public struct RecognitionOptions: Sendable, Hashable {
    /// The spoken language (BCP 47), or nil to find it.
    public var language: String?
    /// The languages that may be spoken, when it has to be found; empty for any. What is said in another one is still
    /// noticed: its language is then not recognised.
    public var expectedLanguages: [ExpectedLanguage]
    /// Single terms that may be said, such as drug names; engines that can't be told any pass over them. Never the expected answer: it would be heard in any audio.
    public var vocabulary: [String]
    /// What was said or written before, for spelling and style; engines that work with words alone don't use it.
    public var prompt: String
    /// How freely an engine that samples chooses its words, 0...1; nil for the engine's own way.
    public var temperature: Double?
    /// Whether an engine that can writes in English, whatever is spoken.
    public var translates = false
    /// How an engine that writes token by token searches.
    public var search = SearchOptions()
    /// How many other texts of each stretch of speech to return, of those that an engine that follows several has found.
    public var alternatives: Int

    /// Creates options.
    public init(
        language: String? = nil, expectedLanguages: [ExpectedLanguage] = [], vocabulary: [String] = [],
        prompt: String = "", temperature: Double? = nil, alternatives: Int = 0
    ) {
        self.language = language
        self.expectedLanguages = expectedLanguages
        self.vocabulary = vocabulary
        self.prompt = prompt
        self.temperature = temperature
        self.alternatives = alternatives
    }
}

/// What a recogniser made of a recording.
public struct Recognition: Sendable, Hashable {
    /// The words.
    public var transcript: Transcript
    /// The languages considered, those that were written first, then the most probable.
    public var languages: [LanguageGuess]
    /// Other texts, one list for each stretch of speech that has segments, if they were asked for.
    public var alternatives: [NBestList]
    /// How an engine that writes tokens came to each segment of the transcript; empty for other engines.
    public var details: [SegmentDetail]
    /// What the caller asked for and did not get, such as keywords that don't fit, each in one sentence for people.
    public var warnings: [String]

    /// Creates a result.
    public init(
        transcript: Transcript, languages: [LanguageGuess], alternatives: [NBestList] = [],
        details: [SegmentDetail] = [], warnings: [String] = []
    ) {
        self.transcript = transcript
        self.languages = languages
        self.alternatives = alternatives
        self.details = details
        self.warnings = warnings
    }
}

/// How an engine that writes tokens came to a segment.
public struct SegmentDetail: Sendable, Hashable {
    /// Where the window that the segment was heard in begins, in frames of 10 ms.
    public var seek: Int
    /// The language that the model was told to write (BCP 47), also where the spoken one was not recognised.
    public var language: String?
    /// The tokens as the model wrote them.
    public var tokens: [Int]
    /// The temperature they were chosen at.
    public var temperature: Double
    /// The mean natural logarithm of the tokens' probabilities.
    public var averageLogProbability: Double
    /// Bytes of the window's text for each byte of it compressed; high for repetitions.
    public var compressionRatio: Double
    /// The probability that nobody speaks, 0...1.
    public var noSpeechProbability: Double
    /// The mean probability that the model gives to the tokens of each word, 0...1; its confidence is what that means.
    public var wordProbabilities: [Double]

    /// Creates a description.
    public init(
        seek: Int, language: String? = nil, tokens: [Int], temperature: Double, averageLogProbability: Double,
        compressionRatio: Double, noSpeechProbability: Double, wordProbabilities: [Double] = []
    ) {
        self.seek = seek
        self.language = language
        self.tokens = tokens
        self.temperature = temperature
        self.averageLogProbability = averageLogProbability
        self.compressionRatio = compressionRatio
        self.noSpeechProbability = noSpeechProbability
        self.wordProbabilities = wordProbabilities
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
