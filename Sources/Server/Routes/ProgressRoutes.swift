// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Storage

/// One student's way, for the student and for the educators of a course.
struct ProgressRoutes {
    let services: Services

    var routes: [Route] {
        Route.report("/api/v1/me/progress", mine)
            + Route.report("/api/v1/courses/{id}/students/{user_id}/progress", ofStudent)
    }

    private func mine(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        try services.demand(.listOwnResponses, of: actor)
        let course: Identifier<Course>? = try request.queryIdentifier("course_id")
        return try await answer(
            request, course: course, student: actor.userID, .student, actor,
            context: ["course_id": .optional(course?.text), "name": .string(actor.name)])
    }

    private func ofStudent(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let course = try await services.courseOfInsight(request, actor)
        let student: Identifier<User> = try request.identifier("user_id")
        // Whoever was never in the course does not exist here.
        let name = try await services.database.read { transaction -> String? in
            guard let user = try transaction.users.find(student, tenant: actor.tenant) else { return nil }
            let belongs = try transaction.courses.part(of: student, in: course.id) == .student
            let scope = InsightScope(course: course.id, owner: student)
            return try belongs || !transaction.insight.answers(scope, viewer: actor.userID).isEmpty ? user.name : nil
        }
        guard let name else { throw HTTPError.notFound() }
        return try await answer(
            request, course: course.id, student: student, .educator, actor,
            context: ["course_id": .string(course.id.text), "name": .string(name)])
    }

    private func answer(
        _ request: HTTPRequest, course: Identifier<Course>?, student: Identifier<User>,
        _ sight: ProgressMaterial.Sight, _ actor: Auth.Actor, context: JSONObject
    ) async throws -> HTTPResponse {
        let format = try ReportFormat(request)
        let question: Identifier<Question>? = try request.queryIdentifier("question_id")
        let subject = try ProgressMaterial.Subject(request.query["measure"] ?? "score")
        let material = try await services.database.read { transaction in
            try ProgressMaterial(
                transaction, InsightScope(course: course, question: question, owner: student), student: student,
                subject, sight, actor: actor)
        }
        var context = context
        context["question_id"] = .optional(question?.text)
        return try format.response(material.report(), context: context, name: "progress")
    }
}
