// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
public import Domain
public import Storage

extension Authenticator {
    /// How the text of every lasting token begins: so that leaked ones can be searched for, and requests told apart.
    public static let apiTokenPrefix = "oracy_"

    /// Who makes a request with a lasting token.
    ///
    /// - Throws: ``AuthError`` `expired` or `invalidToken`; ``StorageError``.
    public func authenticate(apiToken text: String) async throws -> Actor {
        let now = clock.now()
        guard text.hasPrefix(Self.apiTokenPrefix), text.utf8.count == Self.apiTokenPrefix.utf8.count + 43 else {
            throw AuthError.invalidToken
        }
        let hash = SHA256.hash(text.utf8)
        guard let found = try await database.read({ try $0.apiTokens.find(hash: hash) }), !found.user.isDisabled else {
            throw AuthError.invalidToken
        }
        if let end = found.token.expiresAt, now >= end { throw AuthError.expired }
        if now >= (found.token.lastUsedAt ?? Timestamp(milliseconds: 0)) + configuration.lastUseResolution {
            // A full disk must not keep programs from reading.
            try? await database.write { try $0.apiTokens.setUsed(found.token.id, at: now) }
        }
        return Actor(user: found.user, credential: .token(found.token))
    }

    /// Makes a lasting token for the actor, who must be logged in: a token can't make others.
    ///
    /// - Parameters:
    ///   - name: What it is for.
    ///   - lifetime: How long it is valid; nil for ever.
    /// - Returns: The token and its text, which is shown once: only a digest of it is stored.
    /// - Throws: ``AuthError`` `invalidName`, `loginRequired` or `tooManyTokens`; ``StorageError``.
    public func createAPIToken(
        named name: String, lifetime: Duration?, for actor: Actor
    ) async throws -> (token: APIToken, text: String) {
        guard actor.session != nil else { throw AuthError.loginRequired }
        let now = clock.now()
        let token = APIToken(
            id: Identifier(at: now), user: actor.userID, name: try Self.name(name), createdAt: now,
            expiresAt: lifetime.map { now + $0 })
        let text = Self.apiTokenPrefix + Base64URL.encode(SecureRandom.bytes(32))
        let hash = SHA256.hash(text.utf8)
        let limit = configuration.apiTokensPerUser
        try await database.write { transaction in
            guard try transaction.apiTokens.list(of: actor.userID).count < limit else { throw AuthError.tooManyTokens }
            try transaction.apiTokens.insert(token, hash: hash)
            try transaction.audit.append(actor.entry("token.create", object: "token/\(token.id.text)", at: now))
        }
        return (token, text)
    }

    /// The lasting tokens of the actor's user, the newest first.
    ///
    /// - Throws: ``StorageError``.
    public func apiTokens(of actor: Actor) async throws -> [APIToken] {
        try await database.read { try $0.apiTokens.list(of: actor.userID) }
    }

    /// Ends one of the actor's lasting tokens at once.
    ///
    /// - Returns: Whether the user had such a token.
    /// - Throws: ``AuthError`` `loginRequired`; ``StorageError``.
    public func endAPIToken(_ id: Identifier<APIToken>, of actor: Actor) async throws -> Bool {
        guard actor.session != nil else { throw AuthError.loginRequired }
        let now = clock.now()
        return try await database.write { transaction in
            guard try transaction.apiTokens.delete(id, of: actor.userID) else { return false }
            try transaction.audit.append(actor.entry("token.end", object: "token/\(id.text)", at: now))
            return true
        }
    }
}
