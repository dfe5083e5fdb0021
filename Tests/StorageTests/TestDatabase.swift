// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Foundation
import TestPrograms
import Testing

@testable import Storage

/// A driver that the conformance tests run against.
enum TestDatabase: CaseIterable, CustomTestStringConvertible {
    /// SQLite in a temporary file.
    case sqlite

    static var all: [TestDatabase] { allCases }

    var testDescription: String {
        switch self {
        case .sqlite: "SQLite"
        }
    }

    /// Runs a test with a new, empty database and removes it.
    func use(_ body: (any Database) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let database = try await SQLiteDatabase.open(path: folder.path("test.db"))
        do {
            try await body(database)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}

/// A time at which tests happen: 2026-03-02T08:00:00Z.
let noon = Timestamp(milliseconds: 1_772_438_400_000)

extension User {
    static func sample(_ name: String, role: Role = .student, at time: Timestamp = noon) -> User {
        User(id: Identifier(at: time), name: name, email: "\(name)@example.org", role: role, createdAt: time)
    }
}

extension Course {
    static func sample(_ name: String = "Pharmacy", at time: Timestamp = noon) -> Course {
        Course(id: Identifier(at: time), name: name, language: "en", createdAt: time)
    }
}

/// The code of the storage error that an operation fails with; nil when it succeeds.
func code(of operation: () async throws -> Void) async throws -> StorageError.Code? {
    do {
        try await operation()
        return nil
    } catch let error as StorageError {
        return error.code
    }
}
