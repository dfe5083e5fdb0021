// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Recognition
import Storage

/// What becomes of each key point in an answer that an educator types or speaks; nothing is stored.
struct TrialRoutes {
    let services: Services

    var routes: [Route] { [.account(.post, "/api/v1/questions/{id}/try", tryAnswer)] }

    private func tryAnswer(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let version = try await services.question(request, actor, .readExpectedAnswer).question.current
        return request.mediaType == "multipart/form-data"
            ? try await spoken(request, version) : try await typed(request, version)
    }

    private func typed(_ request: HTTPRequest, _ version: QuestionVersion) async throws -> HTTPResponse {
        let limit = services.configuration.limits.transcriptBytes
        var fields = try await request.fields(limit: 14 * limit)
        let text = fields.secret("text", limit: limit)
        let language = fields.language("language")
        let question = draft(&fields, of: version)
        try fields.validate()
        let assessment = try await services.measuring.assessment(of: text, by: question, language: language)
        return .json(.object(KeyPointView.members(assessment)))
    }

    /// Hears the answer as a student's would be heard. Whoever asks for events is told how far it has come, because a
    /// long answer takes longer than proxies let a silent request last.
    private func spoken(_ request: HTTPRequest, _ version: QuestionVersion) async throws -> HTTPResponse {
        try services.trials.check()
        let form = try await TrialForm.receive(request, services: services)
        let trial = try await services.recordings.discarding(form.stored.path) { path in
            var fields = form.fields
            let language = fields.language("language")
            let question = draft(&fields, of: version)
            try fields.validate()
            return try await SpokenTrial(
                fileAt: path, question: question,
                hearing: AnswerHearing(
                    speech: services.speech, metrics: services.metrics, question: question, language: language),
                ticket: try services.trials.enter())
        }
        guard request.headers["accept"]?.contains("text/event-stream") == true else {
            return .json(try await trial.result(services.measuring) { _ in })
        }
        return stream(trial, requestID: request.id)
    }

    /// The question with what an unsaved draft changes.
    private func draft(_ fields: inout FieldReader, of version: QuestionVersion) -> QuestionVersion {
        var question = version
        question.expectedAnswer = fields.optionalExpectedAnswers() ?? version.expectedAnswer
        if fields.document("key_points") != nil {
            question.keyPoints = fields.keyPoints(of: question.expectedAnswer)
        }
        question.partialCredit = fields.share("partial_credit") ?? version.partialCredit
        question.contradictedCredit =
            fields.number("contradicted_credit", in: -1...0) ?? version.contradictedCredit
        if fields.document("vocabulary") != nil { question.vocabulary = fields.vocabulary() }
        if fields.has("languages") { question.languages = fields.languages("languages") }
        question.timeLimit = fields.integer(
            "time_limit", in: 1...max(1, services.configuration.limits.audioSeconds), default: version.timeLimit)
        return question
    }

    /// Sends what has been written down so far, as for answers that are kept (`stage` and `segment`), and at last the
    /// result (`done`) or why there is none (`problem`).
    private func stream(_ trial: SpokenTrial, requestID: String) -> HTTPResponse {
        .eventStream { [services] events in
            let (reports, sender) = AsyncStream.makeStream(
                of: RecognitionProgress.self, bufferingPolicy: .bufferingNewest(256))
            async let outcome = {
                defer { sender.finish() }
                return try await trial.result(services.measuring) { sender.yield($0) }
            }()
            for await report in reports {
                if report.total > 0 {
                    try await events.send(
                        event: "stage",
                        data: ProgressReporter.json(.transcribe, .running, min(1, report.seconds / report.total)).text)
                }
                if let segment = report.segment {
                    try await events.send(event: "segment", data: ProgressReporter.json(segment).text)
                }
            }
            do {
                try await events.send(event: "done", data: try await outcome.text)
            } catch let error where !(error is CancellationError) {
                let problem = ErrorResponse.problem(for: error)
                guard problem.code != HTTPError.connectionClosed.code else { throw error }
                services.log.error(
                    "trial failed", ["request_id": .string(requestID), "error": .string("\(error)")])
                try await events.send(event: "problem", data: ProblemDetails(problem, requestID: requestID).json.text)
            }
        }
    }
}
