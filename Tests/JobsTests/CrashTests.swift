// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Foundation
import Storage
import Testing

@testable import Jobs

/// Workers that are processes of their own and really die.
@Suite struct CrashTests {
    @Test func `a job that kills its worker is dead after three attempts, each lease broken at once`() async throws {
        try await JobBench.use { bench async throws in
            let id = try await bench.enqueue().id
            let path = bench.path
            let survivor = bench.runner([
                "answer": JobHandler { _, _ in
                    .done { _ in }
                } giveUp: { transaction, job, reason in
                    try transaction.settings.set("told", to: reason, at: job.updatedAt)
                }
            ])
            for attempt in 1...3 {
                await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                    let database = try await SQLiteDatabase.open(path: path)
                    let runner = JobRunner(
                        database: database,
                        handlers: [
                            "answer": JobHandler { _, context in
                                try await context.checkpoint { try JobBench.count("stages", $0) }
                                kill(getpid(), SIGKILL)
                                return .done { try JobBench.count("effect", $0) }
                            }
                        ])
                    try await runner.run()
                }
                let held = try #require(try await bench.job(id))
                #expect(held.state == .running)
                #expect(held.attempt == attempt)
                // Long before the lease ends: the process is seen to be gone.
                try await survivor.recover()
                #expect(try await bench.job(id)?.state == (attempt < 3 ? .ready : .dead))
            }
            #expect(try await bench.counted("stages") == 3)
            #expect(try await bench.counted("effect") == 0)
            let told = try await bench.database.read { try $0.settings.value("told") }
            #expect(told == "its worker died or was cut off, 3 times")
            #expect(survivor.metrics.broken == 3)
            #expect(survivor.metrics.dead == 1)
        }
    }

    @Test func `the runner's own sweep finds a dead worker's job and does it`() async throws {
        try await JobBench.use { bench async throws in
            let id = try await bench.enqueue().id
            let path = bench.path
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let database = try await SQLiteDatabase.open(path: path)
                let runner = JobRunner(database: database, handlers: ["answer": JobHandler { _, _ in .done { _ in } }])
                _ = try await runner.claim()
                kill(getpid(), SIGKILL)
            }
            let done = Gate()
            let runner = bench.runner([
                "answer": JobHandler { _, _ in
                    done.open()
                    return .done { _ in }
                }
            ])
            async let run: Void = runner.run()
            await done.pass()
            runner.shutdown()
            try await run
            #expect(try await bench.job(id)?.state == .done)
            #expect(try await bench.job(id)?.attempt == 2)
        }
    }
}
