// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Storage

/// What the work of one kind is, and what it means that it can't be done.
public struct JobHandler: Sendable {
    /// Does the work of one claim.
    ///
    /// It is cancelled when the lease is lost or the server stops. It may be run again after a crash at any point, so
    /// what it writes goes through ``JobContext/checkpoint(_:)`` or the outcome's effect, never past them.
    public let run: @Sendable (Job, JobContext) async throws -> JobOutcome
    /// Called in the transaction that gives a job up, with the reason, so that what the job was about can say so too.
    public let giveUp: @Sendable (Transaction, Job, String) throws -> Void
    /// Called when what became of an attempt has been stored, so that those who watch can be told.
    public let ended: @Sendable (Job) -> Void

    /// Creates a handler.
    public init(
        run: @escaping @Sendable (Job, JobContext) async throws -> JobOutcome,
        giveUp: @escaping @Sendable (Transaction, Job, String) throws -> Void = { _, _, _ in },
        ended: @escaping @Sendable (Job) -> Void = { _ in }
    ) {
        self.run = run
        self.giveUp = giveUp
        self.ended = ended
    }
}

/// How a handler has got on.
public enum JobOutcome: Sendable {
    /// The work is done; the effect is written in the transaction that ends the job, or not at all.
    case done(effect: @Sendable (Transaction) throws -> Void)
    /// It did not work now but may later: after the given time, or after the schedule's when it is nil. A thrown
    /// error means the same.
    case retry(after: Duration?, reason: String)
    /// It can never work.
    case discard(reason: String)
}
