// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@testable import Storage

@Suite struct AuditTests {
    private static func write(_ count: Int, into database: any Database) async throws {
        try await database.write { transaction in
            for index in 0..<count {
                try transaction.audit.append(
                    AuditEntry(
                        time: noon + .seconds(index), actor: index.isMultiple(of: 2) ? "u" : nil,
                        action: "transcript.edit", object: "response/\(index % 3)", afterHash: "\(index)"))
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `an untouched log is intact, and its head changes with every entry`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let empty = try await database.read { try $0.audit.verify() }
            #expect(empty == .intact(AuditHead(sequence: 0, hash: String(repeating: "0", count: 64))))
            try await Self.write(2500, into: database)
            let full = try await database.read { try $0.audit.verify() }
            guard case .intact(let head) = full else { return #expect(Bool(false), "\(full)") }
            #expect(head.sequence == 2500)
            let listed = try await database.read {
                try $0.audit.list(object: "response/1", page: PageRequest(limit: 2))
            }
            #expect(listed.items.map(\.afterHash) == ["2497", "2494"])
            let rest = try await database.read {
                try $0.audit.list(object: "response/1", page: PageRequest(limit: 1, after: listed.next))
            }
            #expect(rest.items.map(\.afterHash) == ["2491"])
        }
    }

    /// The hash of an entry, computed by another program (Tests/Fixtures/audit_chain.py).
    @Test(arguments: TestDatabase.all)
    func `the hash is the documented one`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            try await database.write { transaction throws in
                try transaction.audit.append(
                    AuditEntry(time: Timestamp(milliseconds: 1000), action: "login", object: "user/é"))
                try transaction.audit.append(
                    AuditEntry(
                        time: Timestamp(milliseconds: 2000), tenant: "t", actor: "a", session: "s",
                        address: "10.0.0.0/24", action: "x", object: "", beforeHash: "b", afterHash: "c"))
            }
            let verdict = try await database.read { try $0.audit.verify() }
            #expect(
                verdict
                    == .intact(
                        AuditHead(
                            sequence: 2,
                            hash: "b2c1a626800652707a39f838e020b270aa3a1364be76a18aea1d3977249ed448")))
        }
    }

    @Test(arguments: TestDatabase.all)
    func `entries can be neither changed nor removed`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            try await Self.write(3, into: database)
            for statement: Statement in [
                "UPDATE audit SET actor = 'x' WHERE sequence = 2", "DELETE FROM audit WHERE sequence = 3",
            ] {
                let failure = await #expect(throws: StorageError.self) {
                    try await database.write { _ = try $0.run(statement) }
                }
                #expect(failure?.code == .constraint)
                #expect(failure?.message == "the audit log is only ever appended to")
            }
        }
    }

    @Test(
        "every kind of tampering with the file is found at the first entry it touches",
        arguments: [
            ("UPDATE audit SET actor = 'x' WHERE sequence = 4", 4),
            ("UPDATE audit SET time = time + 1 WHERE sequence = 4", 4),
            ("UPDATE audit SET actor = NULL WHERE sequence = 5", 5),
            ("UPDATE audit SET before_hash = after_hash, after_hash = NULL WHERE sequence = 6", 6),
            ("UPDATE audit SET hash = zeroblob(32) WHERE sequence = 7", 7),
            ("DELETE FROM audit WHERE sequence = 3", 4),
            ("DELETE FROM audit WHERE sequence = 1", 2),
            ("UPDATE audit SET sequence = 100 WHERE sequence = 10", 100),
        ] as [(String, Int64)])
    func tampering(statement: String, sequence: Int64) async throws {
        for driver in TestDatabase.all {
            try await driver.use { database async throws in
                try await Self.write(10, into: database)
                try await database.write { transaction throws in
                    try transaction.run("DROP TRIGGER audit_no_update")
                    try transaction.run("DROP TRIGGER audit_no_delete")
                    try transaction.run(Statement(statement))
                }
                #expect(try await database.read { try $0.audit.verify() } == .broken(sequence: sequence))
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `settings are set, changed and removed`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            try await database.write { transaction throws in
                #expect(try transaction.settings.value("k") == nil)
                try transaction.settings.set("k", to: "1", at: noon)
                try transaction.settings.set("k", to: "2", at: noon)
                #expect(try transaction.settings.value("k") == "2")
                try transaction.settings.remove("k")
                #expect(try transaction.settings.value("k") == nil)
            }
        }
    }
}
