// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Reads request headers from a stream of bytes, strictly (RFC 9112 §2-§5): what two programs could read in two ways
/// is refused, because that is how requests are smuggled past proxies.
///
/// A pure value: bytes go in, headers come out, wherever the stream is cut. After an error it must not be fed again.
struct RequestHeadParser {
    private let limits: HTTPLimits
    /// The beginning of a request line or of the field lines whose end has not come yet.
    private var beginning: [UInt8] = []
    /// The request line: it is read as soon as it is there, so that other protocols are turned away at once.
    private var line: RequestLine?
    private var previous: UInt8 = 0
    private var lineLength = 0
    private var fieldCount = 0
    private var fieldBytes = 0
    private var hasSkippedLine = false

    init(limits: HTTPLimits) { self.limits = limits }

    /// Whether a part of a header has come.
    var isInHead: Bool { lineLength > 0 || !isInRequestLine }

    private var isInRequestLine: Bool { line == nil }

    /// Reads on.
    ///
    /// - Parameter bytes: What has come; the bytes that are used are not to be fed again.
    /// - Returns: How many bytes were used, and the header if they completed it; without a header, all were used.
    /// - Throws: ``HTTPError``: 400, 414, 417 or 431. The connection must be closed after the answer.
    mutating func feed(_ bytes: Span<UInt8>) throws(HTTPError) -> (used: Int, head: RequestHead?) {
        var start = 0
        var index = 0
        while index < bytes.count {
            let runStart = index
            while index < bytes.count, !ASCII.isControl(bytes[index]) { index += 1 }
            if index > runStart {
                guard previous != ASCII.carriageReturn else { throw Self.bareCarriageReturn }
                previous = 0
                try count(index - runStart)
                continue
            }
            let byte = bytes[index]
            index += 1
            guard previous != ASCII.carriageReturn || byte == ASCII.lineFeed else { throw Self.bareCarriageReturn }
            switch byte {
            case ASCII.carriageReturn: previous = byte
            case ASCII.tab where !isInRequestLine: try count(1)
            case ASCII.lineFeed:
                guard previous == ASCII.carriageReturn else {
                    throw HTTPError.badRequest("A line ends without a carriage return.")
                }
                previous = 0
                if lineLength > 0 {
                    lineLength = 0
                    if isInRequestLine {
                        line = try take(bytes, start..<index) { bytes, range throws(HTTPError) in
                            try RequestLine(bytes, range)
                        }
                        start = index
                    }
                } else if let line {
                    let head = try take(bytes, start..<index) { bytes, range throws(HTTPError) in
                        try Self.head(line, bytes, range)
                    }
                    self = RequestHeadParser(limits: limits)
                    return (index, head)
                } else {
                    // RFC 9112 §2.2: one empty line before a request is forgiven.
                    guard !hasSkippedLine else { throw HTTPError.badRequest("The request line is empty.") }
                    hasSkippedLine = true
                    beginning.removeAll(keepingCapacity: true)
                    start = index
                }
            default: throw HTTPError.badRequest("The header has a control character.")
            }
        }
        if start < bytes.count { append(bytes, start..<bytes.count) }
        return (bytes.count, nil)
    }

    private static let bareCarriageReturn = HTTPError.badRequest("A carriage return is not followed by a line feed.")

    /// Counts bytes of the present line against the limits.
    private mutating func count(_ count: Int) throws(HTTPError) {
        if isInRequestLine {
            guard count <= limits.requestLineBytes - lineLength else {
                throw HTTPError(
                    .uriTooLong, code: "uri_too_long",
                    detail: "The request line is longer than \(limits.requestLineBytes) bytes.")
            }
        } else {
            if lineLength == 0 { fieldCount += 1 }
            guard fieldCount <= limits.headerFields, count <= limits.headerBytes - fieldBytes else {
                throw HTTPError(
                    .requestHeaderFieldsTooLarge, code: "header_too_large",
                    detail: "At most \(limits.headerFields) fields and \(limits.headerBytes) bytes are accepted.")
            }
            fieldBytes += count
        }
        lineLength += count
    }

    private mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        beginning.reserveCapacity(beginning.count + range.count)
        for index in range { beginning.append(bytes[index]) }
    }

    /// Reads what ends with a range of the bytes and may have begun before them.
    private mutating func take<Value>(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ read: (Span<UInt8>, Range<Int>) throws(HTTPError) -> Value
    ) throws(HTTPError) -> Value {
        guard !beginning.isEmpty else { return try read(bytes, range) }
        append(bytes, range)
        let whole = beginning
        beginning.removeAll(keepingCapacity: true)
        return try read(whole.span, 0..<whole.count)
    }

    /// Reads all field lines, which are known to end in CR LF and to have no control characters.
    private static func head(
        _ line: RequestLine, _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(HTTPError) -> RequestHead {
        var index = range.lowerBound
        var fields = FieldCollector()
        while bytes[index] != ASCII.carriageReturn { try fields.readLine(bytes, &index) }
        return try fields.head(line)
    }
}

/// Method, target and version (RFC 9112 §3).
private struct RequestLine {
    let method: HTTPMethod
    let target: RequestTarget
    let isHTTP10: Bool

