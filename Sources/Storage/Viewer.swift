// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// On whose behalf rows are read: every query for somebody else's object takes one, and what the viewer may not see is
/// not found.
public struct Viewer: Sendable, Hashable {
    /// The person.
    public let user: Identifier<User>
    /// The school or firm; nothing is ever read across this border.
    public let tenant: String
    /// Whether they see everything of the tenant.
    public let isAdmin: Bool

    /// Creates a viewer.
    public init(user: Identifier<User>, tenant: String = Tenant.single, isAdmin: Bool) {
        self.user = user
        self.tenant = tenant
        self.isAdmin = isAdmin
    }

    /// The viewer that a user is.
    public init(_ user: User) {
        self.init(user: user.id, tenant: user.tenant, isAdmin: user.role == .admin)
    }
}
