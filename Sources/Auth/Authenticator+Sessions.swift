// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
public import Storage

extension Authenticator {
    /// Gives the next pair of tokens for a refresh token.
    ///
    /// Each token works once. When its answer was lost on the way, the same token gives the same successor again for
    /// ten seconds. Any other repeated use means that somebody else has the token: the session ends for both.
    ///
    /// - Throws: ``AuthError`` `invalidToken`; ``StorageError``.
    public func refresh(token text: String) async throws -> SignedIn {
        let now = clock.now()
        guard let token = RefreshToken(text) else { throw AuthError.invalidToken }
        // Forged tokens are refused here, without taking part in the queue of those that write.
        let state = try await database.read { try $0.sessions.refreshState(token.session, locking: false) }
        guard let state, token.isAuthentic(key: state.key) else { throw AuthError.invalidToken }

        let grace = configuration.refreshGrace
        let limits = configuration.sessionLimits
        let granted: Grant? = try await database.write { transaction in
            guard let state = try transaction.sessions.refreshState(token.session, locking: true),
                let found = try transaction.sessions.find(token.session), !found.user.isDisabled,
                limits.isAlive(found.session, role: found.user.role, at: now)
            else { return nil }
            if token.counter == state.counter {
                try transaction.sessions.setRefreshed(token.session, counter: state.counter + 1, at: now)
                return Grant(found: found, successor: state.counter + 1)
            }
            if token.counter == state.counter - 1, let refreshedAt = state.refreshedAt, now <= refreshedAt + grace {
                return Grant(found: found, successor: state.counter)
            }
            try transaction.sessions.delete(token.session)
            try transaction.audit.append(
                AuditEntry(
                    time: now, tenant: found.user.tenant, actor: found.user.id.text, session: token.session.text,
                    action: "session.replay"))
            return nil
        }
        guard let granted else { throw AuthError.invalidToken }
        let successor = RefreshToken(session: token.session, counter: granted.successor, key: state.key)
        return SignedIn(
            user: granted.found.user, session: granted.found.session,
            accessToken: try await accessToken(for: granted.found.session, now: now),
            expiresIn: configuration.accessTokenLifetime, refreshToken: successor.text, cookie: nil)
    }

    private struct Grant: Sendable {
        let found: SessionRepository.Found
        let successor: Int64
    }

    /// Ends the actor's session at once, for its access tokens too.
    ///
    /// - Throws: ``AuthError`` `loginRequired`; ``StorageError``.
    public func logout(_ actor: Actor) async throws {
        guard let session = actor.session else { throw AuthError.loginRequired }
        let now = clock.now()
        try await database.write { transaction in
            try transaction.sessions.delete(session.id)
            try transaction.audit.append(actor.entry("logout", at: now))
        }
    }

    /// Ends all sessions of the actor's user at once, this one too.
    ///
    /// - Throws: ``AuthError`` `loginRequired`; ``StorageError``.
    public func logoutAll(_ actor: Actor) async throws {
        guard actor.session != nil else { throw AuthError.loginRequired }
        let now = clock.now()
        try await database.write { transaction in
            try transaction.sessions.deleteAll(of: actor.userID)
            try transaction.audit.append(actor.entry("logout.all", at: now))
        }
    }

    /// The sessions of the actor's user that may still be used, the one used last first.
    ///
    /// - Throws: ``StorageError``.
    public func sessions(of actor: Actor) async throws -> [Session] {
        let now = clock.now()
        let sessions = try await database.read { try $0.sessions.list(of: actor.userID) }
        return sessions.filter { configuration.sessionLimits.isAlive($0, role: actor.role, at: now) }
    }

    /// Ends one of the actor's own sessions.
    ///
    /// - Returns: Whether the user had such a session.
    /// - Throws: ``AuthError`` `loginRequired`; ``StorageError``.
    public func endSession(_ id: Identifier<Session>, of actor: Actor) async throws -> Bool {
        guard actor.session != nil else { throw AuthError.loginRequired }
        let now = clock.now()
        return try await database.write { transaction in
            guard try transaction.sessions.delete(id, of: actor.userID) else { return false }
            try transaction.audit.append(actor.entry("session.end", object: "session/\(id.text)", at: now))
            return true
        }
    }
}

extension Actor {
    /// A line of the audit log about something this actor does.
    func entry(_ action: String, object: String? = nil, at now: Timestamp) -> AuditEntry {
        AuditEntry(
            time: now, tenant: tenant, actor: userID.text, session: credentialID, action: action, object: object)
    }
}
