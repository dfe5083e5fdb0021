// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Recognition
import Storage

/// How responses look in JSON.
enum ResponseView {
    /// A response; stages and quality only where one response is shown, headlines only in lists.
    ///
    /// A sealed one only says that it was received and how the work on it goes.
    static func json(
        _ details: ResponseDetails, engines: [RecognitionEngine], stages: [StageResult]? = nil,
        quality: [Measure]? = nil, asked: [RevealedFact]? = nil, headlines: JSONObject? = nil, isSealed: Bool = false
    ) -> JSONValue {
        if isSealed { return sealed(details, engines, stages, quality, asked, isList: headlines != nil) }
        let response = details.response
        let recording = details.recording
        var object: JSONObject = [
            "id": .string(response.id.text),
            "status": .string(response.state.rawValue),
            "reason": .optional(response.reason),
            "reason_code": .optional(details.reasonCode),
            "question_id": .optional(response.question?.text),
            "question_title": .optional(details.questionTitle),
            "owner": ["id": .string(response.owner.text), "name": .string(details.ownerName)],
            "language": [
                "chosen": .optional(response.chosenLanguage),
                "detected": .optional(details.recognition?.language),
                "probability": .optional(details.recognition?.languageProbability),
            ],
            "engine": engine(details.recognition?.engine, engines),
            "recording": [
                "id": .string(recording.id.text),
                "duration": .optional(recording.duration),
                "size": .integer(recording.size),
                "format": .optional(recording.format),
                "quality": quality.map { .array($0.map { MeasureView.json($0, in: .transcript([])) }) } ?? .null,
            ],
            "transcript_version": .optional(details.transcriptVersion),
            "withheld": .bool(details.isWithheld),
            "created_at": .string(response.createdAt.description),
            "links": links(response),
        ]
        if let stages { object["stages"] = .array(stages.map(stage)) }
        if let asked {
            object["facts_asked"] = .array(
                asked.map {
                    [
                        "id": .string($0.fact), "label": .string($0.label),
                        "asked_at": .string($0.askedAt.description),
                    ]
                })
        }
        if let headlines { object["measures"] = .object(headlines) }
        return .object(object)
    }

    private static func sealed(
        _ details: ResponseDetails, _ engines: [RecognitionEngine], _ stages: [StageResult]?, _ quality: [Measure]?,
        _ asked: [RevealedFact]?, isList: Bool
    ) -> JSONValue {
        var known = details
        known.recognition = nil
        known.transcriptVersion = nil
        known.response.state = sealed(details.response.state)
        let progress = stages?.map { StageResult($0.stage, $0.state) }
        // Whoever was not heard has to know it, to record again.
        let isUnheard = known.response.state == .unscorable || known.response.state == .failed
        return json(
            known, engines: engines, stages: progress, quality: isUnheard ? quality : nil, asked: asked,
            headlines: isList ? ["similarity": .null, "wpm": .null] : nil)
    }

    /// The state as somebody sees it who may not know yet whether an answer has been marked.
    static func sealed(_ state: Response.State) -> Response.State { state == .marked ? .analysed : state }

    /// Where everything about a response is.
    static func links(_ response: Response) -> JSONValue {
        let path = "/api/v1/responses/\(response.id)"
        return [
            "self": .string(path), "events": .string("\(path)/events"), "transcript": .string("\(path)/transcript"),
            "analysis": .string("\(path)/analysis"),
            "audio": .string("/api/v1/recordings/\(response.recording)/audio"),
        ]
    }

    private static func stage(_ result: StageResult) -> JSONValue {
        var object: JSONObject = [
            "stage": .string(result.stage.rawValue), "state": .string(result.state.rawValue),
        ]
        if let seconds = result.seconds { object["seconds"] = .number((seconds * 1000).rounded() / 1000) }
        if let found = result.result { object["result"] = found }
        return .object(object)
    }

    /// `{name, model, notice}` of what wrote a transcript, by its label.
    static func engine(_ label: String?, _ engines: [RecognitionEngine]) -> JSONValue {
        guard let label else { return .null }
        let parts = label.split(separator: "/", maxSplits: 1).map(String.init)
        let notice = engines.first { $0.label == label }?.notice
        return [
            "name": .string(parts.first ?? label), "model": .optional(parts.count > 1 ? parts[1] : nil),
            "notice": .optional(notice),
        ]
    }
}
