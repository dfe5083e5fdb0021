// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP

/// One operation of the API: where it is, who may call it, and what it does.
///
/// The table of routes is the single list that the router, the access tests and the check of the OpenAPI document use.
struct Route: Sendable {
    /// Who may call a route at all. What they may do to which object is decided by `authorize` in the handler.
    enum Access: Sendable, Hashable {
        /// Everybody, signed in or not.
        case anyone
        /// Every account.
        case signedIn
        /// Accounts with one of these roles.
        case roles(Set<Role>)
    }

    /// The request method.
    let method: HTTPMethod
    /// The path with parameters in braces.
    let pattern: String
    /// Who may call it.
    let access: Access
    /// What it does. The actor is nil only where `access` is `anyone`.
    let handle: @Sendable (HTTPRequest, Auth.Actor?) async throws -> HTTPResponse

    /// A route for everybody.
    static func open(
        _ method: HTTPMethod, _ pattern: String,
        _ handle: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse
    ) -> Route {
        Route(method: method, pattern: pattern, access: .anyone) { request, _ in try await handle(request) }
    }

    /// A route for accounts, or for those with one of `roles`.
    static func account(
        _ method: HTTPMethod, _ pattern: String, roles: Set<Role>? = nil,
        _ handle: @escaping @Sendable (HTTPRequest, Auth.Actor) async throws -> HTTPResponse
    ) -> Route {
        Route(method: method, pattern: pattern, access: roles.map(Access.roles) ?? .signedIn) { request, actor in
            guard let actor else { throw HTTPError.unauthorized }
            return try await handle(request, actor)
        }
    }
}

/// Finds out who calls, and keeps out who may not.
struct Gatekeeper: Sendable {
    /// The name of the browser's session cookie (RFC 6265bis §4.1.3.2).
    static let cookieName = "__Host-oracy"

    let authenticator: Authenticator
    /// Origins that browsers may send unsafe requests from: the server's own.
    let origins: Set<String>

    /// Runs a route for whoever calls.
    func admit(_ request: HTTPRequest, to route: Route) async throws -> HTTPResponse {
        switch route.access {
        case .anyone: return try await route.handle(request, nil)
        case .signedIn: return try await route.handle(request, try await actor(of: request))
        case .roles(let roles):
            let actor = try await actor(of: request)
            guard roles.contains(actor.role) else { throw HTTPError.forbidden() }
            return try await route.handle(request, actor)
        }
    }

    /// The account behind a request: a bearer token, or the browser's cookie.
    ///
    /// With a cookie, a request that changes something must come from our own pages: cookies are sent with requests
    /// that other sites cause as well.
    private func actor(of request: HTTPRequest) async throws -> Auth.Actor {
        if let header = request.headers["authorization"] {
            let parts = header.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw HTTPError.unauthorized }
            let token = String(parts[1])
            return token.hasPrefix(Authenticator.apiTokenPrefix)
                ? try await authenticator.authenticate(apiToken: token)
                : try await authenticator.authenticate(accessToken: token)
        }
        guard let cookie = Self.cookie(of: request) else { throw HTTPError.unauthorized }
        let isSafe = request.method == .get || request.method == .head || request.method == .options
        guard isSafe || isOwnPage(request) else {
            throw HTTPError.forbidden("This request did not come from a page of this server.")
        }
        return try await authenticator.authenticate(cookie: cookie)
    }

    /// The value of the session cookie, if the request has exactly one.
    static func cookie(of request: HTTPRequest) -> String? {
        let pairs = request.headers.all("cookie").flatMap { $0.split(separator: ";") }
        let values = pairs.compactMap { pair -> String? in
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, String(parts[0]).trimmed == cookieName else { return nil }
            return String(parts[1]).trimmed
        }
        return values.count == 1 ? values.first : nil
    }

    /// Whether a browser says that the request was made by a page of this server.
    func isOwnPage(_ request: HTTPRequest) -> Bool {
        if let origin = request.headers["origin"] {
            if origins.contains(origin) { return true }
            guard let host = request.headers["host"] else { return false }
            return origin == "http://\(host)" || origin == "https://\(host)"
        }
        return request.headers["sec-fetch-site"] == "same-origin"
    }
}
