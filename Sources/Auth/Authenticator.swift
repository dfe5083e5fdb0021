// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
public import Domain
public import JSON
public import Storage
import Synchronization

/// Accounts, sessions and tokens of one installation: the only door to them for the server.
///
/// ```swift
/// let authenticator = try await Authenticator(database: database)
/// let signedIn = try await authenticator.login(
///     email: email, password: password, session: SessionRequest(kind: .browser, address: "192.0.2.7"))
/// let actor = try await authenticator.authenticate(cookie: signedIn.cookie ?? "")
/// ```
public struct Authenticator: Sendable {
    /// How accounts, sessions and tokens behave.
    public let configuration: AuthConfiguration
    let database: any Database
    let clock: WallClock
    let hasher: PasswordHasher
    let budget: NetworkBudget
    private let state: State

    /// What all copies share and nobody else sees.
    private final class State: Sendable {
        let keys = Mutex(KeyRing([]))
        let beingTouched = Mutex<Set<Identifier<Session>>>([])
        let prunedAt = Mutex(Timestamp(milliseconds: 0))
    }

    /// Reads the signing keys and makes those that are missing.
    ///
    /// - Throws: ``StorageError``.
    public init(
        database: any Database, configuration: AuthConfiguration = AuthConfiguration(), clock: WallClock = .system
    ) async throws {
        self.configuration = configuration
        self.database = database
        self.clock = clock
        hasher = PasswordHasher(
            cost: configuration.passwordCost, threads: configuration.hashingThreads,
            queueLimit: configuration.hashingQueueLimit)
        budget = NetworkBudget(perMinute: configuration.throttle.failuresPerMinute)
        state = State()
        try await maintainKeys()
    }

    /// The public keys that access tokens are checked with (RFC 7517); may be cached for some minutes.
    public var jwks: JSONValue { state.keys.withLock { $0 }.jwks }

    // MARK: Who makes a request

    /// Who makes a request with an access token.
    ///
    /// - Throws: ``AuthError`` `expired` or `invalidToken`; ``StorageError``.
    public func authenticate(accessToken: String) async throws -> Actor {
        let now = clock.now()
        let token: AccessToken
        do {
            token = try AccessToken(verifying: accessToken, requirements, now: now)
        } catch {
            throw error == .expired ? AuthError.expired : AuthError.invalidToken
        }
        let found = try await database.read { try $0.sessions.find(token.session) }
        guard let found, found.user.id == token.subject, found.session.kind == .api else {
            throw AuthError.invalidToken
        }
        return try await actor(found, now: now)
    }

    /// Who makes a request with a browser's cookie.
    ///
    /// - Throws: ``AuthError`` `invalidToken`; ``StorageError``.
    public func authenticate(cookie: String) async throws -> Actor {
        let now = clock.now()
        guard cookie.utf8.count == 43, Base64URL.decode(cookie) != nil else { throw AuthError.invalidToken }
        let hash = SHA256.hash(cookie.utf8)
        guard let found = try await database.read({ try $0.sessions.find(cookieHash: hash) }) else {
            throw AuthError.invalidToken
        }
        return try await actor(found, now: now)
    }

    private func actor(_ found: SessionRepository.Found, now: Timestamp) async throws -> Actor {
        guard !found.user.isDisabled,
            configuration.sessionLimits.isAlive(found.session, role: found.user.role, at: now)
        else { throw AuthError.invalidToken }
        await noteUse(of: found.session, now: now)
        return Actor(user: found.user, credential: .session(found.session))
    }

    /// Writes the last use down, at most once a minute and by one request of many.
    private func noteUse(of session: Session, now: Timestamp) async {
        guard now >= session.lastUsedAt + configuration.lastUseResolution,
            state.beingTouched.withLock({ $0.insert(session.id).inserted })
        else { return }
        // A full disk must not keep people from reading; the session then merely ends earlier.
        try? await database.write { try $0.sessions.setUsed(session.id, at: now) }
        _ = state.beingTouched.withLock { $0.remove(session.id) }
    }

    // MARK: Tokens

    private var requirements: AccessToken.Requirements {
        AccessToken.Requirements(
            issuer: configuration.issuer, audience: configuration.audience, leeway: configuration.clockLeeway,
            keys: state.keys.withLock { $0 }.verificationKeys)
    }

    /// A signed access token for a session.
    func accessToken(for session: Session, now: Timestamp) async throws -> String {
        if !state.keys.withLock({ $0.isComplete(at: now) }) { try await maintainKeys() }
        guard let entry = state.keys.withLock({ $0.current(at: now) }) else { throw AuthError.overloaded }
        let token = AccessToken(
            subject: session.user, session: session.id, now: now, lifetime: configuration.accessTokenLifetime)
        return token.signed(
            issuer: configuration.issuer, audience: configuration.audience, keyID: entry.id, key: entry.key)
    }

    /// Makes the current and the next signing key where they are missing and drops those no token can carry any more.
    private func maintainKeys() async throws {
        let now = clock.now()
        let configuration = configuration
        let ring = try await database.write { transaction in
            let stored = KeyRing(
                try transaction.signingKeys.list().compactMap { key in
                    Ed25519.PrivateKey(seed: key.seed).map { KeyRing.Entry(key: $0, activeFrom: key.activeFrom) }
                })
            let maintenance = stored.maintenance(
                at: now, rotation: configuration.keyRotation,
                tokenLifetime: configuration.accessTokenLifetime + configuration.clockLeeway)
            for entry in maintenance.added {
                try transaction.signingKeys.insert(
                    .init(id: entry.id, seed: entry.key.seed, activeFrom: entry.activeFrom))
            }
            for id in maintenance.expiredIDs { try transaction.signingKeys.delete(id) }
            return KeyRing(
                (stored.entries + maintenance.added).filter { !maintenance.expiredIDs.contains($0.id) })
        }
        state.keys.withLock { $0 = ring }
    }

    // MARK: What the throttle keeps

    /// Whether old networks should be dropped now; yes once in ten minutes.
    func isTimeToPrune(_ now: Timestamp) -> Bool {
        state.prunedAt.withLock { last in
            guard now >= last + .seconds(600) else { return false }
            last = now
            return true
        }
    }
}
