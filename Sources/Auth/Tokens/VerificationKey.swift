// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Cryptography
public import JSON

/// A public key that tokens are checked with, and so the algorithm they must name.
///
/// The algorithm belongs to the key, never to the token: a token can't choose to be checked as an HMAC.
public enum VerificationKey: Sendable, Hashable {
    /// Ed25519 (RFC 8037).
    case ed25519(Ed25519.PublicKey)

    /// The `alg` that a token must carry for this key.
    public var algorithm: String {
        switch self {
        case .ed25519: "EdDSA"
        }
    }

    /// Whether the signature belongs to the message.
    public func isValid(signature: [UInt8], for message: [UInt8]) -> Bool {
        switch self {
        case .ed25519(let key): key.isValid(signature: signature, for: message)
        }
    }

    /// The SHA-256 thumbprint of the key (RFC 7638, RFC 8037 appendix A.3), 43 characters; our keys are named by it.
    public var thumbprint: String {
        switch self {
        case .ed25519(let key):
            let members: JSONValue = ["crv": "Ed25519", "kty": "OKP", "x": .string(Base64URL.encode(key.bytes))]
            return Base64URL.encode(SHA256.hash(members.utf8))
        }
    }

    /// The key as a JSON Web Key (RFC 7517, RFC 8037 §2).
    public func jwk(id: String) -> JSONValue {
        switch self {
        case .ed25519(let key):
            [
                "kty": "OKP", "crv": "Ed25519", "x": .string(Base64URL.encode(key.bytes)), "kid": .string(id),
                "alg": .string(algorithm), "use": "sig",
            ]
        }
    }
}
