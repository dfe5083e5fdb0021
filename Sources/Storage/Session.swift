// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// One login: a browser with its cookie, or a program with its tokens. It holds no secrets.
public struct Session: Sendable, Hashable {
    /// What logged in.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A browser, by an opaque cookie.
        case browser
        /// A program, by access and refresh tokens.
        case api
    }

    /// Identity.
    public var id: Identifier<Session>
    /// Whose session it is.
    public var user: Identifier<User>
    /// What logged in.
    public var kind: Kind
    /// What the browser or program calls itself.
    public var userAgent: String?
    /// When the login was.
    public var createdAt: Timestamp
    /// When it was last used, to within a minute.
    public var lastUsedAt: Timestamp

    /// Creates a session.
    public init(
        id: Identifier<Session>, user: Identifier<User>, kind: Kind, userAgent: String? = nil, createdAt: Timestamp,
        lastUsedAt: Timestamp
    ) {
        self.id = id
        self.user = user
        self.kind = kind
        self.userAgent = userAgent
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
    }
}
