// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Auth
import Domain
import HTTP
import JSON
import Jobs
import Storage

/// Spoken answers: receiving them, listing them, watching them being worked on.
struct ResponseRoutes {
    let services: Services

    /// The headline measures of lists.
    private static let headlines = ["tfidf_cosine", "speech_rate_wpm"]

    var routes: [Route] {
        [
            .account(.post, "/api/v1/responses", create),
            .account(.get, "/api/v1/responses", list),
            .account(.get, "/api/v1/responses/{id}", read),
            .account(.delete, "/api/v1/responses/{id}", delete),
            .account(.get, "/api/v1/responses/{id}/events", events),
            .account(.post, "/api/v1/responses/{id}/retry", retry),
        ]
    }

    // MARK: Receiving

    private func create(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let key = try idempotencyKey(request, actor)
        try await refuseOverload()
        let upload = try await ResponseUpload.receive(request, services: services)
        do {
            return try await accept(upload, key: key, actor: actor, request: request)
        } catch let error as StorageError {
            // After a failed commit nobody knows whether the row is there, and a row must never outlive its file: if
            // nothing refers to the file, the janitor removes it.
            throw error
        } catch {
            await services.recordings.remove(upload.stored.path)
            throw error
        }
    }

    /// Stores the answer, its recording and its job in one transaction; after it the answer is acknowledged.
    private func accept(
        _ upload: ResponseUpload, key: IdempotencyKey?, actor: Auth.Actor, request: HTTPRequest
    ) async throws -> HTTPResponse {
        let version = try await questionVersion(upload.question, actor: actor)
        _ = try services.speech.recognizer(for: upload.language, expecting: version?.answerLanguages ?? [])
        try await services.speech.check(services.recordings.absolutePath(upload.stored.path))

        let now = services.clock.now()
        let recording = Recording(
            id: upload.recording, owner: actor.userID, state: .kept, path: upload.stored.path,
            size: upload.stored.size, sha256: upload.stored.sha256, originalName: upload.fileName,
            createdAt: now)
        let response = Response(
            id: Identifier(at: now), tenant: actor.tenant, owner: actor.userID, question: upload.question,
            questionVersion: version?.id, chosenLanguage: upload.language, recording: recording.id, state: .uploaded,
            createdAt: now)
        let body = JSONValue.object([
            "id": .string(response.id.text), "status": .string(response.state.rawValue),
            "links": ResponseView.links(response),
        ])
        let answer = StoredAnswer(
            status: HTTPStatus.accepted.code, headers: ["Location": .string("/api/v1/responses/\(response.id)")],
            body: body.utf8)
        let audit = AuditEntry(
            time: now, tenant: actor.tenant, actor: actor.userID.text, session: actor.credentialID,
            action: "response.create", object: "response/\(response.id)", afterHash: upload.stored.sha256)

        let earlier = try await services.database.write { transaction -> StoredAnswer? in
            if let key {
                switch try transaction.idempotency.begin(key, requestHash: upload.digest, at: now) {
                case .new: break
                case .answered(let earlier): return earlier
                case .inProgress: throw HTTPError.conflict("A request with this Idempotency-Key is being worked on.")
                case .mismatch:
                    throw HTTPError(
                        .unprocessableContent, code: "idempotency_mismatch",
                        detail: "This Idempotency-Key was used for a different request.")
                }
            }
            try transaction.recordings.insert(recording, tenant: actor.tenant)
            try transaction.responses.insert(response)
            try transaction.facts.keep(with: response)
            _ = try transaction.jobs.enqueue(AnswerPipeline.job(for: response.id), at: now)
            _ = try transaction.audit.append(audit)
            if let key { try transaction.idempotency.complete(key, with: answer) }
            return nil
        }
        if let earlier {
            await services.recordings.remove(upload.stored.path)
            return Self.replay(earlier)
        }
        services.jobs.wake()
        return Self.replay(answer)
    }

    private static func replay(_ answer: StoredAnswer) -> HTTPResponse {
        var response = HTTPResponse.bytes(
            answer.body, contentType: "application/json", status: HTTPStatus(answer.status))
        for member in answer.headers.members {
            if let value = member.value.string { response.headers.set(member.key, value) }
        }
        return response
    }

    private func questionVersion(_ id: Identifier<Question>?, actor: Auth.Actor) async throws -> QuestionVersion? {
        guard let id else {
            try services.demand(.transcribeFreely, of: actor)
            return nil
        }
        let found = try await services.database.read { try $0.questions.find(id, visibleTo: actor.viewer) }
        guard let found else { throw HTTPError.invalidField("question_id", "names no question that you can answer") }
        try services.demand(
            .answerQuestion, of: actor,
            facts: ObjectFacts(tenant: found.question.tenant, coursePart: found.part))
        return found.question.current
    }

