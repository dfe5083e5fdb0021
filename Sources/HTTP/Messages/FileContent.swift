// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc
import Threads

/// A regular file opened for reading. It is closed when the last reference goes.
///
/// Files are read on threads of their own: a cold disk never holds up an event loop.
public final class FileContent: Sendable {
    private let descriptor: Int32
    /// The size in bytes when the file was opened.
    public let size: Int
    /// A strong validator (RFC 9110 §8.8.3) made from the file's identity, size and time of change.
    public let entityTag: String

    private static let pool = ThreadPool(name: "oracy-file", threads: 2, queueLimit: 4096)

    /// How much is read at a time, in bytes.
    static let pieceSize = 128 << 10

    private init(descriptor: Int32, size: Int, entityTag: String) {
        self.descriptor = descriptor
        self.size = size
        self.entityTag = entityTag
    }

    deinit { close(descriptor) }

    /// Opens a file.
    ///
    /// - Throws: ``HTTPError``: 404 when there is no such regular file; 503 when the server can't open more files now.
    public static func open(_ path: String) async throws -> FileContent {
        try await pool.run {
            let descriptor = oracy_open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0)
            guard descriptor >= 0 else {
                if errno == EMFILE || errno == ENFILE {
                    throw HTTPError.serviceUnavailable("Too many files are open.", retryAfter: 1)
                }
                throw HTTPError.notFound()
            }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                close(descriptor)
                throw HTTPError.notFound()
            }
            let changed =
                UInt64(bitPattern: Int64(status.st_mtim.tv_sec)) &* 1_000_000_000
                &+ UInt64(bitPattern: Int64(status.st_mtim.tv_nsec))
            let tag = [UInt64(status.st_ino), UInt64(bitPattern: Int64(status.st_size)), changed]
                .map { String($0, radix: 36) }.joined(separator: "-")
            return FileContent(descriptor: descriptor, size: Int(status.st_size), entityTag: "\"\(tag)\"")
        }
    }

    /// Reads a part of the file.
    ///
    /// - Throws: ``HTTPError`` with status 500 when the disk fails or the file has become shorter.
    public func read(_ range: Range<Int>) async throws -> [UInt8] {
        try await Self.pool.run { [self] in
            let bytes = try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
                while count < range.count {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    let read = pread(descriptor, rest.baseAddress, range.count - count, range.lowerBound + count)
                    if read < 0, errno == EINTR { continue }
                    guard read > 0 else {
                        throw HTTPError(.internalServerError, code: "internal", detail: "A file can't be read.")
                    }
                    count += read
                }
            }
            return bytes
        }
    }
}
