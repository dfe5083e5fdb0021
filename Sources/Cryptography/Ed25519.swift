// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CSodium

/// Signatures with Ed25519 (RFC 8032 §5.1).
public enum Ed25519 {
    /// The half of a key pair that makes signatures. It never shows its bytes in descriptions.
    public struct PrivateKey: Sendable, CustomStringConvertible, CustomReflectable {
        /// The 32 bytes everything else follows from; a secret.
        public let seed: [UInt8]
        /// The half that checks signatures.
        public let publicKey: PublicKey
        private let expanded: [UInt8]

        /// Makes a new random key.
        public init() {
            self.init(expanding: SecureRandom.bytes(Int(crypto_sign_ed25519_SEEDBYTES)))
        }

        /// Restores a key; nil unless the seed has 32 bytes.
        public init?(seed: [UInt8]) {
            guard seed.count == Int(crypto_sign_ed25519_SEEDBYTES) else { return nil }
            self.init(expanding: seed)
        }

        private init(expanding seed: [UInt8]) {
            Sodium.prepare()
            var publicBytes = [UInt8](repeating: 0, count: Int(crypto_sign_ed25519_PUBLICKEYBYTES))
            var secretBytes = [UInt8](repeating: 0, count: Int(crypto_sign_ed25519_SECRETKEYBYTES))
            crypto_sign_ed25519_seed_keypair(&publicBytes, &secretBytes, seed)
            self.seed = seed
            publicKey = PublicKey(unchecked: publicBytes)
            expanded = secretBytes
        }

        /// The 64-byte signature of a message.
        public func sign(_ message: [UInt8]) -> [UInt8] {
            [UInt8](unsafeUninitializedCapacity: Int(crypto_sign_ed25519_BYTES)) { buffer, initialized in
                if let base = buffer.baseAddress {
                    crypto_sign_ed25519_detached(base, nil, message, UInt64(message.count), expanded)
                }
                initialized = Int(crypto_sign_ed25519_BYTES)
            }
        }

        /// What it is, without the secret.
        public var description: String { "Ed25519 private key" }

        /// Nothing, so that `dump` and `String(reflecting:)` show no secret.
        public var customMirror: Mirror { Mirror(self, children: [:]) }
    }

    /// The half of a key pair that checks signatures.
    public struct PublicKey: Sendable, Hashable {
        /// The 32 bytes of RFC 8032 §5.1.5.
        public let bytes: [UInt8]

        /// Takes a key from outside; nil unless it has 32 bytes.
        public init?(_ bytes: [UInt8]) {
            guard bytes.count == Int(crypto_sign_ed25519_PUBLICKEYBYTES) else { return nil }
            self.bytes = bytes
        }

        fileprivate init(unchecked bytes: [UInt8]) { self.bytes = bytes }

        /// Whether the signature belongs to the message. Non-canonical signatures and keys of small order are refused.
        public func isValid(signature: [UInt8], for message: [UInt8]) -> Bool {
            guard signature.count == Int(crypto_sign_ed25519_BYTES) else { return false }
            return crypto_sign_ed25519_verify_detached(signature, message, UInt64(message.count), bytes) == 0
        }
    }
}
