// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A named table that can be written as CSV.
public struct Table: Sendable, Hashable {
    /// What a field holds.
    public enum Cell: Sendable, Hashable {
        /// Nothing.
        case empty
        /// Words; may come from anybody.
        case text(String)
        /// A number; one that is not finite is written as nothing.
        case number(Double)
        /// A whole number.
        case integer(Int)
        /// `true` or `false`.
        case flag(Bool)
    }

    /// What the table is called, such as `items`; made of letters, digits and `_`.
    public let name: String
    /// The columns' names.
    public let columns: [String]
    /// The rows, each with a cell for every column.
    public private(set) var rows: [[Cell]] = []

    /// Creates a table without rows.
    public init(name: String, columns: [String]) {
        self.name = name
        self.columns = columns
    }

    /// Adds a row. Cells beyond the columns are dropped, and cells that are not given are empty.
    public mutating func append(_ cells: [Cell]) {
        rows.append(
            cells.count == columns.count ? cells : columns.indices.map { $0 < cells.count ? cells[$0] : .empty })
    }

    /// The table as RFC 4180 has it: a line of names, CRLF after every line, fields quoted where they need it.
    ///
    /// Texts that spreadsheets would run as a formula have an apostrophe before them (CWE-1236).
    public var csv: String {
        // Bytes, because files have a million of these fields.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16 * columns.count * (rows.count + 1))
        func write(_ cells: some Sequence<Cell>) {
            var isFirst = true
            for cell in cells {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                Self.write(cell, to: &bytes)
            }
            bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        }
        write(columns.map { .text($0) })
        for row in rows { write(row) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ cell: Cell, to bytes: inout [UInt8]) {
        switch cell {
        case .empty: break
        case .number(let value): if value.isFinite { bytes += String(value).utf8 }
        case .integer(let value): bytes += String(value).utf8
        case .flag(let value): bytes += (value ? "true" : "false").utf8
        case .text(let value): writeQuoted(startsFormula(value) ? "'" + value : value, to: &bytes)
        }
    }

    private static func writeQuoted(_ text: String, to bytes: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let isPlain = text.utf8.allSatisfy {
            $0 != UInt8(ascii: ",") && $0 != quote && $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n")
        }
        if isPlain {
            bytes += text.utf8
            return
        }
        bytes.append(quote)
        for byte in text.utf8 {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
    }

    /// Whether a spreadsheet would take a text for a formula. Spreadsheets drop white space and marks of no width before
    /// it, and take the full-width signs of East Asian input methods for the plain ones.
    private static func startsFormula(_ text: String) -> Bool {
        // Most texts begin with a letter or digit of ASCII.
        if let first = text.utf8.first, first >= UInt8(ascii: "0"), first < 0x7F, first != UInt8(ascii: "="),
            first != UInt8(ascii: "@")
        {
            return false
        }
        let scalars = text.unicodeScalars
        if let first = scalars.first, first == "\t" || first == "\r" || first == "\n" { return true }
        let first = scalars.first { !$0.properties.isWhitespace && $0.properties.generalCategory != .format }
        return first.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
    }
}

extension Table.Cell {
    /// A text, or nothing for nil.
    static func optional(_ text: String?) -> Table.Cell { text.map { .text($0) } ?? .empty }
    /// A number, or nothing for nil.
    static func optional(_ number: Double?) -> Table.Cell { number.map { .number($0) } ?? .empty }
    /// A whole number, or nothing for nil.
    static func optional(_ number: Int?) -> Table.Cell { number.map { .integer($0) } ?? .empty }
    /// A truth value, or nothing for nil.
    static func optional(_ flag: Bool?) -> Table.Cell { flag.map { .flag($0) } ?? .empty }
}
