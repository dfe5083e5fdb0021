// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Writes response headers and chunks.
enum ResponseEncoder {
    /// How the end of a response's content is told (RFC 9112 §6).
    enum Framing {
        /// There is no content and none is announced.
        case none
        /// So many bytes; with HEAD they are announced and not sent.
        case length(Int)
        case chunked
        /// The content ends with the connection.
        case close
    }

    /// Appends a header. Fields that are the server's own business are taken from the arguments, not the response.
    static func append(
        _ response: HTTPResponse, framing: Framing, keepAlive: Bool, date: [UInt8], to output: inout [UInt8]
    ) {
        append("HTTP/1.1 ", to: &output)
        appendDecimal(response.status.code, to: &output)
        output.append(ASCII.space)
        output.append(contentsOf: response.status.reasonPhrase.utf8)
        append("\r\n", to: &output)
        output.append(contentsOf: date)
        for field in response.headers.fields where !isReserved(field.name) {
            output.append(contentsOf: field.name.utf8)
            append(": ", to: &output)
            output.append(contentsOf: field.value.utf8)
            append("\r\n", to: &output)
        }
        switch framing {
        case .none, .close: break
        case .length(let length):
            append("Content-Length: ", to: &output)
            appendDecimal(length, to: &output)
            append("\r\n", to: &output)
        case .chunked: append("Transfer-Encoding: chunked\r\n", to: &output)
        }
        if !keepAlive { append("Connection: close\r\n", to: &output) }
        append("\r\n", to: &output)
    }

    /// Appends one chunk (RFC 9112 §7.1). Empty content is no chunk: it would end the body.
    static func appendChunk(_ content: [UInt8], to output: inout [UInt8]) {
        guard !content.isEmpty else { return }
        output.reserveCapacity(output.count + content.count + 24)
        var shift = (Int.bitWidth - content.count.leadingZeroBitCount - 1) / 4 * 4
        while shift >= 0 {
            output.append(ASCII.hexadecimalDigits[content.count >> shift & 15])
            shift -= 4
        }
        append("\r\n", to: &output)
        output.append(contentsOf: content)
        append("\r\n", to: &output)
    }

    /// Appends the chunk that ends a body.
    static func appendLastChunk(to output: inout [UInt8]) { append("0\r\n\r\n", to: &output) }

    static func append(_ text: StaticString, to output: inout [UInt8]) {
        text.withUTF8Buffer { output.append(contentsOf: $0) }
    }

    static func appendDecimal(_ number: Int, to output: inout [UInt8]) {
        guard number > 9 else {
            output.append(0x30 + UInt8(clamping: number))
            return
        }
        var divisor = 10
        while number / divisor > 9 { divisor *= 10 }
        while divisor > 0 {
            output.append(0x30 + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    private static func isReserved(_ name: String) -> Bool {
        switch name.utf8.count {
        case 4: HTTPHeaders.areSame(name, "date")
        case 10: HTTPHeaders.areSame(name, "connection")
        case 14: HTTPHeaders.areSame(name, "content-length")
        case 17: HTTPHeaders.areSame(name, "transfer-encoding")
        default: false
        }
    }
}
