// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Transaction {
    /// People with accounts.
    public var users: UserRepository { UserRepository(transaction: self) }
}

/// People with accounts. E-mail addresses are stored and found in lower case.
public struct UserRepository {
    let transaction: Transaction

    /// What a login needs to know.
    public struct Credentials: Sendable {
        /// The person.
        public let user: User
        /// The encoded hash of the password; nil when none has been set.
        public let passwordHash: String?
    }

    /// Adds a person.
    ///
    /// - Throws: ``StorageError`` with code `unique` when the address is taken.
    public func insert(_ user: User, passwordHash: String?) throws {
        try transaction.run(
            """
            INSERT INTO "user" (id, tenant, name, email, role, locale, disabled, created_at, password_hash)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """,
            user.id, user.tenant, user.name, user.email.lowercased(), user.role, user.locale, user.isDisabled,
            user.createdAt, passwordHash)
    }

    /// The person with this id, in any tenant; for ids from a session or a row, not from a request.
    public func find(_ id: Identifier<User>) throws -> User? {
        try transaction.run("SELECT \(Self.columns) FROM \"user\" u WHERE u.id = ?1", id).first?.decode(Self.user)
    }

    /// The person with this id, if they are in the tenant.
    public func find(_ id: Identifier<User>, tenant: String) throws -> User? {
        try transaction.run(
            "SELECT \(Self.columns) FROM \"user\" u WHERE u.id = ?1 AND u.tenant = ?2", id, tenant
        ).first?.decode(Self.user)
    }

    /// The person with this address.
    public func find(email: String, tenant: String = Tenant.single) throws -> User? {
        try credentials(email: email, tenant: tenant)?.user
    }

    /// The person with this address and the hash to compare their password with.
    public func credentials(email: String, tenant: String = Tenant.single) throws -> Credentials? {
        try transaction.run(
            "SELECT \(Self.columns), u.password_hash FROM \"user\" u WHERE u.tenant = ?1 AND u.email = ?2", tenant,
            email.lowercased()
        ).first?.decode(Self.credentials)
    }

    /// A person's hash to compare their password with.
    public func credentials(_ id: Identifier<User>) throws -> Credentials? {
        try transaction.run(
            "SELECT \(Self.columns), u.password_hash FROM \"user\" u WHERE u.id = ?1", id
        ).first?.decode(Self.credentials)
    }

    /// The people of a tenant, newest first.
    public func list(tenant: String = Tenant.single, page: PageRequest = PageRequest()) throws -> Page<User> {
        let users = try transaction.run(
            """
            SELECT \(Self.columns) FROM "user" u
            WHERE u.tenant = ?1 AND u.id < ?2
            ORDER BY u.id DESC LIMIT ?3
            """,
            tenant, page.below, page.limit + 1
        ).map { try $0.decode(Self.user) }
        return Page(probing: users, page) { $0.id.text }
    }

    /// Stores everything about a person but the password.
    ///
    /// - Throws: ``StorageError`` with code `notFound`, or `unique` when the address is another person's.
    public func update(_ user: User) throws {
        let changed = try transaction.run(
            """
            UPDATE "user" SET name = ?3, email = ?4, role = ?5, locale = ?6, disabled = ?7
            WHERE id = ?1 AND tenant = ?2 RETURNING id
            """,
            user.id, user.tenant, user.name, user.email.lowercased(), user.role, user.locale, user.isDisabled)
        guard !changed.isEmpty else { throw StorageError.notFound("user") }
    }

    /// Stores the hash of a new password.
    ///
    /// - Throws: ``StorageError`` with code `notFound`.
    public func setPasswordHash(_ hash: String?, of id: Identifier<User>) throws {
        let changed = try transaction.run("UPDATE \"user\" SET password_hash = ?2 WHERE id = ?1 RETURNING id", id, hash)
        guard !changed.isEmpty else { throw StorageError.notFound("user") }
    }

    /// The group that a person counts themselves to; nil for none. It is read for reports over many and by the person.
    public func declaredGroup(of id: Identifier<User>) throws -> String? {
        let value: String?? = try transaction.run("SELECT declared_group FROM \"user\" WHERE id = ?1", id).first?
            .single()
        return value ?? nil
    }

    /// Stores the group that a person counts themselves to.
    ///
    /// - Throws: ``StorageError`` with code `notFound`.
    public func setDeclaredGroup(_ group: String?, of id: Identifier<User>) throws {
        let changed = try transaction.run(
            "UPDATE \"user\" SET declared_group = ?2 WHERE id = ?1 RETURNING id", id, group)
        guard !changed.isEmpty else { throw StorageError.notFound("user") }
    }

    /// The groups of a tenant's people who have declared one.
    public func declaredGroups(tenant: String = Tenant.single) throws -> [Identifier<User>: String] {
        let pairs = try transaction.run(
            "SELECT id, declared_group FROM \"user\" WHERE tenant = ?1 AND declared_group IS NOT NULL", tenant
        ).map { try $0.decode { (try $0.next(Identifier<User>.self), try $0.next(String.self)) } }
        return Dictionary(pairs) { $1 }
    }

    /// How many people there are in all tenants; 0 means that the installation has not been set up.
    public func count() throws -> Int {
        try transaction.run("SELECT count(*) FROM \"user\"").first?.single() ?? 0
    }

    /// How many people may log in with a role, so that the last administrator can't be taken away.
    public func countEnabled(role: Role, tenant: String = Tenant.single) throws -> Int {
        try transaction.run(
            "SELECT count(*) FROM \"user\" WHERE tenant = ?1 AND role = ?2 AND disabled = 0", tenant, role
        ).first?.single() ?? 0
    }

    static let columns = "u.id, u.tenant, u.name, u.email, u.role, u.locale, u.disabled, u.created_at"

    static func user(_ columns: inout Columns) throws -> User {
        User(
            id: try columns.next(), tenant: try columns.next(), name: try columns.next(), email: try columns.next(),
            role: try columns.next(), locale: try columns.next(), isDisabled: try columns.next(),
            createdAt: try columns.next())
    }

    private static func credentials(_ columns: inout Columns) throws -> Credentials {
        Credentials(user: try user(&columns), passwordHash: try columns.next())
    }
}

extension StorageError {
    /// The error for an object that is absent or not visible; `what` is its kind.
    static func notFound(_ what: String) -> StorageError { StorageError(.notFound, "there is no such \(what)") }
}
