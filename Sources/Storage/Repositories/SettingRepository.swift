// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Transaction {
    /// Values that the installation remembers.
    public var settings: SettingRepository { SettingRepository(transaction: self) }
}

/// Values that the installation remembers, by name.
public struct SettingRepository {
    let transaction: Transaction

    /// The value; nil when none has been set.
    public func value(_ key: String) throws -> String? {
        try transaction.run("SELECT value FROM setting WHERE key = ?1", key).first?.single()
    }

    /// Stores a value.
    public func set(_ key: String, to value: String, at time: Timestamp) throws {
        try transaction.run(
            """
            INSERT INTO setting (key, value, updated_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
            """,
            key, value, time)
    }

    /// Forgets a value.
    public func remove(_ key: String) throws {
        try transaction.run("DELETE FROM setting WHERE key = ?1", key)
    }
}
