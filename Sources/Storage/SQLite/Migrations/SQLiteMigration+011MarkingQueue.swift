// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// What the marking queue is read from, and which share of the answers a second person marks (docs/marking.md).
    static let markingQueue = SQLiteMigration(
        number: 11, name: "marking_queue",
        sql: """
            ALTER TABLE question_rubric ADD COLUMN second_share REAL NOT NULL DEFAULT 0.2
                CHECK (second_share BETWEEN 0 AND 1);

            CREATE TABLE marking_item (
                response TEXT NOT NULL PRIMARY KEY REFERENCES response (id) ON DELETE CASCADE,
                tenant TEXT NOT NULL,
                course TEXT NOT NULL,
                question TEXT NOT NULL,
                owner TEXT NOT NULL,
                state TEXT NOT NULL
                    CHECK (state IN ('unmarked', 'unscorable', 'moderation', 'second', 'marked', 'released')),
                critical INTEGER NOT NULL CHECK (critical IN (0, 1)),
                width REAL NOT NULL,
                final_marks INTEGER NOT NULL,
                chosen INTEGER NOT NULL CHECK (chosen IN (0, 1))
            ) STRICT, WITHOUT ROWID;
            INSERT INTO marking_item
                (response, tenant, course, question, owner, state, critical, width, final_marks, chosen)
            SELECT id, tenant, course, question, owner, state, critical, width, final_marks, chosen
            FROM (\(markingItems)) WHERE state IS NOT NULL;
            CREATE INDEX marking_item_course ON marking_item (course, state, critical DESC, width DESC, response, owner);
            CREATE INDEX marking_item_tenant
                ON marking_item (tenant, state, critical DESC, width DESC, response, owner, course);
            CREATE INDEX marking_item_question ON marking_item (question);
            """)

    /// Everything that can be marked, as the queue shows it; `state` is null for answers that are still worked on.
    ///
    /// Released with the migration: where the queue has to know more, the query goes on in another place.
    static let markingItems = """
        SELECT id, tenant, course, question, owner,
            CASE WHEN moderation = 1 THEN 'moderation'
                WHEN response_state = 'marked' AND chosen = 1 AND final_marks < 2 AND source <> 'agreed' THEN 'second'
                WHEN response_state IN ('marked', 'released') THEN response_state
                WHEN response_state = 'analysed' THEN 'unmarked'
                WHEN response_state IN ('unscorable', 'failed') THEN 'unscorable' END AS state,
            critical, width, final_marks, chosen
        FROM (
            SELECT r.id AS id, r.tenant AS tenant, q.course AS course, r.question AS question, r.owner AS owner,
                r.state AS response_state, g.moderation AS moderation, g.source AS source,
                coalesce(s.holds LIKE '%"critical!_%' ESCAPE '!', 0) AS critical,
                coalesce(s.high - s.low, 1.0) AS width,
                (SELECT count(*) FROM mark m WHERE m.response = r.id AND m.kind = 'marker' AND m.state = 'final')
                    AS final_marks,
                \(sample) < coalesce(x.second_share, 0) * 65536 AS chosen
            FROM response r
            JOIN question q ON q.id = r.question
            LEFT JOIN grade g ON g.response = r.id
            LEFT JOIN question_rubric x ON x.question = r.question
            LEFT JOIN assessment s ON s.analysis = (
                SELECT n.id FROM analysis n WHERE n.response = r.id
                ORDER BY n.transcript_version DESC, n.created_at DESC, n.id DESC LIMIT 1)
        )
        """

    /// The last four digits of an answer's id, 0...65535: they are random, and nobody can choose them (RFC 9562 §5.7).
    private static let sample = (1...4).map { place in
        "(instr('0123456789abcdef', substr(r.id, -\(place), 1)) - 1) * \(1 << (4 * (place - 1)))"
    }.joined(separator: " + ")
}
