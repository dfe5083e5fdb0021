// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CSodium

/// Makes libsodium ready; its generator and key functions may only be called afterwards.
package enum Sodium {
    /// Initialises the library once; later calls cost one comparison.
    package static func prepare() {
        _ = isReady
    }

    // sodium_init fails only where the system has no source of random numbers: nothing here can be safe then.
    private static let isReady: Void = precondition(sodium_init() >= 0, "libsodium finds no random source")
}

/// Random bytes from the system, for keys, tokens and session secrets.
public enum SecureRandom {
    /// `count` unpredictable bytes.
    public static func bytes(_ count: Int) -> [UInt8] {
        Sodium.prepare()
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let base = buffer.baseAddress { randombytes_buf(base, count) }
            initialized = count
        }
    }
}

/// Whether two byte strings are equal, in a time that depends on their lengths only.
public func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return sodium_memcmp(left, right, left.count) == 0
}
