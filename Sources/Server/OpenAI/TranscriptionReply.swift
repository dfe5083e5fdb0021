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
    /// What was wrong with the recording, each in one sentence.
    let damage: [String]

    private var transcript: Transcript { recognition.transcript }

    /// The reply in the form that was asked for.
    var response: HTTPResponse {
        var response = content
        Self.announce(engine, in: &response)
        return response
    }

    /// Says in the header what people must know about an engine: every form of reply has one.
    static func announce(_ engine: RecognitionEngine, in response: inout HTTPResponse) {
        guard let notice = engine.notice else { return }
        // Fields are ASCII (RFC 9110 §5.5).
        response.headers.set("Oracy-Notice", String(notice.map { $0.isASCII && $0 >= " " && $0 < "\u{7F}" ? $0 : "?" }))
    }

    private var content: HTTPResponse {
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
        if call.hasLogProbabilities { object["logprobs"] = .array(Self.logProbabilities(transcript.words[...])) }
        if !codes.isEmpty { object["languages"] = .array(codes.map { ["code": .string($0)] }) }
        object["usage"] = usage
        describe(&object)
        return object
    }

    /// The languages that were written, most of them first, as OpenAI writes them: without a region.
    private var codes: [String] {
        let written = recognition.languages.filter { $0.share > 0 }
        return (written.isEmpty ? Array(recognition.languages.prefix(1)) : written).reduce(into: []) { codes, guess in
            let code = String(guess.language.prefix { $0 != "-" })
            if !codes.contains(code) { codes.append(code) }
        }
    }

    /// Says what wrote this, and what people must know about it.
    private func describe(_ object: inout JSONObject) {
        object["model"] = .string(engine.modelID)
        object["model_hash"] = .string(engine.modelHash)
        object["precision"] = .optional(engine.precision)
        if let notice = engine.notice { object["notice"] = .string(notice) }
        let warnings = damage + recognition.warnings
        if !warnings.isEmpty { object["warnings"] = .array(warnings.map(JSONValue.string)) }
    }

    private var usage: JSONValue { ["type": "duration", "seconds": .number(duration.rounded(.up))] }

    /// A word for each entry: engines here are sure or unsure of words.
    private static func logProbabilities(_ words: ArraySlice<Word>, isFirst: Bool = true) -> [JSONValue] {
        words.enumerated().map { index, word in
            let token = (index == 0 && isFirst ? "" : " ") + word.text
            return [
                "token": .string(token), "logprob": .optional(word.confidence.map { log(max($0, 1e-9)) }),
                "bytes": .array(token.utf8.map { .integer(Int64($0)) }),
            ]
        }
    }

    /// The event that sends a segment of a streamed reply.
    static func delta(_ segment: Segment, isFirst: Bool, call: TranscriptionCall) -> JSONValue {
        var object: JSONObject = [
            "type": "transcript.text.delta", "delta": .string((isFirst ? "" : " ") + segment.text),
        ]
        if call.hasLogProbabilities {
            object["logprobs"] = .array(logProbabilities(segment.words[...], isFirst: isFirst))
        }
        return .object(object)
    }

    private var verboseJSON: JSONObject {
        var object: JSONObject = [
            "task": call.options.translates ? "translate" : "transcribe",
            // Of the text: OpenAI's name of it for a translation, a tag otherwise.
            "language": call.options.translates ? "english" : .string(transcript.language ?? Transcript.undetermined),
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
        describe(&object)
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
