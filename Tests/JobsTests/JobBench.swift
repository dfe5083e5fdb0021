// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Foundation
import Storage
import Synchronization
import TestPrograms

@testable import Jobs

/// A database, a clock that stands still until it is moved, and runners that share both.
final class JobBench: Sendable {
    let database: any Database
    let path: String
    let time = ManualClock()
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        path = folder.path("jobs.db")
        database = try await SQLiteDatabase.open(path: path)
    }

    /// Runs a test and removes everything.
    static func use(_ body: (JobBench) async throws -> Void) async throws {
        let bench = try await JobBench()
        do {
            try await body(bench)
        } catch {
            await bench.close()
            throw error
        }
        await bench.close()
    }

    private func close() async { await database.close() }

    /// A runner that polls, beats and sweeps only when it is told to, and always draws one half.
    func runner(
        _ handlers: [String: JobHandler], configure: (inout JobRunner.Configuration) -> Void = { _ in }
    ) -> JobRunner {
        var configuration = JobRunner.Configuration()
        configuration.poll = .seconds(3600)
        configuration.heartbeat = .seconds(3600)
        configuration.sweep = .seconds(3600)
        configure(&configuration)
        return JobRunner(
            database: database, clock: time.wallClock, configuration: configuration, handlers: handlers,
            random: { 0.5 })
    }

    @discardableResult
    func enqueue(_ subject: String = "r1", maxAttempts: Int = 3) async throws -> Job {
        let now = time.now
        return try await database.write {
            try $0.jobs.enqueue(NewJob(kind: "answer", subject: subject, maxAttempts: maxAttempts), at: now)
        }
    }

    func job(_ id: Identifier<Job>) async throws -> Job? { try await database.read { try $0.jobs.find(id) } }

    /// Adds one to a number in the database: the effect that must happen once.
    static func count(_ key: String, _ transaction: Transaction) throws {
        let old = try transaction.settings.value(key).flatMap { Int($0) } ?? 0
        try transaction.settings.set(key, to: "\(old + 1)", at: Timestamp(milliseconds: 0))
    }

    func counted(_ key: String) async throws -> Int {
        try await database.read { try $0.settings.value(key).flatMap { Int($0) } ?? 0 }
    }
}

/// A clock that tests move.
final class ManualClock: Sendable {
    private let value = Mutex(Timestamp(milliseconds: 1_772_438_400_000))

    var now: Timestamp { value.withLock { $0 } }

    var wallClock: WallClock { WallClock { [self] in now } }

    func advance(by duration: Duration) { value.withLock { $0 = $0 + duration } }
}

/// A door that tests open for those who wait at it.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// A failure of a test's handler.
struct Failure: Error, CustomStringConvertible {
    let description = "it did not work"
}
