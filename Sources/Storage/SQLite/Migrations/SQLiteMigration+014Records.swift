// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// What scores and marks were made from, so that both can be checked later (docs/data-model.md, docs/marking.md).
    static let records = SQLiteMigration(
        number: 14, name: "records",
        sql: """
            ALTER TABLE analysis ADD COLUMN text_sha256 TEXT;
            ALTER TABLE analysis ADD COLUMN question_sha256 TEXT;
            ALTER TABLE analysis ADD COLUMN bank INTEGER;
            ALTER TABLE mark ADD COLUMN rubric_sha256 TEXT;
            ALTER TABLE mark ADD COLUMN reason_wanted INTEGER NOT NULL DEFAULT 0 CHECK (reason_wanted IN (0, 1));
            ALTER TABLE transcript_version ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0 CHECK (confirmed IN (0, 1));

            CREATE TABLE bank_text (
                question TEXT NOT NULL REFERENCES question (id) ON DELETE CASCADE,
                tenant TEXT NOT NULL,
                language TEXT,
                expected_answer TEXT NOT NULL,
                since INTEGER NOT NULL,
                until INTEGER,
                PRIMARY KEY (question, since)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO bank_text (question, tenant, language, expected_answer, since)
            SELECT q.id, q.tenant, v.language, v.expected_answer, 1
            FROM question q JOIN question_version v ON v.question = q.id AND v.number = q.current_version;
            CREATE INDEX bank_text_since ON bank_text (since);
            CREATE INDEX bank_text_language ON bank_text (tenant, language, question);
            """)
}
