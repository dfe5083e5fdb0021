// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// What recognisers considered beside what they wrote, and what would become of key points with other words
    /// (docs/assessment.md); not known of what was heard and assessed before.
    static let otherWordings = SQLiteMigration(
        number: 17, name: "other_wordings",
        sql: """
            ALTER TABLE transcript_version ADD COLUMN alternatives TEXT NOT NULL DEFAULT '[]';
            ALTER TABLE assessment ADD COLUMN other_wordings TEXT NOT NULL DEFAULT '[]';
            """)
}
