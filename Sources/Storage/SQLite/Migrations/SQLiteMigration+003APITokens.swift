// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// Lasting tokens that people give to programs (docs/security.md).
    static let apiTokens = SQLiteMigration(
        number: 3, name: "api tokens",
        sql: """
            CREATE TABLE api_token (
                id TEXT NOT NULL PRIMARY KEY,
                "user" TEXT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
                created_at INTEGER NOT NULL,
                expires_at INTEGER,
                last_used_at INTEGER
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX api_token_user ON api_token ("user", id);
            """)
}
