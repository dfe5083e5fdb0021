// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Glibc
import Jobs
import Storage

/// The metrics that are read off the system's state when somebody asks.
struct Gauges {
    let services: Services

    func register() {
        services.metrics.set(
            "oracy_build_info", "The running version.", labels: [("version", Release.version)], to: 1)
        services.metrics.collect { [services] metrics in
            if let counts = try? await services.database.read({ try $0.jobs.counts() }) {
                for (state, count) in counts {
                    metrics.set(
                        "oracy_jobs", "Jobs by state.", labels: [("state", state.rawValue)], to: Double(count))
                }
            }
            let jobs = services.jobs.metrics
            metrics.set(
                "oracy_jobs_claimed_total", "Jobs claimed by this process.", to: Double(jobs.claimed), kind: "counter")
            metrics.set(
                "oracy_jobs_done_total", "Jobs finished by this process.", to: Double(jobs.done), kind: "counter")
            metrics.set(
                "oracy_jobs_retried_total", "Attempts that failed and will be repeated.", to: Double(jobs.retried),
                kind: "counter")
            metrics.set(
                "oracy_jobs_dead_total", "Jobs given up by this process.", to: Double(jobs.dead), kind: "counter")
            metrics.set(
                "oracy_late_writers_refused_total", "Writes of workers whose lease had passed on.",
                to: Double(jobs.lateWritersRefused), kind: "counter")
            metrics.set(
                "oracy_queue_wait_seconds_total", "Time that claimed jobs had been due.", to: jobs.queueWait.seconds,
                kind: "counter")
            if let space = services.recordings.space() {
                metrics.set("oracy_disk_free_bytes", "Free space for recordings.", to: Double(space.free))
            }
            var usage = rusage()
            if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
                let user = Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
                let system = Double(usage.ru_stime.tv_sec) + Double(usage.ru_stime.tv_usec) / 1e6
                metrics.set(
                    "process_cpu_seconds_total", "Processor time used.", to: user + system, kind: "counter")
                metrics.set(
                    "process_max_resident_memory_bytes", "The most memory that was resident.",
                    to: Double(usage.ru_maxrss) * 1024)
            }
        }
    }
}
