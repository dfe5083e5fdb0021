// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CSodium
import Cryptography
import Glibc
import Synchronization
import Threads

/// How much work and memory one Argon2id hash takes (RFC 9106; one lane, as always in libsodium).
public struct PasswordCost: Sendable, Hashable {
    /// Passes over the memory (t).
    public let iterations: Int
    /// Memory in KiB (m).
    public let memoryKiB: Int

    /// Takes a cost; values below ``floor`` are raised to it.
    public init(iterations: Int, memoryKiB: Int) {
        self.init(
            unchecked: max(iterations, Self.floor.iterations), memoryKiB: max(memoryKiB, Self.floor.memoryKiB))
    }

    private init(unchecked iterations: Int, memoryKiB: Int) {
        self.iterations = iterations
        self.memoryKiB = memoryKiB
    }

    /// The least that OWASP's password storage guide accepts with two passes: t=2, m=19 MiB.
    public static let floor = PasswordCost(unchecked: 2, memoryKiB: 19_456)
    /// The default: t=3, m=64 MiB, the second recommendation of RFC 9106 §4.
    public static let standard = PasswordCost(unchecked: 3, memoryKiB: 65_536)
    /// The least libsodium accepts: for tests that log in often, never for the passwords of people.
    public static let weakForTests = PasswordCost(unchecked: 1, memoryKiB: 8)
}

/// Hashes and checks passwords on threads of its own, with a bounded queue.
///
/// One hash takes a tenth of a second and tens of megabytes by design, so the number at a time is the number of cores
/// and further calls are refused once the queue is full.
public final class PasswordHasher: Sendable {
    /// The longest password in bytes of UTF-8.
    public static let longestPassword = 1024

    /// What new hashes cost.
    public let cost: PasswordCost
    private let pool: ThreadPool
    private let standIn: String
    private let verificationCount = Atomic<Int>(0)

    /// How many passwords have been checked since the start, for metrics.
    public var verifications: Int { verificationCount.load(ordering: .relaxed) }

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - cost: What new hashes cost; older ones are still checked at theirs.
    ///   - threads: How many hashes are computed at once; nil for one a core.
    ///   - queueLimit: How many calls may wait.
    public init(cost: PasswordCost = .standard, threads: Int? = nil, queueLimit: Int = 64) {
        Sodium.prepare()
        self.cost = cost
        standIn = Self.standIn(cost: cost)
        pool = ThreadPool(
            name: "oracy-hash", threads: threads ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            queueLimit: queueLimit)
    }

    deinit { pool.close() }

    /// A salted Argon2id hash in its usual text form, `$argon2id$v=19$m=…`.
    ///
    /// - Throws: ``AuthError`` `overloaded`.
    public func hash(_ password: String) async throws -> String {
        let cost = cost
        return try await onPool { try Self.hash(password, cost: cost) }
    }

    /// Whether `password` is the one that was hashed. The bytes are compared exactly as received, NUL included.
    ///
    /// Without a hash (no such user) a stand-in is checked, so that the answer takes as long and is always no.
    ///
    /// - Throws: ``AuthError`` `overloaded`.
    public func verify(_ password: String, against hash: String?) async throws -> Bool {
        return try await onPool { [self] in
            verificationCount.add(1, ordering: .relaxed)
            let matches = Self.verify(password, against: hash ?? standIn)
            return matches && hash != nil
        }
    }

    /// Whether a hash was made at another cost than today's and should be made anew at the next login.
    public func needsRehash(_ hash: String) -> Bool {
        crypto_pwhash_str_needs_rehash(hash, UInt64(cost.iterations), cost.memoryKiB * 1024) != 0
    }

    /// Refuses further calls; those that wait are finished.
    public func close() { pool.close() }

    private func onPool<Value: Sendable>(_ call: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await pool.run(call)
        } catch is ThreadPoolError {
            throw AuthError.overloaded
        }
    }

    /// The hash of nothing anybody knows: a random salt and a random digest, so that checking it takes the full time.
    static func standIn(cost: PasswordCost) -> String {
        func base64(_ count: Int) -> String {
            String(Base64URL.encode(SecureRandom.bytes(count)).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        }
        return "$argon2id$v=19$m=\(cost.memoryKiB),t=\(cost.iterations),p=1$\(base64(16))$\(base64(32))"
    }

    private static func hash(_ password: String, cost: PasswordCost) throws -> String {
        var password = password
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_argon2id_STRBYTES))
        let status = password.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                withUnsafePointer(to: CChar(0)) { empty in
                    crypto_pwhash_argon2id_str(
                        &text, characters.baseAddress ?? empty, UInt64(characters.count), UInt64(cost.iterations),
                        cost.memoryKiB * 1024)
                }
            }
        }
        // The one documented cause is that the memory can't be had.
        guard status == 0 else { throw AuthError.overloaded }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func verify(_ password: String, against hash: String) -> Bool {
        var password = password
        return password.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                withUnsafePointer(to: CChar(0)) { empty in
                    crypto_pwhash_argon2id_str_verify(
                        hash, characters.baseAddress ?? empty, UInt64(characters.count)) == 0
                }
            }
        }
    }
}
