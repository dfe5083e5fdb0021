// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Auth
import Domain
import HTTP
import JSON
import Storage

/// Questions and their versions.
struct QuestionRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.get, "/api/v1/questions", list),
            .account(.post, "/api/v1/questions", create),
            .account(.get, "/api/v1/questions/{id}", read),
            .account(.get, "/api/v1/questions/{id}/versions", versions),
            .account(.post, "/api/v1/questions/{id}/versions", revise),
            .account(.post, "/api/v1/questions/{id}/facts/{fact}/reveal", reveal),
            .account(.post, "/api/v1/key_points/propose", propose),
        ]
    }

    private func list(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let course: Identifier<Course>? = try request.queryIdentifier("course_id")
        let page = PageRequest(limit: try request.pageSize(), after: request.query["after"])
        let questions = try await services.database.read {
            try $0.questions.list(course: course, visibleTo: actor.viewer, page: page)
        }
        let vocabularies = try await services.measuring.vocabularies(of: questions.items.map(\.question.current))
        let known = Dictionary(zip(questions.items.map(\.question.id), vocabularies)) { $1 }
        return .json(questions.json { json($0, known[$0.question.id], actor) })
    }

    private func create(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        var fields = try await request.fields()
        let courseID: Identifier<Course>? = fields.identifier("course_id")
        let now = services.clock.now()
        var version = draft(&fields, at: now)
        let hasLanguages = fields.has("languages")
        try fields.validate()
        guard let courseID, let course = try await course(courseID, of: actor) else {
            throw HTTPError.notFound("There is no such course.")
        }
        try services.demand(
            .createQuestion, of: actor, facts: ObjectFacts(tenant: course.course.tenant, coursePart: course.part))
        if !hasLanguages { version.languages = course.course.languages }
        let question = Question(
            id: Identifier(at: now), tenant: actor.tenant, course: courseID, current: version, createdAt: now)
        try await services.database.write { try $0.questions.insert(question) }
        return .json(try await json(question, responses: 0), status: .created)
    }

    private func read(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let summary = try await services.question(request, actor, .readQuestion)
        let vocabulary = try await services.measuring.vocabularies(of: [summary.question.current]).first
        guard !readsExpected(summary, actor), !summary.question.current.facts.isEmpty else {
            return .json(json(summary, vocabulary, actor))
        }
        let revealed = try await services.database.read {
            try $0.facts.revealed(of: summary.question.current.id, to: actor.userID)
        }
        return .json(
            EntityView.question(summary.question, ownResponses: summary.myResponseCount, revealed: revealed))
    }

    private func versions(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let question = try await services.question(request, actor, .readExpectedAnswer).question
        let (versions, rescorings) = try await services.database.read { transaction in
            (try transaction.questions.versions(of: question.id), try transaction.scoring.rescorings(of: question.id))
        }
        return .json([
            "items": .array(versions.map { EntityView.version($0, rescoring: rescorings[$0.id]) }), "next": .null,
        ])
    }

    private func revise(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let summary = try await services.question(request, actor, .editQuestion)
        var fields = try await request.fields()
        let version = draft(&fields, at: services.clock.now())
        try fields.validate()
        let question = try await services.database.write { try $0.questions.revise(summary.question.id, as: version) }
        return .json(try await json(question, responses: summary.responseCount), status: .created)
    }

    /// Tells a student something that they ask for, and notes that they asked.
    private func reveal(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let summary = try await services.question(request, actor, .answerQuestion)
        let version = summary.question.current
        let fact = version.facts.first { $0.id == request.parameters["fact"] }
        guard let fact else { throw HTTPError.notFound() }
        let now = services.clock.now()
        let asked = try await services.database.write { transaction in
            try transaction.facts.reveal(fact, of: version.id, to: actor.userID, at: now)
            return try transaction.facts.revealed(of: version.id, to: actor.userID).first { $0.fact == fact.id }
        }
        return .json(EntityView.fact(fact, asked: asked))
    }

    /// Key points that an expected answer suggests, for an educator to edit.
    private func propose(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        try services.demand(.useTools, of: actor)
        var fields = try await request.fields(limit: 300_000)
        let expected = fields.expectedAnswers()
        let language = fields.language("language")
        try fields.validate()
        let proposals = try await services.measuring.proposals(from: expected, language: language)
        return .json(["items": .array(proposals.map(KeyPointView.json)), "next": .null])
    }

    private func draft(_ fields: inout FieldReader, at now: Timestamp) -> QuestionVersion {
        let title = fields.text("title", limit: 200)
        let prompt = fields.text("prompt", limit: 5_000, multiline: true)
        let expected = fields.expectedAnswers()
        return QuestionVersion(
            id: Identifier(at: now), number: 1, title: title, prompt: prompt, expectedAnswer: expected,
            keyPoints: fields.keyPoints(of: expected),
            partialCredit: fields.share("partial_credit") ?? KeyPointResult.usualPartialCredit,
            contradictedCredit: fields.number("contradicted_credit", in: -1...0) ?? 0,
            scenario: fields.optionalText("scenario", limit: 10_000, multiline: true), facts: fields.facts(),
            vocabulary: fields.vocabulary(), language: fields.language("language"),
            languages: fields.languages("languages"),
            timeLimit: fields.integer(
                "time_limit", in: 1...max(1, services.configuration.limits.audioSeconds),
                default: min(120, services.configuration.limits.audioSeconds)),
            isWithheld: fields.flag("withheld") ?? false, createdAt: now)
    }

    private func course(_ id: Identifier<Course>, of actor: Auth.Actor) async throws -> CourseSummary? {
        try await services.database.read { try $0.courses.find(id, visibleTo: actor.viewer) }
    }

    private func readsExpected(_ summary: QuestionSummary, _ actor: Auth.Actor) -> Bool {
        authorize(actor, .readExpectedAnswer, summary.facts) == .allow
    }

    /// The expected answer is shown exactly to those who may read it.
    private func json(
        _ summary: QuestionSummary, _ vocabulary: QuestionVocabulary?, _ actor: Auth.Actor
    ) -> JSONValue {
        readsExpected(summary, actor)
            ? EntityView.question(summary.question, responses: summary.responseCount, vocabulary: vocabulary)
            : EntityView.question(summary.question, ownResponses: summary.myResponseCount)
    }

    /// A question as its educators see it.
    private func json(_ question: Question, responses: Int) async throws -> JSONValue {
        EntityView.question(
            question, responses: responses,
            vocabulary: try await services.measuring.vocabularies(of: [question.current]).first)
    }
}
