// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@testable import Storage

@Suite struct PeopleTests {
    @Test(arguments: TestDatabase.all)
    func `a user is found by id and by address whatever the case, with the hash only in the credentials`(
        _ driver: TestDatabase
    ) async throws {
        try await driver.use { database async throws in
            let user = User(
                id: Identifier(at: noon), name: "Zoë 'O\"Neil", email: "Zoe@Example.org", role: .educator, locale: "nl",
                isDisabled: true, createdAt: noon)
            try await database.write { try $0.users.insert(user, passwordHash: "$argon2id$x") }
            var stored = user
            stored.email = "zoe@example.org"
            let expected = stored
            try await database.read { transaction throws in
                #expect(try transaction.users.find(user.id) == expected)
                #expect(try transaction.users.find(user.id, tenant: Tenant.single) == expected)
                #expect(try transaction.users.find(user.id, tenant: "other") == nil)
                #expect(try transaction.users.find(email: "ZOE@example.ORG") == expected)
                #expect(try transaction.users.find(email: "zoe@example.org", tenant: "other") == nil)
                #expect(try transaction.users.credentials(email: "zoe@example.org")?.passwordHash == "$argon2id$x")
                #expect(try transaction.users.count() == 1)
                #expect(try transaction.users.countEnabled(role: .educator) == 0)
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `an address belongs to one user of a tenant`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            try await database.write { try $0.users.insert(.sample("ann"), passwordHash: nil) }
            var twin = User.sample("ann")
            twin.email = "ANN@example.org"
            let repeated = twin
            let failure = await #expect(throws: StorageError.self) {
                try await database.write { try $0.users.insert(repeated, passwordHash: nil) }
            }
            #expect(failure?.code == .unique)
            #expect(failure?.constraint == "user.tenant, user.email")
            #expect(failure?.description.contains("example.org") == false)
            twin.tenant = "other"
            let elsewhere = twin
            try await database.write { try $0.users.insert(elsewhere, passwordHash: nil) }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `an update is stored, and refused for a user who is not there`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            var user = User.sample("ann")
            let first = user
            try await database.write { try $0.users.insert(first, passwordHash: "old") }
            user.name = "Ann B."
            user.role = .admin
            user.locale = "de"
            user.isDisabled = true
            let second = user
            try await database.write { transaction throws in
                try transaction.users.update(second)
                try transaction.users.setPasswordHash("new", of: second.id)
            }
            let stored = try await database.read { try $0.users.credentials(second.id) }
            #expect(stored?.user == second)
            #expect(stored?.passwordHash == "new")
            let missing = try await code { try await database.write { try $0.users.update(.sample("bob")) } }
            #expect(missing == .notFound)
        }
    }

    @Test(arguments: TestDatabase.all)
    func `pages of users join up without gaps or repeats, newest first`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let users = (0..<25).map { User.sample("u\($0)", at: noon + .seconds($0)) }
            try await database.write { transaction throws in
                for user in users.shuffled() { try transaction.users.insert(user, passwordHash: nil) }
            }
            var seen: [Identifier<User>] = []
            var after: String?
            repeat {
                let request = PageRequest(limit: 10, after: after)
                let page = try await database.read { try $0.users.list(page: request) }
                #expect(page.items.count <= 10)
                seen += page.items.map(\.id)
                after = page.next
            } while after != nil
            #expect(seen == users.reversed().map(\.id))
        }
    }

    @Test(arguments: TestDatabase.all)
    func `a course is seen by its members and administrators of its tenant only`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let (student, educator, stranger) = (
                User.sample("s"), User.sample("e", role: .educator), User.sample("x", role: .educator)
            )
            let course = Course.sample()
            try await database.write { transaction throws in
                for user in [student, educator, stranger] { try transaction.users.insert(user, passwordHash: nil) }
                try transaction.courses.insert(course)
                try transaction.courses.setMember(
                    Membership(course: course.id, user: student.id, part: .educator), at: noon)
                try transaction.courses.setMember(
                    Membership(course: course.id, user: student.id, part: .student), at: noon)
                try transaction.courses.setMember(
                    Membership(course: course.id, user: educator.id, part: .educator), at: noon)
            }
            try await database.read { transaction throws in
                let courses = transaction.courses
                let seen = try courses.find(course.id, visibleTo: Viewer(student))
                #expect(seen == CourseSummary(course: course, part: .student, questionCount: 0, memberCount: 2))
                #expect(try courses.list(visibleTo: Viewer(educator)).items.map(\.part) == [.educator])
                #expect(try courses.find(course.id, visibleTo: Viewer(stranger)) == nil)
                #expect(try courses.list(visibleTo: Viewer(stranger)).items.isEmpty)
                let admin = Viewer(user: stranger.id, isAdmin: true)
                #expect(try courses.find(course.id, visibleTo: admin)?.part == .some(nil))
                #expect(try courses.list(visibleTo: admin).items.count == 1)
                let foreignAdmin = Viewer(user: stranger.id, tenant: "other", isAdmin: true)
                #expect(try courses.find(course.id, visibleTo: foreignAdmin) == nil)
                #expect(try courses.list(visibleTo: foreignAdmin).items.isEmpty)
                #expect(try courses.members(of: course.id).map(\.user.id) == [educator.id, student.id])
                #expect(try courses.part(of: student.id, in: course.id) == .student)
            }
            try await database.write { transaction throws in
                #expect(try transaction.courses.removeMember(student.id, from: course.id))
                #expect(try !transaction.courses.removeMember(student.id, from: course.id))
            }
            let after = try await database.read { try $0.courses.find(course.id, visibleTo: Viewer(student)) }
            #expect(after == nil)
        }
    }

    @Test(arguments: TestDatabase.all)
    func `a membership of nobody is refused`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let course = Course.sample()
            let failure = try await code {
                try await database.write { transaction throws in
                    try transaction.courses.insert(course)
                    try transaction.courses.setMember(
                        Membership(course: course.id, user: Identifier(at: noon), part: .student), at: noon)
                }
            }
            #expect(failure == .constraint)
            let admin = Viewer(user: Identifier(at: noon), isAdmin: true)
            let found = try await database.read { try $0.courses.find(course.id, visibleTo: admin) }
            #expect(found == nil)
        }
    }
}
