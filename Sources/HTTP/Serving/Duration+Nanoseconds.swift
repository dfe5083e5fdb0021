// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension Duration {
    /// The duration in whole nanoseconds: 0 when negative, the largest number when too long (584 years).
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        // Far enough from the top that adding it to a clock can't overflow.
        return overflow ? .max / 4 : min(product + UInt64(attoseconds) / 1_000_000_000, .max / 4)
    }
}

/// The durations among the limits in nanoseconds, worked out once.
struct Deadlines: Sendable {
    let header: UInt64
    let bodyIdle: UInt64
    let writeIdle: UInt64
    let rateGrace: UInt64
    let keepAlive: UInt64

    init(_ limits: HTTPLimits) {
        header = limits.headerTime.nanoseconds
        bodyIdle = limits.bodyIdleTime.nanoseconds
        writeIdle = limits.writeIdleTime.nanoseconds
        rateGrace = limits.minimumRateGrace.nanoseconds
        keepAlive = limits.keepAliveTime.nanoseconds
    }

    /// How often deadlines must be looked at, in nanoseconds: a quarter of the shortest one, at most half a second.
    var sweepInterval: UInt64 {
        let shortest = min(header, bodyIdle, writeIdle, min(rateGrace, keepAlive))
        return min(max(shortest / 4, 5_000_000), 500_000_000)
    }
}
