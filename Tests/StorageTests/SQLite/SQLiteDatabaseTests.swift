// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Dispatch
import Domain
import Foundation
import JSON
import TestPrograms
import Testing

@testable import Storage

@Suite struct SQLiteDatabaseTests {
    private static func use(
        _ configure: (inout SQLiteDatabase.Configuration) -> Void = { _ in },
        _ body: (SQLiteDatabase, TemporaryFolder) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        var configuration = SQLiteDatabase.Configuration()
        configure(&configuration)
        let database = try await SQLiteDatabase.open(path: folder.path("a.db"), configuration: configuration)
        do {
            try await body(database, folder)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }

    @Test func `the settings that durability and safety rest on are in force`() async throws {
        try await Self.use { database, folder async throws in
            func pragma(_ name: String) async throws -> SQLValue? {
                try await database.write { try $0.run(Statement("PRAGMA \(name)")).first?.values.first }
            }
            #expect(try await pragma("journal_mode") == "wal".sql)
            #expect(try await pragma("synchronous") == 2.sql)
            #expect(try await pragma("foreign_keys") == 1.sql)
            #expect(try await pragma("secure_delete") == 1.sql)
            #expect(try await pragma("trusted_schema") == 0.sql)
            #expect(try await pragma("busy_timeout") == 10_000.sql)
            #expect(try await pragma("wal_autocheckpoint") == 0.sql)
            let loose = try await database.read {
                try $0.run(
                    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND strict = 0"
                )
            }
            #expect(loose.isEmpty)
            for name in folder.names {
                let mode = try FileManager.default.attributesOfItem(atPath: folder.path(name))[.posixPermissions]
                #expect(mode as? Int == 0o600, "\(name)")
            }
        }
    }

    @Test func `a reader can't write`() async throws {
        try await Self.use { database, _ async throws in
            let failure = try await code {
                try await database.read { try $0.users.insert(.sample("a"), passwordHash: nil) }
            }
            #expect(failure == .readOnly)
        }
    }

    @Test func `a transaction whose body fails leaves nothing`() async throws {
        struct Refusal: Error {}
        try await Self.use { database, _ async throws in
            await #expect(throws: Refusal.self) {
                try await database.write { transaction in
                    try transaction.users.insert(.sample("a"), passwordHash: nil)
                    throw Refusal()
                }
            }
            #expect(try await database.read { try $0.users.count() } == 0)
        }
    }

    /// Makes the writer wait until `count` transactions are queued, so that they run as one group.
    private static func together(
        _ database: SQLiteDatabase, _ count: Int, _ body: @escaping @Sendable (Transaction, Int) throws -> Void
    ) async throws -> [StorageError.Code?] {
        let gate = DispatchSemaphore(value: 0)
        return try await withThrowingTaskGroup(of: (Int, StorageError.Code?).self) { group in
            database.submitWrite { _ in
                gate.wait()
            } completion: { _ in
            }
            let queued = DispatchSemaphore(value: 0)
            for index in 0..<count {
                group.addTask {
                    try await withCheckedThrowingContinuation { continuation in
                        database.submitWrite {
                            try body($0, index)
                        } completion: { result in
                            switch result {
                            case .success: continuation.resume(returning: (index, nil))
                            case .failure(let error as StorageError):
                                continuation.resume(returning: (index, error.code))
                            case .failure(let error): continuation.resume(throwing: error)
                            }
                        }
                        queued.signal()
                    }
                }
            }
            // On a thread of its own: waiting for a semaphore must not hold a thread of the cooperative pool.
            Thread.detachNewThread {
                for _ in 0..<count { queued.wait() }
                gate.signal()
            }
            return try await group.reduce(into: Array(repeating: nil, count: count)) { $0[$1.0] = $1.1 }
        }
    }

    @Test func `transactions that share a commit fail one by one`() async throws {
        try await Self.use { database, _ async throws in
            let outcomes = try await Self.together(database, 20) { transaction, index in
                try transaction.settings.set("k\(index)", to: "v", at: noon)
                if index.isMultiple(of: 3) { throw StorageError(.conflict, "no") }
                if index.isMultiple(of: 5) {
                    try transaction.courses.setMember(
                        Membership(course: Identifier(at: noon), user: Identifier(at: noon), part: .student), at: noon)
                }
            }
            for index in 0..<20 {
                let expected: StorageError.Code? =
                    index.isMultiple(of: 3) ? .conflict : index.isMultiple(of: 5) ? .constraint : nil
                #expect(outcomes[index] == expected, "\(index)")
                let stored = try await database.read { try $0.settings.value("k\(index)") }
                #expect((stored != nil) == (expected == nil), "\(index)")
            }
        }
    }

    @Test func `a full disk fails those who need space, and the database stays usable`() async throws {
        try await Self.use { database, _ async throws in
            try await database.write { transaction in
                try transaction.settings.set("small", to: "1", at: noon)
                let pages: Int64 = try transaction.run("PRAGMA page_count").first?.single() ?? 0
                try transaction.run(Statement("PRAGMA max_page_count = \(pages + 8)"))
            }
            let alone = try await code {
                try await database.write {
                    try $0.settings.set("big", to: String(repeating: "x", count: 1 << 20), at: noon)
                }
            }
            #expect(alone == .full)
            let outcomes = try await Self.together(database, 9) { transaction, index in
                let size = index == 4 ? 1 << 20 : 10
                try transaction.settings.set("k\(index)", to: String(repeating: "y", count: size), at: noon)
            }
            #expect(outcomes.enumerated().allSatisfy { $1 == ($0 == 4 ? .full : nil) }, "\(outcomes)")
            try await database.write { transaction throws in
                #expect(try transaction.settings.value("small") == "1")
                #expect(try transaction.settings.value("k3") != nil)
                #expect(try transaction.settings.value("k4") == nil)
                #expect(try transaction.settings.value("big") == nil)
                try transaction.run("PRAGMA max_page_count = 1000000")
                try transaction.settings.set("big", to: String(repeating: "x", count: 1 << 20), at: noon)
            }
            let verdict = try await database.read { try $0.run("PRAGMA integrity_check").first?.values.first }
            #expect(verdict == "ok".sql)
        }
    }

