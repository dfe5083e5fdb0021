// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc

/// Why a file can't be used. The message says what the system says, with the path.
public struct FileAccessError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened, for a person.
    public let message: String

    /// Creates an error.
    public init(_ message: String) { self.message = message }

    /// Creates an error from the `errno` of a call that failed, such as `can't open a.wav: Permission denied`.
    init(_ action: String, _ path: String, errno code: Int32) {
        message = "can't \(action) \(path): \(String(cString: strerror(code)))"
    }

    /// The message.
    public var description: String { message }
}

/// Whole small files.
public enum WholeFile {
    /// Finds out whether a file can be written, without making or changing it.
    ///
    /// - Throws: ``FileAccessError``.
    public static func checkWritable(_ path: String) throws(FileAccessError) {
        let descriptor = oracy_open(path, O_WRONLY | O_CLOEXEC, 0)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno != ENOENT {
            throw FileAccessError("write", path, errno: errno)
        } else {
            let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
            guard access(folder, W_OK) == 0 else { throw FileAccessError("write", path, errno: errno) }
        }
    }

    /// Replaces the content of a file.
    ///
    /// - Throws: ``FileAccessError``.
    public static func write(_ text: String, to path: String) throws(FileAccessError) {
        try write(Array(text.utf8), to: path)
    }

    /// Replaces the content of a file.
    ///
    /// - Throws: ``FileAccessError``.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileAccessError) {
        let descriptor = oracy_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileAccessError("write", path, errno: errno) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileAccessError("write", path, errno: errno)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads a file; nil when there is none. `-` is standard input.
    ///
    /// - Throws: ``FileAccessError``, also when the file is larger than `limit` bytes.
    public static func read(_ path: String, limit: Int = 64 << 20) throws(FileAccessError) -> [UInt8]? {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : oracy_open(path, O_RDONLY | O_CLOEXEC, 0)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileAccessError("open", path, errno: errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw FileAccessError("read", path, errno: errno)
            }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= limit else { throw FileAccessError("\(path) is larger than \(limit >> 20) MiB") }
        }
    }
}
