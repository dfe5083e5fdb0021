// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Auth
import Domain
import HTTP
import JSON
import Statistics
import Storage
import Threads

/// The figures of a course, for its educators: each as JSON and as CSV (docs/insight.md).
struct InsightRoutes {
    let services: Services

    var routes: [Route] {
        Route.report("/api/v1/courses/{id}/dashboard", dashboard)
            + Route.report("/api/v1/courses/{id}/answers", answers)
            + Route.report("/api/v1/courses/{id}/items", items)
            + Route.report("/api/v1/courses/{id}/agreement", agreement)
            + Route.report("/api/v1/courses/{id}/fairness", fairness)
    }

    private func dashboard(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let format = try ReportFormat(request)
        let course = try await services.courseOfInsight(request, actor)
        let filter = try InsightFilter(request)
        let (material, declared) = try await services.database.read { transaction in
            let groups = try filter.group.map { group in
                let groups = try GroupChoices.demand(transaction)
                guard groups.choices.contains(group) else {
                    throw HTTPError.invalidField("group", "must be one of the groups that may be declared")
                }
                return groups
            }
            let material = try CourseMaterial(
                transaction, course, question: filter.question, time: filter.time, detail: .all, actor: actor)
            return (
                try CohortMaterial(transaction, material),
                try groups?.declared(transaction, tenant: actor.tenant) ?? [:]
            )
        }
        var context = Self.context(course, filter)
        context["hidden"] = .integer(Int64(material.hidden))
        context["held"] = .integer(Int64(material.held))
        var labels = JSONObject()
        for key in material.measureKeys {
            if let measure = MeasureCatalogue.descriptor(for: key) { labels[key] = .string(measure.label) }
        }
        context["labels"] = .object(labels)
        var reasons = JSONObject()
        for key in material.measureKeys { if let reason = material.reasons[key] { reasons[key] = .string(reason) } }
        context["reasons"] = .object(reasons)
        if let group = filter.group {
            let report = try await services.measuring.threads.run { material.report(of: group, declared) }
            return try format.response(report, context: context, name: "dashboard-group")
        }
        let report = try await services.measuring.threads.run { material.report() }
        return try format.response(report, context: context, name: "dashboard")
    }

    private func answers(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let format = try ReportFormat(request)
        let course = try await services.courseOfInsight(request, actor)
        let filter = try InsightFilter(request)
        guard filter.group == nil else {
            throw HTTPError.invalidField("group", "is not for lists: they would show who is in it")
        }
        let previous: Identifier<Response>? = try request.queryIdentifier("after")
        // A file holds everything unless a page of it was asked for.
        let limit = format.isCSV && request.query["limit"] == nil ? nil : try request.pageSize()
        let material = try await services.database.read { transaction in
            let material = try CourseMaterial(
                transaction, course, question: filter.question, time: filter.time, detail: .none, actor: actor)
            return try AnswerListMaterial(transaction, material, limit: limit, after: previous, actor: actor)
        }
        let report = try await services.measuring.threads.run { material.report() }
        var context = Self.context(course, filter)
        context["next"] = .optional(material.next?.text)
        return try format.response(report, context: context, name: "answers")
    }

    private func items(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let format = try ReportFormat(request)
        let course = try await services.courseOfInsight(request, actor)
        let question: Identifier<Question>? = try request.queryIdentifier("question_id")
        let kind =
            try request.queryChoice("by", of: ItemMaterial.Kind.self) ?? (question == nil ? .questions : .keyPoints)
        if question == nil, kind != .questions { throw HTTPError.missingField("question_id") }
        let attempt = try request.queryChoice("attempt", of: ItemMaterial.Attempt.self) ?? .first
        let material = try await services.database.read { transaction in
            let material = try CourseMaterial(
                transaction, course, question: kind == .questions ? nil : question,
                detail: kind == .keyPoints ? .keyPoints : .scores, actor: actor)
            return try ItemMaterial(
                transaction, material, kind, question: question == nil ? nil : material.questions.first,
                attempt: attempt)
        }
        let report = try await services.measuring.threads.run { material.report() }
        var context = Self.context(course, kind == .questions ? nil : question)
        context["by"] = .string(kind.rawValue)
        context["attempt"] = .string(attempt.rawValue)
        return try format.response(report, context: context, name: "items")
    }

    private func agreement(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let format = try ReportFormat(request)
        let course = try await services.courseOfInsight(request, actor)
        let question: Identifier<Question>? = try request.queryIdentifier("question_id")
        let material = try await services.database.read { transaction in
            let material = try CourseMaterial(transaction, course, question: question, actor: actor)
            return try AgreementMaterial(transaction, material, question: question)
        }
        let report = try await services.measuring.threads.run { material.report() }
        return try format.response(report, context: Self.context(course, question), name: "agreement")
    }

    private func fairness(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let format = try ReportFormat(request)
        let course = try await services.courseOfInsight(request, actor)
        let report = try await services.fairness(actor) { _ in [course.id] }
        return try format.response(report, context: Self.context(course, nil), name: "fairness")
    }

    private static func context(_ course: Course, _ filter: InsightFilter) -> JSONObject {
        var context = Self.context(course, filter.question)
        for member in filter.context.members { context[member.key] = member.value }
        return context
    }

    private static func context(_ course: Course, _ question: Identifier<Question>?) -> JSONObject {
        [
            "course_id": .string(course.id.text), "course_name": .string(course.name),
            "question_id": .optional(question?.text),
        ]
    }
}

extension Services {
    /// The course named in the path, if `actor` may see its figures.
    func courseOfInsight(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> Course {
        let id: Identifier<Course> = try request.identifier()
        guard let found = try await database.read({ try $0.courses.find(id, visibleTo: actor.viewer) }) else {
            throw HTTPError.notFound()
        }
        try demand(
            .readInsight, of: actor, facts: ObjectFacts(tenant: found.course.tenant, coursePart: found.part))
        return found.course
    }

    /// Whether groups are treated alike in some courses.
    func fairness(
        _ actor: Auth.Actor, _ courses: @escaping @Sendable (Transaction) throws -> [Identifier<Course>]
    ) async throws -> FairnessReport {
        let material = try await database.read { transaction in
            let groups = try GroupChoices.demand(transaction)
            return try FairnessMaterial(transaction, try courses(transaction), groups, actor: actor)
        }
        return try await measuring.threads.run { material.report() }
    }
}

extension HTTPRequest {
    /// One of the values of an enumeration from the query; nil when absent.
    func queryChoice<Value: RawRepresentable<String> & CaseIterable>(
        _ name: String, of type: Value.Type
    ) throws -> Value? {
        guard let text = query[name] else { return nil }
        guard let value = Value(rawValue: text) else {
            throw HTTPError.invalidField(
                name, "must be one of \(type.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }
}
