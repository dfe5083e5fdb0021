// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Storage
import Synchronization

extension JobRunner {
    /// One worker: claims and runs jobs until the runner stops.
    func work() async {
        while !isStopping {
            let seen = wakeUp.count
            // When the database can't be asked, the next poll asks again; the database's own errors are its metrics'.
            let job = try? await claim()
            if let job {
                await isStopping ? release(job) : perform(job)
            } else if !isStopping {
                await wakeUp.wait(past: seen)
            }
        }
    }

    /// Takes the next job that is due.
    func claim() async throws -> Job? {
        let kinds = handlers.keys.sorted()
        let (worker, lease, clock) = (identity.description, configuration.lease, clock)
        let job = try await database.write { transaction in
            try transaction.jobs.claim(kinds: kinds, worker: worker, lease: lease, at: clock.now())
        }
        guard let job else { return nil }
        let wait = max(.zero, clock.now() - job.runAt)
        counters.withLock { counters in
            counters.claimed += 1
            counters.queueWait += wait
        }
        return job
    }

    /// Runs a claimed job's handler and stores how it went.
    func perform(_ job: Job) async {
        guard let handler = handlers[job.kind] else { return }
        let runningJob = RunningJob(job: job)
        running.withLock { $0[job.lease] = runningJob }
        counters.withLock { $0.running += 1 }
        defer {
            _ = running.withLock { $0.removeValue(forKey: job.lease) }
            counters.withLock { $0.running -= 1 }
        }
        let context = JobContext(lease: job.lease, database: database, clock: clock) { [self, runningJob] in
            counters.withLock { $0.lateWritersRefused += 1 }
            runningJob.cancel()
        }
        switch await runningJob.run({ try await handler.run(job, context) }) {
        case .outcome(.done(let effect)): await finish(job, handler, effect)
        case .outcome(.retry(let delay, let reason)): await fail(job, handler, reason: reason, requested: delay)
        case .outcome(.discard(let reason)): await giveUp(job, handler, reason: reason)
        case .abandoned: await release(job)
        case .failure(let error as StorageError) where error.code == .leaseLost: break
        case .failure(is CancellationError) where isStopping: await release(job)
        case .failure(let error): await fail(job, handler, reason: Self.reason(error))
        }
        handler.ended(job)
    }

    private func finish(
        _ job: Job, _ handler: JobHandler, _ effect: @escaping @Sendable (Transaction) throws -> Void
    ) async {
        do {
            try await settle(job) { transaction, now in
                // The lease first: without it, the effect is not even tried.
                try transaction.jobs.finish(job.lease, at: now)
                try effect(transaction)
            }
            counters.withLock { $0.done += 1 }
        } catch let error as StorageError where error.code == .leaseLost {
            counters.withLock { $0.lateWritersRefused += 1 }
        } catch {
            await fail(job, handler, reason: Self.reason(error))
        }
    }

    private func fail(_ job: Job, _ handler: JobHandler, reason: String, requested: Duration? = nil) async {
        let decision = configuration.retries.decide(
            afterFailureOf: job, requested: requested, fraction: random(), at: clock.now())
        guard case .retry(let time) = decision else { return await giveUp(job, handler, reason: reason) }
        await store({ $0.retried += 1 }) {
            try await settle(job) { try $0.jobs.retry(job.lease, runAt: time, reason: reason, at: $1) }
        }
    }

    private func giveUp(_ job: Job, _ handler: JobHandler, reason: String) async {
        await store({ $0.dead += 1 }) { try await bury(job, handler, reason: reason) }
    }

    private func release(_ job: Job) async {
        await store({ $0.released += 1 }) { try await settle(job) { try $0.jobs.release(job.lease, at: $1) } }
    }

    /// Ends a job that has failed for good. If what it was about can't be told so, the job is ended all the same: it
    /// would only be given up again and again.
    func bury(_ job: Job, _ handler: JobHandler, reason: String) async throws {
        do {
            try await settle(job) { transaction, now in
                try transaction.jobs.bury(job.lease, reason: reason, at: now)
                try handler.giveUp(transaction, job, reason)
            }
        } catch let error as StorageError where error.code == .leaseLost {
            throw error
        } catch {
            let both = "\(reason); and noting that failed: \(Self.reason(error))"
            try await settle(job) { try $0.jobs.bury(job.lease, reason: both, at: $1) }
        }
    }

    private func settle(
        _ job: Job, _ body: @escaping @Sendable (Transaction, Timestamp) throws -> Void
    ) async throws {
        try await database.write { [clock] transaction in try body(transaction, clock.now()) }
    }

    /// Counts what was stored, or why it was not.
    private func store(
        _ count: (inout JobMetrics) -> Void, _ write: () async throws -> Void
    ) async {
        do {
            try await write()
            counters.withLock { count(&$0) }
        } catch let error as StorageError where error.code == .leaseLost {
            counters.withLock { $0.lateWritersRefused += 1 }
        } catch {
            counters.withLock { $0.unstored += 1 }
        }
    }

    /// An error as it may be stored and shown: errors of ours say what happened without data; of others only the
    /// type is known to be harmless.
    static func reason(_ error: any Error) -> String {
        let text = (error as? any CustomStringConvertible)?.description ?? "an error of type \(type(of: error))"
        return String(text.prefix(500))
    }
}
