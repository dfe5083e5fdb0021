// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Testing

private func bytes(_ hexadecimal: String) -> [UInt8] { Hexadecimal.decode(hexadecimal) ?? [] }

@Suite("Hashes, codes and signatures")
struct CryptographyTests {
    /// FIPS 180-4 examples, and the digest of nothing.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 gives the published digests`(text: String, digest: String) {
        #expect(Hexadecimal.encode(SHA256.hash(text.utf8)) == digest)
    }

    @Test func `SHA-256 is the same however the bytes are cut`() {
        let message = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let whole = SHA256.hash(message)
        for cut in 0...message.count {
            var hash = SHA256()
            hash.update(message[..<cut])
            let early = hash.finish()
            hash.update(AnyCollection(message[cut...]))
            #expect(hash.finish() == whole)
            #expect(early == SHA256.hash(message[..<cut]))
        }
    }

    /// RFC 4231 §4.3 and §4.7 (a key longer than a block).
    @Test func `HMAC-SHA-256 gives the codes of RFC 4231`() {
        let short = HMACSHA256.code(for: "what do ya want for nothing?".utf8, key: Array("Jefe".utf8))
        #expect(
            Hexadecimal.encode(short) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let long = HMACSHA256.code(
            for: "Test Using Larger Than Block-Size Key - Hash Key First".utf8, key: .init(repeating: 0xAA, count: 131))
        #expect(Hexadecimal.encode(long) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        #expect(HMACSHA256.isValid(short, for: "what do ya want for nothing?".utf8, key: Array("Jefe".utf8)))
        #expect(!HMACSHA256.isValid(short, for: "what do ya want for nothing!".utf8, key: Array("Jefe".utf8)))
        #expect(!HMACSHA256.isValid(Array(short.dropLast()), for: "what do ya want for nothing?".utf8, key: []))
    }

    /// RFC 8032 §7.1, tests 1 and 2.
    @Test(arguments: [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                + "d25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                + "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ])
    func `Ed25519 gives the keys and signatures of RFC 8032`(
        seed: String, publicKey: String, message: String, signature: String
    ) throws {
        let key = try #require(Ed25519.PrivateKey(seed: bytes(seed)))
        #expect(Hexadecimal.encode(key.publicKey.bytes) == publicKey)
        #expect(Hexadecimal.encode(key.sign(bytes(message))) == signature)
        #expect(key.publicKey.isValid(signature: bytes(signature), for: bytes(message)))
        #expect(!key.publicKey.isValid(signature: bytes(signature), for: bytes(message) + [0]))
    }

    @Test func `Ed25519 refuses keys and signatures of other sizes, and keys of small order`() throws {
        #expect(Ed25519.PrivateKey(seed: [1, 2, 3]) == nil)
        #expect(Ed25519.PublicKey([1, 2, 3]) == nil)
        let key = Ed25519.PrivateKey()
        #expect(!key.publicKey.isValid(signature: [], for: []))
        // The neutral point: S = 0, R = neutral would satisfy the equation for every message.
        let neutral = try #require(Ed25519.PublicKey([1] + [UInt8](repeating: 0, count: 31)))
        let forged = [UInt8](arrayLiteral: 1) + [UInt8](repeating: 0, count: 63)
        #expect(!neutral.isValid(signature: forged, for: [1, 2, 3]))
    }

    @Test func `a private key never shows its bytes`() {
        let key = Ed25519.PrivateKey(seed: .init(repeating: 0x2A, count: 32))!
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(!text.contains("42") && text.contains("Ed25519 private key"))
        }
    }

    @Test func `random bytes have the length asked for and differ`() {
        #expect(SecureRandom.bytes(0).isEmpty)
        #expect(Set((0..<100).map { _ in SecureRandom.bytes(32) }).count == 100)
    }

    @Test func `comparison in constant time agrees with equality`() {
        let value = SecureRandom.bytes(32)
        #expect(isEqualInConstantTime(value, value))
        #expect(isEqualInConstantTime([], []))
        #expect(!isEqualInConstantTime(value, Array(value.dropLast())))
        for index in value.indices {
            var other = value
            other[index] ^= 0x80
            #expect(!isEqualInConstantTime(value, other))
        }
    }
}

@Suite("Bytes as text")
struct ByteTextTests {
    /// RFC 4648 §10 without padding, and the two characters that differ from plain base64.
    @Test(arguments: [
        ("", ""), ("66", "Zg"), ("666f", "Zm8"), ("666f6f", "Zm9v"), ("666f6f62", "Zm9vYg"), ("666f6f6261", "Zm9vYmE"),
        ("666f6f626172", "Zm9vYmFy"), ("fbff", "-_8"),
    ])
    func `base64url follows RFC 4648`(hexadecimal: String, text: String) {
        #expect(Base64URL.encode(bytes(hexadecimal)) == text)
        #expect(Base64URL.decode(text) == bytes(hexadecimal))
    }

    @Test(arguments: ["A", "AAAAA", "Zg==", "Zg=", "Zm8=", " Zg", "Zg\n", "-/8", "+_8", "Z.g", "Zé", "Zh", "Zm9", "QR"])
    func `base64url refuses every other spelling`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func `of all texts of up to three characters only those are read that encoding gives back`() {
        let alphabet = (33..<127).map { UInt8($0) }
        var texts: [[UInt8]] = [[]]
        for length in 1...3 {
            let characters = length < 3 ? alphabet : alphabet.filter { $0.isMultiple(of: 5) }
            texts += texts.filter { $0.count == length - 1 }.flatMap { text in characters.map { text + [$0] } }
        }
        let read = texts.filter { Base64URL.decode($0) != nil }
        #expect(read.allSatisfy { Base64URL.decode($0).map(Base64URL.encode)?.utf8.elementsEqual($0) == true })
        // Of the one-character texts none, of two those with four low bits clear; the empty text is read.
        #expect(read.count { $0.count < 3 } == 1 + 64 * 4)
        #expect(texts.count > 100_000)
    }

    @Test func `hexadecimal digits are read in either case and nothing else is`() {
        #expect(Hexadecimal.encode([0, 0x9A, 0xFF]) == "009aff")
        #expect(Hexadecimal.decode("009AfF") == [0, 0x9A, 0xFF])
        for text in ["0", "0g", "0x", " 00", "٣٣"] { #expect(Hexadecimal.decode(text) == nil) }
    }
}
