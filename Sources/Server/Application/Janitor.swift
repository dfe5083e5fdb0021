// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Storage

/// Clears up once at start and then every hour: what crashes left behind and what has been kept long enough.
struct Janitor: Sendable {
    let services: Services

    func run() async {
        while !Task.isCancelled {
            await sweep()
            try? await Task.sleep(for: .seconds(3600))
        }
    }

    /// One round. Failures are logged and tried again in the next round.
    func sweep() async {
        let now = services.clock.now()
        do {
            let known = try await services.database.read { try $0.recordings.paths() }
            let orphans = try await services.recordings.removeOrphans(known: known, now: now)
            let (answers, jobs) = try await services.database.write { transaction in
                (
                    try transaction.idempotency.removeExpired(at: now),
                    try transaction.jobs.removeEnded(before: now - .seconds(7 * 86_400))
                )
            }
            if orphans + answers + jobs > 0 {
                services.log.info(
                    "cleared up",
                    [
                        "orphan_files": .integer(Int64(orphans)), "idempotency_rows": .integer(Int64(answers)),
                        "ended_jobs": .integer(Int64(jobs)),
                    ])
            }
        } catch {
            services.log.warning("clearing up failed", ["error": .string("\(error)")])
        }
    }
}
