// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
public import Storage

/// Who makes a request: a user, as the database knows them at this moment, and what they have shown for it.
public struct Actor: Sendable, Hashable {
    /// What somebody has shown to be known.
    public enum Credential: Sendable, Hashable {
        /// The cookie or access token of a login.
        case session(Session)
        /// A lasting token that the person has given to a program.
        case token(APIToken)
    }

    /// The user.
    public let user: User
    /// What the request came with.
    public let credential: Credential

    /// Creates an actor.
    public init(user: User, credential: Credential) {
        self.user = user
        self.credential = credential
    }

    /// The user's identity.
    public var userID: Identifier<User> { user.id }
    /// The session that the request belongs to; nil for a program with a lasting token.
    public var session: Session? {
        if case .session(let session) = credential { session } else { nil }
    }
    /// The identity of the session or token, for the audit log.
    public var credentialID: String {
        switch credential {
        case .session(let session): session.id.text
        case .token(let token): token.id.text
        }
    }
    /// What the user may do in the installation.
    public var role: Role { user.role }
    /// The school or firm; nothing of another one exists for this actor.
    public var tenant: String { user.tenant }
    /// The name shown to others.
    public var name: String { user.name }
}
