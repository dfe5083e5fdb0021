// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Storage

/// Set-up, login, sessions.
struct AuthRoutes {
    let services: Services
    let gatekeeper: Gatekeeper

    var routes: [Route] {
        [
            .open(.get, "/api/v1/setup_state", setupState),
            .open(.post, "/api/v1/auth/setup", setUp),
            .open(.post, "/api/v1/auth/login", login),
            .open(.post, "/api/v1/auth/refresh", refresh),
            .open(.get, "/.well-known/jwks.json", keys),
            .account(.post, "/api/v1/auth/logout", logout),
            .account(.post, "/api/v1/auth/logout_all", logoutAll),
            .account(.get, "/api/v1/auth/sessions", sessions),
            .account(.delete, "/api/v1/auth/sessions/{id}", endSession),
        ]
    }

    private func setupState(_ request: HTTPRequest) async throws -> HTTPResponse {
        let count = try await services.database.read { try $0.users.count() }
        return .json(["needs_setup": .bool(count == 0)])
    }

    private func setUp(_ request: HTTPRequest) async throws -> HTTPResponse {
        var fields = try await request.fields()
        let token = fields.secret("token")
        let name = fields.text("name", limit: 200)
        let email = fields.text("email", limit: 254)
        let password = fields.secret("password")
        let session = try sessionRequest(request, &fields)
        try fields.validate()
        let signedIn = try await services.authenticator.setUp(
            token: token, name: name, email: email, password: password, session: session)
        services.log.info("first administrator created", ["user": .string(signedIn.user.id.text)])
        return answer(signedIn, status: .created)
    }

    private func login(_ request: HTTPRequest) async throws -> HTTPResponse {
        var fields = try await request.fields()
        let email = fields.text("email", limit: 254)
        let password = fields.secret("password")
        let session = try sessionRequest(request, &fields)
        try fields.validate()
        do {
            return answer(try await services.authenticator.login(email: email, password: password, session: session))
        } catch let error as AuthError {
            services.metrics.count(
                "oracy_auth_failures_total", "Refused logins by reason.",
                labels: [("reason", error.code.description)])
            services.log.warning(
                "login refused", ["reason": .string(error.code.description), "request_id": .string(request.id)])
            throw error
        }
    }

    private func refresh(_ request: HTTPRequest) async throws -> HTTPResponse {
        var fields = try await request.fields()
        let token = fields.secret("refresh_token")
        try fields.validate()
        return answer(try await services.authenticator.refresh(token: token))
    }

    private func keys(_ request: HTTPRequest) async throws -> HTTPResponse {
        var response = HTTPResponse.json(services.authenticator.jwks)
        response.headers["Cache-Control"] = "max-age=300"
        return response
    }

    private func logout(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        try await services.authenticator.logout(actor)
        return signedOut
    }

    private func logoutAll(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        try await services.authenticator.logoutAll(actor)
        return signedOut
    }

    private func sessions(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let sessions = try await services.authenticator.sessions(of: actor)
        return .json([
            "items": .array(
                sessions.map { session in
                    [
                        "id": .string(session.id.text),
                        "kind": .string(session.kind.rawValue),
                        "user_agent": .optional(session.userAgent),
                        "created_at": .string(session.createdAt.description),
                        "last_used_at": .string(session.lastUsedAt.description),
                        "current": .bool(session.id == actor.session?.id),
                    ]
                }), "next": .null,
        ])
    }

    private func endSession(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        guard try await services.authenticator.endSession(try request.identifier(), of: actor) else {
            throw HTTPError.notFound()
        }
        return .noContent
    }

    /// Cookies are for browsers on our own pages only; programs get tokens.
    private func sessionRequest(_ request: HTTPRequest, _ fields: inout FieldReader) throws -> SessionRequest {
        let wantsCookie = fields.flag("cookie") ?? false
        guard !wantsCookie || gatekeeper.isOwnPage(request) else {
            throw HTTPError.forbidden("Cookies are only given to pages of this server.")
        }
        return SessionRequest(
            kind: wantsCookie ? .browser : .api, userAgent: request.headers["user-agent"],
            address: request.remoteAddress)
    }

    private func answer(_ signedIn: SignedIn, status: HTTPStatus = .ok) -> HTTPResponse {
        var body: JSONObject = ["user": EntityView.user(signedIn.user)]
        if let access = signedIn.accessToken {
            body["access_token"] = .string(access)
            body["token_type"] = "Bearer"
            body["expires_in"] = .integer(Int64(signedIn.expiresIn.seconds))
            body["refresh_token"] = .optional(signedIn.refreshToken)
        }
        var response = HTTPResponse.json(.object(body), status: status)
        if let cookie = signedIn.cookie {
            response.headers.append("Set-Cookie", "\(Gatekeeper.cookieName)=\(cookie); \(Self.cookieAttributes)")
        }
        return response
    }

    private static let cookieAttributes = "Path=/; Secure; HttpOnly; SameSite=Lax"

    private var signedOut: HTTPResponse {
        var response = HTTPResponse.noContent
        response.headers["Set-Cookie"] = "\(Gatekeeper.cookieName)=; Max-Age=0; \(Self.cookieAttributes)"
        response.headers["Clear-Site-Data"] = "\"cache\", \"storage\""
        return response
    }
}
