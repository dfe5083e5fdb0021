// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Storage
import Threads

/// Pass marks: what they may rest on, what judges estimate, and setting them.
struct StandardRoutes {
    let services: Services

    var routes: [Route] {
        Route.report("/api/v1/questions/{id}/standard", read) + [
            .account(.put, "/api/v1/questions/{id}/standard/estimates", putEstimates),
            .account(.put, "/api/v1/questions/{id}/pass_mark", putPassMark),
            .account(.delete, "/api/v1/questions/{id}/pass_mark", deletePassMark),
        ]
    }

    private func read(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let format = try ReportFormat(request)
        let question = try await services.question(request, actor, .readInsight).question
        let borderline = try request.query["borderline"].map { text in
            guard let value = Double(text), value.isFinite else {
                throw HTTPError.invalidField("borderline", "must be a number")
            }
            return value
        }
        let material = try await services.database.read { transaction in
            guard let course = try transaction.courses.find(question.course, visibleTo: actor.viewer)?.course else {
                throw HTTPError.notFound()
            }
            let material = try CourseMaterial(transaction, course, question: question.id, actor: actor)
            return try StandardMaterial(transaction, material, question, borderline: borderline, actor: actor)
        }
        let report = try await services.measuring.threads.run { material.report() }
        return try format.response(report, context: material.context(question), name: "standard")
    }

    private func putEstimates(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let question = try await services.question(request, actor, .setStandard).question
        var fields = try await request.fields()
        var estimates: [String: Double] = [:]
        let given = fields.document("estimates")
        let known = try await services.database.read { transaction in
            let own = question.current.keyPoints
            return Set((own.isEmpty ? try transaction.insight.assessedKeyPoints(question.id) : own).map(\.id))
        }
        if given?.object == nil {
            fields.fault("estimates", "must be an object of numbers from 0 to 1, by the ids of the key points")
        }
        for member in given?.object?.members ?? [] {
            let field = "estimates.\(member.key.prefix(60))"
            if !known.contains(member.key) {
                fields.fault(field, "is no key point of this question")
            } else if let value = member.value.double, (0...1).contains(value) {
                estimates[member.key] = value
            } else if !member.value.isNull {
                fields.fault(field, "must be a number from 0 to 1")
            }
        }
        try fields.validate()
        let (now, checked) = (services.clock.now(), estimates)
        try await services.database.write { transaction in
            try transaction.standards.set(checked, by: actor.userID, for: question.id, at: now)
            try Self.audit("standard.estimate", question, actor, at: now, transaction)
        }
        var mine = JSONObject()
        for (key, value) in checked.sorted(by: { $0.key < $1.key }) { mine[key] = .number(value) }
        return .json(["question_id": .string(question.id.text), "my_estimates": .object(mine)])
    }

    private func putPassMark(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let question = try await services.question(request, actor, .setStandard).question
        var fields = try await request.fields()
        let method = fields.choice("method", of: PassMark.Method.self) ?? .fixed
        let score = fields.document("score")?.double
        if score.map({ !(0...1).contains($0) }) ?? true { fields.fault("score", "must be a number from 0 to 1") }
        try fields.validate()
        let now = services.clock.now()
        let mark = PassMark(score: score ?? 0, method: method, author: actor.userID, updatedAt: now)
        try await services.database.write { transaction in
            try transaction.standards.set(mark, of: question.id)
            try Self.audit("standard.set", question, actor, at: now, transaction)
        }
        return .json(StandardMaterial.json(mark))
    }

    private func deletePassMark(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let question = try await services.question(request, actor, .setStandard).question
        let now = services.clock.now()
        try await services.database.write { transaction in
            try transaction.standards.remove(of: question.id)
            try Self.audit("standard.remove", question, actor, at: now, transaction)
        }
        return .noContent
    }

    private static func audit(
        _ action: String, _ question: Question, _ actor: Auth.Actor, at now: Timestamp, _ transaction: Transaction
    ) throws {
        try transaction.audit.append(
            AuditEntry(
                time: now, tenant: actor.tenant, actor: actor.userID.text, session: actor.credentialID,
                action: action, object: "question/\(question.id)"))
    }
}
