// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// Whether the tone of a course's answers is read (docs/data-model.md).
    static let tone = SQLiteMigration(
        number: 8, name: "tone",
        sql: "ALTER TABLE course ADD COLUMN tone INTEGER NOT NULL DEFAULT 1 CHECK (tone IN (0, 1));")
}
