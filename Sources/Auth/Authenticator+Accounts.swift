// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
public import Domain
import Storage

extension Authenticator {
    // MARK: First run

    /// A new one-time token for ``setUp(token:name:email:password:session:)``, to be shown to whoever started the
    /// server; nil when there are users already. Older tokens lose their effect; of this one only the digest is stored.
    ///
    /// - Parameter chosen: The token, when it must be known beforehand; drawn at random when nil.
    /// - Throws: ``StorageError``.
    public func setupToken(_ chosen: String? = nil) async throws -> String? {
        let token = chosen ?? Base64URL.encode(SecureRandom.bytes(32))
        let digest = SHA256.hash(token.utf8)
        let expiry = clock.now() + configuration.setupTokenLifetime
        return try await database.write { transaction in
            guard try transaction.users.count() == 0 else { return nil }
            try transaction.authSecrets.set(Self.setupSecret, to: digest, expiresAt: expiry)
            return token
        }
    }

    /// Makes the first administrator and logs them in. Works once, while there is no user.
    ///
    /// - Throws: ``AuthError`` `setupDone`, `wrongSetupToken`, `invalidName`, `invalidEmail`, `weakPassword` or
    ///   `overloaded`; ``StorageError``.
    public func setUp(
        token: String, name: String, email: String, password: String, session request: SessionRequest
    ) async throws -> SignedIn {
        let now = clock.now()
        let digest = SHA256.hash(token.utf8)
        // Before any work is done for a stranger.
        try await database.read { try Self.checkSetup(digest, in: $0, now: now) }
        let person = try person(name: name, email: email, password: password)
        let hash = try await hasher.hash(password)
        let user = User(
            id: Identifier(at: now), name: person.name, email: person.email.text, role: .admin, createdAt: now)
        let opening = Opening(user: user, request: request, now: now)
        let network = NetworkPrefix(address: request.address).description
        try await database.write { transaction in
            try Self.checkSetup(digest, in: transaction, now: now)
            try transaction.users.insert(user, passwordHash: hash)
            try transaction.authSecrets.delete(Self.setupSecret)
            try opening.insert(in: transaction)
            try transaction.audit.append(
                AuditEntry(
                    time: now, actor: user.id.text, session: opening.session.id.text, address: network,
                    action: "setup", object: "user/\(user.id.text)"))
        }
        return try await signedIn(opening, user: user)
    }

    private static let setupSecret = "setup_token"

    private static func checkSetup(_ digest: [UInt8], in transaction: Transaction, now: Timestamp) throws {
        guard try transaction.users.count() == 0 else { throw AuthError.setupDone }
        guard let expected = try transaction.authSecrets.find(setupSecret, at: now),
            isEqualInConstantTime(digest, expected)
        else { throw AuthError.wrongSetupToken }
    }

    // MARK: Accounts

    /// Makes an account.
    ///
    /// - Parameters:
    ///   - actor: Who makes it; nil for the command line.
    /// - Throws: ``AuthError`` `invalidName`, `invalidEmail`, `weakPassword`, `emailTaken` or `overloaded`;
    ///   ``StorageError``.
    public func createUser(
        name: String, email: String, password: String, role: Role, tenant: String = Tenant.single,
        by actor: Actor? = nil
    ) async throws -> User {
        let now = clock.now()
        let person = try person(name: name, email: email, password: password)
        let taken = try await database.read {
            try $0.users.find(email: person.email.text, tenant: tenant) != nil
        }
        if taken { throw AuthError.emailTaken }
        let hash = try await hasher.hash(password)
        let user = User(
            id: Identifier(at: now), tenant: tenant, name: person.name, email: person.email.text, role: role,
            createdAt: now)
        do {
            try await database.write { transaction in
                try transaction.users.insert(user, passwordHash: hash)
                try transaction.audit.append(Self.entry("user.create", about: user, by: actor, at: now))
            }
        } catch let error as StorageError where error.code == .unique {
            throw AuthError.emailTaken
        }
        return user
    }

    /// Changes an account. Disabling it ends all its sessions in the same moment; another role acts on the next request.
    ///
    /// - Parameters:
    ///   - id: The account.
    ///   - tenant: The school or firm it must belong to.
    ///   - actor: Who changes it; nil for the command line.
    ///   - change: Sets name, address, role, language or whether it is disabled; may be called again.
    /// - Throws: ``AuthError`` `unknownUser`, `invalidName`, `invalidEmail`, `emailTaken` or `lastAdministrator`;
    ///   ``StorageError``.
    public func updateUser(
        _ id: Identifier<User>, tenant: String = Tenant.single, by actor: Actor? = nil,
        _ change: @escaping @Sendable (inout User) -> Void
    ) async throws -> User {
        let now = clock.now()
        do {
            return try await database.write { transaction in
                guard let old = try transaction.users.find(id, tenant: tenant) else { throw AuthError.unknownUser }
                var new = old
                change(&new)
                (new.id, new.tenant, new.createdAt) = (old.id, old.tenant, old.createdAt)
                new.name = try Self.name(new.name)
                if new.email != old.email {
                    guard let address = EmailAddress(new.email) else { throw AuthError.invalidEmail }
                    new.email = address.text
                }
                guard new != old else { return old }
                try transaction.users.update(new)
                if old.role == .admin && !old.isDisabled,
                    try transaction.users.countEnabled(role: .admin, tenant: tenant) == 0
                {
                    throw AuthError.lastAdministrator
                }
                if new.isDisabled { try transaction.sessions.deleteAll(of: id) }
                let action =
                    new.role != old.role
                    ? "user.role" : new.isDisabled != old.isDisabled ? "user.disable" : "user.change"
                try transaction.audit.append(Self.entry(action, about: new, by: actor, at: now))
                return new
            }
        } catch let error as StorageError where error.code == .unique {
            throw AuthError.emailTaken
        }
    }

