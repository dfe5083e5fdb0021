// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
public import Storage
import Synchronization
import Threads

/// Claims jobs and runs their handlers until it is stopped.
///
/// ```swift
/// let runner = JobRunner(database: database, handlers: ["answer": JobHandler { job, context in … }])
/// try await runner.run()
/// ```
///
/// A job's effect happens exactly once, its handler at least once: a worker that was paused, cut off or killed can
/// write nothing after its lease has passed on (docs/jobs.md).
public final class JobRunner: Sendable {
    /// How a runner works; the defaults serve one server.
    public struct Configuration: Sendable, Hashable {
        /// How many jobs run at once.
        public var workers: Int = 1
        /// How long a claim lasts unless it is extended.
        public var lease: Duration = .seconds(60)
        /// How often leases are extended.
        public var heartbeat: Duration = .seconds(20)
        /// How often the database is asked for jobs that other processes have enqueued or whose time has come.
        public var poll: Duration = .seconds(2)
        /// How often leases of workers that are gone are looked for.
        public var sweep: Duration = .seconds(5)
        /// How long handlers may go on after the runner is told to stop. They are cancelled at four fifths of it.
        public var grace: Duration = .seconds(25)
        /// When failed attempts are repeated.
        public var retries: RetrySchedule = RetrySchedule()

        /// Creates the default configuration.
        public init() {}
    }

    let database: any Database
    let clock: WallClock
    let configuration: Configuration
    let handlers: [String: JobHandler]
    let identity: WorkerIdentity
    let random: @Sendable () -> Double
    let counters = Mutex(JobMetrics())
    let running = Mutex<[JobLease: RunningJob]>([:])
    let wakeUp = WakeUp()
    private let phase = Mutex(Phase())
    private let phaseChanged = Condition()

    private struct Phase {
        var stopRequested: ContinuousClock.Instant?
        var workersEnded = false
    }

    /// Creates a runner.
    ///
    /// - Parameters:
    ///   - database: Where the jobs are.
    ///   - clock: The time that leases are measured by.
    ///   - configuration: How it works.
    ///   - handlers: What it can do, by kind of job. Jobs of other kinds are left to other runners.
    ///   - random: Gives numbers 0..<1, for the retry schedule.
    public init(
        database: any Database, clock: WallClock = .system, configuration: Configuration = Configuration(),
        handlers: [String: JobHandler], random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.database = database
        self.clock = clock
        self.configuration = configuration
        self.handlers = handlers
        self.random = random
        identity = .current
    }

    /// Runs jobs until ``shutdown()`` or until the calling task is cancelled; then waits for the handlers, at most for
    /// the configured grace, and puts back what they have not finished. Call it once.
    ///
    /// - Throws: ``StorageError`` when the queue can't be read at the start.
    public func run() async throws {
        try await recover()
        await withTaskCancellationHandler {
            Thread.start(name: "job-heartbeat") { [self] in keepTime() }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<max(1, configuration.workers) {
                    group.addTask { [self] in await work() }
                }
            }
            phase.withLock { $0.workersEnded = true }
            phaseChanged.notifyAll()
        } onCancel: {
            shutdown()
        }
    }

    /// Stops claiming; ``run()`` returns when the running handlers have ended or the grace is over.
    public func shutdown() {
        phase.withLock { $0.stopRequested = $0.stopRequested ?? .now }
        phaseChanged.notifyAll()
        wakeUp.signal()
    }

    /// Says that a job has been enqueued by this process, so that nobody need wait for the next poll.
    public func wake() { wakeUp.signal() }

    /// What the runner has done so far.
    public var metrics: JobMetrics { counters.withLock { $0 } }

    /// Whether the runner has been told to stop.
    var isStopping: Bool { phase.withLock { $0.stopRequested != nil } }

    /// The heartbeat's thread: it is nobody's compute thread, so leases live while the processor is busy.
    private func keepTime() {
        let start = ContinuousClock.now
        var nextPoll = start + configuration.poll
        var nextBeat = start + configuration.heartbeat
        var nextSweep = start + configuration.sweep
        while true {
            let seen = phase.withLock { $0 }
            if seen.workersEnded { return }
            let now = ContinuousClock.now
            var next = min(nextBeat, nextSweep)
            if let stop = seen.stopRequested {
                let (cancellation, end) = (stop + configuration.grace * 4 / 5, stop + configuration.grace)
                if now >= end { abandonAll() } else if now >= cancellation { cancelAll() }
                next = min(next, now < cancellation ? cancellation : now < end ? end : now + .milliseconds(50))
            } else {
                next = min(next, nextPoll)
            }
            if now >= nextPoll {
                nextPoll = now + configuration.poll
                wakeUp.signal()
            }
            if now >= nextBeat {
                nextBeat = now + configuration.heartbeat
                beat()
            }
            if now >= nextSweep {
                nextSweep = now + configuration.sweep
                sweep()
            }
            _ = phaseChanged.wait(upTo: next - now) { () -> Void? in
                let current = phase.withLock { $0 }
                let isChanged =
                    current.workersEnded || (current.stopRequested != nil && seen.stopRequested == nil)
                return isChanged ? () : nil
            }
        }
    }

    private func cancelAll() {
        for job in running.withLock({ Array($0.values) }) { job.cancel() }
    }

    private func abandonAll() {
        for job in running.withLock({ Array($0.values) }) { job.abandon() }
    }
}
