// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
public import JSON

/// A type that has one form in the database.
public protocol SQLConvertible: Sendable {
    /// Reads the stored form.
    ///
    /// - Throws: ``StorageError`` with code `decoding`: a file from elsewhere may hold anything, so this never traps.
    init(sql: SQLValue) throws

    /// The stored form.
    var sql: SQLValue { get }
}

extension SQLValue {
    /// The error for a value of another form than the program expects; it names types, never the value.
    func mismatch(expected: String) -> StorageError {
        let found =
            switch self {
            case .null: "nothing"
            case .integer: "an integer"
            case .real: "a number"
            case .text: "text"
            case .blob: "bytes"
            }
        return StorageError(.decoding, "the database holds \(found) where \(expected) is expected")
    }
}

extension String: SQLConvertible {
    /// Reads text.
    public init(sql: SQLValue) throws {
        guard case .text(let value) = sql else { throw sql.mismatch(expected: "text") }
        self = value
    }

    /// Text.
    public var sql: SQLValue { .text(self) }
}

extension Int64: SQLConvertible {
    /// Reads an integer.
    public init(sql: SQLValue) throws {
        guard case .integer(let value) = sql else { throw sql.mismatch(expected: "an integer") }
        self = value
    }

    /// An integer.
    public var sql: SQLValue { .integer(self) }
}

extension Int: SQLConvertible {
    /// Reads an integer.
    public init(sql: SQLValue) throws { self = Int(try Int64(sql: sql)) }

    /// An integer.
    public var sql: SQLValue { .integer(Int64(self)) }
}

extension Double: SQLConvertible {
    /// Reads a number.
    public init(sql: SQLValue) throws {
        switch sql {
        case .real(let value): self = value
        case .integer(let value): self = Double(value)
        default: throw sql.mismatch(expected: "a number")
        }
    }

    /// A floating-point number; SQLite stores NaN as NULL.
    public var sql: SQLValue { .real(self) }
}

extension Bool: SQLConvertible {
    /// Reads 0 or 1.
    public init(sql: SQLValue) throws {
        switch sql {
        case .integer(0): self = false
        case .integer(1): self = true
        default: throw sql.mismatch(expected: "0 or 1")
        }
    }

    /// 0 or 1.
    public var sql: SQLValue { .integer(self ? 1 : 0) }
}

extension [UInt8]: SQLConvertible {
    /// Reads bytes.
    public init(sql: SQLValue) throws {
        guard case .blob(let value) = sql else { throw sql.mismatch(expected: "bytes") }
        self = value
    }

    /// Bytes.
    public var sql: SQLValue { .blob(self) }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    /// Reads NULL as nil.
    public init(sql: SQLValue) throws {
        self = sql == .null ? nil : try Wrapped(sql: sql)
    }

    /// NULL for nil.
    public var sql: SQLValue { self?.sql ?? .null }
}

extension Timestamp: SQLConvertible {
    /// Reads milliseconds since 1970 in UTC.
    public init(sql: SQLValue) throws { self.init(milliseconds: try Int64(sql: sql)) }

    /// Milliseconds since 1970 in UTC.
    public var sql: SQLValue { .integer(milliseconds) }
}

extension Identifier: SQLConvertible {
    /// Reads the text form.
    public init(sql: SQLValue) throws {
        guard let value = Self(try String(sql: sql)) else { throw sql.mismatch(expected: "an identifier") }
        self = value
    }

    /// The text form.
    public var sql: SQLValue { .text(text) }
}

extension JSONValue: SQLConvertible {
    /// Reads a document that the program wrote itself, so the limits for documents from outside don't apply.
    public init(sql: SQLValue) throws {
        let limits = JSONLimits(bytes: .max, depth: 64, stringBytes: .max, values: .max)
        do {
            self = try JSONValue(parsing: try String(sql: sql), limits: limits)
        } catch is JSONError {
            throw sql.mismatch(expected: "a JSON document")
        }
    }

    /// The document as text.
    public var sql: SQLValue { .text(text) }
}

extension SQLConvertible where Self: RawRepresentable, RawValue == String {
    /// Reads the name of a case.
    public init(sql: SQLValue) throws {
        guard let value = Self(rawValue: try String(sql: sql)) else {
            throw sql.mismatch(expected: "one of the names of \(Self.self)")
        }
        self = value
    }

    /// The name of the case.
    public var sql: SQLValue { .text(rawValue) }
}

extension Role: SQLConvertible {}
extension Membership.Part: SQLConvertible {}
extension Recording.State: SQLConvertible {}
extension Response.State: SQLConvertible {}
extension Response.Stage: SQLConvertible {}
extension Response.Unscorable: SQLConvertible {}
extension TranscriptVersion.Origin: SQLConvertible {}
extension Measure.Validity: SQLConvertible {}
extension KeyPointResult.State: SQLConvertible {}
extension PassMark.Method: SQLConvertible {}
extension Mark.Kind: SQLConvertible {}
extension Mark.State: SQLConvertible {}
extension Grade.Source: SQLConvertible {}
extension Appeal.State: SQLConvertible {}
