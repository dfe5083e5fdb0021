// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// What a key point earns that is said in part, and the scores that answers had before they were rescored
    /// (docs/marking.md).
    static let scoring = SQLiteMigration(
        number: 10, name: "scoring",
        sql: """
            ALTER TABLE question_version ADD COLUMN partial_credit REAL NOT NULL DEFAULT 0.5
                CHECK (partial_credit BETWEEN 0 AND 1);
            ALTER TABLE question_version ADD COLUMN scored_by TEXT REFERENCES question_version (id);

            CREATE TABLE rescoring (
                question_version TEXT NOT NULL PRIMARY KEY REFERENCES question_version (id) ON DELETE CASCADE,
                author TEXT NOT NULL REFERENCES "user" (id),
                reason TEXT NOT NULL,
                answers INTEGER NOT NULL,
                changed INTEGER NOT NULL,
                bands_changed INTEGER NOT NULL,
                created_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE score_revision (
                analysis TEXT NOT NULL REFERENCES analysis (id) ON DELETE CASCADE,
                replaced_by TEXT NOT NULL REFERENCES question_version (id) ON DELETE CASCADE,
                question_version TEXT NOT NULL REFERENCES question_version (id),
                low REAL NOT NULL, point REAL NOT NULL, high REAL NOT NULL,
                cap REAL,
                holds TEXT NOT NULL,
                PRIMARY KEY (analysis, replaced_by)
            ) STRICT, WITHOUT ROWID;
            """)
}
