// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Takes the chunked transfer coding off a body (RFC 9112 §7.1), strictly.
///
/// A pure value: it says which of the bytes it is given are content. Extensions are checked and ignored, trailer
/// fields are checked and dropped. After an error it must not be used again.
struct ChunkedDecoder {
    enum Event: Hashable {
        /// All bytes were used and the body goes on.
        case incomplete
        /// The bytes of this range are content.
        case content(Range<Int>)
        /// The body ended at the position.
        case end
    }

    private enum State {
        case size(digits: Int)
        case extensions(length: Int)
        case sizeLineFeed
        case content
        case contentCarriageReturn
        case contentLineFeed
        case trailerStart
        case trailerName
        case trailerValue
        case trailerLineFeed
        case endLineFeed
        case end
    }

    /// The longest chunk extensions, in bytes.
    private static let extensionLimit = 256
    /// The longest trailer, in bytes.
    private static let trailerLimit = 4096

    private var state = State.size(digits: 0)
    private var remaining = 0
    private var trailerLength = 0

    /// Reads on from `position`, which moves past what was used.
    ///
    /// - Throws: ``HTTPError`` with status 400.
    mutating func next(_ bytes: Span<UInt8>, from position: inout Int) throws(HTTPError) -> Event {
        while true {
            switch state {
            case .end: return .end
            case .content:
                guard position < bytes.count else { return .incomplete }
                let count = min(remaining, bytes.count - position)
                let range = position..<(position + count)
                position += count
                remaining -= count
                if remaining == 0 { state = .contentCarriageReturn }
                return .content(range)
            default:
                guard position < bytes.count else { return .incomplete }
                let byte = bytes[position]
                position += 1
                try step(byte)
            }
        }
    }

    /// Takes one byte that is no content.
    private mutating func step(_ byte: UInt8) throws(HTTPError) {
        switch state {
        case .size(let digits):
            if let value = ASCII.hexadecimal(byte) {
                let (product, overflow) = remaining.multipliedReportingOverflow(by: 16)
                guard digits < 16, !overflow else { throw HTTPError.badRequest("A chunk is too large.") }
                // The product's lowest four bits are zero.
                remaining = product | Int(value)
                state = .size(digits: digits + 1)
            } else if digits > 0, byte == ASCII.carriageReturn {
                state = .sizeLineFeed
            } else if digits > 0, byte == UInt8(ascii: ";") {
                state = .extensions(length: 0)
            } else {
                throw HTTPError.badRequest("A chunk does not start with its size.")
            }
        case .extensions(let length):
            if byte == ASCII.carriageReturn, length > 0 {
                state = .sizeLineFeed
            } else {
                let isAllowed =
                    ASCII.isToken(byte) || byte == UInt8(ascii: "=") || byte == UInt8(ascii: ";")
                    || byte == UInt8(ascii: "\"")
                guard isAllowed, length < Self.extensionLimit else {
                    throw HTTPError.badRequest("A chunk has a malformed or too long extension.")
                }
                state = .extensions(length: length + 1)
            }
        case .sizeLineFeed:
            try demand(ASCII.lineFeed, byte)
            state = remaining == 0 ? .trailerStart : .content
        case .contentCarriageReturn:
            try demand(ASCII.carriageReturn, byte)
            state = .contentLineFeed
        case .contentLineFeed:
            try demand(ASCII.lineFeed, byte)
            state = .size(digits: 0)
        case .trailerStart:
            if byte == ASCII.carriageReturn {
                state = .endLineFeed
            } else {
                guard ASCII.isToken(byte) else { throw HTTPError.badRequest("A trailer field is malformed.") }
                try countTrailer()
                state = .trailerName
            }
        case .trailerName:
            try countTrailer()
            if byte == ASCII.colon {
                state = .trailerValue
            } else {
                guard ASCII.isToken(byte) else { throw HTTPError.badRequest("A trailer field is malformed.") }
            }
        case .trailerValue:
            try countTrailer()
            if byte == ASCII.carriageReturn {
                state = .trailerLineFeed
            } else {
                guard !ASCII.isControl(byte) || byte == ASCII.tab else {
                    throw HTTPError.badRequest("A trailer field has a control character.")
                }
            }
        case .trailerLineFeed:
            try demand(ASCII.lineFeed, byte)
            state = .trailerStart
        case .endLineFeed:
            try demand(ASCII.lineFeed, byte)
            state = .end
        case .content, .end: break
        }
    }

    private mutating func countTrailer() throws(HTTPError) {
        trailerLength += 1
        guard trailerLength <= Self.trailerLimit else { throw HTTPError.badRequest("The trailer is too long.") }
    }

    private func demand(_ expected: UInt8, _ byte: UInt8) throws(HTTPError) {
        guard byte == expected else { throw HTTPError.badRequest("A chunk does not end where its size says.") }
    }
}
