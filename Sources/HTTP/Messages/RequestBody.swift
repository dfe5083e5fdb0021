// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The content of a request, in chunks as they arrive.
///
/// The next chunk is read from the connection when it is asked for, so a slow handler slows the client down instead
/// of filling memory. A client that waits for 100 (Continue) gets it when the first chunk is asked for: check rights
/// and ``declaredLength`` before. A body nobody reads is discarded.
///
/// ```swift
/// for try await chunk in request.body { try await file.write(chunk) }
/// ```
public struct RequestBody: AsyncSequence, Sendable {
    /// A run of bytes, at most 64 KiB, never empty.
    public typealias Element = [UInt8]
    /// ``HTTPError``: the client went away, was too slow or sent broken chunks.
    public typealias Failure = any Error

    enum Source: Sendable {
        case none
        case bytes([UInt8])
        case connection(@Sendable () async throws -> [UInt8]?)
    }

    let source: Source
    /// The length that the header promises, in bytes: 0 without content, nil when it comes in chunks.
    public let declaredLength: Int?

    init(_ source: Source, declaredLength: Int?) {
        self.source = source
        self.declaredLength = declaredLength
    }

    /// Creates a body that is there already.
    public init(_ bytes: [UInt8] = []) {
        self.init(bytes.isEmpty ? .none : .bytes(bytes), declaredLength: bytes.count)
    }

    /// Reads the whole body.
    ///
    /// - Throws: ``HTTPError`` with status 413 when there are more than `limit` bytes: at once when the header says so;
    ///   else what reading throws.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        if let declaredLength, declaredLength > limit { throw HTTPError.contentTooLarge(limit: limit) }
        if case .bytes(let bytes) = source { return bytes }
        var bytes: [UInt8] = []
        for try await chunk in self {
            guard chunk.count <= limit - bytes.count else { throw HTTPError.contentTooLarge(limit: limit) }
            if bytes.isEmpty { bytes = chunk } else { bytes.append(contentsOf: chunk) }
        }
        return bytes
    }

    /// Starts or goes on with reading.
    public func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    /// Reads the chunks in order.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var source: Source

        /// The next chunk, or nil at the end.
        public mutating func next() async throws -> [UInt8]? {
            switch source {
            case .none: return nil
            case .bytes(let bytes):
                source = .none
                return bytes
            case .connection(let read): return try await read()
            }
        }

        /// The next chunk, or nil at the end.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            switch source {
            case .none: return nil
            case .bytes(let bytes):
                source = .none
                return bytes
            case .connection(let read): return try await read()
            }
        }
    }
}
