// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Cryptography
import Domain
import HTTP
import JSON
import Storage

/// What a question's key points count: how all its answers would be scored, and the change itself.
struct RescoringRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.post, "/api/v1/questions/{id}/what_if", look),
            .account(.post, "/api/v1/questions/{id}/rescore", apply),
        ]
    }

    private func look(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let question = try await services.question(request, actor, .editQuestion).question
        var fields = try await request.fields()
        let change = try await change(&fields, of: question)
        try fields.validate()
        let whatIf = try await whatIf(of: question, change, actor)
        return .json(RescoringView.json(whatIf, passMark: change.passMark))
    }

    private func apply(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let question = try await services.question(request, actor, .editQuestion).question
        var fields = try await request.fields()
        let change = try await change(&fields, of: question)
        let reason = fields.text("reason", limit: 1_000, multiline: true)
        let preview = fields.text("preview", limit: 64)
        try fields.validate()
        let whatIf = try await whatIf(of: question, change, actor)
        let now = services.clock.now()
        let rescored = try await services.database.write { transaction -> Question? in
            guard whatIf.fingerprint == preview,
                let rescored = try whatIf.apply(because: reason, by: actor.userID, at: now, in: transaction)
            else { return nil }
            try transaction.audit.append(
                AuditEntry(
                    time: now, tenant: actor.tenant, actor: actor.userID.text, session: actor.credentialID,
                    action: "question.rescore", object: "question/\(question.id)",
                    beforeHash: Self.digest(question.current), afterHash: Self.digest(rescored.current)))
            return rescored
        }
        guard let rescored else {
            throw HTTPError(
                .conflict, code: "preview_changed",
                detail: "The question or its answers have changed since you looked. Look at what would change again.")
        }
        for item in whatIf.items { services.events.publish(.changed, of: item.response) }
        var object = RescoringView.json(whatIf, passMark: change.passMark).object ?? [:]
        object["version"] = .integer(Int64(rescored.current.number))
        return .json(.object(object), status: .created)
    }

    private func whatIf(of question: Question, _ change: Change, _ actor: Auth.Actor) async throws -> WhatIf {
        guard !question.current.keyPoints.isEmpty else {
            throw HTTPError(
                .conflict, code: "no_key_points",
                detail: "This question has no key points. Write some, or accept proposed ones, in a new version first.")
        }
        return try await WhatIf(
            of: question, keyPoints: change.keyPoints, scoring: change.scoring, visibleTo: actor.viewer,
            services.measuring)
    }

    private struct Change {
        var keyPoints: [KeyPoint]
        var scoring: ScoringRules
        var passMark: Double
    }

    /// Reads what shall count otherwise; what is not named stays as it is.
    private func change(_ fields: inout FieldReader, of question: Question) async throws -> Change {
        let version = question.current
        let passMark = try await services.database.read { try $0.standards.passMark(of: question.id) }
        var keyPoints = version.keyPoints
        for (index, reader) in fields.list("key_points", limit: KeyPointView.mostKeyPoints).enumerated() {
            var reader = reader
            let id = reader.text("id", limit: 2_000)
            if let place = keyPoints.firstIndex(where: { $0.id == id }) {
                if let weight = reader.document("weight") {
                    if let number = weight.double, number > 0, number <= 1_000 {
                        keyPoints[place].weight = number
                    } else {
                        reader.fault("weight", "must be a number above 0, and at most 1000")
                    }
                }
                if let flag = reader.flag("essential") { keyPoints[place].isEssential = flag }
                if let flag = reader.flag("critical") { keyPoints[place].isCritical = flag }
                if let flag = reader.flag("retired") { keyPoints[place].isRetired = flag }
            } else if !id.isEmpty {
                reader.fault("id", "is no key point of this question")
            }
            fields.adopt(reader, as: "key_points[\(index)]")
        }
        if !keyPoints.isEmpty, keyPoints.allSatisfy(\.isRetired) {
            fields.fault("key_points", "must leave one that counts")
        }
        var scoring = version.scoring
        scoring.partialCredit = fields.share("partial_credit") ?? scoring.partialCredit
        scoring.contradictedCredit =
            fields.number("contradicted_credit", in: -1...0) ?? scoring.contradictedCredit
        let change = Change(
            keyPoints: keyPoints, scoring: scoring,
            passMark: fields.share("pass_mark") ?? passMark?.score ?? Self.usualPassMark)
        if fields.faults.isEmpty, !version.keyPoints.isEmpty, change.keyPoints == version.keyPoints,
            change.scoring == version.scoring
        {
            fields.fault(
                "key_points",
                "must change a weight, an essential, critical or retired one, partial_credit or contradicted_credit")
        }
        return change
    }

    /// From here on an answer passes where nobody has set a pass mark: a missing essential key point caps just below.
    private static let usualPassMark = 0.5

    private static func digest(_ version: QuestionVersion) -> String {
        let document: JSONValue = [
            .number(version.partialCredit), .number(version.contradictedCredit),
            .array(version.keyPoints.map(KeyPointView.json)),
        ]
        return Hexadecimal.encode(SHA256.hash(document.utf8))
    }
}
