// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain

/// Decides whether `actor` may do `action` to an object; the only place where rights are decided.
///
/// Administrators may do everything in their tenant. Educators may do everything in the courses they teach. Everyone
/// may use what is their own. Teaching takes both the role and the part: an educator who becomes a student loses it
/// everywhere at once. What somebody may not even see is hidden; what they see but may not touch is denied.
public func authorize(_ actor: Actor, _ action: Action, _ facts: ObjectFacts = ObjectFacts()) -> Decision {
    if actor.user.isDisabled { return .deny }
    if let tenant = facts.tenant, tenant != actor.tenant { return .hide }
    if actor.role == .admin { return .allow }

    let teaches = actor.role == .educator && facts.coursePart == .educator && !facts.isFreeSpeech
    let belongs = facts.coursePart != nil && !facts.isFreeSpeech

    switch action {
    case .useOwnAccount, .useTools, .listOwnCourses, .transcribeFreely, .listOwnResponses:
        return .allow
    case .manageUsers:
        return .deny
    case .createCourse:
        return actor.role == .educator ? .allow : .deny

    case .readCourse, .readQuestion, .answerQuestion:
        return belongs ? .allow : .hide
    case .editCourse, .manageMembers, .readExpectedAnswer, .createQuestion, .editQuestion, .listCourseResponses,
        .manageRubrics, .listMarking, .releaseCourse, .readInsight, .setStandard:
        return teaches ? .allow : belongs ? .deny : .hide

    case .readResponse, .hearRecording, .retryResponse:
        return facts.isOwner || teaches ? .allow : .hide
    case .readResults, .editTranscript:
        if teaches { return .allow }
        return facts.isOwner ? facts.isWithheld ? .deny : .allow : .hide
    case .markResponse, .releaseResponse, .resolveAppeal:
        // Nobody marks themselves.
        return facts.isOwner ? .deny : teaches ? .allow : .hide
    case .appeal:
        if facts.isOwner { return facts.isFreeSpeech ? .deny : .allow }
        return teaches ? .deny : .hide
    case .deleteResponse:
        // An answer is evidence for a mark: its owner can't make it vanish, nor can the educator.
        if facts.isOwner { return facts.isFreeSpeech ? .allow : .deny }
        return teaches ? .deny : .hide
    }
}
