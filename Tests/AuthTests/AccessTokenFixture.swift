// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// A fixture that can't be read must stop the tests.
// swift-format-ignore-file: NeverForceUnwrap, NeverUseForceTry

import Cryptography
import Domain
import Foundation
import JSON
import Storage
import Testing

@testable import Auth

/// Tokens made by other implementations; Tests/Fixtures/access_tokens.py says how.
struct AccessTokenFixture: Sendable {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let token: String
        let fault: String?
        var testDescription: String { name }
    }

    let key: Ed25519.PrivateKey
    let keyID: String
    let issuedAt: Int64
    let subject: Identifier<User>
    let session: Identifier<Session>
    let ours: String
    let accepted: [Case]
    let refused: [Case]

    static let golden: AccessTokenFixture = {
        let url = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/access_tokens.json")
        let document = try! JSONValue(parsing: Array(Data(contentsOf: url)))
        func cases(_ key: String) -> [Case] {
            document[key]!.array!.map {
                Case(name: $0["name"]!.string!, token: $0["token"]!.string!, fault: $0["fault"]?.string)
            }
        }
        return AccessTokenFixture(
            key: .init(seed: Hexadecimal.decode(document["seed"]!.string!)!)!, keyID: document["kid"]!.string!,
            issuedAt: document["issued_at"]!.integer!, subject: Identifier(document["subject"]!.string!)!,
            session: Identifier(document["session"]!.string!)!, ours: document["ours"]!.string!,
            accepted: cases("accepted"), refused: cases("refused"))
    }()

    var requirements: AccessToken.Requirements {
        AccessToken.Requirements(
            issuer: "oracy", audience: "oracy-api", leeway: .seconds(30), keys: [keyID: .ed25519(key.publicKey)])
    }

    /// A minute after the golden tokens were made.
    var now: Timestamp { Timestamp(milliseconds: (issuedAt + 60) * 1000) }

    func verify(_ token: String) throws(TokenFault) -> AccessToken {
        try AccessToken(verifying: token, requirements, now: now)
    }
}
