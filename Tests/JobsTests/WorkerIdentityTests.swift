// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import TestPrograms
import Testing

@testable import Jobs

@Suite struct WorkerIdentityTests {
    private static let observer = WorkerIdentity(host: "h", boot: "b", namespace: "n", process: 10, startTime: 1000)

    private static func worker(
        host: String = "h", boot: String = "b", namespace: String = "n", process: Int32 = 7, startTime: UInt64 = 50
    ) -> WorkerIdentity {
        WorkerIdentity(host: host, boot: boot, namespace: namespace, process: process, startTime: startTime)
    }

    @Test func `this process is alive, and its text form reads back`() {
        let identity = WorkerIdentity.current
        #expect(WorkerIdentity(identity.description) == identity)
        #expect(identity.startTime > 0)
        #expect(!identity.boot.isEmpty && identity.namespace.hasPrefix("pid:"))
        #expect(!identity.isGone(seenBy: identity))
    }

    @Test(arguments: ["", "a/b/c/1", "a/b/c/1/2/3", "a/b/c/x/2", "a/b/c/1/-2", "w"])
    func `other texts are no identities`(_ text: String) {
        #expect(WorkerIdentity(text) == nil)
    }

    @Test func `a worker is gone only when this machine can tell so for certain`() {
        func isGone(_ worker: WorkerIdentity, table: [Int32: UInt64]) -> Bool {
            worker.isGone(seenBy: Self.observer) { table[$0] }
        }
        #expect(!isGone(Self.worker(), table: [7: 50]))
        #expect(isGone(Self.worker(), table: [:]))
        #expect(isGone(Self.worker(), table: [7: 51]), "the number belongs to another process now")
        #expect(isGone(Self.worker(boot: "earlier"), table: [7: 50]), "the machine has been restarted")
        #expect(!isGone(Self.worker(host: "elsewhere"), table: [:]))
        #expect(!isGone(Self.worker(host: "elsewhere", boot: "earlier"), table: [:]))
        #expect(!isGone(Self.worker(namespace: "container"), table: [:]))
        #expect(!isGone(Self.worker(boot: ""), table: [:]))
    }

    @Test func `a killed process is gone, before and after its parent has noticed`() throws {
        let program = try RunningProgram("sleep", ["1000"])
        let current = WorkerIdentity.current
        let worker = WorkerIdentity(
            host: current.host, boot: current.boot, namespace: current.namespace,
            process: program.identifier,
            startTime: try #require(ProcessTable.startTime(of: program.identifier)))
        #expect(!worker.isGone(seenBy: current))
        program.send(SIGKILL)
        while program.isRunning { sched_yield() }
        #expect(worker.isGone(seenBy: current))
        try program.wait()
        #expect(worker.isGone(seenBy: current))
    }
}
