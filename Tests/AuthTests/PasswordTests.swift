// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Testing

@testable import Auth

@Suite("Password hashes")
struct PasswordHasherTests {
    private let hasher = PasswordHasher(cost: .weakForTests, threads: 2)

    @Test func `the right password is accepted and any other refused`() async throws {
        let hash = try await hasher.hash("correct horse")
        #expect(try await hasher.verify("correct horse", against: hash))
        for wrong in ["correct horsE", "correct horse ", "", "correct hors"] {
            #expect(try await !hasher.verify(wrong, against: hash))
        }
    }

    @Test func `a NUL inside a password counts, and so does everything after it`() async throws {
        let hash = try await hasher.hash("before\0after")
        #expect(try await hasher.verify("before\0after", against: hash))
        #expect(try await !hasher.verify("before", against: hash))
        #expect(try await !hasher.verify("before\0other", against: hash))
    }

    @Test func `bytes are compared as received, not as they look`() async throws {
        let hash = try await hasher.hash("caf\u{E9}")
        #expect(try await hasher.verify("caf\u{E9}", against: hash))
        #expect(try await !hasher.verify("cafe\u{301}", against: hash))
    }

    @Test func `the same password never has the same hash`() async throws {
        let first = try await hasher.hash("correct horse")
        let second = try await hasher.hash("correct horse")
        #expect(first != second)
    }

    @Test func `long passwords count to the last byte`() async throws {
        let long = String(repeating: "x", count: 1023)
        let hash = try await hasher.hash(long + "y")
        #expect(try await hasher.verify(long + "y", against: hash))
        #expect(try await !hasher.verify(long + "z", against: hash))
    }

    @Test func `without a hash the answer is no, after a check`() async throws {
        #expect(try await !hasher.verify("anything", against: nil))
        #expect(try await !hasher.verify("", against: nil))
        #expect(hasher.verifications == 2)
    }

    @Test(arguments: [PasswordCost.weakForTests, .floor, .standard])
    func `the stand-in for a missing hash is one at the full cost`(cost: PasswordCost) {
        let standIn = PasswordHasher.standIn(cost: cost)
        #expect(!PasswordHasher(cost: cost, threads: 1).needsRehash(standIn))
        #expect(standIn != PasswordHasher.standIn(cost: cost))
    }

    @Test(arguments: ["", "x", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$AAAA", "$2b$10$abcdefghijklmnopqrstuv"])
    func `a text that is no hash fits no password`(hash: String) async throws {
        #expect(try await !hasher.verify("anything", against: hash))
    }

    /// Made by argon2-cffi 25.1.0 (`PasswordHasher(time_cost=2, memory_cost=64, parallelism=1, type=Type.ID)`).
    @Test func `a hash made by argon2-cffi is understood`() async throws {
        let hash = "$argon2id$v=19$m=64,t=2,p=1$aqGDj2J5MM8CFKrqPQD+Eg$x/nFf6Rcjq3Vtx2E+YHq1YmmFnmIWCQ9g44ayUfY8YA"
        #expect(try await hasher.verify("violet harbour tango 91", against: hash))
        #expect(try await !hasher.verify("violet harbour tango 92", against: hash))
        #expect(hasher.needsRehash(hash))
    }

    @Test func `costs can't be set below the floor, and hashes of another cost are due`() async throws {
        #expect(PasswordCost(iterations: 1, memoryKiB: 8) == .floor)
        #expect(PasswordCost(iterations: 4, memoryKiB: 8).iterations == 4)
        let hash = try await hasher.hash("correct horse")
        #expect(!hasher.needsRehash(hash))
        #expect(PasswordHasher(cost: .floor, threads: 1).needsRehash(hash))
    }
}

@Suite("Password rules")
struct PasswordPolicyTests {
    private let policy = PasswordPolicy()
    private let context = ["Oracy", "Ann Brownlee", "annie.b"]

    @Test(arguments: [
        "violet harbour tango 91", "korrekt Pferd Batterie Heft", "ünïcödé pässwörter", "lhkqvznbtmwc",
        "Tr0ub4dor&3 once more",
        "早安早安我喜欢喝热咖啡每天", "my dog eats 3 socks", "            x y z q v k m b", "brown bears like rivers",
    ])
    func `accepts long passwords of any kind of characters`(password: String) {
        #expect(policy.weakness(of: password, context: context) == nil)
    }

    @Test func `counts characters, not bytes, and sets both limits at the limit`() {
        #expect(policy.weakness(of: "lhkqvznbtmw", context: []) == .tooShort(minimum: 12))
        #expect(policy.weakness(of: "ééééééééééé", context: []) == .tooShort(minimum: 12))
        let words = "meadow lantern quarry "
        let long = String(repeating: words, count: 60)
        #expect(policy.weakness(of: String(long.prefix(1024)), context: []) == nil)
        #expect(policy.weakness(of: String(long.prefix(1025)), context: []) == .tooLong)
    }

    @Test(arguments: [
        "correcthorsebatterystaple", "CorrectHorseBatteryStaple", "passwordpassword", "Password1234", "P@ssw0rd1234",
        "qwertyuiopasdf",
        "1qaz2wsx3edc", "manchesterunited", "iloveyouforever", "thisismypassword",
    ])
    func `refuses what is guessed first`(password: String) {
        #expect(policy.weakness(of: password, context: []) == .common)
    }

    @Test(arguments: [
        "aaaaaaaaaaaa", "abcabcabcabcabc", "123456789012345", "abcdefghijklmnop", "zyxwvutsrqpo", "Summer2024!!!",
        "welcome-2025-welcome",
        "monkey monkey monkey", "111122223333444455556666", "qwertyasdfghzxcvbn", "Liverpool2019", "3.3.3.3.3.3.3.3.3",
        "passwordletmein1",
        "abababababababab", "20202021202220232024",
    ])
    func `refuses what is mostly words of that kind, years, repeats and sequences`(password: String) {
        #expect([.predictable, .common].contains(policy.weakness(of: password, context: [])))
    }

    @Test(arguments: ["oracyoracyoracy", "AnnBrownlee2024", "brownleebrownlee", "annie.b.oracy", "Oracy-Ann-Brownlee!"])
    func `refuses what is mostly the person's or the product's name`(password: String) {
        #expect(policy.weakness(of: password, context: context) != nil)
        #expect(policy.weakness(of: "Brownleexq", context: context) == .tooShort(minimum: 12))
    }

    @Test func `names the personal reason only where the name is the reason`() {
        #expect(policy.weakness(of: "brownlee-annie", context: context) == .personal)
        #expect(policy.weakness(of: "brownlee-annie", context: []) == nil)
    }
}
