// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import Synchronization
import Threads

/// The one thread that writes.
///
/// Transactions that wait together share one commit, and so one fsync: each runs within a savepoint of its own, so
/// that a failure takes back only its own changes, and all are reported after the commit has made them durable.
final class SQLiteWriter: Sendable {
    /// One transaction that waits or runs.
    struct Work: Sendable {
        /// What it does.
        let body: @Sendable (Transaction) throws -> Void
        /// Who waits for it.
        let completion: @Sendable (Result<Void, any Error>) -> Void
    }

    private struct Queue {
        var works: [Work] = []
        var isClosed = false
    }

    private let connection: SQLiteConnection
    private let configuration: SQLiteDatabase.Configuration
    private let queue = Mutex(Queue())
    private let signal = Condition()
    private let ending = Ending()

    /// Starts the thread.
    init(connection: SQLiteConnection, configuration: SQLiteDatabase.Configuration) {
        self.connection = connection
        self.configuration = configuration
        Thread.start(name: "sqlite-write") { [self] in loop() }
    }

    /// Queues a transaction.
    func submit(_ work: Work) {
        let refusal: StorageError? = queue.withLock { queue in
            if queue.isClosed { return .databaseClosed }
            if queue.works.count >= configuration.queueLimit { return .databaseOverloaded }
            queue.works.append(work)
            return nil
        }
        if let refusal { return work.completion(.failure(refusal)) }
        signal.notifyOne()
    }

    /// Refuses further transactions and waits until those that were accepted have been reported and the file is
    /// closed.
    func close() async {
        queue.withLock { $0.isClosed = true }
        signal.notifyAll()
        await ending.wait()
    }

    private func loop() {
        while let works = next() {
            if works.count == 1 { runAlone(works[0]) } else { runTogether(works) }
            let isIdle = queue.withLock { $0.works.isEmpty }
            let threshold = isIdle ? configuration.idleCheckpointPages : configuration.checkpointPages
            if connection.logPages >= threshold { connection.checkpoint() }
        }
        connection.checkpointAndTruncate()
        connection.close()
        ending.end()
    }

    private func next() -> [Work]? {
        signal.wait {
            queue.withLock { queue in
                guard !queue.works.isEmpty else { return queue.isClosed ? .some(nil) : nil }
                let works = Array(queue.works.prefix(configuration.groupLimit))
                queue.works.removeFirst(works.count)
                return .some(works)
            }
        }
    }

    private func runAlone(_ work: Work) {
        do {
            try connection.run("BEGIN IMMEDIATE", [])
            try work.body(Transaction(connection: connection))
            try commit { work.completion(.success(())) }
        } catch {
            rollBack()
            work.completion(.failure(error))
        }
    }

    private func runTogether(_ works: [Work]) {
        var results: [Result<Void, any Error>] = []
        do {
            try connection.run("BEGIN IMMEDIATE", [])
            for work in works {
                results.append(try runWithinSavepoint(work))
            }
            try commit {
                for (work, result) in zip(works, results) { work.completion(result) }
            }
        } catch is WholeTransactionLost {
            // SQLite has rolled back the whole group because of one member (a full disk, for instance). Alone, each
            // gets the outcome that is its own.
            rollBack()
            works.forEach(runAlone)
        } catch {
            rollBack()
            works.forEach { $0.completion(.failure(error)) }
        }
    }

    /// Makes the transaction durable, then reports it: in this order.
    private func commit(thenReport report: () -> Void) throws {
        #if DEBUG
            if Mutant.acknowledgesBeforeCommit {
                report()
                usleep(250_000)
                _ = try? connection.run("COMMIT", [])
                return
            }
        #endif
        try connection.run("COMMIT", [])
        report()
    }

    private func runWithinSavepoint(_ work: Work) throws -> Result<Void, any Error> {
        try connection.run("SAVEPOINT member", [])
        let result = Result { try work.body(Transaction(connection: connection)) }
        guard connection.isInTransaction else { throw WholeTransactionLost() }
        if case .failure = result { try connection.run("ROLLBACK TO member", []) }
        try connection.run("RELEASE member", [])
        return result
    }

    private func rollBack() {
        guard connection.isInTransaction else { return }
        _ = try? connection.run("ROLLBACK", [])
    }
}

private struct WholeTransactionLost: Error {}

extension StorageError {
    static let databaseClosed = StorageError(.closed, "the database has been closed; the server is shutting down")
    static let databaseOverloaded = StorageError(
        .overloaded, "too many transactions are waiting for the database; try again shortly")
}
