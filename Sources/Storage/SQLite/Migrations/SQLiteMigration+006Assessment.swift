// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// What answers are expected to say, and what each does about it (docs/data-model.md).
    static let assessment = SQLiteMigration(
        number: 6, name: "assessment",
        sql: """
            ALTER TABLE question_version ADD COLUMN key_points TEXT NOT NULL DEFAULT '[]';
            CREATE TABLE assessment (
                analysis TEXT NOT NULL PRIMARY KEY REFERENCES analysis (id) ON DELETE CASCADE,
                key_points TEXT NOT NULL,
                proposed INTEGER NOT NULL CHECK (proposed IN (0, 1)),
                results TEXT NOT NULL,
                low REAL NOT NULL, point REAL NOT NULL, high REAL NOT NULL,
                cap REAL,
                holds TEXT NOT NULL,
                CHECK (low BETWEEN 0 AND point AND point <= high AND high <= 1)
            ) STRICT, WITHOUT ROWID;
            """)
}
