// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Domain
import JSON
import Storage

/// What an access token says (RFC 9068): who, in which session, for how long. Roles are not in it: they are read from
/// the database on each request, so that a demotion acts at once.
struct AccessToken: Sendable, Hashable {
    /// The media type in the header (RFC 9068 §2.1).
    static let type = "at+jwt"

    /// The user.
    let subject: Identifier<User>
    /// The session that must still exist.
    let session: Identifier<Session>
    /// This token's own id.
    let id: String
    /// When it was made, in seconds since 1970.
    let issuedAt: Int64
    /// When it ends, in seconds since 1970.
    let expiresAt: Int64

    /// Makes a token that is valid from `now`.
    init(
        subject: Identifier<User>, session: Identifier<Session>,
        id: String = Base64URL.encode(SecureRandom.bytes(16)), now: Timestamp, lifetime: Duration
    ) {
        self.subject = subject
        self.session = session
        self.id = id
        issuedAt = now.milliseconds / 1000
        expiresAt = issuedAt + lifetime.components.seconds
    }

    /// The compact form, signed.
    func signed(issuer: String, audience: String, keyID: String, key: Ed25519.PrivateKey) -> String {
        let claims: JSONValue = [
            "iss": .string(issuer), "aud": .string(audience), "sub": .string(subject.text),
            "sid": .string(session.text), "jti": .string(id), "iat": .integer(issuedAt), "nbf": .integer(issuedAt),
            "exp": .integer(expiresAt),
        ]
        return JSONWebSignature.sign(payload: claims.utf8, type: Self.type, keyID: keyID, key: key)
    }

    /// What a token from outside must fulfil.
    struct Requirements: Sendable {
        /// The exact `iss`.
        var issuer: String
        /// The exact `aud`.
        var audience: String
        /// By how much clocks may differ.
        var leeway: Duration
        /// The keys by their ids.
        var keys: [String: VerificationKey]
    }

    /// Reads a token from outside, checks its signature and every claim.
    ///
    /// Whether the session still exists is for the caller to find out.
    ///
    /// - Throws: ``TokenFault``.
    init(verifying token: String, _ requirements: Requirements, now: Timestamp) throws(TokenFault) {
        let jws = try JSONWebSignature(verifying: token, type: Self.type, keys: requirements.keys)
        guard let claims = try? JSONValue(parsing: jws.payload), claims.object != nil else { throw .claimsSyntax }
        guard claims["iss"]?.string == requirements.issuer else { throw .issuer }
        guard claims["aud"]?.string == requirements.audience else { throw .audience }
        guard let subject = claims["sub"]?.string.flatMap({ Identifier<User>($0) }) else { throw .subject }
        guard let session = claims["sid"]?.string.flatMap({ Identifier<Session>($0) }) else { throw .session }
        guard let id = claims["jti"]?.string, (1...128).contains(id.utf8.count) else { throw .identity }
        guard let issuedAt = Self.seconds(claims["iat"]), let expiresAt = Self.seconds(claims["exp"]),
            let notBefore = claims["nbf"] == nil ? issuedAt : Self.seconds(claims["nbf"])
        else { throw .times }
        let time = now.milliseconds / 1000
        let leeway = requirements.leeway.components.seconds
        guard issuedAt <= time + leeway, notBefore <= time + leeway else { throw .notYetValid }
        guard time < expiresAt + leeway else { throw .expired }
        self.subject = subject
        self.session = session
        self.id = id
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }

    /// A time claim: a JSON integer between 1970 and 9999; sums with it can't overflow.
    private static func seconds(_ value: JSONValue?) -> Int64? {
        guard let seconds = value?.integer, (0...253_402_300_799).contains(seconds) else { return nil }
        return seconds
    }
}
