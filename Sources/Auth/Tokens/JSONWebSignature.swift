// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import JSON

/// A signed document in the compact form of RFC 7515 §7.1: header, payload and signature, joined by dots.
///
/// Only what this project issues is understood. Everything unusual is refused, not repaired.
struct JSONWebSignature: Sendable {
    /// The longest token in bytes.
    static let longest = 4096

    /// The protected header.
    let header: JSONValue
    /// The signed bytes.
    let payload: [UInt8]

    /// Signs a payload.
    ///
    /// - Returns: The compact form.
    static func sign(payload: [UInt8], type: String, keyID: String, key: Ed25519.PrivateKey) -> String {
        let header: JSONValue = ["alg": "EdDSA", "typ": .string(type), "kid": .string(keyID)]
        let message = Base64URL.encode(header.utf8) + "." + Base64URL.encode(payload)
        return message + "." + Base64URL.encode(key.sign(Array(message.utf8)))
    }

    /// Reads a token and checks its signature.
    ///
    /// - Parameters:
    ///   - token: The compact form from outside.
    ///   - type: The media type that the header must name.
    ///   - keys: The keys by their ids; nothing else is ever looked up, whatever the header asks for.
    /// - Throws: ``TokenFault``.
    init(verifying token: String, type: String, keys: [String: VerificationKey]) throws(TokenFault) {
        guard token.utf8.count <= Self.longest else { throw .tooLong }
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .notThreeParts }
        guard let headerBytes = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw .encoding }
        guard let header = try? JSONValue(parsing: headerBytes), header.object != nil else { throw .headerSyntax }
        // Extensions that must be understood (RFC 7515 §4.1.11): there are none.
        guard header["crit"] == nil else { throw .criticalExtension }
        guard header["typ"]?.string == type else { throw .type }
        guard let id = header["kid"]?.string, Self.isKeyID(id), let key = keys[id] else { throw .unknownKey }
        guard header["alg"]?.string == key.algorithm else { throw .algorithm }
        let signed = Array(token.utf8.prefix(parts[0].count + 1 + parts[1].count))
        guard key.isValid(signature: signature, for: signed) else { throw .signature }
        self.header = header
        self.payload = payload
    }

    /// Whether a key id has only characters that mean nothing to a file system, a database or a URL.
    static func isKeyID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

/// What is wrong with a token; for logs, never told to its bearer.
enum TokenFault: String, Error, Sendable, Hashable {
    case tooLong, notThreeParts, encoding, headerSyntax, criticalExtension, type, unknownKey, algorithm, signature
    case claimsSyntax, issuer, audience, subject, session, identity, times, notYetValid, expired
}
