// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Glibc
import HTTP
import JSON
import Recognition

/// A finished transcription in the forms of OpenAI's API.
struct TranscriptionReply {
    let recognition: Recognition
    let engine: RecognitionEngine
    /// Seconds of audio.
    let duration: Double
    let call: TranscriptionCall

    private var transcript: Transcript { recognition.transcript }

    /// The reply in the form that was asked for.
    var response: HTTPResponse {
        switch call.format {
        case .json: .json(.object(json))
        case .verboseJSON: .json(.object(verboseJSON))
        case .text: .text(transcript.text + "\n")
        case .srt: .bytes(Array(transcript.subRip.utf8), contentType: "text/plain; charset=utf-8")
        case .vtt: .bytes(Array(transcript.webVTT.utf8), contentType: "text/vtt; charset=utf-8")
        }
    }

    /// The last event of a streamed reply before `[DONE]`.
    var done: JSONValue {
        var object = json
        object["type"] = "transcript.text.done"
        return .object(object)
    }

    private var json: JSONObject {
        var object: JSONObject = ["text": .string(transcript.text)]
        if call.hasLogProbabilities { object["logprobs"] = .array(logProbabilities) }
        let languages = recognition.languages.prefix(1).map { JSONValue.object(["code": .string($0.language)]) }
        if !languages.isEmpty { object["languages"] = .array(Array(languages)) }
        object["usage"] = usage
        object["model"] = .string(engine.modelID)
        return object
    }

    private var usage: JSONValue { ["type": "duration", "seconds": .number(duration.rounded(.up))] }

    /// A word for each entry: engines here are sure or unsure of words.
    private var logProbabilities: [JSONValue] {
        transcript.words.enumerated().map { index, word in
            let token = (index == 0 ? "" : " ") + word.text
            return [
                "token": .string(token), "logprob": .optional(word.confidence.map { log(max($0, 1e-9)) }),
                "bytes": .array(token.utf8.map { .integer(Int64($0)) }),
            ]
        }
    }

    private var verboseJSON: JSONObject {
        var object: JSONObject = [
            "task": call.options.translates ? "translate" : "transcribe",
            // Of the text: OpenAI's name of it for a translation, a tag otherwise.
            "language": call.options.translates ? "english" : .optional(transcript.language),
            "duration": .number(duration), "text": .string(transcript.text),
        ]
        object["languages"] = .array(recognition.languages.filter { $0.share > 0 }.map(TranscriptView.language))
        if call.hasWords {
            object["words"] = .array(
                transcript.words.map { word in
                    [
                        "word": .string(word.text), "start": TranscriptView.seconds(word.start),
                        "end": TranscriptView.seconds(word.end), "probability": .optional(word.confidence),
                    ]
                })
        }
        if call.hasSegments { object["segments"] = .array(transcript.segments.indices.map(segment)) }
        object["usage"] = usage
        object["model"] = .string(engine.modelID)
        return object
    }

    /// One segment. What only engines of the Whisper class know is null for others, never made up.
    private func segment(_ index: Int) -> JSONValue {
        let segment = transcript.segments[index]
        let detail = index < recognition.details.count ? recognition.details[index] : nil
        let confidences = segment.words.compactMap(\.confidence)
        let mean = confidences.reduce(0) { $0 + log(max($1, 1e-9)) } / Double(max(confidences.count, 1))
        return [
            "id": .integer(Int64(index)),
            "seek": .integer(Int64(detail?.seek ?? 0)),
            "start": TranscriptView.seconds(segment.start),
            "end": TranscriptView.seconds(segment.end),
            "text": .string(segment.text),
            "language": .optional(segment.language),
            "language_probability": .optional(segment.languageProbability),
            "tokens": .array((detail?.tokens ?? []).map { .integer(Int64($0)) }),
            "temperature": .number(detail?.temperature ?? 0),
            "avg_logprob": .optional(detail?.averageLogProbability ?? (confidences.isEmpty ? nil : mean)),
            "compression_ratio": .optional(detail?.compressionRatio),
            "no_speech_prob": .optional(detail?.noSpeechProbability),
        ]
    }
}
