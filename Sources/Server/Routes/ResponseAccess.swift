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
        let found = try await database.read { transaction -> (ResponseDetails, Membership.Part?)? in
            guard let details = try transaction.responses.find(id, visibleTo: actor.viewer) else { return nil }
            let part = try details.course.flatMap { try transaction.courses.part(of: actor.userID, in: $0) }
            return (details, part)
        }
        guard let (details, part) = found else { throw HTTPError.notFound() }
        try demand(action, of: actor, facts: Self.facts(details, part, actor))
        return details
    }

    private static func facts(
        _ details: ResponseDetails, _ part: Membership.Part?, _ actor: Auth.Actor
    ) -> ObjectFacts {
        ObjectFacts(
            tenant: details.response.tenant, isOwner: details.response.owner == actor.userID, coursePart: part,
            isFreeSpeech: details.response.question == nil)
    }
}
