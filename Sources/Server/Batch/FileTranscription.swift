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
    /// What people must know about this result, each in one sentence: a damaged file, keywords that did not fit.
    public let warnings: [String]

    /// The words with their times.
    public var transcript: Transcript { recognition.transcript }

    /// Creates a result.
    public init(
        recognition: Recognition, engine: RecognitionEngine, duration: Double, quality: [Measure] = [],
        warnings: [String] = []
    ) {
        self.recognition = recognition
        self.engine = engine
        self.duration = duration
        self.quality = quality
        self.warnings = warnings
    }

    /// `{text, language, language_probability, languages[], duration, quality{}, engine, model, model_hash, precision,
    /// voice_activity, segments[]}`, times in seconds; with `notice` where people must know something about the engine,
    /// and `warnings[]` where they must about this result.
    ///
    /// With alternatives, if they were asked for: `alternatives[]` of each word, and of each stretch of speech that was
    /// heard at once.
    public var json: JSONObject {
        var object: JSONObject = [
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
            "model_hash": .string(engine.modelHash),
            "precision": .optional(engine.precision),
            "voice_activity": .optional(engine.voiceActivity),
            "segments": .array(segments),
        ]
        if let notice = engine.notice { object["notice"] = .string(notice) }
        if !warnings.isEmpty { object["warnings"] = .array(warnings.map(JSONValue.string)) }
        if !recognition.alternatives.isEmpty {
            object["alternatives"] = .array(recognition.alternatives.map(Self.json))
        }
        return object
    }

    private var segments: [JSONValue] {
        var alternatives: [Int: [NBestList.WordAlternative]] = [:]
        for list in recognition.alternatives {
            var word = transcript.segments[..<list.segments.lowerBound].reduce(0) { $0 + $1.words.count }
            for other in list.wordAlternatives {
                alternatives[word] = other
                word += 1
            }
        }
        var word = 0
        return transcript.segments.map { segment in
            defer { word += segment.words.count }
            return Self.json(segment) { alternatives[word + $0] ?? [] }
        }
    }

    /// The texts of a stretch; probabilities are among those of the list.
    private static func json(_ list: NBestList) -> JSONValue {
        [
            "segments": .array(list.segments.map { .integer(Int64($0)) }),
            "hypotheses": .array(
                zip(list.hypotheses, list.probabilities).map { hypothesis, probability in
                    [
                        "text": .string(hypothesis.text), "logprob": .number(rounded(hypothesis.logProbability)),
                        "probability": .number(rounded(probability)),
                    ]
                }),
        ]
    }

    /// The same with how the engine came to each segment: tokens, temperature, probabilities.
    public var verboseJSON: JSONObject {
        var object = json
        object["segments"] = .array(
            segments.enumerated().map { index, segment in
                var entry = segment.object ?? [:]
                guard index < recognition.details.count else { return .object(entry) }
                let detail = recognition.details[index]
                entry["words"] = .array(
                    (entry["words"]?.array ?? []).enumerated().map { index, word in
                        guard index < detail.wordProbabilities.count, var word = word.object else { return word }
                        word["probability"] = .number(Self.rounded(detail.wordProbabilities[index]))
                        return .object(word)
                    })
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

    private static func json(
        _ segment: Segment, alternatives: (_ word: Int) -> [NBestList.WordAlternative]
    ) -> JSONValue {
        [
            "start": seconds(segment.start),
            "end": seconds(segment.end),
            "text": .string(segment.text),
            "language": .optional(segment.language),
            "language_probability": .optional(segment.languageProbability.map(rounded)),
            "words": .array(
                segment.words.enumerated().map { index, word in
                    var entry: JSONObject = [
                        "word": .string(word.text),
                        "start": seconds(word.start),
                        "end": seconds(word.end),
                        "confidence": .optional(word.confidence.map(rounded)),
                    ]
                    let others = alternatives(index)
                    if !others.isEmpty {
                        entry["alternatives"] = .array(
                            others.map {
                                ["word": .string($0.word), "probability": .number(rounded($0.probability))]
                            })
                    }
                    return .object(entry)
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
