// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Glibc

extension ModelFolder {
    /// The SHA-256 of a file in hexadecimal digits. Reads all of it.
    func digest(of name: String) throws(TextEncoderError) -> String {
        let descriptor = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw TextEncoderError(.unreadable, "\(path)/\(name) can't be opened: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        var digest = SHA256()
        let size = 1 << 20
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, size)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw TextEncoderError(.unreadable, "\(path)/\(name) can't be read to its end.")
            }
            if count == 0 { return Hexadecimal.encode(digest.finish()) }
            digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
