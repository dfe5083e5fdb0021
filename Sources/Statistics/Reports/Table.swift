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
        rows.append(columns.indices.map { $0 < cells.count ? cells[$0] : .empty })
    }

    /// The table as RFC 4180 has it: a line of names, CRLF after every line, fields quoted where they need it.
    ///
    /// Texts that spreadsheets would run as a formula have an apostrophe before them (CWE-1236).
    public var csv: String {
        var text = ""
        func write(_ fields: some Sequence<String>) {
            var isFirst = true
            for field in fields {
                if !isFirst { text += "," }
                isFirst = false
                text += field
            }
            text += "\r\n"
        }
        write(columns.map { Self.field(.text($0)) })
        for row in rows { write(row.map(Self.field)) }
        return text
    }

    private static func field(_ cell: Cell) -> String {
        switch cell {
        case .empty: ""
        case .number(let value): value.isFinite ? String(value) : ""
        case .integer(let value): String(value)
        case .flag(let value): value ? "true" : "false"
        case .text(let value): quoted(startsFormula(value) ? "'" + value : value)
        }
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0 != "," && $0 != "\"" && $0 != "\r" && $0 != "\n" }
        if isPlain { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { result.unicodeScalars.append(scalar) }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }

    /// Whether a spreadsheet would take a text for a formula. Spreadsheets drop white space and marks of no width before
    /// it, and take the full-width signs of East Asian input methods for the plain ones.
    private static func startsFormula(_ text: String) -> Bool {
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
