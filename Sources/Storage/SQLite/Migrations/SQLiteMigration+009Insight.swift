// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// What reports over many answers read, so that they parse no documents; pass marks, judges' estimates, and the
    /// group that a person declares (docs/insight.md).
    static let insight = SQLiteMigration(
        number: 9, name: "insight",
        sql: """
            CREATE TABLE key_point_state (
                analysis TEXT NOT NULL REFERENCES analysis (id) ON DELETE CASCADE,
                key_point TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('covered', 'partial', 'missing', 'contradicted', 'uncertain')),
                credit REAL NOT NULL,
                "start" INTEGER,
                "end" INTEGER,
                PRIMARY KEY (analysis, key_point)
            ) STRICT, WITHOUT ROWID;
            INSERT OR IGNORE INTO key_point_state (analysis, key_point, state, credit, "start", "end")
            SELECT s.analysis, json_extract(e.value, '$.id'), json_extract(e.value, '$.state'),
                json_extract(e.value, '$.credit'), json_extract(e.value, '$.evidence[2]'),
                json_extract(e.value, '$.evidence[3]')
            FROM assessment s, json_each(s.results) e;

            CREATE TABLE finding_figure (
                analysis TEXT NOT NULL REFERENCES analysis (id) ON DELETE CASCADE,
                key TEXT NOT NULL,
                value REAL NOT NULL,
                PRIMARY KEY (analysis, key)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO finding_figure (analysis, key, value)
            SELECT a.id, 'sentiment', json_extract(a.findings, '$.tone.score') FROM analysis a
            WHERE json_extract(a.findings, '$.tone.score') IS NOT NULL;
            INSERT INTO finding_figure (analysis, key, value)
            SELECT a.id, 'entities', json_array_length(a.findings, '$.entities') FROM analysis a
            WHERE a.findings IS NOT NULL;
            INSERT INTO finding_figure (analysis, key, value)
            SELECT a.id, 'entities_' || lower(json_extract(e.value, '$.type')), count(*)
            FROM analysis a, json_each(a.findings, '$.entities') e
            WHERE a.findings IS NOT NULL
            GROUP BY a.id, json_extract(e.value, '$.type');

            CREATE TABLE question_standard (
                question TEXT NOT NULL PRIMARY KEY REFERENCES question (id) ON DELETE CASCADE,
                pass_mark REAL NOT NULL CHECK (pass_mark BETWEEN 0 AND 1),
                method TEXT NOT NULL CHECK (method IN ('borderline_regression', 'angoff', 'fixed')),
                author TEXT NOT NULL REFERENCES "user" (id),
                updated_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE standard_estimate (
                question TEXT NOT NULL REFERENCES question (id) ON DELETE CASCADE,
                judge TEXT NOT NULL REFERENCES "user" (id),
                estimates TEXT NOT NULL,
                updated_at INTEGER NOT NULL,
                PRIMARY KEY (question, judge)
            ) STRICT, WITHOUT ROWID;

            ALTER TABLE "user" ADD COLUMN declared_group TEXT;
            """)
}
