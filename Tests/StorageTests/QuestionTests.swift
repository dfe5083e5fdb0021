// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@testable import Storage

@Suite struct QuestionTests {
    @Test(arguments: TestDatabase.all)
    func `a question is seen by the members of its course and by administrators`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction throws in
                try room.insert(into: transaction)
                try room.answer(transaction, to: room.question)
                try room.answer(transaction, by: room.classmate, to: room.question)
            }
            try await database.read { transaction throws in
                let questions = transaction.questions
                func seen(_ user: User) throws -> QuestionSummary? {
                    try questions.find(room.question.id, visibleTo: Viewer(user))
                }
                let student = try seen(room.student)
                #expect(student?.question == room.question)
                #expect(student?.part == .student)
                #expect(student?.responseCount == 2)
                #expect(student?.myResponseCount == 1)
                #expect(try seen(room.educator)?.part == .educator)
                #expect(try seen(room.stranger) == nil)
                #expect(try seen(room.admin)?.part == .some(nil))
                #expect(try questions.load(room.question.id) == room.question)
                #expect(try questions.list(course: room.course.id, visibleTo: Viewer(room.student)).items.count == 1)
                #expect(try questions.list(visibleTo: Viewer(room.student)).items.count == 1)
                #expect(try questions.list(course: room.course.id, visibleTo: Viewer(room.stranger)).items.isEmpty)
                #expect(try questions.list(visibleTo: Viewer(room.stranger)).items.isEmpty)
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `an unanswered version is replaced in place, an answered one is kept`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction throws in
                try room.insert(into: transaction)
                let edited = try transaction.questions.revise(room.question.id, as: .sample(9, "edited"))
                #expect(edited.current.id == room.question.current.id)
                #expect(edited.current.number == 1)
                #expect(try transaction.questions.load(room.question.id) == edited)

                try room.answer(transaction, to: edited)
                let revised = try transaction.questions.revise(room.question.id, as: .sample(9, "revised"))
                #expect(revised.current.number == 2)
                #expect(try transaction.questions.load(room.question.id) == revised)
                #expect(try transaction.questions.version(edited.current.id) == edited.current)
                #expect(
                    try transaction.questions.versions(of: room.question.id) == [revised.current, edited.current])

                let again = try transaction.questions.revise(room.question.id, as: .sample(9, "again"))
                #expect(again.current.id == revised.current.id)
                #expect(again.current.number == 2)
            }
            let missing = try await code {
                try await database.write { _ = try $0.questions.revise(Identifier(at: noon), as: .sample(1, "x")) }
            }
            #expect(missing == .notFound)
        }
    }

    @Test(arguments: TestDatabase.all)
    func `the question bank holds the current expected answers of one language`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction throws in
                try room.insert(into: transaction)
                for (index, language) in ["en", "de", nil].enumerated() {
                    let time = noon + .seconds(index + 1)
                    try transaction.questions.insert(
                        Question(
                            id: Identifier(at: time), course: room.course.id,
                            current: .sample(1, "q\(index)", language: language), createdAt: time))
                }
                try room.answer(transaction, to: room.question)
                _ = try transaction.questions.revise(room.question.id, as: .sample(1, "newer"))
                let bank = transaction.questions
                #expect(try bank.expectedAnswers(language: "en").map(\.text) == ["Expected: newer", "Expected: q0"])
                #expect(try bank.expectedAnswers(language: "de").map(\.text) == ["Expected: q1"])
                #expect(try bank.expectedAnswers(language: nil).map(\.text) == ["Expected: q2"])
                #expect(try bank.expectedAnswers(language: "en", tenant: "other").isEmpty)
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `every state of the question bank can be read again`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction throws in
                let bank = transaction.questions
                #expect(try bank.bankNumber() == 0)
                try room.insert(into: transaction)
                #expect(try bank.bankNumber() == 1)
                let added = Question(
                    id: Identifier(at: noon + .seconds(1)), course: room.course.id, current: .sample(1, "added"),
                    createdAt: noon + .seconds(1))
                try bank.insert(added)
                // In place, as a new version, in another language, and something that is no expected answer.
                _ = try bank.revise(added.id, as: .sample(1, "changed"))
                try room.answer(transaction, to: room.question)
                _ = try bank.revise(room.question.id, as: .sample(1, "newer"))
                _ = try bank.revise(added.id, as: .sample(1, "changed", language: "de"))
                var same = QuestionVersion.sample(1, "newer")
                same.title = "Another title"
                _ = try bank.revise(room.question.id, as: same)
                #expect(try bank.bankNumber() == 5)
                let first = room.question.current.expectedAnswer
                let states = try (0...5).map { number in
                    try bank.expectedAnswers(language: "en", bank: number).map(\.text)
                }
                #expect(
                    states == [
                        [], [first], [first, "Expected: added"], [first, "Expected: changed"],
                        ["Expected: newer", "Expected: changed"], ["Expected: newer"],
                    ])
                #expect(try bank.expectedAnswers(language: "de", bank: 5).map(\.text) == ["Expected: changed"])
                #expect(try bank.expectedAnswers(language: "en").map(\.text) == ["Expected: newer"])
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `pages of questions join up in the order they were set`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            let ids = try await database.write { transaction in
                try room.insert(into: transaction)
                let more = (1..<8).map { index in
                    let time = noon + .seconds(index)
                    return Question(
                        id: Identifier(at: time), course: room.course.id, current: .sample(1, "q\(index)"),
                        createdAt: time)
                }
                for question in more.shuffled() { try transaction.questions.insert(question) }
                return [room.question.id] + more.map(\.id)
            }
            let viewer = Viewer(room.student)
            let seen = try await database.read { transaction in
                var seen: [Identifier<Question>] = []
                var after: String?
                repeat {
                    let page = try transaction.questions.list(
                        course: room.course.id, visibleTo: viewer, page: PageRequest(limit: 3, after: after))
                    seen += page.items.map(\.question.id)
                    after = page.next
                } while after != nil
                return seen
            }
            #expect(seen == ids)
        }
    }
}
