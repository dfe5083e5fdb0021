// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Domain
import Storage
import TestRandom
import Testing

@testable import Auth

@Suite("Access tokens")
struct AccessTokenTests {
    private let golden = AccessTokenFixture.golden

    @Test(arguments: AccessTokenFixture.golden.accepted)
    func `accepts tokens made by other implementations`(item: AccessTokenFixture.Case) throws {
        let token = try golden.verify(item.token)
        #expect(token.subject == golden.subject)
        #expect(token.session == golden.session)
        #expect(token.issuedAt == golden.issuedAt)
    }

    @Test(arguments: AccessTokenFixture.golden.refused)
    func `refuses hostile tokens, each for its one fault`(item: AccessTokenFixture.Case) {
        let fault = #expect(throws: TokenFault.self) { try golden.verify(item.token) }
        #expect(fault?.rawValue == item.fault)
    }

    @Test func `makes the token that PyJWT has accepted`() {
        let token = AccessToken(
            subject: golden.subject, session: golden.session, id: "golden",
            now: Timestamp(milliseconds: golden.issuedAt * 1000), lifetime: .seconds(600))
        let text = token.signed(issuer: "oracy", audience: "oracy-api", keyID: golden.keyID, key: golden.key)
        #expect(text == golden.ours)
        #expect(throws: Never.self) { try golden.verify(text) }
    }

    @Test func `refuses a token in which any bit of any character is flipped`() {
        let token = Array(golden.ours.utf8)
        var refused = 0
        for index in token.indices {
            for bit in 0..<8 {
                var changed = token
                changed[index] ^= 1 << bit
                // Bytes above 127 arrive as replacement characters, as they would from a header read as UTF-8.
                let text = String(decoding: changed, as: UTF8.self)
                #expect(throws: TokenFault.self) { try golden.verify(text) }
                refused += 1
            }
        }
        #expect(refused == token.count * 8)
    }

    @Test func `refuses a token in which any character is replaced, doubled or missing`() {
        let token = Array(golden.ours.utf8)
        let signatureStart = token.count - 86
        for index in token.indices {
            var missing = token
            missing.remove(at: index)
            var doubled = token
            doubled.insert(token[index], at: index)
            for text in [missing, doubled] {
                #expect(throws: TokenFault.self) { try golden.verify(String(decoding: text, as: UTF8.self)) }
            }
            guard index >= signatureStart else { continue }
            for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
            where other != token[index] {
                var replaced = token
                replaced[index] = other
                #expect(throws: TokenFault.self) { try golden.verify(String(decoding: replaced, as: UTF8.self)) }
            }
        }
    }

    @Test func `ends and begins at the second`() {
        let at = { (seconds: Int64) in Timestamp(milliseconds: (golden.issuedAt + seconds) * 1000) }
        func fault(_ now: Timestamp) -> TokenFault? {
            do {
                _ = try AccessToken(verifying: golden.ours, golden.requirements, now: now)
                return nil
            } catch { return error }
        }
        #expect(fault(at(-31)) == .notYetValid)
        #expect(fault(at(-30)) == nil)
        #expect(fault(at(629)) == nil)
        #expect(fault(at(630)) == .expired)
    }

    @Test func `random bytes and random JSON never pass and never trap`() {
        let seed: UInt64 = 7519
        var generator = SplitMix(seed: seed)
        let pieces = golden.ours.split(separator: ".").map(String.init) + ["", "e30", "W10", "..", "é", "AA", "="]
        for _ in 0..<2000 {
            let parts = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                Bool.random(using: &generator)
                    ? pieces.randomElement(using: &generator)!
                    : Base64URL.encode(
                        (0..<Int.random(in: 0...90, using: &generator)).map { _ in
                            UInt8.random(in: 0...255, using: &generator)
                        })
            }
            let token = parts.joined(separator: ".")
            guard token != golden.ours else { continue }
            #expect(throws: TokenFault.self, "seed \(seed)") { try golden.verify(token) }
        }
    }
}

@Suite("JSON Web Keys and signatures")
struct JSONWebSignatureTests {
    /// RFC 8037 appendix A.
    @Test func `RFC 8037 appendix A comes out the same`() throws {
        let seed = try #require(Base64URL.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
        let key = try #require(Ed25519.PrivateKey(seed: seed))
        let verification = VerificationKey.ed25519(key.publicKey)
        #expect(Base64URL.encode(key.publicKey.bytes) == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
        #expect(verification.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        let message = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        #expect(Base64URL.encode(key.sign(Array(message.utf8))) == signature)
        #expect(verification.isValid(signature: Base64URL.decode(signature)!, for: Array(message.utf8)))
        // It is a good signature and still no access token of ours.
        #expect(throws: TokenFault.type) {
            try JSONWebSignature(verifying: "\(message).\(signature)", type: "at+jwt", keys: ["x": verification])
        }
    }

    @Test(arguments: ["a", "Z9-_", String(repeating: "k", count: 64), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"])
    func `takes plain key ids`(id: String) { #expect(JSONWebSignature.isKeyID(id)) }

    @Test(arguments: [
        "", String(repeating: "k", count: 65), "../../dev/null", "' or 1=1", "a.b", "a b", "ключ", "a\0",
    ])
    func `refuses key ids that could mean something elsewhere`(id: String) {
        #expect(!JSONWebSignature.isKeyID(id))
        let key = AccessTokenFixture.golden.key
        let token = JSONWebSignature.sign(payload: [], type: "at+jwt", keyID: id, key: key)
        // Not even when somebody managed to put a key under that name.
        #expect(throws: TokenFault.unknownKey) {
            try JSONWebSignature(verifying: token, type: "at+jwt", keys: [id: .ed25519(key.publicKey)])
        }
    }
}
