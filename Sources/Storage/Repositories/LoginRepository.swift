// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Transaction {
    /// What the login throttle remembers.
    public var logins: LoginRepository { LoginRepository(transaction: self) }
}

/// What the login throttle remembers: failures by account, and by account and network.
public struct LoginRepository {
    let transaction: Transaction

    /// What is remembered of an account and a network.
    public func record(account: String, network: String) throws -> LoginRecord {
        let failures: Int64? = try transaction.run(
            "SELECT failures FROM login_account WHERE account = ?1", account
        ).first?.single()
        let row = try transaction.run(
            "SELECT failures, failed_at, succeeded_at FROM login_network WHERE account = ?1 AND network = ?2", account,
            network
        ).first
        guard let row else { return LoginRecord(accountFailures: failures ?? 0) }
        return try row.decode {
            LoginRecord(
                accountFailures: failures ?? 0, networkFailures: try $0.next(), networkFailureAt: try $0.next(),
                networkSuccessAt: try $0.next())
        }
    }

    /// Stores what is remembered of an account and a network.
    public func store(_ record: LoginRecord, account: String, network: String, at now: Timestamp) throws {
        try transaction.run(
            """
            INSERT INTO login_account (account, failures) VALUES (?1, ?2)
            ON CONFLICT (account) DO UPDATE SET failures = excluded.failures
            """,
            account, record.accountFailures)
        try transaction.run(
            """
            INSERT INTO login_network (account, network, failures, failed_at, succeeded_at, touched_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (account, network) DO UPDATE SET failures = excluded.failures,
                failed_at = excluded.failed_at, succeeded_at = excluded.succeeded_at, touched_at = excluded.touched_at
            """,
            account, network, record.networkFailures, record.networkFailureAt, record.networkSuccessAt, now)
    }

    /// Forgets the failures on an account, on all networks; those that were logged in from stay known.
    public func clear(account: String) throws {
        try transaction.run("DELETE FROM login_account WHERE account = ?1", account)
        try transaction.run(
            "UPDATE login_network SET failures = 0, failed_at = NULL WHERE account = ?1", account)
    }

    /// Removes networks that nobody has tried from since a time: those never logged in from, and those that were.
    public func prune(triedBefore: Timestamp, loggedInBefore: Timestamp) throws {
        try transaction.run(
            """
            DELETE FROM login_network
            WHERE touched_at < ?1 AND (succeeded_at IS NULL OR succeeded_at < ?2)
            """,
            triedBefore, loggedInBefore)
    }
}
