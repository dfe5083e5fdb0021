// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Storage

/// Rubrics, their versions, and which questions are marked by them.
struct RubricRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.get, "/api/v1/rubrics", list),
            .account(.post, "/api/v1/rubrics", create),
            .account(.get, "/api/v1/rubrics/{id}", read),
            .account(.get, "/api/v1/rubrics/{id}/versions", versions),
            .account(.post, "/api/v1/rubrics/{id}/versions", revise),
            .account(.get, "/api/v1/questions/{id}/rubric", assigned),
            .account(.put, "/api/v1/questions/{id}/rubric", assign),
        ]
    }

    private func list(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        guard let course: Identifier<Course> = try request.queryIdentifier("course_id") else {
            throw HTTPError.missingField("course_id")
        }
        try await services.demandMarking(of: course, actor, .manageRubrics)
        let rubrics = try await services.database.read { try $0.rubrics.list(of: course, visibleTo: actor.viewer) }
        return .json(["items": .array(rubrics.map { MarkView.json($0.rubric) }), "next": .null])
    }

    private func create(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        var fields = try await request.fields()
        let courseID: Identifier<Course>? = fields.identifier("course_id")
        let now = services.clock.now()
        let version = Self.draft(&fields, at: now)
        try fields.validate()
        guard let courseID else { throw HTTPError.notFound() }
        try await services.demandMarking(of: courseID, actor, .manageRubrics)
        let rubric = Rubric(
            id: Identifier(at: now), tenant: actor.tenant, course: courseID, current: version, createdAt: now)
        try await services.database.write { try $0.rubrics.insert(rubric) }
        return .json(MarkView.json(rubric), status: .created)
    }

    private func read(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        .json(MarkView.json(try await rubric(request, actor)))
    }

    private func versions(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let id = try await rubric(request, actor).id
        let versions = try await services.database.read { try $0.rubrics.versions(of: id) }
        return .json(["items": .array(versions.map(MarkView.json)), "next": .null])
    }

    private func revise(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let id = try await rubric(request, actor).id
        var fields = try await request.fields()
        let version = Self.draft(&fields, at: services.clock.now())
        try fields.validate()
        let rubric = try await services.database.write { try $0.rubrics.revise(id, as: version) }
        return .json(MarkView.json(rubric), status: .created)
    }

    private func assigned(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let question = try await services.question(request, actor, .manageRubrics).question
        return .json(try await services.database.read { try Self.marking(of: question.id, $0) })
    }

    private func assign(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let question = try await services.question(request, actor, .manageRubrics).question
        var fields = try await request.fields()
        let id: Identifier<Rubric>? = fields.document("rubric_id") == nil ? nil : fields.identifier("rubric_id")
        let share = fields.share("second_marker_share")
        try fields.validate()
        let marking = try await services.database.write { transaction -> JSONValue in
            if let id {
                guard let found = try transaction.rubrics.find(id, visibleTo: actor.viewer)?.rubric,
                    found.course == question.course
                else { throw HTTPError.invalidField("rubric_id", "names no rubric of this course") }
            }
            try transaction.rubrics.assign(id, to: question.id, secondShare: share)
            return try Self.marking(of: question.id, transaction)
        }
        return .json(marking)
    }

    /// What answers to a question are marked by, and which share of them by a second person.
    private static func marking(of question: Identifier<Question>, _ transaction: Transaction) throws -> JSONValue {
        [
            "rubric": try transaction.rubrics.assigned(to: question).map(MarkView.json) ?? .null,
            "second_marker_share": .optional(try transaction.rubrics.secondShare(of: question)),
        ]
    }

    private func rubric(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> Rubric {
        let id: Identifier<Rubric> = try request.identifier()
        guard let found = try await services.database.read({ try $0.rubrics.find(id, visibleTo: actor.viewer) }) else {
            throw HTTPError.notFound()
        }
        try services.demand(
            .manageRubrics, of: actor, facts: ObjectFacts(tenant: found.rubric.tenant, coursePart: found.part))
        return found.rubric
    }

    private static func draft(_ fields: inout FieldReader, at now: Timestamp) -> RubricVersion {
        let title = fields.text("title", limit: 200)
        var criteria: [RubricVersion.Criterion] = []
        for (index, reader) in fields.list("criteria", limit: RubricVersion.criterionCounts.upperBound).enumerated() {
            var reader = reader
            criteria.append(criterion(&reader, number: index + 1))
            fields.adopt(reader, as: "criteria[\(index)]")
        }
        let scale = levels(&fields, "global_scale")
        let version = RubricVersion(
            id: Identifier(at: now), number: 1, title: title, criteria: criteria, globalScale: scale, createdAt: now)
        for fault in version.faults where !fields.faults.contains(where: { $0.field.hasPrefix(fault.field) }) {
            fields.fault(fault.field, fault.message)
        }
        return version
    }

    private static func criterion(_ fields: inout FieldReader, number: Int) -> RubricVersion.Criterion {
        let id = fields.optionalText("id", limit: 40) ?? "c\(number)"
        if !id.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }) {
            fields.fault("id", "must have small letters, digits and hyphens only")
        }
        let weight = fields.document("weight").map { $0.double ?? .nan } ?? 1
        return RubricVersion.Criterion(
            id: id, label: fields.text("label", limit: 200),
            description: fields.optionalText("description", limit: 1_000, multiline: true), weight: weight,
            levels: levels(&fields, "levels"))
    }

    private static func levels(_ fields: inout FieldReader, _ field: String) -> [RubricVersion.Level] {
        fields.list(field, limit: RubricVersion.levelCounts.upperBound).enumerated().map { index, reader in
            var reader = reader
            let level = RubricVersion.Level(
                score: reader.integer("score", in: RubricVersion.levelScores), label: reader.text("label", limit: 100),
                description: reader.optionalText("description", limit: 1_000, multiline: true))
            fields.adopt(reader, as: "\(field)[\(index)]")
            return level
        }
    }
}
