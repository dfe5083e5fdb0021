// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import Storage
import Testing

@Suite("Rights")
struct AuthorizeTests {
    /// Who asks, and what the object has to do with them.
    enum Relation: String, CaseIterable {
        case studentOwner, student, studentOutside, educator, educatorAsStudent, educatorOutside, admin
        case studentOwnSpeech, studentOthersSpeech, educatorOwnSpeech, educatorOthersSpeech, adminOthersSpeech
        case demotedEducator

        var role: Role {
            switch self {
            case .studentOwner, .student, .studentOutside, .studentOwnSpeech, .studentOthersSpeech, .demotedEducator:
                .student
            case .educator, .educatorAsStudent, .educatorOutside, .educatorOwnSpeech, .educatorOthersSpeech: .educator
            case .admin, .adminOthersSpeech: .admin
            }
        }

        var facts: ObjectFacts {
            let tenant = Tenant.single
            return switch self {
            case .studentOwner: ObjectFacts(tenant: tenant, isOwner: true, coursePart: .student)
            case .student, .educatorAsStudent: ObjectFacts(tenant: tenant, coursePart: .student)
            case .educator, .demotedEducator: ObjectFacts(tenant: tenant, coursePart: .educator)
            case .studentOutside, .educatorOutside, .admin: ObjectFacts(tenant: tenant)
            case .studentOwnSpeech, .educatorOwnSpeech: ObjectFacts(tenant: tenant, isOwner: true, isFreeSpeech: true)
            case .studentOthersSpeech, .adminOthersSpeech: ObjectFacts(tenant: tenant, isFreeSpeech: true)
            // A part can have nothing to do with free speech; it must not open it even when a caller states one.
            case .educatorOthersSpeech: ObjectFacts(tenant: tenant, coursePart: .educator, isFreeSpeech: true)
            }
        }
    }

    /// The expected decisions, by hand: + allow, - deny, . hide; columns in the order of `Relation`.
    ///
    ///     studentOwner, student, studentOutside | educator, educatorAsStudent, educatorOutside | admin |
    ///     studentOwnSpeech, studentOthersSpeech | educatorOwnSpeech, educatorOthersSpeech | adminOthersSpeech | demoted
    private static let table: [Action: String] = [
        .useOwnAccount: "+++ +++ + ++ ++ + +",
        .useTools: "+++ +++ + ++ ++ + +",
        .manageUsers: "--- --- + -- -- + -",
        .listOwnCourses: "+++ +++ + ++ ++ + +",
        .createCourse: "--- +++ + -- ++ + -",
        .readCourse: "++. ++. + .. .. + +",
        .editCourse: "--. +-. + .. .. + -",
        .manageMembers: "--. +-. + .. .. + -",
        .readQuestion: "++. ++. + .. .. + +",
        .readExpectedAnswer: "--. +-. + .. .. + -",
        .createQuestion: "--. +-. + .. .. + -",
        .editQuestion: "--. +-. + .. .. + -",
        .answerQuestion: "++. ++. + .. .. + +",
        .transcribeFreely: "+++ +++ + ++ ++ + +",
        .listOwnResponses: "+++ +++ + ++ ++ + +",
        .listCourseResponses: "--. +-. + .. .. + -",
        .readResponse: "+.. +.. + +. +. + .",
        .readResults: "+.. +.. + +. +. + .",
        .hearRecording: "+.. +.. + +. +. + .",
        .editTranscript: "+.. +.. + +. +. + .",
        .retryResponse: "+.. +.. + +. +. + .",
        .deleteResponse: "-.. -.. + +. +. + .",
        .manageRubrics: "--. +-. + .. .. + -",
        .listMarking: "--. +-. + .. .. + -",
        .markResponse: "-.. +.. + -. -. + .",
        .releaseResponse: "-.. +.. + -. -. + .",
        .releaseCourse: "--. +-. + .. .. + -",
        .readInsight: "--. +-. + .. .. + -",
        .setStandard: "--. +-. + .. .. + -",
        .appeal: "+.. -.. + -. -. + .",
        .resolveAppeal: "-.. +.. + -. -. + .",
    ]

    private static func actor(_ role: Role, tenant: String = Tenant.single, isDisabled: Bool = false) -> Actor {
        let time = Timestamp(milliseconds: 0)
        let user = User(
            id: Identifier(at: time), tenant: tenant, name: "Ann", email: "ann@school.example", role: role,
            isDisabled: isDisabled, createdAt: time)
        return Actor(
            user: user,
            credential: .session(
                Session(id: Identifier(at: time), user: user.id, kind: .api, createdAt: time, lastUsedAt: time)))
    }

    @Test(arguments: Action.allCases)
    func `every action is decided as the table says`(action: Action) throws {
        let row = try #require(Self.table[action], "the table has no row for this action")
        let cells = row.filter { $0 != " " }
        try #require(cells.count == Relation.allCases.count)
        for (relation, cell) in zip(Relation.allCases, cells) {
            let expected: Decision = cell == "+" ? .allow : cell == "-" ? .deny : .hide
            let decision = authorize(Self.actor(relation.role), action, relation.facts)
            #expect(decision == expected, "\(relation.rawValue)")
        }
    }

    @Test func `results that are withheld are denied to their student, and to nobody else`() {
        for action in [Action.readResults, .editTranscript] {
            for relation in Relation.allCases {
                var facts = relation.facts
                let open = authorize(Self.actor(relation.role), action, facts)
                facts.isWithheld = true
                let withheld = authorize(Self.actor(relation.role), action, facts)
                let isTheirs = facts.isOwner && relation.role == .student
                #expect(withheld == (isTheirs || relation == .educatorOwnSpeech ? .deny : open), "\(relation.rawValue)")
            }
        }
    }

    @Test(arguments: Action.allCases, Role.allCases)
    func `an object of another tenant does not exist`(action: Action, role: Role) {
        let facts = ObjectFacts(tenant: "elsewhere", isOwner: true, coursePart: .educator)
        #expect(authorize(Self.actor(role), action, facts) == .hide)
        #expect(authorize(Self.actor(role, tenant: "elsewhere"), action, ObjectFacts(tenant: "default")) == .hide)
    }

    @Test(arguments: Action.allCases, Role.allCases)
    func `a disabled account may do nothing`(action: Action, role: Role) {
        let facts = ObjectFacts(tenant: Tenant.single, isOwner: true, coursePart: .educator)
        #expect(authorize(Self.actor(role, isDisabled: true), action, facts) == .deny)
    }

    @Test(arguments: Action.allCases)
    func `a right of a student is a right of the educator, and one of theirs a right of the administrator`(
        action: Action
    ) {
        for part in [nil, Membership.Part.student, .educator] {
            for isOwner in [false, true] {
                for isFreeSpeech in [false, true] {
                    let facts = ObjectFacts(
                        tenant: Tenant.single, isOwner: isOwner, coursePart: part, isFreeSpeech: isFreeSpeech)
                    let rights = Role.allCases.map { authorize(Self.actor($0), action, facts) == .allow ? 1 : 0 }
                    #expect(rights == rights.sorted())
                }
            }
        }
    }
}
