// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A school or firm; a single-tenant installation has one.
public enum Tenant {
    /// The tenant of an installation that has only one.
    public static let single = "default"
}

/// What a person may do in the whole installation.
public enum Role: String, Sendable, Hashable, CaseIterable {
    /// Answers questions in the courses they belong to.
    case student
    /// Sets questions and reads the answers in the courses they teach.
    case educator
    /// Manages users and everything else.
    case admin
}

/// A person with an account.
public struct User: Sendable, Hashable {
    /// Identity.
    public var id: Identifier<User>
    /// The school or firm.
    public var tenant: String
    /// The name shown to others.
    public var name: String
    /// The address they log in with; compared in lower case.
    public var email: String
    /// What they may do.
    public var role: Role
    /// The language of the pages (BCP 47), or nil for the browser's.
    public var locale: String?
    /// Whether they may not log in.
    public var isDisabled: Bool
    /// When the account was made.
    public var createdAt: Timestamp

    /// Creates a user.
    public init(
        id: Identifier<User>, tenant: String = Tenant.single, name: String, email: String, role: Role,
        locale: String? = nil, isDisabled: Bool = false, createdAt: Timestamp
    ) {
        self.id = id
        self.tenant = tenant
        self.name = name
        self.email = email
        self.role = role
        self.locale = locale
        self.isDisabled = isDisabled
        self.createdAt = createdAt
    }
}
