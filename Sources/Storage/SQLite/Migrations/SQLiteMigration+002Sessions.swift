// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// Sessions, signing keys and what the login throttle remembers (docs/security.md).
    ///
    /// The accounts of the throttle are no references: it also remembers addresses that nobody here has.
    static let sessions = SQLiteMigration(
        number: 2, name: "sessions",
        sql: """
            CREATE TABLE session (
                id TEXT NOT NULL PRIMARY KEY,
                "user" TEXT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
                kind TEXT NOT NULL CHECK (kind IN ('browser', 'api')),
                cookie_hash BLOB UNIQUE CHECK (length(cookie_hash) = 32),
                refresh_key BLOB CHECK (length(refresh_key) = 32),
                refresh_counter INTEGER NOT NULL DEFAULT 0,
                refreshed_at INTEGER,
                user_agent TEXT,
                created_at INTEGER NOT NULL,
                last_used_at INTEGER NOT NULL,
                CHECK ((kind = 'browser') = (cookie_hash IS NOT NULL)),
                CHECK ((kind = 'api') = (refresh_key IS NOT NULL))
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX session_user ON session ("user", last_used_at);

            CREATE TABLE signing_key (
                id TEXT NOT NULL PRIMARY KEY,
                seed BLOB NOT NULL CHECK (length(seed) = 32),
                active_from INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE auth_secret (
                name TEXT NOT NULL PRIMARY KEY,
                value BLOB NOT NULL,
                expires_at INTEGER
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE login_account (
                account TEXT NOT NULL PRIMARY KEY,
                failures INTEGER NOT NULL CHECK (failures >= 0)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE login_network (
                account TEXT NOT NULL,
                network TEXT NOT NULL,
                failures INTEGER NOT NULL CHECK (failures >= 0),
                failed_at INTEGER,
                succeeded_at INTEGER,
                touched_at INTEGER NOT NULL,
                PRIMARY KEY (account, network)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX login_network_touched ON login_network (touched_at);
            """)
}
