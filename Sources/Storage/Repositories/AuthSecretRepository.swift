// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Transaction {
    /// The keys that sign access tokens.
    public var signingKeys: SigningKeyRepository { SigningKeyRepository(transaction: self) }
    /// Single secrets of the installation.
    public var authSecrets: AuthSecretRepository { AuthSecretRepository(transaction: self) }
}

/// The keys that sign access tokens. Whoever reads them can make tokens: the database file is its owner's only (0600).
public struct SigningKeyRepository {
    let transaction: Transaction

    /// One key.
    public struct Stored: Sendable, Hashable {
        /// The name that tokens carry.
        public var id: String
        /// The 32 secret bytes.
        public var seed: [UInt8]
        /// When it begins to sign.
        public var activeFrom: Timestamp

        /// Creates a key.
        public init(id: String, seed: [UInt8], activeFrom: Timestamp) {
            self.id = id
            self.seed = seed
            self.activeFrom = activeFrom
        }
    }

    /// All keys, the first to sign first.
    public func list() throws -> [Stored] {
        try transaction.run("SELECT id, seed, active_from FROM signing_key ORDER BY active_from, id").map { row in
            try row.decode { Stored(id: try $0.next(), seed: try $0.next(), activeFrom: try $0.next()) }
        }
    }

    /// Adds a key.
    public func insert(_ key: Stored) throws {
        try transaction.run(
            "INSERT INTO signing_key (id, seed, active_from) VALUES (?1, ?2, ?3)", key.id, key.seed, key.activeFrom)
    }

    /// Removes a key.
    public func delete(_ id: String) throws {
        try transaction.run("DELETE FROM signing_key WHERE id = ?1", id)
    }
}

/// Single secrets of the installation, by name.
public struct AuthSecretRepository {
    let transaction: Transaction

    /// The secret with this name, unless its time is over.
    public func find(_ name: String, at now: Timestamp) throws -> [UInt8]? {
        try transaction.run(
            "SELECT value FROM auth_secret WHERE name = ?1 AND (expires_at IS NULL OR expires_at > ?2)", name, now
        ).first?.single()
    }

    /// Stores a secret in place of an older one.
    public func set(_ name: String, to value: [UInt8], expiresAt: Timestamp? = nil) throws {
        try transaction.run(
            """
            INSERT INTO auth_secret (name, value, expires_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
            """,
            name, value, expiresAt)
    }

    /// Removes a secret.
    public func delete(_ name: String) throws {
        try transaction.run("DELETE FROM auth_secret WHERE name = ?1", name)
    }
}
