// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// What people are told of their answers (docs/marking.md).
    static let notices = SQLiteMigration(
        number: 12, name: "notices",
        sql: """
            CREATE TABLE notice (
                id TEXT NOT NULL PRIMARY KEY,
                "user" TEXT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
                kind TEXT NOT NULL CHECK (kind IN ('grade_released', 'grade_changed', 'appeal_resolved')),
                response TEXT NOT NULL REFERENCES response (id) ON DELETE CASCADE,
                created_at INTEGER NOT NULL,
                read_at INTEGER
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX notice_user ON notice ("user", id);
            CREATE INDEX notice_response ON notice (response);
            """)
}
