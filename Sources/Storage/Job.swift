// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
public import JSON

/// A piece of work that must be done once, now or later, by some worker (docs/jobs.md).
public struct Job: Sendable, Hashable {
    /// How far a job has come.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It waits for a worker, or for its time.
        case ready
        /// A worker holds its lease.
        case running
        /// Its effect is in the database.
        case done
        /// It failed for good; people may look at it and run it again.
        case dead
        /// Nobody wants it any more.
        case cancelled
    }

    /// Identity.
    public var id: Identifier<Job>
    /// Which handler does it, such as `answer`.
    public var kind: String
    /// What it is about: the id of a response, for instance.
    public var subject: String
    /// What else the handler must know; part of the job's identity.
    public var params: JSONValue
    /// How far it has come.
    public var state: State
    /// Lower numbers run first.
    public var priority: Int
    /// When it may run.
    public var runAt: Timestamp
    /// How often it has been claimed.
    public var attempt: Int
    /// How often it may be claimed.
    public var maxAttempts: Int
    /// Counts the claims ever made; a writer with an older number is refused.
    public var fence: Int64
    /// When the worker's right ends, unless it is extended.
    public var leaseUntil: Timestamp?
    /// Who holds the lease.
    public var worker: String?
    /// Why the latest attempt failed.
    public var lastError: String?
    /// When it was enqueued.
    public var createdAt: Timestamp
    /// When it last changed.
    public var updatedAt: Timestamp

    /// The right to work on this job that came with this claim.
    public var lease: JobLease { JobLease(job: id, fence: fence) }
}

extension Job.State: SQLConvertible {}

/// The right to work on a job: it is lost as soon as somebody else claims the job.
public struct JobLease: Sendable, Hashable {
    /// The job.
    public let job: Identifier<Job>
    /// The claim's number.
    public let fence: Int64

    /// Creates a lease; it is worth something only if the database agrees.
    public init(job: Identifier<Job>, fence: Int64) {
        self.job = job
        self.fence = fence
    }
}

/// Work to be enqueued.
public struct NewJob: Sendable, Hashable {
    /// What to do when the same job (kind, subject and params) has already ended.
    public enum WhenEnded: Sendable, Hashable {
        /// Nothing: once is enough.
        case keep
        /// Run it again, with all its attempts.
        case runAgain
    }

    /// Which handler does it.
    public var kind: String
    /// What it is about.
    public var subject: String
    /// What else the handler must know.
    public var params: JSONValue
    /// Lower numbers run first.
    public var priority: Int
    /// When it may run; nil for at once.
    public var runAt: Timestamp?
    /// How often it may be claimed before it is dead.
    public var maxAttempts: Int
    /// What to do when the same job has already ended.
    public var whenEnded: WhenEnded

    /// Creates a request for work.
    public init(
        kind: String, subject: String, params: JSONValue = [:], priority: Int = 100, runAt: Timestamp? = nil,
        maxAttempts: Int = 3, whenEnded: WhenEnded = .keep
    ) {
        self.kind = kind
        self.subject = subject
        self.params = params
        self.priority = priority
        self.runAt = runAt
        self.maxAttempts = max(1, maxAttempts)
        self.whenEnded = whenEnded
    }
}
