// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Reads a form with files part by part, as it arrives.
///
/// ```swift
/// let form = try MultipartReader(request)
/// while let part = try await form.next() {
///     switch part.name {
///     case "language": language = try await part.text(upTo: 64)
///     case "audio": for try await chunk in part { try await file.write(chunk) }
///     default: throw HTTPError.badRequest("The form has an unknown field.")
///     }
/// }
/// ```
public final class MultipartReader {
    private var parser: MultipartParser
    private var body: RequestBody.Iterator
    private var hasEnded = false
    fileprivate var isInPart = false
    fileprivate var partNumber = 0

    /// Begins to read a request's body.
    ///
    /// - Throws: ``HTTPError``: 415 when the body is no form, 400 when its boundary is missing or malformed.
    public init(_ request: HTTPRequest, limits: MultipartLimits = MultipartLimits()) throws(HTTPError) {
        parser = try MultipartParser(contentType: request.headers["Content-Type"], limits: limits)
        body = request.body.makeAsyncIterator()
    }

    /// The next part, or nil after the last. What was not read of the part before is skipped.
    ///
    /// - Throws: ``HTTPError`` with status 400 when the form is malformed, and what reading the body throws.
    public func next() async throws -> MultipartPart? {
        while try await nextChunk(of: partNumber) != nil {}
        guard !hasEnded else { return nil }
        while true {
            switch try parser.next() {
            case .incomplete: try await readOn()
            case .part(let header):
                isInPart = true
                partNumber += 1
                return MultipartPart(header: header, number: partNumber, reader: self)
            case .content, .partEnd: continue
            case .end:
                // The body itself must end here, too.
                while let more = try await body.next() {
                    parser.append(more)
                    _ = try parser.next()
                }
                hasEnded = true
                return nil
            }
        }
    }

    fileprivate func nextChunk(of number: Int) async throws -> [UInt8]? {
        while isInPart, number == partNumber {
            switch try parser.next() {
            case .incomplete: try await readOn()
            case .content(let bytes): return bytes
            case .partEnd: isInPart = false
            case .part, .end: break
            }
        }
        return nil
    }

    private func readOn() async throws {
        guard let bytes = try await body.next() else {
            throw HTTPError.badRequest("The form ends before its last boundary.")
        }
        parser.append(bytes)
    }
}

/// One part of a form: a field or a file. Read it before asking for the next one.
public struct MultipartPart: AsyncSequence {
    /// A run of bytes, never empty.
    public typealias Element = [UInt8]
    /// ``HTTPError``.
    public typealias Failure = any Error

    private let header: MultipartHeader
    private let number: Int
    private let reader: MultipartReader

    fileprivate init(header: MultipartHeader, number: Int, reader: MultipartReader) {
        self.header = header
        self.number = number
        self.reader = reader
    }

    /// The field's name.
    public var name: String { header.name }
    /// What the client calls the file; never to be used as a path. Nil for plain fields.
    public var filename: String? { header.filename }
    /// The media type that the client claims, in lower case and without parameters.
    public var contentType: String? { header.contentType }

    /// Reads the whole part.
    ///
    /// - Throws: ``HTTPError`` with status 413 when there are more than `limit` bytes, and what reading throws.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try await reader.nextChunk(of: number) {
            guard chunk.count <= limit - bytes.count else { throw HTTPError.contentTooLarge(limit: limit) }
            bytes.append(contentsOf: chunk)
        }
        return bytes
    }

    /// Reads the whole part as text.
    ///
    /// - Throws: ``HTTPError``: 413 when there are more than `limit` bytes, 400 when they are not UTF-8, and what
    ///   reading throws.
    public func text(upTo limit: Int) async throws -> String {
        guard let text = String(validating: try await collect(upTo: limit), as: UTF8.self) else {
            throw HTTPError.badRequest("A field of the form is not valid UTF-8.")
        }
        return text
    }

    /// Starts or goes on with reading.
    public func makeAsyncIterator() -> Iterator { Iterator(number: number, reader: reader) }

    /// Reads the chunks in order.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let number: Int
        fileprivate let reader: MultipartReader

        /// The next chunk, or nil at the end of the part.
        public mutating func next() async throws -> [UInt8]? { try await reader.nextChunk(of: number) }

        /// The next chunk, or nil at the end of the part.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            try await reader.nextChunk(of: number)
        }
    }
}