    private func idempotencyKey(_ request: HTTPRequest, _ actor: Auth.Actor) throws -> IdempotencyKey? {
        guard let key = request.headers["idempotency-key"] else { return nil }
        guard (1...128).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw HTTPError.invalidField("Idempotency-Key", "must have 1 to 128 visible ASCII characters")
        }
        return IdempotencyKey(user: actor.userID, method: "POST", route: "/responses", key: key)
    }

    /// Answers are refused early, before their bytes are read, when more wait than can be worked on in good time.
    private func refuseOverload() async throws {
        let counts = try await services.database.read { try $0.jobs.counts() }
        guard counts[.ready, default: 0] < services.configuration.limits.queueLength else {
            throw HTTPError(
                .tooManyRequests, code: "too_many_requests",
                detail: "Too many answers are waiting to be worked on. Try again in a minute.",
                headers: ["Retry-After": "60"])
        }
    }

    // MARK: Reading

    private func list(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let question: Identifier<Question>? = try request.queryIdentifier("question_id")
        let course: Identifier<Course>? = try request.queryIdentifier("course_id")
        let owner = request.query["mine"] == "true" ? actor.userID : nil
        let page = PageRequest(limit: try request.pageSize(), after: request.query["after"])
        let (responses, values, hidden) = try await services.database.read { [services] transaction in
            let responses = try transaction.responses.list(
                question: question, course: course, owner: owner, visibleTo: actor.viewer, page: page)
            let values = try transaction.analyses.values(
                of: Self.headlines, for: responses.items.map(\.response.id))
            // How close it is to the expected answer is kept with the score from who marks it and has not finished.
            let hidden = try responses.items.filter { details in
                try services.canMark(details, actor)
                    && MarkingDesk(transaction: transaction, actor: actor, details: details).hidesMachine()
            }
            return (responses, values, Set(hidden.map(\.response.id)))
        }
        return .json(
            responses.json { details in
                var found = values[details.response.id] ?? [:]
                if hidden.contains(details.response.id) { found["tfidf_cosine"] = nil }
                return ResponseView.json(
                    details, engines: services.speech.engines,
                    headlines: [
                        "similarity": .optional(found["tfidf_cosine"]), "wpm": .optional(found["speech_rate_wpm"]),
                    ], isSealed: services.isSealed(details, for: actor))
            })
    }

    private func read(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let details = try await services.response(request, actor, .readResponse)
        let (stages, quality, asked) = try await services.database.read { transaction in
            (
                try transaction.stages.list(of: details.response.id),
                try transaction.responses.audioQuality(of: details.response.id),
                try transaction.facts.asked(for: details.response.id)
            )
        }
        return .json(
            ResponseView.json(
                details, engines: services.speech.engines, stages: stages, quality: quality, asked: asked,
                isSealed: services.isSealed(details, for: actor)))
    }

    private func delete(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let details = try await services.response(request, actor, .deleteResponse)
        let now = services.clock.now()
        let audit = AuditEntry(
            time: now, tenant: actor.tenant, actor: actor.userID.text, session: actor.credentialID,
            action: "response.delete", object: "response/\(details.response.id)",
            beforeHash: details.recording.sha256)
        let paths = try await services.database.write { transaction in
            _ = try transaction.audit.append(audit)
            return try transaction.responses.delete(details.response.id)
        }
        for path in paths { await services.recordings.remove(path) }
        services.events.publish(.changed, of: details.response.id)
        return .noContent
    }

    private func retry(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let response = try await services.response(request, actor, .retryResponse).response
        guard response.state == .failed || response.state == .unscorable else {
            throw HTTPError.conflict("Only an answer that has failed can be worked on again.")
        }
        let now = services.clock.now()
        try await services.database.write { transaction in
            try transaction.responses.setState(response.id, to: .uploaded)
            try transaction.stages.resetUnfinished(of: response.id)
            _ = try transaction.jobs.enqueue(AnswerPipeline.job(for: response.id), at: now)
        }
        services.jobs.wake()
        services.events.publish(.changed, of: response.id)
        return .json(
            [
                "id": .string(response.id.text), "status": .string(Response.State.uploaded.rawValue),
                "links": ResponseView.links(response),
            ], status: .accepted)
    }

    // MARK: Watching

    private func events(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let details = try await services.response(request, actor, .readResponse)
        let id = details.response.id
        let isSealed = services.isSealed(details, for: actor)
        let watched = services.events.watch(id)
        return .eventStream { [services] stream in
            var reporter = ProgressReporter(response: id, database: services.database, isSealed: isSealed)
            guard try await reporter.report(to: stream) else { return }
            for await event in watched {
                switch event {
                case .progress(let stage, let share):
                    try await reporter.report(stage, share, to: stream)
                case .segment(let segment):
                    if isSealed { continue }
                    try await stream.send(event: "segment", data: ProgressReporter.json(segment).text)
                case .changed, .tick:
                    guard try await reporter.report(to: stream) else { return }
                }
            }
        }
    }
}
