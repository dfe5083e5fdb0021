// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Transaction {
    /// What people are told of their answers.
    public var notices: NoticeRepository { NoticeRepository(transaction: self) }
}

/// A notice with what is shown beside it.
public struct StoredNotice: Sendable, Hashable {
    /// The notice.
    public var notice: Notice
    /// The title of the question that was answered; nil for an answer to none.
    public var questionTitle: String?
}

/// What people are told of their answers. Everybody reads their own.
public struct NoticeRepository {
    let transaction: Transaction

    /// Tells whoever gave an answer what has happened to it.
    func add(_ kind: Notice.Kind, about response: Identifier<Response>, at time: Timestamp) throws {
        try transaction.run(
            """
            INSERT INTO notice (id, "user", kind, response, created_at)
            SELECT ?1, owner, ?2, id, ?4 FROM response WHERE id = ?3
            """, Identifier<Notice>(at: time), kind, response, time)
    }

    /// A person's notices, newest first.
    public func list(of user: Identifier<User>, page: PageRequest = PageRequest()) throws -> Page<StoredNotice> {
        let notices = try transaction.run(
            """
            SELECT n.id, n."user", n.kind, n.response, n.created_at, n.read_at, v.title
            FROM notice n JOIN response r ON r.id = n.response LEFT JOIN question_version v ON v.id = r.question_version
            WHERE n."user" = ?1 AND n.id < ?2 ORDER BY n.id DESC LIMIT ?3
            """, user, page.below, page.limit + 1
        ).map { row in
            try row.decode { columns in
                StoredNotice(
                    notice: Notice(
                        id: try columns.next(), user: try columns.next(), kind: try columns.next(),
                        response: try columns.next(), createdAt: try columns.next(), readAt: try columns.next()),
                    questionTitle: try columns.next())
            }
        }
        return Page(probing: notices, page) { $0.notice.id.text }
    }

    /// How many of a person's notices they have not read.
    public func unreadCount(of user: Identifier<User>) throws -> Int {
        try transaction.run("SELECT count(*) FROM notice WHERE \"user\" = ?1 AND read_at IS NULL", user).first?.single()
            ?? 0
    }

    /// Notes that a person has read their notices up to one, the newest that they have seen.
    public func setRead(upTo notice: Identifier<Notice>, of user: Identifier<User>, at time: Timestamp) throws {
        try transaction.run(
            "UPDATE notice SET read_at = ?3 WHERE \"user\" = ?1 AND id <= ?2 AND read_at IS NULL", user, notice, time)
    }
}

extension Notice.Kind: SQLConvertible {}
