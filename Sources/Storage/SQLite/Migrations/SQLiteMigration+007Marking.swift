// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// Rubrics, marks, grades and appeals, and questions whose results are withheld (docs/marking.md).
    static let marking = SQLiteMigration(
        number: 7, name: "marking",
        sql: """
            ALTER TABLE question_version ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0 CHECK (withheld IN (0, 1));

            CREATE TABLE rubric (
                id TEXT NOT NULL PRIMARY KEY,
                tenant TEXT NOT NULL DEFAULT 'default',
                course TEXT NOT NULL REFERENCES course (id),
                current_version INTEGER NOT NULL,
                created_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX rubric_course ON rubric (course, id);

            CREATE TABLE rubric_version (
                id TEXT NOT NULL PRIMARY KEY,
                rubric TEXT NOT NULL REFERENCES rubric (id) ON DELETE CASCADE,
                number INTEGER NOT NULL CHECK (number >= 1),
                title TEXT NOT NULL,
                criteria TEXT NOT NULL,
                global_scale TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                UNIQUE (rubric, number)
            ) STRICT;

            CREATE TABLE question_rubric (
                question TEXT NOT NULL PRIMARY KEY REFERENCES question (id) ON DELETE CASCADE,
                rubric TEXT NOT NULL REFERENCES rubric (id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX question_rubric_rubric ON question_rubric (rubric);

            CREATE TABLE mark (
                id TEXT NOT NULL PRIMARY KEY,
                response TEXT NOT NULL REFERENCES response (id) ON DELETE CASCADE,
                rubric_version TEXT NOT NULL REFERENCES rubric_version (id),
                marker TEXT NOT NULL REFERENCES "user" (id),
                kind TEXT NOT NULL CHECK (kind IN ('marker', 'agreed')),
                state TEXT NOT NULL CHECK (state IN ('draft', 'final')),
                levels TEXT NOT NULL,
                global_rating INTEGER,
                comments TEXT NOT NULL,
                reason TEXT,
                score REAL CHECK (score BETWEEN 0 AND 1),
                version INTEGER NOT NULL CHECK (version >= 1),
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                CHECK (state = 'draft' OR score IS NOT NULL),
                CHECK (kind = 'marker' OR (state = 'final' AND reason IS NOT NULL))
            ) STRICT;
            CREATE INDEX mark_response ON mark (response, id);
            CREATE UNIQUE INDEX mark_own ON mark (response, marker) WHERE kind = 'marker';
            CREATE INDEX mark_marker ON mark (marker);
            CREATE INDEX mark_rubric_version ON mark (rubric_version);

            CREATE TABLE mark_revision (
                mark TEXT NOT NULL REFERENCES mark (id) ON DELETE CASCADE,
                version INTEGER NOT NULL,
                levels TEXT NOT NULL,
                global_rating INTEGER,
                comments TEXT NOT NULL,
                reason TEXT,
                score REAL NOT NULL,
                created_at INTEGER NOT NULL,
                PRIMARY KEY (mark, version)
            ) STRICT;

            CREATE TABLE grade (
                response TEXT NOT NULL PRIMARY KEY REFERENCES response (id) ON DELETE CASCADE,
                score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
                source TEXT NOT NULL CHECK (source IN ('machine', 'marker', 'agreed')),
                moderation INTEGER NOT NULL CHECK (moderation IN (0, 1)),
                updated_at INTEGER NOT NULL,
                released_score REAL CHECK (released_score BETWEEN 0 AND 1),
                released_source TEXT CHECK (released_source IN ('machine', 'marker', 'agreed')),
                released_by TEXT REFERENCES "user" (id),
                released_at INTEGER,
                CHECK ((released_score IS NULL) = (released_at IS NULL)),
                CHECK ((released_score IS NULL) = (released_source IS NULL))
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE appeal (
                id TEXT NOT NULL PRIMARY KEY,
                response TEXT NOT NULL UNIQUE REFERENCES response (id) ON DELETE CASCADE,
                author TEXT NOT NULL REFERENCES "user" (id),
                text TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('open', 'resolved')),
                resolver TEXT REFERENCES "user" (id),
                resolution TEXT,
                new_mark TEXT REFERENCES mark (id) ON DELETE SET NULL,
                created_at INTEGER NOT NULL,
                resolved_at INTEGER,
                CHECK ((state = 'resolved') = (resolver IS NOT NULL)),
                CHECK ((state = 'resolved') = (resolution IS NOT NULL))
            ) STRICT, WITHOUT ROWID;
            """)
}
