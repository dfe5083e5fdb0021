// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Storage

/// Lasting tokens that people give to programs.
struct APITokenRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.get, "/api/v1/me/tokens", list),
            .account(.post, "/api/v1/me/tokens", create),
            .account(.delete, "/api/v1/me/tokens/{id}", end),
        ]
    }

    private func list(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let tokens = try await services.authenticator.apiTokens(of: actor)
        return .json(["items": .array(tokens.map { .object(Self.json($0)) }), "next": .null])
    }

    private func create(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        var fields = try await request.fields()
        let name = fields.text("name", limit: 200)
        let days = fields.optionalInteger("days", in: 1...3650)
        try fields.validate()
        let (token, text) = try await services.authenticator.createAPIToken(
            named: name, lifetime: days.map { .seconds($0 * 86_400) }, for: actor)
        var body = Self.json(token)
        body["token"] = .string(text)
        return .json(.object(body), status: .created)
    }

    private func end(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        guard try await services.authenticator.endAPIToken(try request.identifier(), of: actor) else {
            throw HTTPError.notFound()
        }
        return .noContent
    }

    private static func json(_ token: APIToken) -> JSONObject {
        [
            "id": .string(token.id.text),
            "name": .string(token.name),
            "created_at": .string(token.createdAt.description),
            "expires_at": .optional(token.expiresAt?.description),
            "last_used_at": .optional(token.lastUsedAt?.description),
        ]
    }
}
