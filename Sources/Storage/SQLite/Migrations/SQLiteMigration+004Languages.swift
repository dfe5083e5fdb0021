// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// The languages that answers may be given in, and those that transcripts are in (docs/data-model.md).
    static let languages = SQLiteMigration(
        number: 4, name: "languages",
        sql: """
            ALTER TABLE course ADD COLUMN languages TEXT NOT NULL DEFAULT '[]';
            ALTER TABLE question_version ADD COLUMN languages TEXT NOT NULL DEFAULT '[]';
            ALTER TABLE transcript_version ADD COLUMN languages TEXT NOT NULL DEFAULT '[]';
            """)
}