    @Test func `readers see one consistent state while the writer goes on`() async throws {
        try await Self.use { database, _ async throws in
            try await database.write { transaction in
                for key in ["a", "b"] { try transaction.settings.set(key, to: "0", at: noon) }
            }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var different = 0
                        var last = 0
                        repeat {
                            let (a, b) = try await database.read { transaction in
                                (try transaction.settings.value("a"), try transaction.settings.value("b"))
                            }
                            if a != b { different += 1 }
                            last = a.flatMap { Int($0) } ?? -1
                        } while last < 200
                        return different
                    }
                }
                for value in 1...200 {
                    try await database.write { transaction in
                        for key in ["a", "b"] { try transaction.settings.set(key, to: "\(value)", at: noon) }
                    }
                }
                for try await different in group { #expect(different == 0) }
            }
        }
    }

    @Test func `what was reported as written is there after the process is killed`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.db")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let database = try await SQLiteDatabase.open(path: path)
            for index in 0..<50 {
                try await database.write { try $0.settings.set("k\(index)", to: "v", at: noon) }
            }
            kill(getpid(), SIGKILL)
        }
        let database = try await SQLiteDatabase.open(path: path)
        for index in 0..<50 {
            #expect(try await database.read { try $0.settings.value("k\(index)") } == "v", "\(index)")
        }
        await database.close()
    }

    @Test func `too many waiting transactions are refused at once`() async throws {
        try await Self.use {
            $0.queueLimit = 3
        } _: { database, _ async throws in
            let gate = DispatchSemaphore(value: 0)
            let started = AsyncStream<Void>.makeStream()
            database.submitWrite { _ in
                started.continuation.yield()
                gate.wait()
            } completion: { _ in
            }
            for await _ in started.stream { break }
            for _ in 0..<3 {
                database.submitWrite { _ in
                } completion: { _ in
                }
            }
            let refused = try await code { try await database.write { _ in } }
            #expect(refused == .overloaded)
            gate.signal()
        }
    }

    @Test func `a closed database refuses work, after finishing what it had accepted`() async throws {
        let folder = try TemporaryFolder()
        let database = try await SQLiteDatabase.open(path: folder.path("a.db"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<20 {
                group.addTask { try await database.write { try $0.settings.set("k\(index)", to: "v", at: noon) } }
            }
            try await group.waitForAll()
        }
        await database.close()
        #expect(folder.names == ["a.db"])
        #expect(try await code { try await database.write { _ in } } == .closed)
        #expect(try await code { try await database.read { _ in } } == .closed)
        await database.close()
    }

    @Test func `a damaged file is refused`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.db")
        await (try SQLiteDatabase.open(path: path)).close()
        var bytes = try Data(contentsOf: URL(filePath: path))
        for offset in stride(from: 4096 * 2, to: bytes.count, by: 4096) { bytes[offset] = 0x7F }
        try bytes.write(to: URL(filePath: path))
        #expect(try await code { _ = try await SQLiteDatabase.open(path: path) } == .corrupt)
    }

    @Test func `a value of the wrong form is an error, not a trap`() async throws {
        try await Self.use { database, _ async throws in
            func decode<Value: SQLConvertible>(_ statement: Statement, as type: Value.Type) async throws
                -> StorageError.Code?
            {
                try await code { try await database.read { _ = try $0.run(statement).first?.single(type) } }
            }
            #expect(try await decode("SELECT 'x'", as: Int.self) == .decoding)
            #expect(try await decode("SELECT 2", as: Bool.self) == .decoding)
            #expect(try await decode("SELECT NULL", as: String.self) == .decoding)
            #expect(try await decode("SELECT 'boss'", as: Role.self) == .decoding)
            #expect(try await decode("SELECT 'x'", as: Identifier<User>.self) == .decoding)
            #expect(try await decode("SELECT '{'", as: JSONValue.self) == .decoding)
            #expect(try await decode("SELECT 1, 2", as: Int.self) == .decoding)
            #expect(try await decode("SELECT 1 WHERE ?1 = 0", as: Int.self) == .misuse)
            #expect(try await decode("SELECT nonsense", as: Int.self) == .misuse)
            #expect(try await decode("SELECT 9223372036854775807", as: Int64.self) == nil)
        }
    }

    @Test func `every value comes back as it went in`() async throws {
        try await Self.use { database, _ async throws in
            let values: [SQLValue] = [
                .null, .integer(.min), .integer(.max), .real(-0.1), .text(""), .text("é\u{0}\"'🎙️"), .blob([]),
                .blob([0, 255]),
            ]
            let row = try await database.read { transaction in
                try transaction.run("SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8", values).first
            }
            #expect(row?.values == values)
        }
    }
}
