// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Domain
import Storage

extension Authenticator {
    /// Checks an address and a password and opens a session.
    ///
    /// An unknown address takes the same path and time as a wrong password, and gets the same answer.
    ///
    /// - Throws: ``AuthError`` `wrongCredentials`, `delayed`, `attemptsExhausted`, `accountDisabled` or `overloaded`;
    ///   ``StorageError``.
    public func login(email: String, password: String, session request: SessionRequest) async throws -> SignedIn {
        let now = clock.now()
        let network = NetworkPrefix(address: request.address)
        let wait = budget.wait(for: network, at: now)
        guard wait == .zero else { throw AuthError.delayed(wait) }
        // Such a password can't have been set, so nothing is learnt and nothing is counted.
        guard password.utf8.count <= PasswordHasher.longestPassword else { throw AuthError.wrongCredentials }

        let address = EmailAddress(email)
        let attempt = try await begin(network: network.description, now: now) { transaction in
            guard let address else { return nil }
            return try transaction.users.credentials(email: address.text)
        } nameless: {
            address?.text ?? email.lowercased()
        }
        let matches = try await verify(password, attempt)
        guard matches, let credentials = attempt.credentials, let hash = credentials.passwordHash else {
            budget.charge(network, at: now)
            let known = attempt.credentials?.user.id
            try await database.write { transaction in
                try transaction.audit.append(
                    AuditEntry(
                        time: now, actor: known?.text, address: network.description, action: "login.failed"))
            }
            throw AuthError.wrongCredentials
        }
        guard !credentials.user.isDisabled else { throw AuthError.accountDisabled }
        let renewed = hasher.needsRehash(hash) ? try await hasher.hash(password) : nil
        let opening = Opening(user: credentials.user, request: request, now: now)
        let limits = configuration.sessionLimits
        let greatest = configuration.sessionsPerUser
        let user: User? = try await database.write { transaction in
            // The password may have been changed or the account disabled while the hash was computed.
            guard let current = try transaction.users.credentials(credentials.user.id), current.passwordHash == hash,
                !current.user.isDisabled
            else { return nil }
            try Self.succeed(attempt, in: transaction, at: now)
            if let renewed { try transaction.users.setPasswordHash(renewed, of: current.user.id) }
            try Self.makeRoom(for: current.user, in: transaction, limits: limits, greatest: greatest, now: now)
            try opening.insert(in: transaction)
            try transaction.audit.append(
                AuditEntry(
                    time: now, tenant: current.user.tenant, actor: current.user.id.text,
                    session: opening.session.id.text, address: attempt.network, action: "login"))
            return current.user
        }
        guard let user else { throw AuthError.wrongCredentials }
        return try await signedIn(opening, user: user)
    }

    // MARK: Counting

    /// A try that has been counted as a failure before it is made, so that many at once can't slip through.
    struct Attempt: Sendable {
        let account: String
        let network: String
        let credentials: UserRepository.Credentials?
    }

    /// Counts a try, unless it must wait.
    ///
    /// - Parameters:
    ///   - find: Reads the account.
    ///   - nameless: What to count under when there is no such account.
    func begin(
        network: String, now: Timestamp,
        find: @escaping @Sendable (Transaction) throws -> UserRepository.Credentials?,
        nameless: @escaping @Sendable () -> String
    ) async throws -> Attempt {
        let throttle = configuration.throttle
        let prunes = isTimeToPrune(now)
        let fresh = SecureRandom.bytes(32)
        let (attempt, verdict) = try await database.write { transaction in
            if prunes {
                try transaction.logins.prune(
                    triedBefore: now - throttle.memory, loggedInBefore: now - throttle.familiarity)
            }
            let credentials = try find(transaction)
            let account = try credentials?.user.id.text ?? Self.strangerAccount(nameless(), fresh, transaction, now)
            let attempt = Attempt(account: account, network: network, credentials: credentials)
            var record = try transaction.logins.record(account: account, network: network)
            let verdict = throttle.judge(record, at: now)
            if verdict == .admitted {
                if let last = record.networkFailureAt, now >= last + throttle.memory { record.networkFailures = 0 }
                record.accountFailures += 1
                record.networkFailures += 1
                record.networkFailureAt = now
                try transaction.logins.store(record, account: account, network: network, at: now)
            }
            return (attempt, verdict)
        }
        switch verdict {
        case .admitted: return attempt
        case .delayed(let wait): throw AuthError.delayed(wait)
        case .exhausted: throw AuthError.attemptsExhausted
        }
    }

