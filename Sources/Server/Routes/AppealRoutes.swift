// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Storage

/// Students' objections to released grades.
struct AppealRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.post, "/api/v1/responses/{id}/appeal", create),
            .account(.get, "/api/v1/appeals", roles: [.educator, .admin], list),
            .account(.post, "/api/v1/appeals/{id}/resolve", resolve),
        ]
    }

    private func create(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let details = try await services.response(request, actor, .appeal)
        guard details.response.owner == actor.userID else {
            throw HTTPError.forbidden("Only who gave an answer can appeal its grade.")
        }
        var fields = try await request.fields()
        let text = fields.text("text", limit: 2_000, multiline: true)
        try fields.validate()
        let now = services.clock.now()
        let appeal = try await services.database.write { transaction in
            try MarkingDesk(transaction: transaction, actor: actor, details: details).appeal(text, at: now)
        }
        services.events.publish(.changed, of: details.response.id)
        return .json(MarkView.json(appeal, withNames: false), status: .created)
    }

    private func list(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let course: Identifier<Course>? = try request.queryIdentifier("course")
        let page = PageRequest(limit: try request.pageSize(), after: request.query["after"])
        let state = try request.query["state"].map { text in
            guard let state = Appeal.State(rawValue: text) else {
                throw HTTPError.invalidField("state", "must be one of open, resolved")
            }
            return state
        }
        if let course { try await services.demandMarking(of: course, actor) }
        let appeals = try await services.database.read {
            try $0.appeals.list(course: course, state: state, visibleTo: actor.viewer, page: page)
        }
        return .json(appeals.json { MarkView.json($0, withNames: true) })
    }

    private func resolve(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let id: Identifier<Appeal> = try request.identifier()
        guard let found = try await services.database.read({ try $0.appeals.find(id, visibleTo: actor.viewer) }),
            let details = try await services.database.read({
                try $0.responses.find(found.appeal.response, visibleTo: actor.viewer)
            })
        else { throw HTTPError.notFound() }
        try services.demand(.resolveAppeal, of: actor, on: details)
        let body = try await request.fields()
        let now = services.clock.now()
        let resolved = try await services.database.write { transaction -> AppealDetails? in
            guard let appeal = try transaction.appeals.find(id, visibleTo: actor.viewer)?.appeal else { return nil }
            try MarkingDesk(transaction: transaction, actor: actor, details: details).resolve(appeal, body, at: now)
            return try transaction.appeals.find(id, visibleTo: actor.viewer)
        }
        guard let resolved else { throw HTTPError.notFound() }
        services.events.publish(.changed, of: details.response.id)
        return .json(MarkView.json(resolved, withNames: true))
    }
}
