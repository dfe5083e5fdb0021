// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SQLiteMigration {
    /// Every migration in order, each in a file of its own. Add new ones at the end; never change a released one.
    static let all: [SQLiteMigration] = [
        .answers,
        .sessions,
        .apiTokens,
        .languages,
        .findings,
        .assessment,
        .marking,
        .tone,
        .insight,
        .scoring,
        .markingQueue,
        .notices,
        .answerFacts,
        .records,
        .material,
        .judgeReason,
        .otherWordings,
    ]
}
