// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The content of a response: nothing, bytes, a part of a file, or what a closure writes over time.
public struct ResponseBody: Sendable {
    enum Content: Sendable {
        case empty
        case bytes([UInt8])
        case file(FileContent, Range<Int>)
        case stream(ResponseStream)
    }

    let content: Content

    /// No content.
    public static let empty: ResponseBody = ResponseBody(content: .empty)

    /// Bytes that are there already.
    public static func bytes(_ bytes: [UInt8]) -> ResponseBody {
        ResponseBody(content: bytes.isEmpty ? .empty : .bytes(bytes))
    }

    /// Text as UTF-8.
    public static func text(_ text: String) -> ResponseBody { .bytes(Array(text.utf8)) }

    /// A part of an open file, read in pieces away from the event loop.
    ///
    /// - Precondition: The range lies inside the file.
    public static func file(_ file: FileContent, range: Range<Int>) -> ResponseBody {
        precondition(range.lowerBound >= 0 && range.upperBound <= file.size, "the range lies inside the file")
        return ResponseBody(content: range.isEmpty ? .empty : .file(file, range))
    }

    /// What `write` writes, of unknown length, sent in chunks as it is written.
    ///
    /// The task is cancelled when the client goes away. It is called even if the client has gone before the response
    /// begins, so that it can give back what it holds; writing then throws. When `write` throws, the connection is cut,
    /// so that the client can tell a broken response from a complete one.
    public static func stream(_ write: @escaping @Sendable (ResponseWriter) async throws -> Void) -> ResponseBody {
        ResponseBody(content: .stream(ResponseStream(heartbeat: nil, write: write)))
    }

    /// The length in bytes, or nil when it is not known before the end.
    public var length: Int? {
        switch content {
        case .empty: 0
        case .bytes(let bytes): bytes.count
        case .file(_, let range): range.count
        case .stream: nil
        }
    }

    /// Reads or produces the whole content, for callers without a connection such as tests.
    public func collect() async throws -> [UInt8] {
        switch content {
        case .empty: return []
        case .bytes(let bytes): return bytes
        case .file(let file, let range): return try await file.read(range)
        case .stream(let stream):
            let collector = Collector()
            try await stream.write(ResponseWriter { await collector.append($0) })
            return await collector.bytes
        }
    }

    private actor Collector {
        var bytes: [UInt8] = []
        func append(_ more: [UInt8]) { bytes += more }
    }
}

/// A response that is written over time.
struct ResponseStream: Sendable {
    /// What to send when nothing has been sent for a while, so that proxies keep the connection and a dead client is
    /// noticed.
    struct Heartbeat: Sendable {
        var interval: Duration
        var bytes: [UInt8]
    }

    var heartbeat: Heartbeat?
    var write: @Sendable (ResponseWriter) async throws -> Void
}

/// Writes the content of a response as it comes into being.
public struct ResponseWriter: Sendable {
    private let sink: @Sendable ([UInt8]) async throws -> Void

    init(_ sink: @escaping @Sendable ([UInt8]) async throws -> Void) { self.sink = sink }

    /// Sends bytes and returns when the connection is ready for more.
    ///
    /// - Throws: ``HTTPError/connectionClosed`` when the client has gone or takes the bytes too slowly.
    public func write(_ bytes: [UInt8]) async throws {
        if !bytes.isEmpty { try await sink(bytes) }
    }

    /// Sends text as UTF-8 and returns when the connection is ready for more.
    ///
    /// - Throws: ``HTTPError/connectionClosed`` when the client has gone or takes the bytes too slowly.
    public func write(_ text: String) async throws { try await write(Array(text.utf8)) }
}
