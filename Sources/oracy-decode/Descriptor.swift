// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// An open file descriptor that bytes are written to.
struct Descriptor {
    var number: Int32

    static let output = Descriptor(number: 1)
    static let errors = Descriptor(number: 2)

    /// Writes all bytes.
    ///
    /// - Returns: Whether it worked.
    @discardableResult
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = Glibc.write(number, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(written)
        }
        return true
    }

    /// Writes a line of text; failure is ignored, there is nobody left to tell.
    func write(line: String) {
        Array("\(line)\n".utf8).withUnsafeBytes { _ = write($0) }
    }
}
