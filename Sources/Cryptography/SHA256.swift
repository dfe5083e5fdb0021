// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CSodium

/// A SHA-256 digest (FIPS 180-4) of bytes that arrive in pieces.
///
/// ```swift
/// var hash = SHA256()
/// for chunk in chunks { hash.update(chunk) }
/// let name = Hexadecimal.encode(hash.finish())
/// ```
public struct SHA256: Sendable {
    /// The digest's size in bytes.
    public static let byteCount = 32

    private var state = crypto_hash_sha256_state()

    /// Starts a digest of nothing.
    public init() {
        crypto_hash_sha256_init(&state)
    }

    /// Appends bytes.
    public mutating func update(_ bytes: some Collection<UInt8>) {
        let handled: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if handled == nil { Array(bytes).withUnsafeBytes { update($0) } }
    }

    /// Appends bytes that live in a buffer of the caller's.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        crypto_hash_sha256_update(&state, base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    /// The digest of everything appended so far; more may be appended afterwards.
    public func finish() -> [UInt8] {
        var state = state
        return [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, initialized in
            if let base = buffer.baseAddress { crypto_hash_sha256_final(&state, base) }
            initialized = Self.byteCount
        }
    }

    /// The digest of one piece.
    public static func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }
}

/// Message authentication codes with SHA-256 (RFC 2104).
public enum HMACSHA256 {
    /// The 32-byte code of a message under a key of any length.
    public static func code(for message: some Collection<UInt8>, key: [UInt8]) -> [UInt8] {
        let message = Array(message)
        var state = crypto_auth_hmacsha256_state()
        crypto_auth_hmacsha256_init(&state, key, key.count)
        crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        return [UInt8](unsafeUninitializedCapacity: 32) { buffer, initialized in
            if let base = buffer.baseAddress { crypto_auth_hmacsha256_final(&state, base) }
            initialized = 32
        }
    }

    /// Whether `code` belongs to the message, compared in constant time.
    public static func isValid(_ code: [UInt8], for message: some Collection<UInt8>, key: [UInt8]) -> Bool {
        isEqualInConstantTime(code, Self.code(for: message, key: key))
    }
}
