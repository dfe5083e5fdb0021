// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
public import JSON
public import Recognition

/// What became of one recording of a data set.
public struct FileTranscription: Sendable {
    /// What was said.
    public let recognition: Recognition
    /// What wrote it down.
    public let engine: RecognitionEngine
    /// The length of the recording, in seconds.
    public let duration: Double
    /// How well it was recorded: `snr_db`, `clip_pct`, `speech_pct`, `level_dbfs` (docs/audio.md).
    public let quality: [Measure]

    /// The words with their times.
    public var transcript: Transcript { recognition.transcript }

    /// Creates a result.
    public init(
        recognition: Recognition, engine: RecognitionEngine, duration: Double, quality: [Measure] = []
    ) {
        self.recognition = recognition
        self.engine = engine
        self.duration = duration
        self.quality = quality
    }

    /// `{text, language, language_probability, languages[], duration, quality{}, engine, model, voice_activity, segments[]}`,
    /// times in seconds.
    public var json: JSONObject {
        [
            "text": .string(transcript.text),
            "language": .optional(transcript.language),
            "language_probability": .optional(transcript.languageProbability.map(Self.rounded)),
            "languages": .array(
                recognition.languages.map { guess in
                    [
                        "language": .string(guess.language),
                        "probability": .optional(guess.probability.map(Self.rounded)),
                        "share": .number(Self.rounded(guess.share)),
                    ]
                }),
            "duration": .number(Self.rounded(duration)),
            "quality": .object(
                quality.reduce(into: [:]) { $0[$1.key] = .optional($1.value.map(Self.rounded)) }),
            "engine": .string(engine.name),
            "model": .string(engine.model),
            "voice_activity": .optional(engine.voiceActivity),
            "segments": .array(transcript.segments.map(Self.json)),
        ]
    }

    /// The same with how the engine came to each segment: tokens, temperature, probabilities.
    public var verboseJSON: JSONObject {
        var object = json
        object["model_hash"] = .string(engine.modelHash)
        object["segments"] = .array(
            transcript.segments.enumerated().map { index, segment in
                var entry = Self.json(segment).object ?? [:]
                guard index < recognition.details.count else { return .object(entry) }
                let detail = recognition.details[index]
                entry["decoded_language"] = .optional(detail.language)
                entry["seek"] = .integer(Int64(detail.seek))
                entry["tokens"] = .array(detail.tokens.map { .integer(Int64($0)) })
                entry["temperature"] = .number(Self.rounded(detail.temperature))
                entry["avg_logprob"] = .number(Self.rounded(detail.averageLogProbability))
                entry["compression_ratio"] = .number(Self.rounded(detail.compressionRatio))
                entry["no_speech_prob"] = .number(Self.rounded(detail.noSpeechProbability))
                return .object(entry)
            })
        return object
    }

    private static func json(_ segment: Segment) -> JSONValue {
        [
            "start": seconds(segment.start),
            "end": seconds(segment.end),
            "text": .string(segment.text),
            "language": .optional(segment.language),
            "language_probability": .optional(segment.languageProbability.map(rounded)),
            "words": .array(
                segment.words.map { word in
                    [
                        "word": .string(word.text),
                        "start": seconds(word.start),
                        "end": seconds(word.end),
                        "confidence": .optional(word.confidence.map(rounded)),
                    ]
                }),
        ]
    }

    private static func seconds(_ milliseconds: Int) -> JSONValue { .number(Double(milliseconds) / 1000) }

    /// Three decimals.
    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

/// Why one recording of a data set has no transcript.
public struct TranscriptionFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable name, such as `not_audio`.
    public let code: String
    /// What happened and what to do, for a person.
    public let message: String

    /// Creates a failure.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }

    /// `{code, message}`
    public var json: JSONValue { ["code": .string(code), "message": .string(message)] }
}
