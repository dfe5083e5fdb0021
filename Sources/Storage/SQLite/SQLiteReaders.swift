// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Synchronization
import Threads

/// The threads that read, each with a connection for the time of a transaction.
final class SQLiteReaders: Sendable {
    private struct State {
        var idle: [SQLiteConnection]
        var accepted = 0
        var isClosed = false
    }

    private let threads: ThreadPool
    private let state: Mutex<State>
    private let ending = Ending()

    /// Opens the connections and starts the threads.
    ///
    /// - Throws: ``StorageError``.
    init(path: String, configuration: SQLiteDatabase.Configuration) throws {
        let count = max(1, configuration.readers)
        let connections = try (0..<count).map { _ in
            try SQLiteConnection(path: path, access: .reading, busyTimeout: configuration.busyTimeout)
        }
        state = Mutex(State(idle: connections))
        threads = ThreadPool(name: "sqlite-read", threads: count, queueLimit: configuration.queueLimit)
    }

    /// Queues reads.
    func submit(
        _ body: @escaping @Sendable (Transaction) throws -> Void,
        completion: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.accepted += 1 }
            return state.isClosed
        }
        if isClosed { return completion(.failure(StorageError.databaseClosed)) }
        do {
            try threads.enqueue { [self] in
                let result = Result { try run(body) }
                leave()
                completion(result)
            }
        } catch {
            leave()
            completion(.failure(StorageError.databaseOverloaded))
        }
    }

    /// Refuses further reads and waits until those that were accepted have ended and the connections are closed.
    func close() async {
        state.withLock { $0.isClosed = true }
        endIfUnused()
        await ending.wait()
        threads.close()
    }

    private func run(_ body: (Transaction) throws -> Void) throws {
        // There are as many threads as connections, so one is always idle here.
        guard let connection = state.withLock({ $0.idle.popLast() }) else { throw StorageError.databaseOverloaded }
        defer { state.withLock { $0.idle.append(connection) } }
        try connection.run("BEGIN", [])
        defer { _ = try? connection.run("ROLLBACK", []) }
        try body(Transaction(connection: connection))
    }

    private func leave() {
        state.withLock { $0.accepted -= 1 }
        endIfUnused()
    }

    private func endIfUnused() {
        let unused = state.withLock { state -> [SQLiteConnection]? in
            guard state.isClosed, state.accepted == 0 else { return nil }
            defer { state.idle = [] }
            return state.idle
        }
        guard let unused else { return }
        for connection in unused { connection.close() }
        ending.end()
    }
}
