// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Session.Kind: SQLConvertible {}

extension Transaction {
    /// Logins that have not ended.
    public var sessions: SessionRepository { SessionRepository(transaction: self) }
}

/// Logins that have not ended.
public struct SessionRepository {
    let transaction: Transaction

    /// A session and whose it is, both as they are now.
    public struct Found: Sendable {
        /// The session.
        public let session: Session
        /// The person.
        public let user: User
    }

    /// What refresh tokens of a session are checked with.
    public struct RefreshState: Sendable {
        /// The key of the tokens' codes.
        public let key: [UInt8]
        /// How often the session has been refreshed.
        public let counter: Int64
        /// When it was last refreshed.
        public let refreshedAt: Timestamp?
    }

    /// Adds a browser's session; of its cookie only the SHA-256 is stored.
    public func insert(_ session: Session, cookieHash: [UInt8]) throws {
        try insert(session, cookieHash: cookieHash, refreshKey: nil)
    }

    /// Adds a program's session with the key of its refresh tokens.
    public func insert(_ session: Session, refreshKey: [UInt8]) throws {
        try insert(session, cookieHash: nil, refreshKey: refreshKey)
    }

    private func insert(_ session: Session, cookieHash: [UInt8]?, refreshKey: [UInt8]?) throws {
        try transaction.run(
            """
            INSERT INTO session (id, "user", kind, cookie_hash, refresh_key, user_agent, created_at, last_used_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            session.id, session.user, session.kind, cookieHash, refreshKey, session.userAgent, session.createdAt,
            session.lastUsedAt)
    }

    /// The session with this id and its user.
    public func find(_ id: Identifier<Session>) throws -> Found? {
        try transaction.run("\(Self.selection) WHERE s.id = ?1", id).first?.decode(Self.found)
    }

    /// The session of the cookie with this SHA-256, and its user.
    public func find(cookieHash: [UInt8]) throws -> Found? {
        try transaction.run("\(Self.selection) WHERE s.cookie_hash = ?1", cookieHash).first?.decode(Self.found)
    }

    /// A user's sessions, the one used last first.
    public func list(of user: Identifier<User>) throws -> [Session] {
        try transaction.run(
            "SELECT \(Self.columns) FROM session s WHERE s.\"user\" = ?1 ORDER BY s.last_used_at DESC, s.id DESC", user
        ).map { try $0.decode(Self.session) }
    }

    /// What refresh tokens of a program's session are checked with. In a transaction that writes, the row stays locked
    /// until its end, so that of two refreshes at once the second sees what the first has done.
    public func refreshState(_ id: Identifier<Session>, locking: Bool) throws -> RefreshState? {
        let select = "SELECT refresh_key, refresh_counter, refreshed_at FROM session WHERE id = ?1 AND kind = 'api'"
        let statement = Statement(sqlite: select, postgres: locking ? "\(select) FOR UPDATE" : select)
        return try transaction.run(statement, id).first?.decode {
            RefreshState(key: try $0.next(), counter: try $0.next(), refreshedAt: try $0.next())
        }
    }

    /// Stores that a session has been refreshed, and so used.
    public func setRefreshed(_ id: Identifier<Session>, counter: Int64, at time: Timestamp) throws {
        try transaction.run(
            "UPDATE session SET refresh_counter = ?2, refreshed_at = ?3, last_used_at = ?3 WHERE id = ?1", id, counter,
            time)
    }

    /// Stores when a session was last used, unless a later use is known.
    public func setUsed(_ id: Identifier<Session>, at time: Timestamp) throws {
        try transaction.run("UPDATE session SET last_used_at = ?2 WHERE id = ?1 AND last_used_at < ?2", id, time)
    }

    /// Ends a session.
    ///
    /// - Parameter user: When given, the session is ended only if it is this user's.
    /// - Returns: Whether there was such a session.
    @discardableResult
    public func delete(_ id: Identifier<Session>, of user: Identifier<User>? = nil) throws -> Bool {
        try !transaction.run(
            "DELETE FROM session WHERE id = ?1 AND (?2 IS NULL OR \"user\" = ?2) RETURNING id", id, user
        ).isEmpty
    }

    /// Ends all sessions of a user, or all but one.
    public func deleteAll(of user: Identifier<User>, except kept: Identifier<Session>? = nil) throws {
        try transaction.run(
            "DELETE FROM session WHERE \"user\" = ?1 AND (?2 IS NULL OR id <> ?2)", user, kept)
    }

    private static let columns = "s.id, s.\"user\", s.kind, s.user_agent, s.created_at, s.last_used_at"
    private static let selection = """
        SELECT \(columns), \(UserRepository.columns) FROM session s JOIN "user" u ON u.id = s."user"
        """

    private static func session(_ columns: inout Columns) throws -> Session {
        Session(
            id: try columns.next(), user: try columns.next(), kind: try columns.next(), userAgent: try columns.next(),
            createdAt: try columns.next(), lastUsedAt: try columns.next())
    }

    private static func found(_ columns: inout Columns) throws -> Found {
        Found(session: try session(&columns), user: try UserRepository.user(&columns))
    }
}
