// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Reads a row's values from left to right, so that an entity's columns are named once, in its SELECT.
///
/// ```swift
/// let users = try transaction.run(select, tenant).map { row in
///     try row.decode { columns in User(id: try columns.next(), tenant: try columns.next(), …) }
/// }
/// ```
struct Columns {
    private let values: [SQLValue]
    private var place = 0

    init(_ row: Row) { values = row.values }

    /// Whether all columns have been read.
    var isAtEnd: Bool { place >= values.count }

    /// The next column's value.
    ///
    /// - Throws: ``StorageError`` with code `decoding` when it has another form, or when there is none.
    mutating func next<Value: SQLConvertible>(_ type: Value.Type = Value.self) throws -> Value {
        guard place < values.count else {
            throw StorageError(.decoding, "a statement returns fewer columns than are read")
        }
        defer { place += 1 }
        return try Value(sql: values[place])
    }
}

extension Row {
    /// Reads the row with a body that takes its columns in order, all of them.
    ///
    /// - Throws: ``StorageError`` with code `decoding`.
    func decode<Value>(_ body: (inout Columns) throws -> Value) throws -> Value {
        var columns = Columns(self)
        let value = try body(&columns)
        guard columns.isAtEnd else {
            throw StorageError(.decoding, "a statement returns more columns than are read")
        }
        return value
    }

    /// The only column of the row.
    func single<Value: SQLConvertible>(_ type: Value.Type = Value.self) throws -> Value {
        try decode { try $0.next() }
    }
}
