// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
public import Storage

/// Who asks for a session.
public struct SessionRequest: Sendable, Hashable {
    /// A browser, which gets a cookie, or a program, which gets tokens.
    public var kind: Session.Kind
    /// What it calls itself; shown to the user in the list of their sessions.
    public var userAgent: String?
    /// The numeric network address the request came from; nil when there is none.
    public var address: String?

    /// Creates a request.
    public init(kind: Session.Kind, userAgent: String? = nil, address: String? = nil) {
        self.kind = kind
        self.userAgent = userAgent
        self.address = address
    }

    /// The user agent as it is stored: at most 200 characters, none of them invisible.
    var storedUserAgent: String? {
        guard let userAgent else { return nil }
        let kept = userAgent.unicodeScalars.prefix(200).filter { !$0.properties.isDefaultIgnorableCodePoint }
            .filter { $0.properties.generalCategory != .control }
        return kept.isEmpty ? nil : String(String.UnicodeScalarView(kept))
    }
}

/// A new or refreshed session, with what its bearer must keep. Descriptions show no secrets.
public struct SignedIn: Sendable, CustomStringConvertible, CustomReflectable {
    /// The user.
    public let user: User
    /// The session.
    public let session: Session
    /// For programs: the token for the `Authorization` header.
    public let accessToken: String?
    /// How long the access token is valid, or for browsers how long the session lasts at most.
    public let expiresIn: Duration
    /// For programs: the token that gives the next pair.
    public let refreshToken: String?
    /// For browsers: the value of the cookie.
    public let cookie: String?

    /// What it is, without the secrets.
    public var description: String { "\(session.kind.rawValue) session" }
    /// Nothing, so that `dump` and `String(reflecting:)` show no secrets.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
