// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// People, courses, questions, answers with all that is made from them, and the work queue (docs/data-model.md).
    ///
    /// Tables of small rows are clustered on their key (WITHOUT ROWID); those with documents are not, because long
    /// rows make such a tree deep.
    static let answers = SQLiteMigration(
        number: 1, name: "answers",
        sql: """
            CREATE TABLE "user" (
                id TEXT NOT NULL PRIMARY KEY,
                tenant TEXT NOT NULL DEFAULT 'default',
                name TEXT NOT NULL,
                email TEXT NOT NULL,
                role TEXT NOT NULL CHECK (role IN ('student', 'educator', 'admin')),
                locale TEXT,
                disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
                password_hash TEXT,
                created_at INTEGER NOT NULL,
                UNIQUE (tenant, email)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE course (
                id TEXT NOT NULL PRIMARY KEY,
                tenant TEXT NOT NULL DEFAULT 'default',
                name TEXT NOT NULL,
                language TEXT,
                created_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE membership (
                course TEXT NOT NULL REFERENCES course (id) ON DELETE CASCADE,
                "user" TEXT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
                part TEXT NOT NULL CHECK (part IN ('student', 'educator')),
                created_at INTEGER NOT NULL,
                PRIMARY KEY (course, "user")
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX membership_user ON membership ("user", course, part);

            CREATE TABLE question (
                id TEXT NOT NULL PRIMARY KEY,
                tenant TEXT NOT NULL DEFAULT 'default',
                course TEXT NOT NULL REFERENCES course (id),
                current_version INTEGER NOT NULL,
                created_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX question_course ON question (course, id);

            CREATE TABLE question_version (
                id TEXT NOT NULL PRIMARY KEY,
                question TEXT NOT NULL REFERENCES question (id) ON DELETE CASCADE,
                number INTEGER NOT NULL CHECK (number >= 1),
                title TEXT NOT NULL,
                prompt TEXT NOT NULL,
                expected_answer TEXT NOT NULL,
                language TEXT,
                time_limit INTEGER NOT NULL CHECK (time_limit > 0),
                created_at INTEGER NOT NULL,
                UNIQUE (question, number)
            ) STRICT;

            CREATE TABLE recording (
                id TEXT NOT NULL PRIMARY KEY,
                tenant TEXT NOT NULL DEFAULT 'default',
                owner TEXT NOT NULL REFERENCES "user" (id),
                state TEXT NOT NULL CHECK (state IN ('open', 'sealed', 'kept', 'erased')),
                path TEXT NOT NULL UNIQUE,
                size INTEGER NOT NULL CHECK (size >= 0),
                sha256 TEXT NOT NULL,
                original_name TEXT,
                format TEXT,
                duration REAL,
                created_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX recording_owner ON recording (owner);

            CREATE TABLE response (
                id TEXT NOT NULL PRIMARY KEY,
                tenant TEXT NOT NULL DEFAULT 'default',
                owner TEXT NOT NULL REFERENCES "user" (id),
                question TEXT REFERENCES question (id),
                question_version TEXT REFERENCES question_version (id),
                chosen_language TEXT,
                recording TEXT NOT NULL UNIQUE REFERENCES recording (id),
                state TEXT NOT NULL CHECK (state IN ('empty', 'uploaded', 'transcribed', 'analysed', 'marked',
                    'released', 'unscorable', 'failed')),
                reason TEXT,
                reason_code TEXT,
                created_at INTEGER NOT NULL,
                CHECK ((question IS NULL) = (question_version IS NULL))
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX response_owner ON response (owner, id);
            CREATE INDEX response_question ON response (question, id) WHERE question IS NOT NULL;
            CREATE INDEX response_question_version ON response (question_version) WHERE question_version IS NOT NULL;

            CREATE TABLE stage_result (
                response TEXT NOT NULL REFERENCES response (id) ON DELETE CASCADE,
                stage TEXT NOT NULL CHECK (stage IN ('probe', 'decode', 'vad', 'language', 'transcribe', 'text',
                    'semantic')),
                state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
                seconds REAL,
                error TEXT,
                result TEXT,
                updated_at INTEGER NOT NULL,
                PRIMARY KEY (response, stage)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE audio_quality (
                response TEXT NOT NULL PRIMARY KEY REFERENCES response (id) ON DELETE CASCADE,
                measures TEXT NOT NULL,
                created_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE transcript_version (
                id TEXT NOT NULL PRIMARY KEY,
                response TEXT NOT NULL REFERENCES response (id) ON DELETE CASCADE,
                number INTEGER NOT NULL CHECK (number >= 1),
                origin TEXT NOT NULL CHECK (origin IN ('asr', 'human')),
                author TEXT REFERENCES "user" (id),
                parent INTEGER,
                edit_reason TEXT,
                engine TEXT,
                language TEXT,
                language_probability REAL,
                word_error_rate REAL,
                word_count INTEGER NOT NULL,
                text TEXT NOT NULL,
                segments TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                UNIQUE (response, number),
                CHECK ((origin = 'human') = (author IS NOT NULL))
            ) STRICT;
            CREATE INDEX transcript_version_author ON transcript_version (author) WHERE author IS NOT NULL;

            CREATE TABLE analysis (
                id TEXT NOT NULL PRIMARY KEY,
                response TEXT NOT NULL REFERENCES response (id) ON DELETE CASCADE,
                transcript_version INTEGER NOT NULL,
                question_version TEXT REFERENCES question_version (id),
                engine TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                UNIQUE (response, transcript_version, engine),
                FOREIGN KEY (response, transcript_version) REFERENCES transcript_version (response, number)
                    ON DELETE CASCADE
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX analysis_question_version ON analysis (question_version) WHERE question_version IS NOT NULL;

            CREATE TABLE measure (
                analysis TEXT NOT NULL REFERENCES analysis (id) ON DELETE CASCADE,
                position INTEGER NOT NULL,
                key TEXT NOT NULL,
                value REAL,
                unit TEXT NOT NULL,
                valid TEXT NOT NULL CHECK (valid IN ('ok', 'low', 'na')),
                reason TEXT,
                evidence TEXT NOT NULL,
                PRIMARY KEY (analysis, position),
                UNIQUE (analysis, key),
                CHECK ((valid = 'na') = (value IS NULL))
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE job (
                id TEXT NOT NULL PRIMARY KEY,
                kind TEXT NOT NULL,
                subject TEXT NOT NULL,
                params TEXT NOT NULL,
                params_hash TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead', 'cancelled')),
                priority INTEGER NOT NULL,
                run_at INTEGER NOT NULL,
                attempt INTEGER NOT NULL DEFAULT 0,
                max_attempts INTEGER NOT NULL CHECK (max_attempts >= 1),
                fence INTEGER NOT NULL DEFAULT 0,
                lease_until INTEGER,
                worker TEXT,
                last_error TEXT,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                UNIQUE (kind, subject, params_hash),
                CHECK ((state = 'running') = (lease_until IS NOT NULL)),
                CHECK ((state = 'running') = (worker IS NOT NULL))
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX job_ready ON job (priority, run_at, id) WHERE state = 'ready';
            CREATE INDEX job_running ON job (lease_until) WHERE state = 'running';
            CREATE INDEX job_subject ON job (subject);
            CREATE INDEX job_state ON job (state, id);

            CREATE TABLE idempotency (
                "user" TEXT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
                method TEXT NOT NULL,
                route TEXT NOT NULL,
                key TEXT NOT NULL,
                request_hash TEXT NOT NULL,
                status INTEGER,
                headers TEXT NOT NULL DEFAULT '{}',
                body BLOB,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                PRIMARY KEY ("user", method, route, key)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX idempotency_expiry ON idempotency (expires_at);

            CREATE TABLE audit (
                sequence INTEGER NOT NULL PRIMARY KEY,
                tenant TEXT NOT NULL DEFAULT 'default',
                time INTEGER NOT NULL,
                actor TEXT,
                session TEXT,
                address TEXT,
                action TEXT NOT NULL,
                object TEXT,
                before_hash TEXT,
                after_hash TEXT,
                hash BLOB NOT NULL
            ) STRICT;
            CREATE INDEX audit_object ON audit (object) WHERE object IS NOT NULL;
            CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END;
            CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END;

            CREATE TABLE setting (
                key TEXT NOT NULL PRIMARY KEY,
                value TEXT NOT NULL,
                updated_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            """)
}
