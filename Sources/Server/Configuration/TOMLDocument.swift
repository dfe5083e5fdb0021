// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The part of TOML 1.0 that configuration files use: comments, tables, and keys with a string, an integer, a boolean
/// or a list of these. What is left out (dotted keys, inline tables, dates, multi-line strings, fractions) is refused
/// with a message, never misread.
public struct TOMLDocument: Sendable, Hashable {
    /// One value.
    public enum Value: Sendable, Hashable {
        /// Text.
        case string(String)
        /// A whole number.
        case integer(Int64)
        /// `true` or `false`.
        case boolean(Bool)
        /// A list of values.
        case array([Value])
    }

    /// One key with its value.
    public struct Entry: Sendable, Hashable {
        /// The name with its table in front: `limits.audio_bytes`.
        public let key: String
        /// What it is set to.
        public let value: Value
        /// The line of the key, counted from 1.
        public let line: Int
    }

    /// All entries in the order they were written; keys are unique.
    public let entries: [Entry]

    /// The largest file that is read, in bytes.
    public static let byteLimit = 1 << 20

    /// Reads a document.
    ///
    /// - Throws: ``TOMLError`` with the line of the first fault.
    public init(parsing bytes: [UInt8]) throws(TOMLError) {
        guard bytes.count <= Self.byteLimit else { throw TOMLError("the file is larger than 1 MiB", line: 1) }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if let index = lines.firstIndex(where: { String(validating: $0, as: UTF8.self) == nil }) {
            throw TOMLError("the line is not valid UTF-8", line: index + 1)
        }
        var parser = TOMLParser(bytes: bytes)
        entries = try parser.document()
    }
}

/// Why a configuration file can't be read. The message never quotes a value, which may be a secret.
public struct TOMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, and what to write instead.
    public let message: String
    /// The line, counted from 1.
    public let line: Int

    init(_ message: String, line: Int) {
        self.message = message
        self.line = line
    }

    /// The line and the message.
    public var description: String { "line \(line): \(message)" }
}

private struct TOMLParser {
    let bytes: [UInt8]
    var index = 0
    var line = 1

    private static let depthLimit = 8

    mutating func document() throws(TOMLError) -> [TOMLDocument.Entry] {
        var entries: [TOMLDocument.Entry] = []
        var seen: [String: Int] = [:]
        var tables: [String: Int] = [:]
        var parents: Set<String> = []
        var table = ""
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        while true {
            try skipLines()
            guard let byte = next else { return entries }
            if byte == UInt8(ascii: "[") {
                table = try header()
                if let first = tables[table] { throw fault("[\(table)] stands on line \(first) already") }
                tables[table] = line
                for name in Self.names(leadingTo: table) {
                    if let first = seen[name] { throw fault("\(name) is set on line \(first), so it is no table") }
                    parents.insert(name)
                }
            } else {
                let start = line
                let name = try key()
                skipSpaces()
                if next == UInt8(ascii: ".") { throw fault("write a [table] line instead of a key with dots") }
                guard take("=") else { throw fault("'=' is expected after the key") }
                skipSpaces()
                let path = table.isEmpty ? name : "\(table).\(name)"
                if let first = seen[path] { throw fault("\(path) is set on line \(first) already") }
                if parents.contains(path) { throw fault("\(path) is a table already") }
                seen[path] = start
                entries.append(TOMLDocument.Entry(key: path, value: try value(depth: 0), line: start))
            }
            try endOfLine()
        }
    }

