// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
public import Domain

extension Transaction {
    /// The log of who did what.
    public var audit: AuditRepository { AuditRepository(transaction: self) }
}

/// One thing that somebody did.
public struct AuditEntry: Sendable, Hashable {
    /// When.
    public var time: Timestamp
    /// The school or firm.
    public var tenant: String
    /// Who: a user's id, which says nothing once the user has been erased; nil for the server or an unknown person.
    public var actor: String?
    /// In which session.
    public var session: String?
    /// From where: a network prefix, never a whole address.
    public var address: String?
    /// What, such as `transcript.edit`.
    public var action: String
    /// To what, such as `response/0190…`.
    public var object: String?
    /// A digest of the object before.
    public var beforeHash: String?
    /// A digest of the object after.
    public var afterHash: String?

    /// Creates an entry.
    public init(
        time: Timestamp, tenant: String = Tenant.single, actor: String? = nil, session: String? = nil,
        address: String? = nil, action: String, object: String? = nil, beforeHash: String? = nil,
        afterHash: String? = nil
    ) {
        self.time = time
        self.tenant = tenant
        self.actor = actor
        self.session = session
        self.address = address
        self.action = action
        self.object = object
        self.beforeHash = beforeHash
        self.afterHash = afterHash
    }
}

/// The end of the audit log. Whoever keeps it elsewhere can tell later whether entries before it were changed or cut.
public struct AuditHead: Sendable, Hashable {
    /// The number of the last entry; 0 for an empty log.
    public var sequence: Int64
    /// Its hash, lower-case hexadecimal.
    public var hash: String
}

/// What a check of the audit log has found.
public enum AuditVerdict: Sendable, Hashable {
    /// Every entry is as it was written.
    case intact(AuditHead)
    /// This entry, or one that stood before it, was changed, removed or put in.
    case broken(sequence: Int64)
}

/// The log of who did what: only ever appended to, each entry's hash covering the one before it.
///
/// The hash is SHA-256 over the previous entry's hash (32 zero bytes before the first) and the entry's fields, each
/// preceded by its length in bytes as a 64-bit big-endian number (all ones for an absent field).
public struct AuditRepository {
    let transaction: Transaction

    /// Adds an entry.
    ///
    /// - Returns: Its number; they count from 1 without gaps.
    @discardableResult
    public func append(_ entry: AuditEntry) throws -> Int64 {
        let last = try transaction.run("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1").first?
            .decode { (try $0.next(Int64.self), try $0.next([UInt8].self)) }
        let sequence = (last?.0 ?? 0) + 1
        let hash = Self.hash(entry, sequence: sequence, after: last?.1 ?? Self.origin)
        try transaction.run(
            """
            INSERT INTO audit (sequence, tenant, time, actor, session, address, action, object, before_hash,
                after_hash, hash)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """,
            sequence, entry.tenant, entry.time, entry.actor, entry.session, entry.address, entry.action,
            entry.object, entry.beforeHash, entry.afterHash, hash)
        return sequence
    }

    /// The newest entries about an object, or about everything, newest first.
    public func list(object: String? = nil, page: PageRequest = PageRequest()) throws -> Page<AuditEntry> {
        let filter = object == nil ? "?1 IS NULL" : "object = ?1"
        let entries = try transaction.run(
            """
            SELECT \(Self.columns) FROM audit WHERE \(filter) AND sequence < ?2
            ORDER BY sequence DESC LIMIT ?3
            """,
            object, page.after.flatMap(Int64.init) ?? .max, page.limit + 1
        ).map { try $0.decode(Self.stored) }
        let page = Page(probing: entries, page) { String($0.sequence) }
        return page.map(\.entry)
    }

    /// Recomputes every hash.
    public func verify() throws -> AuditVerdict {
        var head: (sequence: Int64, hash: [UInt8]) = (0, Self.origin)
        while true {
            let batch = try transaction.run(
                "SELECT \(Self.columns) FROM audit WHERE sequence > ?1 ORDER BY sequence LIMIT 1000", head.sequence
            ).map { try $0.decode(Self.stored) }
            if batch.isEmpty { break }
            for stored in batch {
                guard stored.sequence == head.sequence + 1,
                    stored.hash == Self.hash(stored.entry, sequence: stored.sequence, after: head.hash)
                else { return .broken(sequence: stored.sequence) }
                head = (stored.sequence, stored.hash)
            }
        }
        return .intact(AuditHead(sequence: head.sequence, hash: Hexadecimal.encode(head.hash)))
    }

    private static let origin = [UInt8](repeating: 0, count: 32)
    private static let columns = """
        sequence, time, tenant, actor, session, address, action, object, before_hash, after_hash, hash
        """

    private struct Stored {
        let sequence: Int64
        let entry: AuditEntry
        let hash: [UInt8]
    }

    private static func stored(_ columns: inout Columns) throws -> Stored {
        Stored(
            sequence: try columns.next(),
            entry: AuditEntry(
                time: try columns.next(), tenant: try columns.next(), actor: try columns.next(),
                session: try columns.next(), address: try columns.next(), action: try columns.next(),
                object: try columns.next(), beforeHash: try columns.next(), afterHash: try columns.next()),
            hash: try columns.next())
    }

    private static func hash(_ entry: AuditEntry, sequence: Int64, after previous: [UInt8]) -> [UInt8] {
        var bytes = previous
        func append(_ number: UInt64) {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        append(UInt64(bitPattern: sequence))
        append(UInt64(bitPattern: entry.time.milliseconds))
        for field in [
            entry.tenant, entry.actor, entry.session, entry.address, entry.action, entry.object, entry.beforeHash,
            entry.afterHash,
        ] {
            guard let field else {
                append(.max)
                continue
            }
            append(UInt64(field.utf8.count))
            bytes.append(contentsOf: field.utf8)
        }
        return SHA256.hash(bytes)
    }
}