    /// - Parameter range: The line with its CR LF; it is known to have no other control characters.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPError) {
        var index = range.lowerBound
        let methodStart = index
        while ASCII.isToken(bytes[index]) { index += 1 }
        guard bytes[index] == ASCII.space, (1...32).contains(index - methodStart) else {
            throw HTTPError.badRequest("The request line does not start with a method.")
        }
        method = HTTPMethod(bytes.text(methodStart..<index))
        index += 1
        let targetStart = index
        while bytes[index] > ASCII.space && bytes[index] < 0x7F { index += 1 }
        guard bytes[index] == ASCII.space, index > targetStart else {
            throw HTTPError.badRequest("The request line has no target or one with characters that must be encoded.")
        }
        let targetRange = targetStart..<index
        index += 1
        let versionStart = index
        while bytes[index] != ASCII.carriageReturn { index += 1 }
        isHTTP10 = bytes.equals(versionStart..<index, "HTTP/1.0")
        guard isHTTP10 || bytes.equals(versionStart..<index, "HTTP/1.1") else {
            throw HTTPError.badRequest("The protocol version is neither HTTP/1.1 nor HTTP/1.0.")
        }
        target = try RequestTarget(bytes.text(targetRange))
        guard target.path != "*" || method == .options else {
            throw HTTPError.badRequest("Only OPTIONS can be about the server as a whole.")
        }
    }
}

/// Field lines, and what they say about the message itself.
private struct FieldCollector {
    private var fields: [HTTPHeaders.Field] = []
    private var host: String?
    private var contentLength: Int?
    private var isChunked = false
    private var wantsClose = false
    private var expectsContinue = false

    init() { fields.reserveCapacity(8) }

    /// Reads one field line (RFC 9112 §5): no white space before the colon, no folding.
    mutating func readLine(_ bytes: Span<UInt8>, _ index: inout Int) throws(HTTPError) {
        let nameStart = index
        while ASCII.isToken(bytes[index]) { index += 1 }
        let name = nameStart..<index
        guard bytes[index] == ASCII.colon, !name.isEmpty else {
            throw HTTPError.badRequest("A field line has no proper name, or white space before its colon or itself.")
        }
        index += 1
        while bytes[index] == ASCII.space || bytes[index] == ASCII.tab { index += 1 }
        let valueStart = index
        while bytes[index] != ASCII.carriageReturn { index += 1 }
        var valueEnd = index
        index += 2
        while valueEnd > valueStart, bytes[valueEnd - 1] == ASCII.space || bytes[valueEnd - 1] == ASCII.tab {
            valueEnd -= 1
        }
        let value = valueStart..<valueEnd
        let text = bytes.text(value)
        fields.append(.init(name: bytes.text(name), value: text))
        switch name.count {
        case 4 where bytes.matches(name, "host"): try setHost(text)
        case 6 where bytes.matches(name, "expect"): try setExpectation(bytes, value)
        case 10 where bytes.matches(name, "connection"): setConnection(text)
        case 14 where bytes.matches(name, "content-length"): try setLength(bytes, value)
        case 17 where bytes.matches(name, "transfer-encoding"): try setCoding(bytes, value)
        default: break
        }
    }

    private mutating func setHost(_ text: String) throws(HTTPError) {
        guard host == nil else { throw HTTPError.badRequest("The Host field is repeated.") }
        guard Host.isValid(text) else { throw HTTPError.badRequest("The Host field is not a host and port.") }
        host = text
    }

    private mutating func setExpectation(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(HTTPError) {
        guard bytes.matches(value, "100-continue") else {
            throw HTTPError(
                .expectationFailed, code: "expectation_failed", detail: "Only 100-continue can be expected.")
        }
        expectsContinue = true
    }

    private mutating func setConnection(_ text: String) {
        for option in text.utf8.split(separator: UInt8(ascii: ",")) {
            let option = option.filter { $0 != ASCII.space && $0 != ASCII.tab }.map(ASCII.lowercased)
            if option.elementsEqual("close".utf8) { wantsClose = true }
        }
    }

    private mutating func setLength(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(HTTPError) {
        guard contentLength == nil else { throw HTTPError.badRequest("The Content-Length field is repeated.") }
        var length = 0
        // 18 digits can't overflow.
        guard (1...18).contains(value.count) else { throw HTTPError.badRequest("The Content-Length is no number.") }
        for index in value {
            guard ASCII.isDigit(bytes[index]) else { throw HTTPError.badRequest("The Content-Length is no number.") }
            length = length * 10 + Int(bytes[index] - 0x30)
        }
        contentLength = length
    }

    private mutating func setCoding(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(HTTPError) {
        guard !isChunked, bytes.matches(value, "chunked") else {
            throw HTTPError.badRequest("The only transfer coding that is understood is chunked, once.")
        }
        isChunked = true
    }

    /// Checks the fields against each other (RFC 9112 §3.2, §6.3).
    consuming func head(_ line: RequestLine) throws(HTTPError) -> RequestHead {
        if isChunked {
            guard contentLength == nil else {
                throw HTTPError.badRequest("Content-Length and Transfer-Encoding exclude each other.")
            }
            guard !line.isHTTP10 else { throw HTTPError.badRequest("HTTP/1.0 has no transfer codings.") }
        }
        if host == nil, !line.isHTTP10 { throw HTTPError.badRequest("The Host field is missing.") }
        if let authority = line.target.authority, let host {
            guard HTTPHeaders.areSame(authority, host) else {
                throw HTTPError.badRequest("The Host field and the request target name different hosts.")
            }
        }
        let framing: RequestHead.Framing =
            if isChunked { .chunked } else if let contentLength, contentLength > 0 { .length(contentLength) } else {
                .none
            }
        return RequestHead(
            method: line.method, target: line.target, headers: HTTPHeaders(checked: fields), framing: framing,
            isHTTP10: line.isHTTP10, keepAlive: !wantsClose && !line.isHTTP10,
            expectsContinue: expectsContinue && framing != .none && !line.isHTTP10)
    }
}