    /// `a`, `a.b` and `a.b.c` for the last.
    private static func names(leadingTo table: String) -> [String] {
        var name = ""
        return table.split(separator: ".").map { part in
            name += name.isEmpty ? String(part) : ".\(part)"
            return name
        }
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private func fault(_ message: String) -> TOMLError { TOMLError(message, line: line) }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpaces() {
        while let byte = next, byte == 0x20 || byte == 0x09 { index += 1 }
    }

    /// Passes white space, line ends and comments.
    private mutating func skipLines() throws(TOMLError) {
        while true {
            skipSpaces()
            guard let byte = next else { return }
            switch byte {
            case UInt8(ascii: "#"): try comment()
            case 0x0A, 0x0D: try lineEnd()
            default: return
            }
        }
    }

    private mutating func comment() throws(TOMLError) {
        while let byte = next, byte != 0x0A {
            let isLineEnd = byte == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
            guard byte >= 0x20 && byte != 0x7F || byte == 0x09 || isLineEnd else {
                throw fault("a control character in a comment")
            }
            index += 1
        }
    }

    private mutating func lineEnd() throws(TOMLError) {
        if take("\r"), next != 0x0A { throw fault("a carriage return without a line feed") }
        index += 1
        line += 1
    }

    private mutating func endOfLine() throws(TOMLError) {
        skipSpaces()
        if next == UInt8(ascii: "#") { try comment() }
        guard let byte = next else { return }
        guard byte == 0x0A || byte == 0x0D else { throw fault("only a comment may follow here") }
        try lineEnd()
    }

    private mutating func header() throws(TOMLError) -> String {
        index += 1
        if next == UInt8(ascii: "[") { throw fault("lists of tables ([[name]]) are not used here") }
        var parts: [String] = []
        repeat {
            skipSpaces()
            parts.append(try key())
            skipSpaces()
        } while take(".")
        guard take("]") else { throw fault("']' is expected after the table's name") }
        return parts.joined(separator: ".")
    }

    private mutating func key() throws(TOMLError) -> String {
        if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") {
            let name = try string()
            guard !name.isEmpty, name.utf8.allSatisfy(isBare) else {
                throw fault("keys consist of letters, digits, '_' and '-'")
            }
            return name
        }
        let start = index
        while let byte = next, isBare(byte) { index += 1 }
        guard index > start else { throw fault("a key is expected here: name = value") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private mutating func value(depth: Int) throws(TOMLError) -> TOMLDocument.Value {
        guard depth < Self.depthLimit else { throw fault("lists are nested too deeply") }
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
        case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
        case UInt8(ascii: "{"): throw fault("inline tables are not used here; write a [table]")
        case nil, 0x0A, 0x0D, UInt8(ascii: "#"): throw fault("a value is expected after '='")
        default: return try word()
        }
    }

    private mutating func array(depth: Int) throws(TOMLError) -> [TOMLDocument.Value] {
        index += 1
        var values: [TOMLDocument.Value] = []
        while true {
            try skipLines()
            if take("]") { return values }
            guard next != nil else { throw fault("the list has no end: ']' is missing") }
            values.append(try value(depth: depth))
            try skipLines()
            if take("]") { return values }
            guard take(",") else { throw fault("',' or ']' is expected in the list") }
        }
    }

    /// A boolean or an integer.
    private mutating func word() throws(TOMLError) -> TOMLDocument.Value {
        let start = index
        while let byte = next, isBare(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") { index += 1 }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        if word == "true" || word == "false" { return .boolean(word == "true") }
        guard let first = word.utf8.first, "+-0123456789".utf8.contains(first) else {
            throw fault("text needs quotes: \"...\"")
        }
        return .integer(try integer(word))
    }

    private func integer(_ word: String) throws(TOMLError) -> Int64 {
        let digits = word.drop { $0 == "+" || $0 == "-" }
        let groups = digits.split(separator: "_", omittingEmptySubsequences: false)
        guard word.count - digits.count <= 1, groups.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else {
            throw fault("a whole number is expected; anything else needs quotes: \"...\"")
        }
        guard digits.count == 1 || !digits.hasPrefix("0") else { throw fault("a number can't start with 0") }
        guard let value = Int64(word.filter { $0 != "_" }) else { throw fault("the number is too large") }
        return value
    }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private mutating func string() throws(TOMLError) -> String {
        let quote = bytes[index]
        if bytes[index...].starts(with: [quote, quote, quote]) {
            throw fault("strings over several lines are not used here")
        }
        index += 1
        var content: [UInt8] = []
        while let byte = next, byte != 0x0A {
            index += 1
            switch byte {
            case quote: return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\") where quote == UInt8(ascii: "\""): try escape(into: &content)
            case 0x09: content.append(byte)
            case 0..<0x20, 0x7F: throw fault("a control character in a string; write it as \\u00XX")
            default: content.append(byte)
            }
        }
        throw fault("the string has no end: the closing quote is missing")
    }

    private mutating func escape(into content: inout [UInt8]) throws(TOMLError) {
        guard let byte = next else { throw fault("the string has no end: the closing quote is missing") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): try scalar(digits: 4, into: &content)
        case UInt8(ascii: "U"): try scalar(digits: 8, into: &content)
        default: throw fault("an unknown escape; write \\\\ for a backslash, or use 'single quotes'")
        }
    }

    private mutating func scalar(digits: Int, into content: inout [UInt8]) throws(TOMLError) {
        var code: UInt32 = 0
        for _ in 0..<digits {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("\(digits) hexadecimal digits are expected in the escape")
            }
            code = code << 4 | UInt32(digit)
            index += 1
        }
        guard let scalar = Unicode.Scalar(code) else { throw fault("the escape is no Unicode character") }
        content.append(contentsOf: String(Character(scalar)).utf8)
    }
}