    /// Disables or enables an account; see ``updateUser(_:tenant:by:_:)``.
    ///
    /// - Throws: ``AuthError`` `unknownUser` or `lastAdministrator`; ``StorageError``.
    public func setDisabled(
        _ isDisabled: Bool, user id: Identifier<User>, tenant: String = Tenant.single, by actor: Actor? = nil
    ) async throws -> User {
        try await updateUser(id, tenant: tenant, by: actor) { $0.isDisabled = isDisabled }
    }

    // MARK: Passwords

    /// Changes the actor's own password and ends all their other sessions in the same moment.
    ///
    /// Wrong guesses at the current one are counted as failed logins.
    ///
    /// - Throws: ``AuthError`` `loginRequired`, `wrongCredentials`, `weakPassword`, `delayed`, `attemptsExhausted` or
    ///   `overloaded`; ``StorageError``.
    public func changePassword(of actor: Actor, current: String, new: String) async throws {
        guard let session = actor.session else { throw AuthError.loginRequired }
        let now = clock.now()
        try check(new, name: actor.user.name, email: actor.user.email)
        guard current.utf8.count <= PasswordHasher.longestPassword else { throw AuthError.wrongCredentials }
        let attempt = try await begin(network: "session", now: now) { transaction in
            try transaction.users.credentials(actor.userID)
        } nameless: {
            actor.userID.text
        }
        guard try await verify(current, attempt), let old = attempt.credentials?.passwordHash else {
            throw AuthError.wrongCredentials
        }
        let hash = try await hasher.hash(new)
        let isChanged = try await database.write { transaction in
            guard try transaction.users.credentials(actor.userID)?.passwordHash == old else { return false }
            try Self.succeed(attempt, in: transaction, at: now)
            try transaction.users.setPasswordHash(hash, of: actor.userID)
            try transaction.sessions.deleteAll(of: actor.userID, except: session.id)
            try transaction.audit.append(actor.entry("password.change", at: now))
            return true
        }
        if !isChanged { throw AuthError.wrongCredentials }
    }

    /// Gives an account a new random password, forgets its failed logins and ends all its sessions and API tokens.
    ///
    /// - Returns: The password, to be handed over and changed by its owner: 20 characters with 100 bits of chance.
    /// - Throws: ``AuthError`` `unknownUser` or `overloaded`; ``StorageError``.
    public func resetPassword(
        email: String, tenant: String = Tenant.single, by actor: Actor? = nil
    ) async throws -> String {
        let now = clock.now()
        guard let address = EmailAddress(email),
            let user = try await database.read({ try $0.users.find(email: address.text, tenant: tenant) })
        else { throw AuthError.unknownUser }
        let password = Self.randomPassword()
        let hash = try await hasher.hash(password)
        try await database.write { transaction in
            try transaction.users.setPasswordHash(hash, of: user.id)
            try transaction.logins.clear(account: user.id.text)
            try transaction.sessions.deleteAll(of: user.id)
            try transaction.apiTokens.deleteAll(of: user.id)
            try transaction.audit.append(Self.entry("password.reset", about: user, by: actor, at: now))
        }
        return password
    }

    /// Four groups of five characters that are not mistaken for one another when read aloud.
    private static func randomPassword() -> String {
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
        let characters = SecureRandom.bytes(20).map { alphabet[Int($0 & 31)] }
        return stride(from: 0, to: 20, by: 5).map { String(characters[$0..<$0 + 5]) }.joined(separator: "-")
    }

    // MARK: Checks

    private func person(name: String, email: String, password: String) throws -> (name: String, email: EmailAddress) {
        let name = try Self.name(name)
        guard let address = EmailAddress(email) else { throw AuthError.invalidEmail }
        try check(password, name: name, email: address.text)
        return (name, address)
    }

    private func check(_ password: String, name: String, email: String) throws {
        let local = EmailAddress(email)?.localPart ?? email
        let policy = PasswordPolicy(minimumLength: configuration.minimumPasswordLength)
        if let weakness = policy.weakness(of: password, context: [configuration.productName, name, local]) {
            throw AuthError.weakPassword(weakness)
        }
    }

    /// A name without surrounding space.
    static func name(_ raw: String) throws -> String {
        let scalars = raw.unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = scalars.lastIndex(where: { !$0.properties.isWhitespace }),
            scalars[start...end].count <= 200,
            !scalars[start...end].contains(where: { isForbiddenInName($0) })
        else { throw AuthError.invalidName }
        return String(scalars[start...end])
    }

    private static func isForbiddenInName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
        // Characters that turn the text around them: a name could pose as another one.
        case .format: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        default: false
        }
    }

    private static func entry(_ action: String, about user: User, by actor: Actor?, at now: Timestamp) -> AuditEntry {
        AuditEntry(
            time: now, tenant: user.tenant, actor: actor?.userID.text, session: actor?.credentialID, action: action,
            object: "user/\(user.id.text)")
    }
}
