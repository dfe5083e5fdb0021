// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// What somebody may want to do; every route of the HTTP interface stands for one of these.
public enum Action: String, Sendable, Hashable, CaseIterable {
    /// Read and change one's own profile, password and sessions.
    case useOwnAccount
    /// List the recognisers and measure a text that is not stored.
    case useTools
    /// List, create, change and disable accounts.
    case manageUsers

    /// List the courses one belongs to.
    case listOwnCourses
    /// Make a course and become its educator.
    case createCourse
    /// See a course's name and figures.
    case readCourse
    /// Rename a course.
    case editCourse
    /// See who belongs to a course, add and remove people.
    case manageMembers

    /// See a question, without the expected answer.
    case readQuestion
    /// See the expected answer, older versions and how many have answered.
    case readExpectedAnswer
    /// Set a question in a course.
    case createQuestion
    /// Change a question.
    case editQuestion

    /// Record an answer to a question.
    case answerQuestion
    /// Have a recording transcribed that answers no question.
    case transcribeFreely
    /// List one's own responses.
    case listOwnResponses
    /// List everybody's responses in a course.
    case listCourseResponses
    /// See that a response was received and how far it has come.
    case readResponse
    /// See what was found in a response: its transcript, measures and grade.
    case readResults
    /// Listen to a response's recording.
    case hearRecording
    /// Correct a response's transcript.
    case editTranscript
    /// Run the stages of a failed response again.
    case retryResponse
    /// Delete a response and its recording.
    case deleteResponse

    /// Make, change and choose the rubrics of a course.
    case manageRubrics
    /// See which answers of a course wait for marks, and its appeals.
    case listMarking
    /// Mark a response, agree on a mark, and see the marks of others.
    case markResponse
    /// Show a student the grade of a response.
    case releaseResponse
    /// Show the students of a course all grades that are ready.
    case releaseCourse
    /// See the figures of a course: its dashboard, items, agreement, pass marks, fairness and students' progress.
    case readInsight
    /// Set the pass mark of a question, and say what borderline students should do.
    case setStandard
    /// Object to the grade of a response.
    case appeal
    /// Answer an appeal.
    case resolveAppeal
}

/// What the object of an action has to do with the actor. Collections and things without an owner take the defaults.
public struct ObjectFacts: Sendable, Hashable {
    /// The object's school or firm; nil where the action has no stored object.
    public var tenant: String?
    /// Whether the object is the actor's own.
    public var isOwner: Bool
    /// What the actor does in the course that the object belongs to; nil for strangers to it.
    public var coursePart: Membership.Part?
    /// Whether the response answers no question, so that no course and no educator has to do with it.
    public var isFreeSpeech: Bool
    /// Whether the response's results are kept from its student until they are released.
    public var isWithheld: Bool

    /// States the facts.
    public init(
        tenant: String? = nil, isOwner: Bool = false, coursePart: Membership.Part? = nil, isFreeSpeech: Bool = false,
        isWithheld: Bool = false
    ) {
        self.tenant = tenant
        self.isOwner = isOwner
        self.coursePart = coursePart
        self.isFreeSpeech = isFreeSpeech
        self.isWithheld = isWithheld
    }
}

/// The answer to whether somebody may do something.
public enum Decision: Sendable, Hashable {
    /// They may.
    case allow
    /// They may not, and may know it (403).
    case deny
    /// The object must look as if it did not exist (404).
    case hide
}
