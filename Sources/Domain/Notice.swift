// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Something that has happened to an answer and that a person wants to know.
public struct Notice: Sendable, Hashable {
    /// What has happened. The raw values appear in lists and are stored.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The grade of one's answer was released.
        case gradeReleased = "grade_released"
        /// A released grade has changed since.
        case gradeChanged = "grade_changed"
        /// One's appeal was answered.
        case appealResolved = "appeal_resolved"
    }

    /// Identity.
    public var id: Identifier<Notice>
    /// Whom it is for.
    public var user: Identifier<User>
    /// What has happened.
    public var kind: Kind
    /// The answer that it is about.
    public var response: Identifier<Response>
    /// When it happened.
    public var createdAt: Timestamp
    /// When the person has read it; nil until then.
    public var readAt: Timestamp?

    /// Creates a notice.
    public init(
        id: Identifier<Notice>, user: Identifier<User>, kind: Kind, response: Identifier<Response>,
        createdAt: Timestamp, readAt: Timestamp? = nil
    ) {
        self.id = id
        self.user = user
        self.kind = kind
        self.response = response
        self.createdAt = createdAt
        self.readAt = readAt
    }
}
