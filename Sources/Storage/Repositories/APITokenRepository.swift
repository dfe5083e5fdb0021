// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Transaction {
    /// Lasting tokens of programs.
    public var apiTokens: APITokenRepository { APITokenRepository(transaction: self) }
}

/// Lasting tokens of programs.
public struct APITokenRepository {
    let transaction: Transaction

    /// A token and whose it is, both as they are now.
    public struct Found: Sendable {
        /// The token.
        public let token: APIToken
        /// The person.
        public let user: User
    }

    /// Adds a token; of its text only the SHA-256 is stored.
    public func insert(_ token: APIToken, hash: [UInt8]) throws {
        try transaction.run(
            """
            INSERT INTO api_token (id, "user", name, hash, created_at, expires_at, last_used_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            token.id, token.user, token.name, hash, token.createdAt, token.expiresAt, token.lastUsedAt)
    }

    /// The token with this SHA-256, and its user.
    public func find(hash: [UInt8]) throws -> Found? {
        try transaction.run(
            """
            SELECT \(Self.columns), \(UserRepository.columns) FROM api_token t JOIN "user" u ON u.id = t."user"
            WHERE t.hash = ?1
            """, hash
        ).first?.decode { Found(token: try Self.token(&$0), user: try UserRepository.user(&$0)) }
    }

    /// A user's tokens, the newest first.
    public func list(of user: Identifier<User>) throws -> [APIToken] {
        try transaction.run(
            "SELECT \(Self.columns) FROM api_token t WHERE t.\"user\" = ?1 ORDER BY t.id DESC", user
        ).map { try $0.decode(Self.token) }
    }

    /// Stores when a token was last used, unless a later use is known.
    public func setUsed(_ id: Identifier<APIToken>, at time: Timestamp) throws {
        try transaction.run(
            "UPDATE api_token SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)", id,
            time)
    }

    /// Ends a user's token.
    ///
    /// - Returns: Whether the user had such a token.
    public func delete(_ id: Identifier<APIToken>, of user: Identifier<User>) throws -> Bool {
        try !transaction.run("DELETE FROM api_token WHERE id = ?1 AND \"user\" = ?2 RETURNING id", id, user).isEmpty
    }

    /// Ends all tokens of a user.
    public func deleteAll(of user: Identifier<User>) throws {
        try transaction.run("DELETE FROM api_token WHERE \"user\" = ?1", user)
    }

    private static let columns = "t.id, t.\"user\", t.name, t.created_at, t.expires_at, t.last_used_at"

    private static func token(_ columns: inout Columns) throws -> APIToken {
        APIToken(
            id: try columns.next(), user: try columns.next(), name: try columns.next(), createdAt: try columns.next(),
            expiresAt: try columns.next(), lastUsedAt: try columns.next())
    }
}
