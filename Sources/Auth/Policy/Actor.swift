// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
public import Storage

/// Who makes a request: a user, as the database knows them at this moment, in one of their sessions.
public struct Actor: Sendable, Hashable {
    /// The user.
    public let user: User
    /// The session that the request belongs to.
    public let session: Session

    /// Creates an actor.
    public init(user: User, session: Session) {
        self.user = user
        self.session = session
    }

    /// The user's identity.
    public var userID: Identifier<User> { user.id }
    /// The session's identity.
    public var sessionID: Identifier<Session> { session.id }
    /// What the user may do in the installation.
    public var role: Role { user.role }
    /// The school or firm; nothing of another one exists for this actor.
    public var tenant: String { user.tenant }
    /// The name shown to others.
    public var name: String { user.name }
}
