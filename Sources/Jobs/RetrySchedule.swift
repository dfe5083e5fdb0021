// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Storage

/// When to try again: exponentially growing waits with full jitter, so that jobs which failed together don't come
/// back together (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
public struct RetrySchedule: Sendable, Hashable {
    /// The longest wait after the first attempt; it doubles with each further one.
    public var base: Duration
    /// The longest wait of all.
    public var cap: Duration

    /// Creates a schedule.
    public init(base: Duration = .seconds(5), cap: Duration = .seconds(600)) {
        self.base = base
        self.cap = cap
    }

    /// The wait after an attempt.
    ///
    /// - Parameters:
    ///   - attempt: The number of the attempt that failed, from 1.
    ///   - fraction: A random number, 0..<1.
    public func delay(afterAttempt attempt: Int, fraction: Double) -> Duration {
        let doublings = Double(min(max(attempt, 1) - 1, 62))
        let longest = min(cap.seconds, base.seconds * exp2(doublings))
        return .milliseconds(Int64(longest * fraction * 1000))
    }

    private func exp2(_ exponent: Double) -> Double { Double(sign: .plus, exponent: Int(exponent), significand: 1) }

    /// What becomes of a job whose attempt has failed.
    ///
    /// - Parameters:
    ///   - job: The job as it was claimed.
    ///   - requested: How long the handler wants to wait; nil for the schedule's choice.
    ///   - fraction: A random number, 0..<1.
    ///   - now: The time.
    func decide(
        afterFailureOf job: Job, requested: Duration? = nil, fraction: Double, at now: Timestamp
    ) -> FailureDecision {
        guard job.attempt < job.maxAttempts else { return .bury }
        return .retry(at: now + (requested ?? delay(afterAttempt: job.attempt, fraction: fraction)))
    }
}

/// What becomes of a job whose attempt has failed.
enum FailureDecision: Sendable, Hashable {
    /// It is tried again at a time.
    case retry(at: Timestamp)
    /// It has had all its attempts.
    case bury
}
