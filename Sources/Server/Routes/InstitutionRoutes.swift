// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Statistics
import Storage
import Threads

/// The figures of the whole institution, and the groups that people may count themselves to.
struct InstitutionRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.get, "/api/v1/institution/report", roles: [.admin], report),
            .account(.get, "/api/v1/institution/report.csv", roles: [.admin], report),
            .account(.get, "/api/v1/institution/fairness", roles: [.admin], fairness),
            .account(.get, "/api/v1/institution/fairness.csv", roles: [.admin], fairness),
            .account(.get, "/api/v1/groups", groups),
            .account(.put, "/api/v1/groups", roles: [.admin], putGroups),
        ]
    }

    private static let counts = [
        "questions", "students", "answers", "answering_students", "unscorable", "marked", "released",
    ]
    private static let measures = ["flesch_re", "words_per_sentence", "speech_rate_wpm", "word_count"]

    private func report(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let format = try ReportFormat(request)
        let (courses, pairs, people) = try await services.database.read { transaction in
            (
                try transaction.insight.courses(tenant: actor.tenant, measures: Self.measures),
                try transaction.insight.scorePairs(tenant: actor.tenant),
                try transaction.insight.countAnswering(tenant: actor.tenant)
            )
        }
        let report = try await services.measuring.threads.run {
            InstitutionReport(
                counts: Self.counts,
                means: ["machine_score", "grade", "sentiment", "entities", "wer"] + Self.measures,
                courses: courses.map { course in
                    let sums =
                        [
                            course.machine, course.grade, course.sentiment, course.entities, course.wordErrorRate,
                        ] + Self.measures.compactMap { course.measures[$0] }
                    return InstitutionReport.Course(
                        id: course.id.text, name: course.name,
                        counts: [
                            course.questions, course.students, course.answers, course.answering, course.unscorable,
                            course.marked, course.released,
                        ], sums: sums.map { .init(total: $0.total, n: $0.n) },
                        pairs: (pairs[course.id] ?? []).map { .init(machine: $0.machine, human: $0.human) })
                }, people: (count: "answering_students", total: people), band: Grade.band)
        }
        return try format.response(report, name: "institution")
    }

    private func fairness(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let format = try ReportFormat(request)
        let report = try await services.fairness(actor) { transaction in
            try transaction.insight.courses(tenant: actor.tenant, measures: []).map(\.id)
        }
        return try format.response(report, name: "fairness")
    }

    // MARK: Groups

    private func groups(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        try services.demand(.useOwnAccount, of: actor)
        return .json(Self.json(try await services.database.read { try GroupChoices.load($0) }))
    }

    private func putGroups(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        var fields = try await request.fields()
        var groups: GroupChoices?
        // A mistyped name must not do away with the groups: only a null does.
        if !fields.has("attribute") {
            _ = fields.text("attribute", limit: GroupChoices.nameLimit)
        } else if fields.document("attribute") != nil {
            let attribute = fields.text("attribute", limit: GroupChoices.nameLimit)
            let choices = fields.document("choices")?.array?.compactMap(\.string).map(\.trimmed) ?? []
            if !GroupChoices.counts.contains(choices.count) || Set(choices).count < choices.count
                || choices.contains(where: { $0.isEmpty || $0.count > GroupChoices.nameLimit })
            {
                fields.fault(
                    "choices",
                    "must be \(GroupChoices.counts.lowerBound) to \(GroupChoices.counts.upperBound) different names of at "
                        + "most \(GroupChoices.nameLimit) characters")
            }
            groups = GroupChoices(attribute: attribute, choices: choices)
        }
        try fields.validate()
        let (now, chosen) = (services.clock.now(), groups)
        try await services.database.write { transaction in
            try GroupChoices.store(chosen, transaction, at: now)
            try transaction.audit.append(
                AuditEntry(
                    time: now, tenant: actor.tenant, actor: actor.userID.text, session: actor.credentialID,
                    action: "groups.set"))
        }
        return .json(Self.json(groups))
    }

    private static func json(_ groups: GroupChoices?) -> JSONValue {
        groups?.json ?? ["attribute": .null, "choices": []]
    }
}
