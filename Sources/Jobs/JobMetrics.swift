// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What a runner has done since it was made.
public struct JobMetrics: Sendable, Hashable {
    /// Claims.
    public var claimed = 0
    /// Jobs whose effect is in the database.
    public var done = 0
    /// Attempts that failed and will be repeated.
    public var retried = 0
    /// Jobs given up: out of attempts, or discarded by their handler.
    public var dead = 0
    /// Jobs put back because the server stopped.
    public var released = 0
    /// Leases taken from workers that are gone, or that did not extend them.
    public var broken = 0
    /// Writes refused because the lease had passed to another worker.
    public var lateWritersRefused = 0
    /// Outcomes that could not be stored; their leases end by themselves.
    public var unstored = 0
    /// How long claimed jobs had been due, together.
    public var queueWait: Duration = .zero
    /// Jobs that are being worked on now.
    public var running = 0
}
