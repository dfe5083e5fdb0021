// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Storage
import Synchronization

extension JobRunner {
    /// Extends the leases of all running jobs; handlers whose lease is lost are cancelled.
    func beat(completion: @escaping @Sendable () -> Void = {}) {
        let leases = running.withLock { Array($0.keys) }
        guard !leases.isEmpty else { return completion() }
        let held = LeaseBox()
        database.submitWrite { [clock, configuration] transaction in
            held.set(try transaction.jobs.extend(leases, until: clock.now() + configuration.lease))
        } completion: { [self] result in
            // A heartbeat that fails is repeated with the next; the fence protects what happens until then.
            if case .success = result, let held = held.leases {
                let lost = running.withLock { running in leases.compactMap { held.contains($0) ? nil : running[$0] } }
                for job in lost { job.cancel() }
            }
            completion()
        }
    }

    /// Puts back the jobs of workers that are gone or have not extended their leases; gives up those that have had
    /// all their attempts. Returns at once; the work happens on the database's threads.
    func sweep() {
        database.submitRead { [self] transaction in
            let stale = try staleJobs(transaction)
            guard !stale.isEmpty else { return }
            for job in stale {
                database.submitWrite { [self] in
                    try breakLease(of: job, $0, informing: true)
                } completion: { result in
                    self.brokeLease(of: job, result)
                }
            }
        } completion: { _ in
            // A failed look is repeated with the next sweep.
        }
    }

    /// The same as ``sweep()``, awaited: at the start, before anything is claimed.
    func recover() async throws {
        for job in try await database.read({ [self] in try staleJobs($0) }) {
            do {
                try await database.write { [self] in try breakLease(of: job, $0, informing: true) }
                brokeLease(of: job, .success(()))
            } catch {
                brokeLease(of: job, .failure(error))
            }
        }
    }

    private func staleJobs(_ transaction: Transaction) throws -> [Job] {
        let now = clock.now()
        let own = running.withLock { Set($0.keys) }
        return try transaction.jobs.running().filter { job in
            guard handlers[job.kind] != nil else { return false }
            if let end = job.leaseUntil, end < now { return true }
            // This process's own running jobs need no look at the process table.
            guard !own.contains(job.lease), let worker = job.worker.flatMap(WorkerIdentity.init) else { return false }
            return worker.isGone(seenBy: identity)
        }
    }

    private func breakLease(of job: Job, _ transaction: Transaction, informing: Bool) throws {
        let now = clock.now()
        let reason = "its worker died or was cut off"
        // The holder may have extended or ended the lease since it was looked at.
        guard let current = try transaction.jobs.find(job.id), current.lease == job.lease,
            current.leaseUntil == job.leaseUntil
        else { throw StorageError(.leaseLost, "the lease is alive again") }
        guard job.attempt >= job.maxAttempts else {
            return try transaction.jobs.retry(job.lease, runAt: now, reason: reason, at: now)
        }
        let verdict = "\(reason), \(job.attempt) times"
        try transaction.jobs.bury(job.lease, reason: verdict, at: now)
        if informing { try handlers[job.kind]?.giveUp(transaction, job, verdict) }
    }

    private func brokeLease(of job: Job, _ result: Result<Void, any Error>) {
        switch result {
        case .success:
            counters.withLock { counters in
                counters.broken += 1
                if job.attempt >= job.maxAttempts { counters.dead += 1 }
            }
            wakeUp.signal()
        case .failure(let error as StorageError) where error.code == .leaseLost: break
        case .failure where job.attempt >= job.maxAttempts:
            // What the job was about can't be told; end the job all the same.
            database.submitWrite { [self] in
                try breakLease(of: job, $0, informing: false)
            } completion: { _ in
            }
        case .failure: counters.withLock { $0.unstored += 1 }
        }
    }
}

/// Carries a set of leases from the database's thread to the completion.
private final class LeaseBox: Sendable {
    private let value = Mutex<Set<JobLease>?>(nil)

    var leases: Set<JobLease>? { value.withLock { $0 } }

    func set(_ leases: Set<JobLease>) { value.withLock { $0 = leases } }
}
