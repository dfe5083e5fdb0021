// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc

/// An open file; closed when nobody holds it any more. Used by one thread at a time.
final class OpenFile {
    private let descriptor: Int32
    let path: String

    /// Opens a file to read it.
    init(reading path: String, followsLinks: Bool = true) throws(ModelError) {
        self.path = path
        descriptor = oracy_open(path, O_RDONLY | O_CLOEXEC | (followsLinks ? 0 : O_NOFOLLOW), 0)
        guard descriptor >= 0 else { throw ModelError("open", path, errno: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ModelError(.fileSystem, "\(path) is not a regular file.")
        }
    }

    /// Opens a file to add to its end, and makes it when it is not there.
    init(appendingTo path: String) throws(ModelError) {
        self.path = path
        descriptor = oracy_open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw ModelError("write", path, errno: errno) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The size in bytes.
    func size() throws(ModelError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw ModelError("examine", path, errno: errno) }
        return Int(status.st_size)
    }

    /// Reads at most `count` bytes from an offset; fewer only at the end of the file.
    func read(upTo count: Int, at offset: Int) throws(ModelError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        var total = 0
        while total < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress?.advanced(by: total), count - total, offset + total)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw ModelError("read", path, errno: errno) }
            if got == 0 { break }
            total += got
        }
        return Array(bytes.prefix(total))
    }

    /// Reads everything, a piece at a time.
    func forEachPiece(_ body: (UnsafeRawBufferPointer) throws(ModelError) -> Void) throws(ModelError) {
        let size = 1 << 20
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while true {
            let got = pread(descriptor, buffer.baseAddress, size, offset)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw ModelError("read", path, errno: errno) }
            if got == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
            offset += got
        }
    }

    /// Adds bytes to the end.
    func append(_ bytes: UnsafeRawBufferPointer) throws(ModelError) {
        var written = 0
        while written < bytes.count {
            let count = write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ModelError("write", path, errno: errno) }
            written += count
        }
    }

    /// Adds bytes to the end.
    func append(_ bytes: [UInt8]) throws(ModelError) {
        try bytes.withUnsafeBytes { buffer in Result { () throws(ModelError) in try append(buffer) } }.get()
    }

    /// Removes what is there.
    func clear() throws(ModelError) {
        guard ftruncate(descriptor, 0) == 0 else { throw ModelError("write", path, errno: errno) }
    }

    /// Brings everything to the disk.
    func synchronize() throws(ModelError) {
        guard fsync(descriptor) == 0 else { throw ModelError("write", path, errno: errno) }
    }
}
