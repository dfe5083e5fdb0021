// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A field value with parameters, such as `form-data; name="a"` (RFC 9110 §5.6.6).
struct FieldValue {
    /// What stands before the first semicolon, in lower case.
    let essence: String
    private var parameters: [String: String] = [:]

    /// Reads a value; nil when it is malformed or a parameter is repeated.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        var index = 0
        func skipSpace() {
            while index < bytes.count, bytes[index] == ASCII.space || bytes[index] == ASCII.tab { index += 1 }
        }
        skipSpace()
        let start = index
        while index < bytes.count, ASCII.isToken(bytes[index]) || bytes[index] == ASCII.slash { index += 1 }
        guard index > start else { return nil }
        essence = String(decoding: bytes[start..<index].map(ASCII.lowercased), as: UTF8.self)
        while true {
            skipSpace()
            guard index < bytes.count else { return }
            guard bytes[index] == UInt8(ascii: ";") else { return nil }
            index += 1
            skipSpace()
            let nameStart = index
            while index < bytes.count, ASCII.isToken(bytes[index]) { index += 1 }
            let name = String(decoding: bytes[nameStart..<index].map(ASCII.lowercased), as: UTF8.self)
            guard !name.isEmpty, index < bytes.count, bytes[index] == UInt8(ascii: "="), parameters[name] == nil else {
                return nil
            }
            index += 1
            var value: [UInt8] = []
            if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                guard Self.readQuoted(bytes, &index, into: &value) else { return nil }
            } else {
                while index < bytes.count, ASCII.isToken(bytes[index]) {
                    value.append(bytes[index])
                    index += 1
                }
                guard !value.isEmpty else { return nil }
            }
            parameters[name] = String(decoding: value, as: UTF8.self)
        }
    }

    /// Reads a quoted string. A backslash is taken literally unless a quote or a backslash follows: some browsers send
    /// whole Windows paths.
    private static func readQuoted(_ bytes: [UInt8], _ index: inout Int, into value: inout [UInt8]) -> Bool {
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return true }
            if byte == UInt8(ascii: "\\"), index < bytes.count,
                bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "\\")
            {
                value.append(bytes[index])
                index += 1
            } else {
                value.append(byte)
            }
        }
        return false
    }

    /// The value of a parameter, whose name is in lower case.
    mutating func take(_ name: String) -> String? { parameters.removeValue(forKey: name) }
}
