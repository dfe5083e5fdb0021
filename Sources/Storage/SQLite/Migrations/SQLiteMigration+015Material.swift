// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// What a question gives beside its prompt, and what students have asked for of it; what contradicted key points take
    /// away; the words that a recogniser was told (docs/assessment.md, docs/recognition.md).
    static let material = SQLiteMigration(
        number: 15, name: "material",
        sql: """
            ALTER TABLE question_version ADD COLUMN contradicted_credit REAL NOT NULL DEFAULT 0
                CHECK (contradicted_credit BETWEEN -1 AND 0);
            ALTER TABLE question_version ADD COLUMN vocabulary TEXT NOT NULL DEFAULT '[]';
            ALTER TABLE question_version ADD COLUMN scenario TEXT;
            ALTER TABLE question_version ADD COLUMN facts TEXT NOT NULL DEFAULT '[]';
            ALTER TABLE transcript_version ADD COLUMN vocabulary TEXT NOT NULL DEFAULT '[]';

            CREATE TABLE revealed_fact (
                id TEXT NOT NULL PRIMARY KEY,
                "user" TEXT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
                question_version TEXT NOT NULL REFERENCES question_version (id) ON DELETE CASCADE,
                fact TEXT NOT NULL,
                label TEXT NOT NULL,
                asked_at INTEGER NOT NULL,
                response TEXT REFERENCES response (id) ON DELETE CASCADE
            ) STRICT, WITHOUT ROWID;
            CREATE UNIQUE INDEX revealed_fact_open ON revealed_fact ("user", question_version, fact)
                WHERE response IS NULL;
            CREATE INDEX revealed_fact_response ON revealed_fact (response) WHERE response IS NOT NULL;
            CREATE INDEX revealed_fact_version ON revealed_fact (question_version);
            """)
}
