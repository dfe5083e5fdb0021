// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A class or training programme: members, questions and answers.
public struct Course: Sendable, Hashable {
    /// Identity.
    public var id: Identifier<Course>
    /// The school or firm.
    public var tenant: String
    /// The name shown to its members.
    public var name: String
    /// The language its questions begin with (BCP 47), or nil for any.
    public var language: String?
    /// The languages that answers to its questions may be given in, unless a question says otherwise; empty for any.
    public var languages: [ExpectedLanguage]
    /// Whether the tone of answers to its questions is read.
    public var readsTone: Bool
    /// When it was made.
    public var createdAt: Timestamp

    /// Creates a course.
    public init(
        id: Identifier<Course>, tenant: String = Tenant.single, name: String, language: String? = nil,
        languages: [ExpectedLanguage] = [], readsTone: Bool = true, createdAt: Timestamp
    ) {
        self.id = id
        self.tenant = tenant
        self.name = name
        self.language = language
        self.languages = languages
        self.readsTone = readsTone
        self.createdAt = createdAt
    }
}

/// One person's part in one course.
public struct Membership: Sendable, Hashable {
    /// What a member does in the course.
    public enum Part: String, Sendable, Hashable, CaseIterable {
        /// Answers its questions.
        case student
        /// Sets its questions and reads all answers.
        case educator
    }

    /// The course.
    public var course: Identifier<Course>
    /// The person.
    public var user: Identifier<User>
    /// What they do in it.
    public var part: Part

    /// Creates a membership.
    public init(course: Identifier<Course>, user: Identifier<User>, part: Part) {
        self.course = course
        self.user = user
        self.part = part
    }
}
