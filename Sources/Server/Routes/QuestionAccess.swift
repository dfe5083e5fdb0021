// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import Storage

extension Services {
    /// The question that a path names, if `actor` may do `action` to it.
    ///
    /// - Throws: ``HTTPError``: 404 for what must look as if it did not exist, else 403.
    func question(_ request: HTTPRequest, _ actor: Auth.Actor, _ action: Action) async throws -> QuestionSummary {
        let id: Identifier<Question> = try request.identifier()
        guard let found = try await database.read({ try $0.questions.find(id, visibleTo: actor.viewer) }) else {
            throw HTTPError.notFound()
        }
        try demand(action, of: actor, facts: found.facts)
        return found
    }
}

extension QuestionSummary {
    /// What decides about who may do what to the question.
    var facts: ObjectFacts { ObjectFacts(tenant: question.tenant, coursePart: part) }
}
