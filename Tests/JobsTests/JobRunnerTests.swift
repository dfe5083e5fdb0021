// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Storage
import Testing

@testable import Jobs

@Suite struct JobRunnerTests {
    @Test func `a job is done once, with what was stored on the way`() async throws {
        try await JobBench.use { bench async throws in
            let runner = bench.runner([
                "answer": JobHandler { job, context in
                    try await context.checkpoint { try JobBench.count("stage \(job.subject)", $0) }
                    return .done { try JobBench.count("effect \(job.subject)", $0) }
                }
            ])
            let id = try await bench.enqueue().id
            bench.time.advance(by: .seconds(3))
            let claimed = try #require(try await runner.claim())
            await runner.perform(claimed)
            #expect(try await runner.claim() == nil)
            let job = try await bench.job(id)
            #expect(job?.state == .done)
            #expect(job?.attempt == 1)
            #expect(job?.worker == nil)
            #expect(try await bench.counted("stage r1") == 1)
            #expect(try await bench.counted("effect r1") == 1)
            #expect(runner.metrics.claimed == 1)
            #expect(runner.metrics.done == 1)
            #expect(runner.metrics.queueWait == .seconds(3))
            #expect(runner.metrics.running == 0)
        }
    }

    @Test func `failures are repeated on schedule, then the job is dead and its subject is told`() async throws {
        try await JobBench.use { bench async throws in
            let runner = bench.runner([
                "answer": JobHandler { _, _ in
                    throw Failure()
                } giveUp: { transaction, job, reason in
                    try transaction.settings.set("told", to: "\(job.subject): \(reason)", at: job.updatedAt)
                }
            ])
            let id = try await bench.enqueue().id
            for (attempt, wait) in [(1, 2500), (2, 5000)] {
                await runner.perform(try #require(try await runner.claim()))
                let job = try #require(try await bench.job(id))
                #expect(job.state == .ready)
                #expect(job.attempt == attempt)
                #expect(job.lastError == "it did not work")
                #expect(job.runAt == bench.time.now + .milliseconds(wait))
                #expect(try await runner.claim() == nil)
                bench.time.advance(by: .milliseconds(wait))
            }
            await runner.perform(try #require(try await runner.claim()))
            let job = try #require(try await bench.job(id))
            #expect(job.state == .dead)
            #expect(job.attempt == 3)
            let told = try await bench.database.read { try $0.settings.value("told") }
            #expect(told == "r1: it did not work")
            #expect(runner.metrics.retried == 2)
            #expect(runner.metrics.dead == 1)
        }
    }

    @Test func `a handler may choose when to be repeated, or that it never is`() async throws {
        try await JobBench.use { bench async throws in
            let runner = bench.runner([
                "answer": JobHandler { job, _ in
                    job.attempt == 1 ? .retry(after: .seconds(77), reason: "busy") : .discard(reason: "no audio")
                }
            ])
            let id = try await bench.enqueue().id
            await runner.perform(try #require(try await runner.claim()))
            #expect(try await bench.job(id)?.runAt == bench.time.now + .seconds(77))
            bench.time.advance(by: .seconds(77))
            await runner.perform(try #require(try await runner.claim()))
            #expect(try await bench.job(id)?.state == .dead)
            #expect(try await bench.job(id)?.lastError == "no audio")
        }
    }

    @Test func `an effect that fails is rolled back and the job is tried again`() async throws {
        try await JobBench.use { bench async throws in
            let runner = bench.runner([
                "answer": JobHandler { job, _ in
                    .done { transaction in
                        try JobBench.count("effect", transaction)
                        if job.attempt == 1 { throw Failure() }
                    }
                }
            ])
            let id = try await bench.enqueue().id
            await runner.perform(try #require(try await runner.claim()))
            #expect(try await bench.job(id)?.state == .ready)
            #expect(try await bench.counted("effect") == 0)
            bench.time.advance(by: .seconds(10))
            await runner.perform(try #require(try await runner.claim()))
            #expect(try await bench.job(id)?.state == .done)
            #expect(try await bench.counted("effect") == 1)
        }
    }

    @Test func `a job whose subject can't be told of its death is dead all the same`() async throws {
        try await JobBench.use { bench async throws in
            let runner = bench.runner([
                "answer": JobHandler { _, _ in
                    .discard(reason: "no audio")
                } giveUp: { _, _, _ in
                    throw Failure()
                }
            ])
            let id = try await bench.enqueue().id
            await runner.perform(try #require(try await runner.claim()))
            #expect(try await bench.job(id)?.state == .dead)
            #expect(try await bench.job(id)?.lastError == "no audio; and noting that failed: it did not work")
        }
    }

    @Test func `a paused worker is refused after another has done its job`() async throws {
        try await JobBench.use { bench async throws in
            let (paused, resumed) = (Gate(), Gate())
            let slow = bench.runner([
                "answer": JobHandler { _, _ in
                    paused.open()
                    await resumed.pass()
                    return .done { try JobBench.count("effect", $0) }
                }
            ])
            let quick = bench.runner([
                "answer": JobHandler { _, _ in .done { try JobBench.count("effect", $0) } }
            ])
            let id = try await bench.enqueue().id
            let claimed = try #require(try await slow.claim())
            async let late: Void = slow.perform(claimed)
            await paused.pass()
            bench.time.advance(by: .seconds(61))
            try await quick.recover()
            await quick.perform(try #require(try await quick.claim()))
            resumed.open()
            await late
            #expect(try await bench.counted("effect") == 1)
            #expect(try await bench.job(id)?.state == .done)
            #expect(try await bench.job(id)?.fence == 2)
            #expect(quick.metrics.broken == 1)
            #expect(slow.metrics.lateWritersRefused == 1)
            #expect(slow.metrics.done == 0)
        }
    }

    @Test func `a checkpoint after the lease is lost writes nothing and cancels the handler`() async throws {
        try await JobBench.use { bench async throws in
            let (paused, resumed) = (Gate(), Gate())
            let refusal = AsyncStream<StorageError.Code?>.makeStream()
            let runner = bench.runner([
                "answer": JobHandler { _, context in
                    paused.open()
                    await resumed.pass()
                    do {
                        try await context.checkpoint { try JobBench.count("stage", $0) }
                        refusal.continuation.yield(nil)
                    } catch {
                        refusal.continuation.yield((error as? StorageError)?.code)
                        #expect(Task.isCancelled)
                        throw error
                    }
                    return .done { _ in }
                }
            ])
            let job = try await bench.enqueue()
            let claimed = try #require(try await runner.claim())
            async let work: Void = runner.perform(claimed)
            await paused.pass()
            try await bench.database.write { try $0.jobs.cancel(job.id, at: job.createdAt) }
            resumed.open()
            await work
            for await code in refusal.stream {
                #expect(code == .leaseLost)
                break
            }
            #expect(try await bench.counted("stage") == 0)
            #expect(try await bench.job(job.id)?.state == .cancelled)
            #expect(runner.metrics.lateWritersRefused == 1)
        }
    }

    @Test func `heartbeats keep a lease alive, and its loss cancels the handler`() async throws {
        try await JobBench.use { bench async throws in
            let started = Gate()
            let runner = bench.runner([
                "answer": JobHandler { _, _ in
                    started.open()
                    try await Task.sleep(for: .seconds(3600))
                    return .done { _ in }
                }
            ])
            let id = try await bench.enqueue().id
            let claimed = try #require(try await runner.claim())
            async let work: Void = runner.perform(claimed)
            await started.pass()
            for _ in 0..<3 {
                bench.time.advance(by: .seconds(50))
                await withCheckedContinuation { continuation in runner.beat { continuation.resume() } }
                #expect(try await bench.job(id)?.leaseUntil == bench.time.now + .seconds(60))
                try await runner.recover()
                #expect(try await bench.job(id)?.state == .running)
            }
            let now = bench.time.now
            try await bench.database.write { try $0.jobs.cancel(id, at: now) }
            await withCheckedContinuation { continuation in runner.beat { continuation.resume() } }
            await work
            #expect(try await bench.job(id)?.state == .cancelled)
        }
    }

    @Test func `an enqueued job runs at the wake-up, without waiting for the poll`() async throws {
        try await JobBench.use { bench async throws in
            let done = AsyncStream<String>.makeStream()
            let runner = bench.runner(
                [
                    "answer": JobHandler { job, _ in
                        done.continuation.yield(job.subject)
                        return .done { try JobBench.count("effect", $0) }
                    }
                ], configure: { $0.workers = 3 })
            async let run: Void = runner.run()
            for index in 0..<20 {
                try await bench.enqueue("r\(index)")
                runner.wake()
            }
            var seen: Set<String> = []
            for await subject in done.stream {
                seen.insert(subject)
                if seen.count == 20 { break }
            }
            runner.shutdown()
            try await run
            #expect(try await bench.counted("effect") == 20)
            #expect(runner.metrics.done == 20)
        }
    }

    @Test func `a shutdown waits for the handler that runs and claims nothing more`() async throws {
        try await JobBench.use { bench async throws in
            let (started, release) = (Gate(), Gate())
            let runner = bench.runner([
                "answer": JobHandler { _, _ in
                    started.open()
                    await release.pass()
                    return .done { try JobBench.count("effect", $0) }
                }
            ])
            let first = try await bench.enqueue("first").id
            let second = try await bench.enqueue("second").id
            async let run: Void = runner.run()
            await started.pass()
            runner.shutdown()
            release.open()
            try await run
            let states = [try await bench.job(first)?.state, try await bench.job(second)?.state]
            #expect(Set(states) == [.done, .ready])
            #expect(try await bench.counted("effect") == 1)
        }
    }

    @Test func `cancelling the runner's task is a shutdown too`() async throws {
        try await JobBench.use { bench async throws in
            let (started, release) = (Gate(), Gate())
            let runner = bench.runner([
                "answer": JobHandler { _, _ in
                    started.open()
                    await release.pass()
                    #expect(!Task.isCancelled)
                    return .done { try JobBench.count("effect", $0) }
                }
            ])
            try await bench.enqueue()
            let task = Task { try await runner.run() }
            await started.pass()
            task.cancel()
            release.open()
            try await task.value
            #expect(try await bench.counted("effect") == 1)
        }
    }

    @Test func `a handler that does not end in time is given up, and what it writes later is refused`() async throws {
        try await JobBench.use { bench async throws in
            let (started, release, ended) = (Gate(), Gate(), Gate())
            let refused = AsyncStream<Bool>.makeStream()
            let runner = bench.runner(
                [
                    "answer": JobHandler { _, context in
                        started.open()
                        await release.pass()
                        let code = await #expect(throws: StorageError.self) {
                            try await context.checkpoint { try JobBench.count("effect", $0) }
                        }?.code
                        refused.continuation.yield(code == .leaseLost)
                        ended.open()
                        return .done { try JobBench.count("effect", $0) }
                    }
                ], configure: { $0.grace = .zero })
            let id = try await bench.enqueue().id
            async let run: Void = runner.run()
            await started.pass()
            runner.shutdown()
            try await run
            let job = try await bench.job(id)
            #expect(job?.state == .ready)
            #expect(job?.attempt == 0)
            #expect(runner.metrics.released == 1)
            release.open()
            await ended.pass()
            for await isRefused in refused.stream {
                #expect(isRefused)
                break
            }
            #expect(try await bench.counted("effect") == 0)
        }
    }

    @Test func `jobs that nobody here can do are left alone`() async throws {
        try await JobBench.use { bench async throws in
            let runner = bench.runner(["other": JobHandler { _, _ in .done { _ in } }])
            let id = try await bench.enqueue().id
            #expect(try await runner.claim() == nil)
            let now = bench.time.now
            _ = try await bench.database.write {
                try $0.jobs.claim(kinds: ["answer"], worker: "w", lease: .seconds(1), at: now)
            }
            bench.time.advance(by: .seconds(5))
            try await runner.recover()
            #expect(try await bench.job(id)?.state == .running)
        }
    }

    @Test func `an unknown error's text is not stored, only its type`() {
        struct Foreign: Error { let secret = "she said" }
        #expect(JobRunner.reason(Foreign()) == "an error of type Foreign")
    }
}
