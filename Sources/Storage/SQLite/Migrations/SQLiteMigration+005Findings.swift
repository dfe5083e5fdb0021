// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// What analyses mark in texts, as JSON; NULL for analyses that were made before (docs/data-model.md).
    static let findings = SQLiteMigration(
        number: 5, name: "findings",
        sql: "ALTER TABLE analysis ADD COLUMN findings TEXT;")
}
