// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// A lasting token that a person gives to a program, such as a client of the OpenAI-compatible API. It holds no secret.
public struct APIToken: Sendable, Hashable {
    /// Identity.
    public var id: Identifier<APIToken>
    /// Whose it is; the program acts as this person.
    public var user: Identifier<User>
    /// What the person calls it.
    public var name: String
    /// When it was made.
    public var createdAt: Timestamp
    /// From when on it is refused; nil for never.
    public var expiresAt: Timestamp?
    /// When it was last used, to within a minute; nil for never.
    public var lastUsedAt: Timestamp?

    /// Creates a token's description.
    public init(
        id: Identifier<APIToken>, user: Identifier<User>, name: String, createdAt: Timestamp,
        expiresAt: Timestamp? = nil, lastUsedAt: Timestamp? = nil
    ) {
        self.id = id
        self.user = user
        self.name = name
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
    }
}
