// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc

/// A file mapped into memory, read-only, for as long as this lives.
///
/// The file must not be cut short meanwhile (the system would end the program at the first read past its new end): the
/// model store replaces files by renaming new ones over them and never writes into one.
final class MappedFile: Sendable {
    // Safe to share: the mapping is read-only and ends with the owner.
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    /// Maps a regular file.
    ///
    /// - Throws: ``InferenceError`` when it is missing, empty or no regular file.
    init(path: String) throws(InferenceError) {
        let descriptor = oracy_open(path, O_RDONLY | O_CLOEXEC, 0)
        guard descriptor >= 0 else {
            throw InferenceError(.unreadable, "can't open \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            throw InferenceError(.unreadable, "\(path) is empty or not a regular file")
        }
        let size = Int(status.st_size)
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw InferenceError(.unreadable, "can't map \(path): \(String(cString: strerror(errno)))")
        }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    /// Takes the pages out of this process's memory; they come back when they are read.
    func forgetWhatWasRead() {
        madvise(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count, MADV_DONTNEED)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }
}
