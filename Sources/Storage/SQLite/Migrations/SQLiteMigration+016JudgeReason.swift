// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// Why rules decided on key points without the learned judge, where they did; not known of earlier assessments.
    static let judgeReason = SQLiteMigration(
        number: 16, name: "judge_reason",
        sql: """
            ALTER TABLE assessment ADD COLUMN judge_reason TEXT;
            """)
}