    /// Checks the password of a counted try; when there was no time to check it, it is not counted.
    func verify(_ password: String, _ attempt: Attempt) async throws -> Bool {
        do {
            return try await hasher.verify(password, against: attempt.credentials?.passwordHash)
        } catch {
            let now = clock.now()
            try await database.write { transaction in
                var record = try transaction.logins.record(account: attempt.account, network: attempt.network)
                record.accountFailures = max(0, record.accountFailures - 1)
                record.networkFailures = max(0, record.networkFailures - 1)
                try transaction.logins.store(record, account: attempt.account, network: attempt.network, at: now)
            }
            throw error
        }
    }

    /// Forgets the failures of the account and of the network that the right password came from.
    static func succeed(_ attempt: Attempt, in transaction: Transaction, at now: Timestamp) throws {
        try transaction.logins.store(
            LoginRecord(networkSuccessAt: now), account: attempt.account, network: attempt.network, at: now)
    }

    /// The name under which failures on an address that nobody has are counted.
    ///
    /// There are 65,536 of them however many addresses are tried. Which addresses share one only this installation
    /// can tell, so that nobody can find out by it whether an address is known.
    private static func strangerAccount(
        _ address: String, _ fresh: [UInt8], _ transaction: Transaction, _ now: Timestamp
    ) throws -> String {
        let name = "stranger_key"
        let key: [UInt8]
        if let stored = try transaction.authSecrets.find(name, at: now) {
            key = stored
        } else {
            try transaction.authSecrets.set(name, to: fresh)
            key = fresh
        }
        return "stranger-" + Hexadecimal.encode(HMACSHA256.code(for: address.utf8, key: key).prefix(2))
    }

    // MARK: Opening

    /// A session that is about to be stored, with its secret.
    struct Opening: Sendable {
        let session: Session
        let secret: [UInt8]
        /// What a browser gets; of it only the digest is stored.
        var cookie: String { Base64URL.encode(secret) }

        init(user: User, request: SessionRequest, now: Timestamp) {
            secret = SecureRandom.bytes(32)
            session = Session(
                id: Identifier(at: now), user: user.id, kind: request.kind, userAgent: request.storedUserAgent,
                createdAt: now, lastUsedAt: now)
        }

        func insert(in transaction: Transaction) throws {
            switch session.kind {
            case .browser: try transaction.sessions.insert(session, cookieHash: SHA256.hash(cookie.utf8))
            case .api: try transaction.sessions.insert(session, refreshKey: secret)
            }
        }
    }

    /// What the bearer of a new session gets.
    func signedIn(_ opening: Opening, user: User) async throws -> SignedIn {
        switch opening.session.kind {
        case .browser:
            let limits = configuration.sessionLimits
            return SignedIn(
                user: user, session: opening.session, accessToken: nil,
                expiresIn: (user.role == .student ? limits.studentBrowser : limits.staffBrowser).absolute,
                refreshToken: nil, cookie: opening.cookie)
        case .api:
            let refresh = RefreshToken(session: opening.session.id, counter: 0, key: opening.secret)
            return SignedIn(
                user: user, session: opening.session,
                accessToken: try await accessToken(for: opening.session, now: opening.session.createdAt),
                expiresIn: configuration.accessTokenLifetime, refreshToken: refresh.text, cookie: nil)
        }
    }

    /// Drops a user's sessions whose time is over, and the ones unused longest where there are too many.
    private static func makeRoom(
        for user: User, in transaction: Transaction, limits: SessionLimits, greatest: Int, now: Timestamp
    ) throws {
        var kept = 0
        for session in try transaction.sessions.list(of: user.id) {
            if limits.isAlive(session, role: user.role, at: now), kept < greatest - 1 {
                kept += 1
            } else {
                try transaction.sessions.delete(session.id)
            }
        }
    }
}
