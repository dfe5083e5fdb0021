// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TestRandom
import Testing

@testable import Storage

/// Random operations on the queue, compared after each with a model that fits in a screen.
@Suite struct JobModelTests {
    /// What is expected of one job.
    private struct Model: Equatable {
        var subject: String
        var state = Job.State.ready
        var priority: Int
        var runAt: Int
        var attempt = 0
        var fence: Int64 = 0
        var leaseUntil: Int?

        init(_ subject: String, priority: Int, runAt: Int) {
            self.subject = subject
            self.priority = priority
            self.runAt = runAt
        }

        init(_ job: Job) {
            subject = job.subject
            state = job.state
            priority = job.priority
            runAt = Int(job.runAt.milliseconds)
            attempt = job.attempt
            fence = job.fence
            leaseUntil = job.leaseUntil.map { Int($0.milliseconds) }
        }

        mutating func end(_ state: Job.State) {
            self.state = state
            leaseUntil = nil
        }
    }

    @Test(arguments: TestDatabase.all, UInt64(1)...6)
    func `the queue does what the model says`(_ driver: TestDatabase, seed: UInt64) async throws {
        try await driver.use { database async throws in
            // One transaction: the rules are the statements', durability is tested elsewhere.
            try await database.write { try Self.play($0, seed: seed) }
        }
    }

    private static func play(_ transaction: Transaction, seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        let jobs = transaction.jobs
        var model: [Model] = []
        var ids: [String: Identifier<Job>] = [:]
        var leases: [JobLease] = []
        var now = 1000
        func time(_ milliseconds: Int) -> Timestamp { Timestamp(milliseconds: Int64(milliseconds)) }
        func index(of id: Identifier<Job>) -> Int? { model.firstIndex { ids[$0.subject] == id } }

        for step in 0..<600 {
            now += Int.random(in: 0...20, using: &generator)
            let operation = Int.random(in: 0..<10, using: &generator)
            switch operation {
            case 0, 1:
                let subject = "s\(Int.random(in: 0..<30, using: &generator))"
                let priority = Int.random(in: 0..<3, using: &generator)
                let runAt = now + Int.random(in: -5...30, using: &generator)
                let job = try jobs.enqueue(
                    NewJob(kind: "k", subject: subject, priority: priority, runAt: time(runAt), maxAttempts: 3),
                    at: time(now))
                if ids[subject] == nil {
                    ids[subject] = job.id
                    model.append(Model(subject, priority: priority, runAt: runAt))
                }
            case 2, 3, 4:
                let job = try jobs.claim(kinds: ["k"], worker: "w", lease: .milliseconds(40), at: time(now))
                let expected = model.filter { $0.state == .ready && $0.runAt <= now }.min {
                    ($0.priority, $0.runAt, ids[$0.subject]?.text ?? "")
                        < ($1.priority, $1.runAt, ids[$1.subject]?.text ?? "")
                }
                #expect(job?.subject == expected?.subject, "seed \(seed), step \(step)")
                guard let job, let index = index(of: job.id) else { break }
                model[index].state = .running
                model[index].attempt += 1
                model[index].fence += 1
                model[index].leaseUntil = now + 40
                leases.append(job.lease)
            case 5, 6, 7:
                guard let lease = leases.randomElement(using: &generator), let index = index(of: lease.job) else {
                    break
                }
                let isHeld = model[index].state == .running && model[index].fence == lease.fence
                var isRefused = false
                let way = Int.random(in: 0..<4, using: &generator)
                do {
                    switch way {
                    case 0: try jobs.finish(lease, at: time(now))
                    case 1: try jobs.retry(lease, runAt: time(now + 15), reason: "r", at: time(now))
                    case 2: try jobs.bury(lease, reason: "b", at: time(now))
                    default: try jobs.release(lease, at: time(now))
                    }
                } catch let error as StorageError where error.code == .leaseLost {
                    isRefused = true
                }
                #expect(isRefused == !isHeld, "seed \(seed), step \(step)")
                guard isHeld else { break }
                switch way {
                case 0: model[index].end(.done)
                case 1:
                    model[index].end(.ready)
                    model[index].runAt = now + 15
                case 2: model[index].end(.dead)
                default:
                    model[index].end(.ready)
                    model[index].runAt = now
                    model[index].attempt -= 1
                }
            case 8:
                let held = try jobs.extend(leases, until: time(now + 40))
                for lease in Set(leases) {
                    guard let index = index(of: lease.job) else { continue }
                    let isHeld = model[index].state == .running && model[index].fence == lease.fence
                    #expect(held.contains(lease) == isHeld, "seed \(seed), step \(step)")
                    if isHeld { model[index].leaseUntil = now + 40 }
                }
            default:
                let expired = try jobs.expired(at: time(now))
                let expected = model.filter { ($0.leaseUntil ?? .max) < now }.map(\.subject)
                #expect(Set(expired.map(\.subject)) == Set(expected), "seed \(seed), step \(step)")
                guard let id = ids.values.sorted().randomElement(using: &generator), let index = index(of: id) else {
                    break
                }
                let isCancelling = Bool.random(using: &generator)
                do {
                    try isCancelling ? jobs.cancel(id, at: time(now)) : jobs.runAgain(id, at: time(now))
                    if isCancelling {
                        model[index].end(.cancelled)
                    } else {
                        model[index].end(.ready)
                        model[index].attempt = 0
                        model[index].runAt = now
                    }
                } catch let error as StorageError where error.code == .invalidState {
                    let isOpen = [.ready, .running].contains(model[index].state)
                    #expect(isOpen != isCancelling, "seed \(seed), step \(step)")
                }
            }
            let stored = try Job.State.allCases.flatMap {
                try jobs.list(state: $0, page: PageRequest(limit: 200)).items.map(Model.init)
            }
            let bySubject = { (left: Model, right: Model) in left.subject < right.subject }
            try #require(
                stored.sorted(by: bySubject) == model.sorted(by: bySubject), "seed \(seed), step \(step)")
        }
        let states = Set(model.map(\.state))
        #expect(states.count >= 4, "the run met too few states: \(states)")
    }
}
