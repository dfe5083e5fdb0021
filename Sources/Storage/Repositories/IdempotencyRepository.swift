// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
public import JSON

extension Transaction {
    /// Answers to requests that may be sent twice.
    public var idempotency: IdempotencyRepository { IdempotencyRepository(transaction: self) }
}

/// What makes two requests the same: who sends it, what for, and the key in its `Idempotency-Key` field.
public struct IdempotencyKey: Sendable, Hashable {
    /// Who sends it.
    public var user: Identifier<User>
    /// The method, such as `POST`.
    public var method: String
    /// The route's pattern, such as `/responses`.
    public var route: String
    /// The client's key.
    public var key: String

    /// Creates a key.
    public init(user: Identifier<User>, method: String, route: String, key: String) {
        self.user = user
        self.method = method
        self.route = route
        self.key = key
    }
}

/// An answer that is given again to the same request.
public struct StoredAnswer: Sendable, Hashable {
    /// The status.
    public var status: Int
    /// Fields of the head that belong to the answer, such as `Location`.
    public var headers: JSONObject
    /// The body.
    public var body: [UInt8]

    /// Creates an answer.
    public init(status: Int, headers: JSONObject = [:], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// What the database knows about a request with a key.
public enum IdempotencyState: Sendable, Hashable {
    /// Nothing: it is new.
    case new
    /// The first one is still being worked on.
    case inProgress
    /// The key was used for a different request.
    case mismatch
    /// It has been answered.
    case answered(StoredAnswer)
}

/// Answers to requests that may be sent twice (draft-ietf-httpapi-idempotency-key-header), kept for 24 hours.
///
/// ``begin(_:requestHash:at:)`` and ``complete(_:with:)`` may be in one transaction with the effect, so that there is
/// never an effect without its answer; or `begin` in one of its own before long work.
public struct IdempotencyRepository {
    let transaction: Transaction

    /// How long an answer is kept.
    public static let lifetime: Duration = .seconds(24 * 3600)
    /// How long a request may be worked on before another takes its place: the server may have died over it.
    public static let patience: Duration = .seconds(15 * 60)

    /// Looks a request up and, when it is new, notes that it is being worked on.
    public func begin(
        _ key: IdempotencyKey, requestHash: String, at now: Timestamp
    ) throws -> IdempotencyState {
        let state = try lookUp(key, requestHash: requestHash, at: now)
        guard state == .new else { return state }
        try abandon(key)
        try transaction.run(
            """
            INSERT INTO idempotency ("user", method, route, key, request_hash, created_at, expires_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            key.user, key.method, key.route, key.key, requestHash, now, now + Self.lifetime)
        return .new
    }

    /// Looks a request up without changing anything.
    public func lookUp(_ key: IdempotencyKey, requestHash: String, at now: Timestamp) throws -> IdempotencyState {
        let row = try transaction.run(
            """
            SELECT request_hash, status, headers, body, created_at, expires_at FROM idempotency
            WHERE "user" = ?1 AND method = ?2 AND route = ?3 AND key = ?4
            """,
            key.user, key.method, key.route, key.key
        ).first
        return try row?.decode { columns in
            let hash: String = try columns.next()
            let status: Int? = try columns.next()
            let headers: JSONValue = try columns.next()
            let body: [UInt8]? = try columns.next()
            let createdAt: Timestamp = try columns.next()
            let expiresAt: Timestamp = try columns.next()
            if expiresAt <= now || status == nil && createdAt + Self.patience <= now { return .new }
            guard hash == requestHash else { return .mismatch }
            guard let status else { return .inProgress }
            return .answered(StoredAnswer(status: status, headers: headers.object ?? [:], body: body ?? []))
        } ?? .new
    }

    /// Stores the answer to a request that ``begin(_:requestHash:at:)`` found new.
    ///
    /// - Throws: ``StorageError`` with code `conflict` when the request is not being worked on.
    public func complete(_ key: IdempotencyKey, with answer: StoredAnswer) throws {
        let changed = try transaction.run(
            """
            UPDATE idempotency SET status = ?5, headers = ?6, body = ?7
            WHERE "user" = ?1 AND method = ?2 AND route = ?3 AND key = ?4 AND status IS NULL RETURNING key
            """,
            key.user, key.method, key.route, key.key, answer.status, JSONValue.object(answer.headers), answer.body)
        guard !changed.isEmpty else {
            throw StorageError(.conflict, "another request with the same idempotency key has been answered meanwhile")
        }
    }

    /// Forgets a request that came to nothing, so that it can be sent again.
    public func abandon(_ key: IdempotencyKey) throws {
        try transaction.run(
            "DELETE FROM idempotency WHERE \"user\" = ?1 AND method = ?2 AND route = ?3 AND key = ?4",
            key.user, key.method, key.route, key.key)
    }

    /// Forgets answers that have been kept long enough.
    ///
    /// - Returns: How many.
    public func removeExpired(at now: Timestamp) throws -> Int {
        try transaction.run("DELETE FROM idempotency WHERE expires_at <= ?1 RETURNING key", now).count
    }
}
