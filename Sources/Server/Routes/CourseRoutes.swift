// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Storage

/// Courses and who belongs to them.
struct CourseRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.get, "/api/v1/courses", list),
            .account(.post, "/api/v1/courses", roles: [.educator, .admin], create),
            .account(.get, "/api/v1/courses/{id}", read),
            .account(.patch, "/api/v1/courses/{id}", change),
            .account(.get, "/api/v1/courses/{id}/members", members),
            .account(.post, "/api/v1/courses/{id}/members", addMember),
            .account(.delete, "/api/v1/courses/{id}/members/{user_id}", removeMember),
        ]
    }

    private func list(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let page = PageRequest(limit: try request.pageSize(), after: request.query["after"])
        let courses = try await services.database.read { try $0.courses.list(visibleTo: actor.viewer, page: page) }
        return .json(courses.json { json($0, actor) })
    }

    private func create(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        try services.demand(.createCourse, of: actor)
        var fields = try await request.fields()
        let name = fields.text("name", limit: 200)
        let language = fields.language("language")
        let languages = fields.languages("languages")
        let readsTone = fields.flag("tone") ?? true
        try fields.validate()
        let now = services.clock.now()
        let course = Course(
            id: Identifier(at: now), tenant: actor.tenant, name: name, language: language, languages: languages,
            readsTone: readsTone, createdAt: now)
        try await services.database.write { transaction in
            try transaction.courses.insert(course)
            try transaction.courses.setMember(.init(course: course.id, user: actor.userID, part: .educator), at: now)
        }
        return .json(
            EntityView.course(course, part: Membership.Part.educator.rawValue, questions: 0, members: 1),
            status: .created)
    }

    private func read(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        .json(json(try await summary(request, actor, .readCourse), actor))
    }

    private func change(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        var summary = try await summary(request, actor, .editCourse)
        var fields = try await request.fields()
        if fields.has("name") { summary.course.name = fields.text("name", limit: 200) }
        if fields.has("language") { summary.course.language = fields.language("language") }
        if fields.has("languages") { summary.course.languages = fields.languages("languages") }
        if let readsTone = fields.flag("tone") { summary.course.readsTone = readsTone }
        try fields.validate()
        let course = summary.course
        try await services.database.write { try $0.courses.update(course) }
        return .json(json(summary, actor))
    }

    private func members(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let course = try await summary(request, actor, .manageMembers).course.id
        let members = try await services.database.read { try $0.courses.members(of: course) }
        return .json(["items": .array(members.map { Self.json($0.user, $0.part) }), "next": .null])
    }

    /// Adds an account by its address; with a name and a password the account is made at once.
    private func addMember(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let course = try await summary(request, actor, .manageMembers).course.id
        var fields = try await request.fields()
        let email = fields.text("email", limit: 254)
        let part = fields.choice("part", of: Membership.Part.self) ?? .student
        if fields.has("role") {
            fields.fault("role", "is not a member's; say with part whether they are a student or an educator here")
        }
        let name = fields.optionalText("name", limit: 200)
        let password = fields.has("password") ? fields.secret("password") : nil
        try fields.validate()

        let now = services.clock.now()
        var user = try await services.database.read {
            try $0.users.find(email: email.lowercased(), tenant: actor.tenant)
        }
        if user == nil, let name, let password {
            guard part == .student else {
                throw HTTPError.invalidField("part", "must be student for a new account; administrators make educators")
            }
            user = try await services.authenticator.createUser(
                name: name, email: email, password: password, role: .student, tenant: actor.tenant, by: actor)
        }
        guard let user else {
            throw HTTPError.notFound(
                "Nobody here has this e-mail address. Give a name and a password to make an account.")
        }
        guard part == .student || user.role != .student else {
            throw HTTPError.conflict("This account is a student's; an administrator can make it an educator's.")
        }
        try await services.database.write { transaction in
            try transaction.courses.setMember(.init(course: course, user: user.id, part: part), at: now)
        }
        return .json(Self.json(user, part), status: .created)
    }

    private func removeMember(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let course = try await summary(request, actor, .manageMembers).course.id
        let user: Identifier<User> = try request.identifier("user_id")
        guard try await services.database.write({ try $0.courses.removeMember(user, from: course) }) else {
            throw HTTPError.notFound()
        }
        return .noContent
    }

    private func summary(_ request: HTTPRequest, _ actor: Auth.Actor, _ action: Action) async throws -> CourseSummary {
        let id: Identifier<Course> = try request.identifier()
        let found = try await services.database.read { try $0.courses.find(id, visibleTo: actor.viewer) }
        guard let found else { throw HTTPError.notFound() }
        try services.demand(
            action, of: actor, facts: ObjectFacts(tenant: found.course.tenant, coursePart: found.part))
        return found
    }

    private func json(_ summary: CourseSummary, _ actor: Auth.Actor) -> JSONValue {
        EntityView.course(
            summary.course, part: summary.part?.rawValue ?? actor.role.rawValue, questions: summary.questionCount,
            members: summary.memberCount)
    }

    private static func json(_ user: User, _ part: Membership.Part) -> JSONValue {
        [
            "user": ["id": .string(user.id.text), "name": .string(user.name), "email": .string(user.email)],
            "part": .string(part.rawValue),
        ]
    }
}
