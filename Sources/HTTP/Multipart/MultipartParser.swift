// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Takes a multipart/form-data body apart (RFC 7578, RFC 2046 §5.1), strictly: no preamble, no epilogue, every line
/// ends in CR LF, every part has a name.
///
/// A pure value: bytes go in with ``append(_:)``, events come out of ``next()`` until it wants more. At most a
/// chunk and a delimiter are held in memory. After an error it must not be used again.
struct MultipartParser {
    enum Event: Hashable {
        /// More bytes are needed.
        case incomplete
        /// A part begins.
        case part(MultipartHeader)
        /// Content of the present part.
        case content([UInt8])
        /// The present part is complete.
        case partEnd
        /// The body is complete, as far as it has come.
        case end
    }

    private enum State {
        case start
        /// Behind a delimiter: CR LF or two hyphens follow.
        case afterDelimiter
        case header
        case content
        case epilogue
    }

    private let limits: MultipartLimits
    /// CR LF, two hyphens and the boundary.
    private let delimiter: [UInt8]
    private var state = State.start
    private var buffer: [UInt8] = []
    private var position = 0
    private var parts = 0

    /// - Throws: ``HTTPError``: 415 when the content type is not multipart/form-data, 400 without a proper boundary.
    init(contentType: String?, limits: MultipartLimits) throws(HTTPError) {
        guard let contentType, var value = FieldValue(contentType),
            value.essence == "multipart/form-data"
        else { throw HTTPError.unsupportedMediaType("Send a form with Content-Type: multipart/form-data.") }
        // RFC 2046 §5.1.1.
        guard let boundary = value.take("boundary"), (1...70).contains(boundary.utf8.count),
            boundary.utf8.last != ASCII.space,
            boundary.utf8.allSatisfy({ byte in
                ASCII.isDigit(byte) || ASCII.lowercased(byte) &- 0x61 < 26
                    || "'()+_,-./:=? ".utf8.contains(byte)
            })
        else { throw HTTPError.badRequest("The Content-Type of the form has no proper boundary.") }
        self.limits = limits
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    /// Takes bytes of the body.
    mutating func append(_ bytes: [UInt8]) {
        if position == buffer.count {
            buffer = bytes
        } else {
            buffer.removeFirst(position)
            buffer.append(contentsOf: bytes)
        }
        position = 0
    }

    /// Whether the body may end here.
    var isComplete: Bool { if case .epilogue = state { true } else { false } }

    /// The next event.
    ///
    /// - Throws: ``HTTPError`` with status 400, saying what is wrong.
    mutating func next() throws(HTTPError) -> Event {
        while true {
            switch state {
            case .start:
                let first = delimiter.dropFirst(2)
                guard has(first.count) else {
                    guard buffer[position...].elementsEqual(first.prefix(buffer.count - position)) else {
                        throw HTTPError.badRequest("The form does not start with its boundary.")
                    }
                    return .incomplete
                }
                guard buffer[position..<(position + first.count)].elementsEqual(first) else {
                    throw HTTPError.badRequest("The form does not start with its boundary.")
                }
                position += first.count
                state = .afterDelimiter
            case .afterDelimiter:
                guard has(2) else { return .incomplete }
                let end = (buffer[position], buffer[position + 1])
                position += 2
                if end == (ASCII.carriageReturn, ASCII.lineFeed) {
                    parts += 1
                    guard parts <= limits.parts else {
                        throw HTTPError(
                            .contentTooLarge, code: "too_large",
                            detail: "A form may have at most \(limits.parts) parts.")
                    }
                    state = .header
                } else if end == (UInt8(ascii: "-"), UInt8(ascii: "-")) {
                    state = .epilogue
                } else {
                    throw HTTPError.badRequest("A boundary of the form is followed by something else.")
                }
            case .header:
                guard let header = try header() else { return .incomplete }
                state = .content
                return .part(header)
            case .content: return content()
            case .epilogue:
                // One line break after the last boundary is common.
                let rest = buffer[position...]
                guard
                    rest.isEmpty || rest.elementsEqual([ASCII.carriageReturn])
                        || rest.elementsEqual([ASCII.carriageReturn, ASCII.lineFeed])
                else { throw HTTPError.badRequest("The form goes on after its last boundary.") }
                return .end
            }
        }
    }

    private func has(_ count: Int) -> Bool { buffer.count - position >= count }

    /// Gives out what is certainly content: everything before the delimiter or what may be its beginning.
    private mutating func content() -> Event {
        let start = position
        var index = start
        while let found = buffer[index...].firstIndex(of: ASCII.carriageReturn) {
            let candidate = buffer[found..<min(found + delimiter.count, buffer.count)]
            guard delimiter.starts(with: candidate) else {
                index = found + 1
                continue
            }
            if found > start {
                position = found
                return .content(Array(buffer[start..<found]))
            }
            guard candidate.count == delimiter.count else { return .incomplete }
            position = found + delimiter.count
            state = .afterDelimiter
            return .partEnd
        }
        position = buffer.count
        return start == buffer.count ? .incomplete : .content(Array(buffer[start...]))
    }

    /// Reads the header of a part; nil when it has not all come.
    private mutating func header() throws(HTTPError) -> MultipartHeader? {
        var header = MultipartHeader(name: "", filename: nil, contentType: nil)
        var hasDisposition = false
        var index = position
        while true {
            let rest = buffer[index...]
            guard let end = rest.firstIndex(of: ASCII.carriageReturn), end + 1 < buffer.count else {
                guard buffer.count - position <= limits.headerBytes else { throw Self.tooLong }
                guard !rest.contains(ASCII.lineFeed) else {
                    throw HTTPError.badRequest("A line in a part's header does not end in CR LF.")
                }
                return nil
            }
            guard end - position <= limits.headerBytes else { throw Self.tooLong }
            guard buffer[end + 1] == ASCII.lineFeed else {
                throw HTTPError.badRequest("A line in a part's header does not end in CR LF.")
            }
            if end == index { break }
            try Self.readLine(buffer[index..<end], into: &header, &hasDisposition)
            index = end + 2
        }
        guard hasDisposition else { throw HTTPError.badRequest("A part of the form has no name.") }
        position = index + 2
        return header
    }

    private static let tooLong = HTTPError.badRequest("The header of a part of the form is too long.")

    private static func readLine(
        _ line: ArraySlice<UInt8>, into header: inout MultipartHeader, _ hasDisposition: inout Bool
    ) throws(HTTPError) {
        guard let colon = line.firstIndex(of: ASCII.colon), colon > line.startIndex,
            line[..<colon].allSatisfy(ASCII.isToken),
            line.allSatisfy({ !ASCII.isControl($0) || $0 == ASCII.tab }),
            let text = String(validating: line[(colon + 1)...], as: UTF8.self)
        else { throw HTTPError.badRequest("A line in a part's header is malformed.") }
        let name = String(decoding: line[..<colon].map(ASCII.lowercased), as: UTF8.self)
        switch name {
        case "content-disposition":
            guard !hasDisposition, var value = FieldValue(text), value.essence == "form-data",
                let partName = value.take("name")
            else { throw HTTPError.badRequest("A part of the form has no proper Content-Disposition with a name.") }
            hasDisposition = true
            header.name = unescaped(partName)
            header.filename = value.take("filename").map(unescaped)
        case "content-type":
            guard header.contentType == nil, let value = FieldValue(text) else {
                throw HTTPError.badRequest("A part of the form has a malformed Content-Type.")
            }
            header.contentType = value.essence
        case "content-transfer-encoding":
            let coding = text.utf8.filter { $0 != ASCII.space }.map(ASCII.lowercased)
            guard ["binary", "8bit", "7bit"].contains(where: { coding.elementsEqual($0.utf8) }) else {
                throw HTTPError.badRequest("Parts of the form must not be encoded (RFC 7578 §4.7).")
            }
        default: break
        }
    }

    /// Undoes what browsers do to names (WHATWG HTML, multipart form data): `"`, CR and LF as percent escapes.
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(ASCII.percent) else { return text }
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch (byte, rest.prefix(2)) {
            case (ASCII.percent, [0x32, 0x32]): result.append(0x22)
            case (ASCII.percent, [0x30, 0x44]), (ASCII.percent, [0x30, 0x41]): result.append(ASCII.space)
            default:
                result.append(byte)
                continue
            }
            rest.removeFirst(2)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
