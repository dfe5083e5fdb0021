// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The target of a request line (RFC 9112 §3.2), with its path decoded and checked once, for everyone.
struct RequestTarget: Sendable, Hashable {
    /// As it was sent.
    let rawValue: String
    /// Percent-decoded; `*` for a request about the server as a whole.
    let path: String
    let query: QueryParameters
    /// The host and port of an absolute-form target, in lower case; nil for the usual origin form.
    let authority: String?

    /// - Throws: ``HTTPError`` with status 400, saying what is wrong.
    init(_ text: String) throws(HTTPError) {
        rawValue = text
        if Self.isPlain(text) || text == "*" {
            path = text
            query = QueryParameters("")
            authority = nil
            return
        }
        let bytes = Array(text.utf8)
        var start = 0
        if bytes.first == ASCII.slash {
            authority = nil
        } else {
            let (found, end) = try Self.authority(of: bytes)
            authority = found
            start = end
        }
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
        path = start == end ? "/" : try Self.decodedPath(bytes[start..<end])
        guard end < bytes.count else {
            query = QueryParameters("")
            return
        }
        guard bytes[(end + 1)...].allSatisfy(ASCII.isQuery) else {
            throw HTTPError.badRequest("The query has a character that must be percent-encoded.")
        }
        query = QueryParameters(String(decoding: bytes[(end + 1)...], as: UTF8.self))
    }

    /// Whether the text is a path that needs no decoding and has no query: the usual case, recognised in one pass.
    private static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.first == ASCII.slash else { return false }
        var previous: UInt8 = 0
        for byte in bytes {
            guard ASCII.isPath(byte), byte != ASCII.percent, byte != UInt8(ascii: ".") || previous != ASCII.slash else {
                return false
            }
            previous = byte
        }
        return true
    }

    /// Reads `http://host:port` and gives the host and port, and where the path starts.
    private static func authority(of bytes: [UInt8]) throws(HTTPError) -> (String, Int) {
        let lower = bytes.map(ASCII.lowercased)
        for scheme in ["http://", "https://"] where lower.starts(with: scheme.utf8) {
            let start = scheme.utf8.count
            let end = lower[start...].firstIndex { $0 == ASCII.slash || $0 == UInt8(ascii: "?") } ?? lower.count
            let authority = String(decoding: lower[start..<end], as: UTF8.self)
            guard Host.isValid(authority) else { break }
            return (authority, end)
        }
        throw HTTPError.badRequest("The request target is neither a path nor an http URL.")
    }

    /// Decodes a path and refuses whatever two programs could read in two ways.
    private static func decodedPath(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> String {
        var path: [UInt8] = []
        path.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            var byte = bytes[index]
            guard ASCII.isPath(byte) else {
                throw HTTPError.badRequest("The path has a character that must be percent-encoded.")
            }
            index += 1
            if byte == ASCII.percent {
                guard bytes.endIndex - index >= 2, let high = ASCII.hexadecimal(bytes[index]),
                    let low = ASCII.hexadecimal(bytes[index + 1])
                else { throw HTTPError.badRequest("The path has a percent sign without two hexadecimal digits.") }
                byte = high << 4 | low
                index += 2
                guard byte != ASCII.slash, byte != UInt8(ascii: "\\"), !ASCII.isControl(byte) else {
                    throw HTTPError.badRequest("The path has an encoded slash, backslash or control character.")
                }
            }
            path.append(byte)
        }
        for segment in path.split(separator: ASCII.slash) where segment == [0x2E] || segment == [0x2E, 0x2E] {
            throw HTTPError.badRequest("The path has a dot segment.")
        }
        guard let text = String(validating: path, as: UTF8.self) else {
            throw HTTPError.badRequest("The path is not valid UTF-8.")
        }
        return text
    }
}

/// The grammar of the Host field (RFC 9110 §7.2, RFC 3986 §3.2.2).
enum Host {
    /// Whether the text is a host with an optional port.
    static func isValid(_ text: String) -> Bool {
        var rest = Substring(text).utf8
        if rest.first == UInt8(ascii: "[") {
            guard let close = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = rest[..<close].dropFirst()
            guard address.count >= 2,
                address.allSatisfy({
                    ASCII.hexadecimal($0) != nil || $0 == ASCII.colon || $0 == UInt8(ascii: ".")
                })
            else { return false }
            rest = rest[rest.index(after: close)...]
        } else {
            let name = rest.prefix { $0 != ASCII.colon }
            guard !name.isEmpty, name.allSatisfy(ASCII.isHost) else { return false }
            rest = rest[name.endIndex...]
        }
        guard rest.first == ASCII.colon else { return rest.isEmpty }
        let port = rest.dropFirst()
        return port.count <= 5 && port.allSatisfy(ASCII.isDigit)
    }
}
