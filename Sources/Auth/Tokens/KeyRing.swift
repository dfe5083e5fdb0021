// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Domain
import JSON

/// The signing keys of an installation: past ones that tokens may still carry, the current one, and the next one,
/// which is published long before it signs so that everyone who caches the key set knows it in time.
struct KeyRing: Sendable {
    /// One key pair and the time from which it signs.
    struct Entry: Sendable {
        let id: String
        let key: Ed25519.PrivateKey
        let activeFrom: Timestamp

        init(key: Ed25519.PrivateKey, activeFrom: Timestamp) {
            id = VerificationKey.ed25519(key.publicKey).thumbprint
            self.key = key
            self.activeFrom = activeFrom
        }
    }

    /// What has to change in the database so that there is a current and a next key and no useless one.
    struct Maintenance: Sendable {
        var added: [Entry] = []
        var expiredIDs: [String] = []
    }

    /// All keys, by the time they begin to sign.
    let entries: [Entry]

    init(_ entries: some Sequence<Entry>) {
        self.entries = entries.sorted { ($0.activeFrom, $0.id) < ($1.activeFrom, $1.id) }
    }

    /// The key that signs at `now`, or nil before the first maintenance.
    func current(at now: Timestamp) -> Entry? { entries.last { $0.activeFrom <= now } }

    /// Whether a current and a next key are there.
    func isComplete(at now: Timestamp) -> Bool {
        guard let last = entries.last else { return false }
        return current(at: now) != nil && last.activeFrom > now
    }

    /// What is missing or no longer needed at `now`.
    ///
    /// - Parameters:
    ///   - rotation: How long a key signs.
    ///   - tokenLifetime: How long a key's last token is accepted after its successor has begun to sign.
    func maintenance(at now: Timestamp, rotation: Duration, tokenLifetime: Duration) -> Maintenance {
        var maintenance = Maintenance()
        if current(at: now) == nil { maintenance.added.append(Entry(key: .init(), activeFrom: now)) }
        if !entries.contains(where: { $0.activeFrom > now }) {
            maintenance.added.append(Entry(key: .init(), activeFrom: now + rotation))
        }
        for (entry, successor) in zip(entries, entries.dropFirst()) where successor.activeFrom + tokenLifetime < now {
            maintenance.expiredIDs.append(entry.id)
        }
        return maintenance
    }

    /// The keys that tokens are checked with, by their ids.
    var verificationKeys: [String: VerificationKey] {
        Dictionary(entries.map { ($0.id, .ed25519($0.key.publicKey)) }) { first, _ in first }
    }

    /// The public keys as a JSON Web Key Set (RFC 7517 §5).
    var jwks: JSONValue {
        ["keys": .array(entries.map { VerificationKey.ed25519($0.key.publicKey).jwk(id: $0.id) })]
    }
}
