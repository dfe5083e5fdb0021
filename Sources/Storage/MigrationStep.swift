// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What is being done to bring an existing database up to date, which may take minutes.
public enum MigrationStep: Sendable, Hashable, CustomStringConvertible {
    /// The database is copied to this file, so that what follows can be taken back.
    case copying(to: String)
    /// A migration is applied: its number, the number of the last one, what it brings, and the share of its work that is done,
    /// 0...1.
    case applying(number: Int, last: Int, name: String, share: Double)

    /// What is being done, for people.
    public var description: String {
        switch self {
        case .copying(let path): "copying the database to \(path)"
        case .applying(let number, let last, let name, let share):
            "migration \(number) of \(last), \(name)" + (share > 0 ? ": \(Int(100 * share)) %" : "")
        }
    }
}
