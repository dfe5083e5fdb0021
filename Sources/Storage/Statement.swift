// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A value that goes into or comes out of the database.
public enum SQLValue: Sendable, Hashable {
    /// No value.
    case null
    /// A 64-bit integer; also truth values (0, 1) and times (milliseconds UTC).
    case integer(Int64)
    /// A floating-point number.
    case real(Double)
    /// Text; also ids and JSON documents.
    case text(String)
    /// Bytes.
    case blob([UInt8])
}

/// One SQL statement with numbered parameters `?1`, `?2`, …
///
/// Most statements are the same for every database. Where they differ, each dialect has its own text.
public struct Statement: Sendable, Hashable, ExpressibleByStringInterpolation {
    /// The text for SQLite.
    public let sqlite: String
    /// The text for PostgreSQL, still with `?1` for `$1`.
    public let postgres: String

    /// A statement that both databases understand.
    public init(_ common: String) {
        sqlite = common
        postgres = common
    }

    /// A statement that both databases understand. Interpolate only constant parts such as lists of columns: values
    /// go through parameters.
    public init(stringLiteral common: String) { self.init(common) }

    /// A statement with a text for each database.
    public init(sqlite: String, postgres: String) {
        self.sqlite = sqlite
        self.postgres = postgres
    }
}

/// One row of a result.
public struct Row: Sendable, Hashable {
    /// The values in the order of the statement's columns.
    public let values: [SQLValue]

    /// Creates a row.
    public init(_ values: [SQLValue]) { self.values = values }
}
