// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
public import Storage

/// What a handler may do with its lease.
public struct JobContext: Sendable {
    private let lease: JobLease
    private let database: any Database
    private let clock: WallClock
    private let onLoss: @Sendable () -> Void

    init(lease: JobLease, database: any Database, clock: WallClock, onLoss: @escaping @Sendable () -> Void) {
        self.lease = lease
        self.database = database
        self.clock = clock
        self.onLoss = onLoss
    }

    /// Stores something on the way, if the lease is still held.
    ///
    /// - Throws: ``StorageError`` with code `leaseLost` when another worker has the job now: nothing was written, and
    ///   the handler should end. Else what the body throws.
    public func checkpoint<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.write { [lease, clock] transaction in
                try transaction.jobs.confirm(lease, at: clock.now())
                return try body(transaction)
            }
        } catch let error as StorageError where error.code == .leaseLost {
            onLoss()
            throw error
        }
    }
}
