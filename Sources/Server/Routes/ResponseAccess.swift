// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import Storage

/// How routes get at a response: never without asking whether the caller may.
extension Services {
    /// The response named in the path, if `actor` may do `action` to it.
    func response(
        _ request: HTTPRequest, _ actor: Auth.Actor, _ action: Action
    ) async throws -> ResponseDetails {
        let id: Identifier<Response> = try request.identifier()
        guard let details = try await database.read({ try $0.responses.find(id, visibleTo: actor.viewer) }) else {
            throw HTTPError.notFound()
        }
        try demand(action, of: actor, on: details)
        return details
    }

    /// Throws unless `actor` may do `action` to a response.
    func demand(_ action: Action, of actor: Auth.Actor, on details: ResponseDetails) throws {
        let facts = Self.facts(details, actor)
        if action == .readResults || action == .editTranscript, facts.isWithheld,
            authorize(actor, action, facts) == .deny
        {
            throw HTTPError(
                .forbidden, code: "withheld",
                detail: "Your answer was received. What was found in it is shown when the results are released.")
        }
        try demand(action, of: actor, facts: facts)
    }

    /// Whether `actor` may see that the response was received, and nothing of what was found in it.
    func isSealed(_ details: ResponseDetails, for actor: Auth.Actor) -> Bool {
        authorize(actor, .readResults, Self.facts(details, actor)) != .allow
    }

    /// Whether `actor` is one of those who mark the response.
    func canMark(_ details: ResponseDetails, _ actor: Auth.Actor) -> Bool {
        authorize(actor, .markResponse, Self.facts(details, actor)) == .allow
    }

    private static func facts(_ details: ResponseDetails, _ actor: Auth.Actor) -> ObjectFacts {
        ObjectFacts(
            tenant: details.response.tenant, isOwner: details.response.owner == actor.userID,
            coursePart: details.viewerPart, isFreeSpeech: details.response.question == nil,
            isWithheld: details.isWithheld)
    }
}
