// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
public import Domain
import JSON

extension Transaction {
    /// The queue of work.
    public var jobs: JobRepository { JobRepository(transaction: self) }
}

/// The queue of work, in the same database as what the work is about: enqueueing and finishing are part of the
/// transactions they belong to.
///
/// A claim raises the job's fence, and every later write of that worker names the fence it was given; a worker that
/// was too slow finds no such row and loses its whole transaction.
public struct JobRepository {
    let transaction: Transaction

    /// Enqueues work, once per kind, subject and params.
    ///
    /// - Returns: The job, which may have been there already.
    @discardableResult
    public func enqueue(_ new: NewJob, at now: Timestamp) throws -> Job {
        let hash = Hexadecimal.encode(SHA256.hash(new.params.text.utf8))
        let inserted = try transaction.run(
            """
            INSERT INTO job (id, kind, subject, params, params_hash, state, priority, run_at, max_attempts,
                created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, 'ready', ?6, ?7, ?8, ?9, ?9)
            ON CONFLICT (kind, subject, params_hash) DO NOTHING RETURNING \(Self.columns)
            """,
            Identifier<Job>(at: now), new.kind, new.subject, new.params, hash, new.priority, new.runAt ?? now,
            new.maxAttempts, now
        ).first
        if let inserted { return try inserted.decode(Self.job) }
        if new.whenEnded == .runAgain {
            try transaction.run(
                """
                UPDATE job SET state = 'ready', attempt = 0, priority = ?4, run_at = ?5, max_attempts = ?6,
                    last_error = NULL, updated_at = ?7
                WHERE kind = ?1 AND subject = ?2 AND params_hash = ?3 AND state IN ('done', 'dead', 'cancelled')
                """,
                new.kind, new.subject, hash, new.priority, new.runAt ?? now, new.maxAttempts, now)
        }
        guard
            let job = try transaction.run(
                "SELECT \(Self.columns) FROM job WHERE kind = ?1 AND subject = ?2 AND params_hash = ?3",
                new.kind, new.subject, hash
            ).first?.decode(Self.job)
        else { throw StorageError.notFound("job") }
        return job
    }

    /// Takes the job that is due first, counting the attempt at once, so that a job which kills its worker runs out
    /// of attempts too.
    ///
    /// - Parameters:
    ///   - kinds: What the worker can do.
    ///   - worker: Who claims it.
    ///   - lease: How long the right lasts unless it is extended.
    ///   - now: The time.
    /// - Returns: The job as claimed; nil when none is due.
    public func claim(
        kinds: [String], worker: String, lease: Duration, at now: Timestamp
    ) throws -> Job? {
        try transaction.run(
            """
            UPDATE job SET state = 'running', attempt = attempt + 1, fence = fence + 1, lease_until = ?1, worker = ?2,
                updated_at = ?3
            WHERE id = (
                SELECT id FROM job
                WHERE state = 'ready' AND run_at <= ?3 AND kind IN (SELECT value FROM json_each(?4))
                ORDER BY priority, run_at, id LIMIT 1)
            RETURNING \(Self.columns)
            """,
            now + lease, worker, now, JSONValue.array(kinds.map(JSONValue.string))
        ).first?.decode(Self.job)
    }

    /// Extends leases that are still held.
    ///
    /// - Returns: Those among them that are; the others have been lost.
    public func extend(_ leases: [JobLease], until end: Timestamp) throws -> Set<JobLease> {
        var held: Set<JobLease> = []
        for lease in leases {
            let rows = try transaction.run(
                "UPDATE job SET lease_until = ?3 WHERE \(Self.held) RETURNING id", lease.job, lease.fence, end)
            if !rows.isEmpty { held.insert(lease) }
        }
        return held
    }

    /// Makes the rest of this transaction depend on the lease: other claims wait until it ends.
    ///
    /// - Throws: ``StorageError`` with code `leaseLost`; let it roll the transaction back.
    public func confirm(_ lease: JobLease, at now: Timestamp) throws {
        try change(lease, "updated_at = ?3", now.sql)
    }

    /// Ends a job whose effect is in this transaction.
    ///
    /// - Throws: ``StorageError`` with code `leaseLost`; let it roll the effect back.
    public func finish(_ lease: JobLease, at now: Timestamp) throws {
        try change(lease, "state = 'done', \(Self.noLease), last_error = NULL, updated_at = ?3", now.sql)
    }

    /// Puts a job back to be tried again at a time.
    ///
    /// - Throws: ``StorageError`` with code `leaseLost`.
    public func retry(_ lease: JobLease, runAt: Timestamp, reason: String, at now: Timestamp) throws {
        try change(
            lease, "state = 'ready', \(Self.noLease), updated_at = ?3, run_at = ?4, last_error = ?5", now.sql,
            runAt.sql, reason.sql)
    }

    /// Ends a job that has failed for good.
    ///
    /// - Throws: ``StorageError`` with code `leaseLost`.
    public func bury(_ lease: JobLease, reason: String, at now: Timestamp) throws {
        try change(
            lease, "state = 'dead', \(Self.noLease), updated_at = ?3, last_error = ?4", now.sql, reason.sql)
    }

    /// Puts a job back that the worker has no time for; the attempt does not count.
    ///
    /// - Throws: ``StorageError`` with code `leaseLost`.
    public func release(_ lease: JobLease, at now: Timestamp) throws {
        try change(
            lease, "state = 'ready', \(Self.noLease), updated_at = ?3, run_at = ?3, attempt = attempt - 1", now.sql)
    }

