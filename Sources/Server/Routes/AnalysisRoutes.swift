// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Assessment
import Auth
import Domain
import HTTP
import JSON
import Storage

/// Measures of responses, and of texts that are not stored.
struct AnalysisRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.get, "/api/v1/responses/{id}/analysis", read),
            .account(.post, "/api/v1/analyze", analyze),
        ]
    }

    private func read(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let details = try await services.response(request, actor, .readResults)
        let response = details.response
        let id = response.id
        let canMark = services.canMark(details, actor)
        let number = try request.queryInteger("version", in: 1...1_000_000)
        let found = try await services.database.read { transaction -> Found? in
            guard let stored = try transaction.transcripts.find(id, number: number),
                let analysis = try transaction.analyses.find(id, transcriptVersion: stored.version.number)
            else { return nil }
            let quality = try transaction.responses.audioQuality(of: id) ?? []
            let previous = try stored.version.parent.flatMap { parent in
                try transaction.analyses.find(id, transcriptVersion: parent).flatMap { analysis in
                    try transaction.transcripts.find(id, number: parent).map { (analysis, $0.version.transcript) }
                }
            }
            let recognised = try Self.recognised(id, besides: stored.version, transaction)
            let readsTone = try response.questionVersion.map { try transaction.courses.readsTone(of: $0) } ?? true
            return Found(
                analysis: analysis, readsTone: readsTone, transcript: stored.version.transcript, quality: quality,
                previous: previous?.0, previousTranscript: previous?.1,
                recognised: recognised?.engine == analysis.engine ? recognised?.assessment : nil,
                history: try transaction.scoring.history(of: analysis.id),
                templates: try FeedbackTemplateStore(transaction).templates(over: services.feedback),
                canMark: canMark,
                isScoreHidden: canMark
                    ? try MarkingDesk(transaction: transaction, actor: actor, details: details).hidesMachine() : false)
        }
        guard let found else {
            throw HTTPError(.notFound, code: "not_ready", detail: "There are no measures yet.")
        }
        let analysis = json(found, language: FeedbackView.language(of: request))
        return .json(found.isScoreHidden ? Self.withoutScore(analysis) : analysis)
    }

    private static let notRead =
        "This answer was analysed before names and tone were read; edit it to analyse it again."

    private struct Found: Sendable {
        var analysis: AnalysisResult
        var readsTone: Bool
        var transcript: Transcript
        var quality: [Measure]
        var previous: AnalysisResult?
        var previousTranscript: Transcript?
        /// What the recogniser's own words earn, beside a person's.
        var recognised: AnswerAssessment?
        /// The scores that it had before, newest first.
        var history: [ScoreRevision]
        /// The sentences of feedback.
        var templates: FeedbackTemplates
        /// Whether the caller is one of those who mark the answer.
        var canMark: Bool
        /// Whether the caller marks the answer and has not finished.
        var isScoreHidden: Bool
    }

    /// What somebody sees who marks the answer and has not finished: everything but what the machine makes of it, and how
    /// close it is to the expected answer.
    private static func withoutScore(_ analysis: JSONValue) -> JSONValue {
        var object = analysis.object ?? [:]
        func withoutSimilarity(_ measures: JSONValue?) -> JSONValue {
            .array(
                (measures?.array ?? []).filter { measure in
                    let key = measure["key"]?.string ?? ""
                    return MeasureCatalogue.descriptor(for: key)?.group != .similarity
                })
        }
        object["measures"] = withoutSimilarity(object["measures"])
        object["similarity"] = .null
        if var previous = object["previous"]?.object {
            previous["measures"] = withoutSimilarity(previous["measures"])
            object["previous"] = .object(previous)
        }
        object["keypoints"] = []
        object["keypoints_source"] = .null
        object["keypoints_reason"] = .null
        object["score"] = .null
        object["edit_gain"] = .null
        object["feedback"] = []
        object["score_history"] = []
        object["score_hidden"] = true
        return .object(object)
    }

    private func json(_ found: Found, language: String) -> JSONValue {
        let words = found.transcript.words
        let measures = found.quality + found.analysis.measures
        let previous: JSONValue =
            found.previous.map { previous in
                let words = found.previousTranscript?.words ?? []
                return [
                    "transcript_version": .integer(Int64(previous.transcriptVersion)),
                    "measures": .array(previous.measures.map { MeasureView.json($0, in: .transcript(words)) }),
                ]
            } ?? .null
        var object: JSONObject = [
            "response_id": .string(found.analysis.response.text),
            "transcript_version": .integer(Int64(found.analysis.transcriptVersion)),
            "engine": .string(found.analysis.engine),
            "question_bank": .optional(found.analysis.bank),
            "text_sha256": .optional(found.analysis.sources?.text),
            "question_sha256": .optional(found.analysis.sources?.question),
            "measures": .array(measures.map { MeasureView.json($0, in: .transcript(words)) }),
            "audio": MeasureView.group(.audio, of: measures),
            "fluency": MeasureView.group(.fluency, of: measures),
            "readability": MeasureView.group(.readability, of: measures),
            "lexical": MeasureView.group(.lexical, of: measures),
            "similarity": found.analysis.questionVersion == nil
                ? .null : MeasureView.group(.similarity, of: measures),
            "previous": previous,
            "created_at": .string(found.analysis.createdAt.description),
        ]
        let findings = found.analysis.findings ?? TextFindings(entitiesReason: Self.notRead, toneReason: Self.notRead)
        let view = FindingsView(findings, words: words, showsTone: found.readsTone)
        for member in view.members.members { object[member.key] = member.value }
        for member in KeyPointView.members(found.analysis.assessment).members { object[member.key] = member.value }
        object["edit_gain"] = .optional(
            found.recognised.flatMap { recognised in
                found.analysis.assessment.flatMap { $0.editGain(over: recognised) }
            })
        object["score_history"] = RescoringView.json(found.history, withNames: found.canMark)
        object["feedback"] = FeedbackView.json(
            FeedbackView.items(
                found.analysis.assessment, measures, language: found.transcript.language, transcript: found.transcript),
            found.templates, language: language)
        return .object(object)
    }

    /// Measures a text at once; nothing is stored.
    private func analyze(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        try services.demand(.useTools, of: actor)
        let limit = services.configuration.limits.transcriptBytes
        var fields = try await request.fields(limit: 14 * limit)
        let text = fields.secret("text", limit: limit)
        let expected = fields.has("expected") ? fields.secret("expected", limit: limit) : nil
        let language = fields.knownLanguage("language")
        let keyPoints = fields.keyPoints("key_points")
        try fields.validate()
        let result = try await services.measuring.analysis(
            of: text, language: language, expected: expected, keyPoints: keyPoints)
        var object: JSONObject = [
            "language": .optional(result.choice.language),
            "text_language": result.choice.identification.map(MeasureView.json) ?? .null,
            "engine": .string(services.measuring.engine),
            "readability": MeasureView.group(.readability, of: result.measures),
            "lexical": MeasureView.group(.lexical, of: result.measures),
            "similarity": expected == nil ? .null : MeasureView.group(.similarity, of: result.measures),
            "measures": .array(result.measures.map { MeasureView.json($0, in: .text(result.places)) }),
        ]
        for member in FindingsView(result.findings).members.members { object[member.key] = member.value }
        for member in KeyPointView.members(result.assessment).members { object[member.key] = member.value }
        object["feedback"] = FeedbackView.json(
            FeedbackView.items(result.assessment, result.measures, language: result.choice.language),
            try await services.database.read { try FeedbackTemplateStore($0).templates(over: services.feedback) },
            language: FeedbackView.language(of: request))
        return .json(.object(object))
    }

    /// The analysis of the recogniser's version, beside a person's; nil for the recogniser's own.
    private static func recognised(
        _ id: Identifier<Response>, besides version: TranscriptVersion, _ transaction: Transaction
    ) throws -> AnalysisResult? {
        guard version.origin == .human, let recognised = try transaction.transcripts.latestRecognised(id) else {
            return nil
        }
        return try transaction.analyses.find(id, transcriptVersion: recognised.number)
    }
}
