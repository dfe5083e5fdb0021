// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc

/// A request to stop that a thread can wait for beside its descriptors.
final class Cancellation: Sendable {
    /// Becomes readable when the work is to stop.
    let descriptor: Int32

    /// - Throws: ``AudioError`` with code `decoderRefused` when the process has no descriptor left.
    init() throws(AudioError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw AudioError(.decoderRefused, "The server has too many files open.") }
    }

    deinit { close(descriptor) }

    /// Asks for the end; any number of times, from any thread.
    func cancel() {
        eventfd_write(descriptor, 1)
    }
}