    /// Running jobs whose lease has ended.
    public func expired(at now: Timestamp) throws -> [Job] {
        try transaction.run(
            "SELECT \(Self.columns) FROM job WHERE state = 'running' AND lease_until < ?1 ORDER BY lease_until", now
        ).map { try $0.decode(Self.job) }
    }

    /// All running jobs.
    public func running() throws -> [Job] {
        try transaction.run("SELECT \(Self.columns) FROM job WHERE state = 'running' ORDER BY lease_until").map {
            try $0.decode(Self.job)
        }
    }

    /// Makes a job that has ended badly, or well, ready again with all its attempts.
    ///
    /// - Throws: ``StorageError`` with code `notFound`, or `invalidState` when it has not ended.
    public func runAgain(_ id: Identifier<Job>, at now: Timestamp) throws {
        let changed = try transaction.run(
            """
            UPDATE job SET state = 'ready', attempt = 0, run_at = ?2, last_error = NULL, updated_at = ?2
            WHERE id = ?1 AND state IN ('done', 'dead', 'cancelled') RETURNING id
            """,
            id, now)
        try expectChange(changed, of: id, "has not ended")
    }

    /// Takes a job out of the queue. A worker that runs it loses its lease.
    ///
    /// - Throws: ``StorageError`` with code `notFound`, or `invalidState` when it has ended.
    public func cancel(_ id: Identifier<Job>, at now: Timestamp) throws {
        let changed = try transaction.run(
            """
            UPDATE job SET state = 'cancelled', \(Self.noLease), updated_at = ?2
            WHERE id = ?1 AND state IN ('ready', 'running') RETURNING id
            """,
            id, now)
        try expectChange(changed, of: id, "has ended")
    }

    /// The job with this id.
    public func find(_ id: Identifier<Job>) throws -> Job? {
        try transaction.run("SELECT \(Self.columns) FROM job WHERE id = ?1", id).first?.decode(Self.job)
    }

    /// All jobs about a subject, oldest first.
    public func list(subject: String) throws -> [Job] {
        try transaction.run("SELECT \(Self.columns) FROM job WHERE subject = ?1 ORDER BY id", subject).map {
            try $0.decode(Self.job)
        }
    }

    /// The jobs in a state, newest first; `dead` is the list that people look at.
    public func list(state: Job.State, page: PageRequest = PageRequest()) throws -> Page<Job> {
        let jobs = try transaction.run(
            """
            SELECT \(Self.columns) FROM job WHERE state = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3
            """,
            state, page.below, page.limit + 1
        ).map { try $0.decode(Self.job) }
        return Page(probing: jobs, page) { $0.id.text }
    }

    /// How many jobs there are in each state.
    public func counts() throws -> [Job.State: Int] {
        let pairs = try transaction.run("SELECT state, count(*) FROM job GROUP BY state").map {
            try $0.decode { (try $0.next(Job.State.self), try $0.next(Int.self)) }
        }
        return Dictionary(pairs) { $1 }
    }

    /// Since when the job that is due first has been waiting; nil when none is due.
    public func oldestDue(at now: Timestamp) throws -> Timestamp? {
        try transaction.run(
            "SELECT run_at FROM job WHERE state = 'ready' AND run_at <= ?1 ORDER BY run_at LIMIT 1", now
        ).first?.single()
    }

    /// Forgets jobs that were done or cancelled before a time; dead ones stay until somebody has looked at them.
    ///
    /// - Returns: How many.
    public func removeEnded(before time: Timestamp) throws -> Int {
        try transaction.run(
            "DELETE FROM job WHERE state IN ('done', 'cancelled') AND updated_at < ?1 RETURNING id", time
        ).count
    }

    /// Changes the row that the lease is for; takes the lease as ?1 and ?2 and the values from ?3 on.
    private func change(_ lease: JobLease, _ assignments: String, _ values: SQLValue...) throws {
        let changed = try transaction.run(
            Statement("UPDATE job SET \(assignments) WHERE \(Self.held) RETURNING id"),
            [lease.job.sql, lease.fence.sql] + values)
        guard !changed.isEmpty else {
            throw StorageError(.leaseLost, "the job's lease has passed to another worker")
        }
    }

    private func expectChange(_ changed: [Row], of id: Identifier<Job>, _ obstacle: String) throws {
        guard changed.isEmpty else { return }
        guard try find(id) != nil else { throw StorageError.notFound("job") }
        throw StorageError(.invalidState, "the job \(obstacle)")
    }

    /// Holds for the row of a lease that is still held.
    private static let held = "id = ?1 AND fence = ?2 AND state = 'running'"
    private static let noLease = "lease_until = NULL, worker = NULL"
    private static let columns = """
        id, kind, subject, params, state, priority, run_at, attempt, max_attempts, fence, lease_until, worker,
        last_error, created_at, updated_at
        """

    private static func job(_ columns: inout Columns) throws -> Job {
        Job(
            id: try columns.next(), kind: try columns.next(), subject: try columns.next(),
            params: try columns.next(), state: try columns.next(), priority: try columns.next(),
            runAt: try columns.next(), attempt: try columns.next(), maxAttempts: try columns.next(),
            fence: try columns.next(), leaseUntil: try columns.next(), worker: try columns.next(),
            lastError: try columns.next(), createdAt: try columns.next(), updatedAt: try columns.next())
    }
}
