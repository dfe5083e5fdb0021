// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Bounds on a JSON document from outside.
public struct JSONLimits: Sendable, Hashable {
    /// The largest document, in bytes.
    public var bytes: Int
    /// The deepest nesting of arrays and objects.
    public var depth: Int
    /// The longest string, in bytes of UTF-8 after unescaping.
    public var stringBytes: Int
    /// The most values in all: a value of two bytes takes up to a hundred in memory.
    public var values: Int

    /// Creates limits; the defaults are those of a request body.
    public init(bytes: Int = 1 << 20, depth: Int = 32, stringBytes: Int = 256 << 10, values: Int = 1 << 22) {
        self.values = values
        self.bytes = bytes
        self.depth = depth
        self.stringBytes = stringBytes
    }
}

extension JSONValue {
    /// Reads one document, strictly: RFC 8259 without extensions, valid UTF-8, no repeated member names, no lone
    /// surrogates, nothing after the value but white space.
    ///
    /// - Throws: ``JSONError`` with the position of the first fault.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        guard bytes.count <= limits.bytes else {
            throw JSONError("the document is larger than \(limits.bytes) bytes", at: limits.bytes)
        }
        var parser = JSONParser(bytes: bytes, limits: limits)
        self = try parser.document()
    }

    /// Reads one document from text; see ``init(parsing:limits:)-([UInt8],_)``.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}

/// A recursive-descent parser; the depth limit bounds its stack.
private struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONLimits
    var index = 0
    var count = 0

    mutating func document() throws(JSONError) -> JSONValue {
        skipWhiteSpace()
        let value = try value(depth: 0)
        skipWhiteSpace()
        guard index == bytes.count else { throw fault("unexpected text after the value") }
        return value
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private func fault(_ message: String) -> JSONError { JSONError(message, at: index) }

    private mutating func skipWhiteSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard let byte = next else { throw fault("the document ends where a value is expected") }
        count += 1
        guard count <= limits.values else { throw fault("more than \(limits.values) values") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw fault("a value is expected here")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for expected in "\(word)".utf8 {
            guard next == expected else { throw fault("a value is expected here") }
            index += 1
        }
        return value
    }

    private mutating func enter(_ depth: Int) throws(JSONError) {
        guard depth <= limits.depth else { throw fault("nested deeper than \(limits.depth) levels") }
        index += 1
        skipWhiteSpace()
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        try enter(depth)
        var values: [JSONValue] = []
        if next == UInt8(ascii: "]") {
            index += 1
            return .array(values)
        }
        while true {
            skipWhiteSpace()
            values.append(try value(depth: depth))
            skipWhiteSpace()
            switch next {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "]"):
                index += 1
                return .array(values)
            default: throw fault("expected ',' or ']'")
            }
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        try enter(depth)
        var members: [JSONObject.Member] = []
        var names: Set<String> = []
        if next == UInt8(ascii: "}") {
            index += 1
            return .object(JSONObject())
        }
        while true {
            skipWhiteSpace()
            guard next == UInt8(ascii: "\"") else { throw fault("a member name in double quotes is expected here") }
            let name = try string()
            guard names.insert(name).inserted else { throw fault("a member name is repeated") }
            skipWhiteSpace()
            guard next == UInt8(ascii: ":") else { throw fault("expected ':'") }
            index += 1
            skipWhiteSpace()
            members.append(.init(key: name, value: try value(depth: depth)))
            skipWhiteSpace()
            switch next {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "}"):
                index += 1
                return .object(JSONObject(unique: members))
            default: throw fault("expected ',' or '}'")
            }
        }
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        if next == UInt8(ascii: "-") { index += 1 }
        if next == UInt8(ascii: "0") { index += 1 } else { try digits() }
        var isInteger = true
        if next == UInt8(ascii: ".") {
            isInteger = false
            index += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isInteger = false
            index += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { index += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw fault("the number is out of range") }
        return .number(value)
    }

    private mutating func digits() throws(JSONError) {
        let start = index
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        guard index > start else { throw fault("a digit is expected here") }
    }

    private mutating func string() throws(JSONError) -> String {
        index += 1
        var buffer: [UInt8] = []
        while true {
            guard let byte = next else { throw fault("the string has no end") }
            switch byte {
            case UInt8(ascii: "\""):
                guard buffer.count <= limits.stringBytes else {
                    throw fault("a string is longer than \(limits.stringBytes) bytes")
                }
                guard let string = String(validating: buffer, as: UTF8.self) else {
                    throw fault("the string is not valid UTF-8")
                }
                index += 1
                return string
            case 0..<0x20: throw fault("a control character must be escaped")
            case UInt8(ascii: "\\"):
                index += 1
                try escape(into: &buffer)
            default:
                buffer.append(byte)
                index += 1
            }
        }
    }

    private mutating func escape(into buffer: inout [UInt8]) throws(JSONError) {
        guard let byte = next else { throw fault("the string has no end") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(byte)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code) {
                guard next == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u") else {
                    throw fault("a surrogate without its partner")
                }
                index += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw fault("a surrogate without its partner") }
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("a surrogate without its partner") }
            buffer.append(contentsOf: String(Character(scalar)).utf8)
        default: throw fault("an unknown escape")
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("four hexadecimal digits are expected here")
            }
            code = code << 4 | UInt32(digit)
            index += 1
        }
        return code
    }
}
