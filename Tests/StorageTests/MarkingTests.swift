// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@testable import Storage

@Suite("Stored marks")
struct StoredMarkingTests {
    @Test(arguments: TestDatabase.all)
    func `a rubric is replaced in place until a mark was given by it, then kept`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction throws in
                try room.insert(into: transaction)
                let rubric = Rubric.sample(room.course)
                try transaction.rubrics.insert(rubric)
                #expect(try transaction.rubrics.find(rubric.id, visibleTo: Viewer(room.educator))?.rubric == rubric)
                #expect(try transaction.rubrics.find(rubric.id, visibleTo: Viewer(room.stranger)) == nil)
                #expect(try transaction.rubrics.list(of: room.course.id, visibleTo: Viewer(room.stranger)).isEmpty)
                try transaction.rubrics.assign(rubric.id, to: room.question.id)
                #expect(try transaction.rubrics.assigned(to: room.question.id) == rubric)

                let edited = try transaction.rubrics.revise(rubric.id, as: .sample("edited"))
                #expect(edited.current.id == rubric.current.id && edited.current.number == 1)
                let answer = try room.answer(transaction, to: room.question)
                #expect(try transaction.rubrics.version(for: answer) == edited.current)
                _ = try transaction.marks.store(.sample(answer, edited.current, by: room.educator, level: 1), after: 0)
                let revised = try transaction.rubrics.revise(rubric.id, as: .sample("revised"))
                #expect(revised.current.number == 2 && revised.current.id != edited.current.id)
                #expect(try transaction.rubrics.version(for: answer) == edited.current, "as its first mark")
                let later = try room.answer(transaction, by: room.classmate, to: room.question)
                #expect(try transaction.rubrics.version(for: later) == revised.current)
                #expect(try transaction.rubrics.versions(of: rubric.id).map(\.title) == ["revised", "edited"])
                try transaction.rubrics.assign(nil, to: room.question.id)
                #expect(try transaction.rubrics.version(for: later) == nil)
            }
            let failure = try await code {
                try await database.write { transaction in
                    _ = try transaction.rubrics.revise(Identifier(at: noon), as: .sample("x"))
                }
            }
            #expect(failure == .notFound)
        }
    }

    @Test(arguments: TestDatabase.all)
    func `a mark follows the version that was seen, and every final version is kept`(
        _ driver: TestDatabase
    ) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            let (answer, rubric) = try await database.write { transaction in try room.markable(transaction) }
            let draft = Mark.sample(answer, rubric, by: room.educator, level: 1, state: .draft)
            var mark = try await database.write { try $0.marks.store(draft, after: 0) }
            #expect(mark.rubricDigest?.count == 64)
            mark.rubricDigest = nil
            #expect(mark == draft)
            mark.state = .final
            mark.reason = "heard again"
            mark.comments = [Mark.Comment(text: "here", time: 1_200), Mark.Comment(text: "all in all")]
            let final = mark
            let stored = try await database.write { try $0.marks.store(final, after: 1) }
            #expect(stored.version == 2)
            try await database.read { transaction throws in
                #expect(try transaction.marks.find(answer.id, by: room.educator.id) == stored)
                #expect(try transaction.marks.find(answer.id, by: room.admin.id) == nil)
                #expect(try transaction.marks.revisions(of: stored.id).map(\.reason) == ["heard again"])
                #expect(try transaction.marks.list(of: answer.id).map(\.markerName) == ["educator"])
            }
            let stale = try await code { try await database.write { _ = try $0.marks.store(final, after: 1) } }
            #expect(stale == .conflict)
            var second = draft
            second.id = Identifier(at: noon)
            let again = second
            let twice = try await code { try await database.write { _ = try $0.marks.store(again, after: 0) } }
            #expect(twice == .unique)
        }
    }

    @Test(arguments: TestDatabase.all)
    func `a grade is settled by final marks, waits while they differ, and is released once`(
        _ driver: TestDatabase
    ) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            let (answer, rubric) = try await database.write { transaction in try room.markable(transaction) }
            try await database.write { transaction throws in
                #expect(try transaction.grades.settle(answer.id, by: rubric, at: noon) == nil)
                _ = try transaction.marks.store(.sample(answer, rubric, by: room.educator, level: 3), after: 0)
                let one = try transaction.grades.settle(answer.id, by: rubric, at: noon)
                #expect(one?.current == Grade(score: 1, source: .marker) && one?.isInModeration == false)
                #expect(try transaction.responses.load(answer.id)?.state == .marked)
                _ = try transaction.marks.store(.sample(answer, rubric, by: room.admin, level: 1), after: 0)
                #expect(try transaction.grades.settle(answer.id, by: rubric, at: noon)?.isInModeration == true)
            }
            let early = try await code {
                try await database.write { try $0.grades.release(answer.id, by: room.educator.id, at: noon) }
            }
            #expect(early == .invalidState)
            try await database.write { transaction throws in
                #expect(
                    try transaction.grades.releaseAll(of: room.course.id, by: room.educator.id, at: noon).inModeration
                        == 1)
                _ = try transaction.marks.store(
                    .sample(answer, rubric, by: room.admin, level: 2, kind: .agreed), after: 0)
                let agreed = try transaction.grades.settle(answer.id, by: rubric, at: noon)
                #expect(agreed?.current.source == .agreed && agreed?.isInModeration == false)
                let unmarked = try room.answer(transaction, by: room.classmate, to: room.question)
                let counts = try transaction.grades.releaseAll(of: room.course.id, by: room.educator.id, at: noon)
                #expect(counts.released == [answer.id] && counts.unmarked == 1 && counts.inModeration == 0)
                #expect(try transaction.grades.find(unmarked.id) == nil, "what is unmarked stays empty")
                #expect(try transaction.responses.load(answer.id)?.state == .released)
                let again = try transaction.grades.releaseAll(of: room.course.id, by: room.educator.id, at: noon)
                #expect(again.released.isEmpty)
                // A later agreed mark changes what was released.
                var later = Mark.sample(answer, rubric, by: room.admin, level: 0, kind: .agreed)
                later.id = Identifier(at: noon + .seconds(5))
                _ = try transaction.marks.store(later, after: 0)
                let changed = try transaction.grades.settle(answer.id, by: rubric, at: noon + .seconds(5))
                #expect(changed?.released?.score == 0 && changed?.releasedAt == noon)
                _ = try transaction.responses.delete(answer.id)
                #expect(try transaction.marks.list(of: answer.id).isEmpty)
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `the queue begins where the machine doubts most, in pages without gaps`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            // Width of the interval and holds; nil for an answer that was never assessed.
            let scores: [(Double, [AnswerScore.Hold])?] = [
                (0.1, []), (0.5, [.uncertain]), (0.2, [.criticalUncertain]), nil, (0.5, []),
                (0.3, [.criticalContradicted]),
            ]
            let answers = try await database.write { transaction -> [Response] in
                try room.insert(into: transaction)
                return try scores.enumerated().map { index, score in
                    let time = noon + .seconds(index)
                    let answer = try room.answer(
                        transaction, by: index % 2 == 0 ? room.student : room.classmate, to: room.question, at: time)
                    try room.analyse(answer, transaction, score: score.map { ScoreSample(width: $0.0, holds: $0.1) })
                    return answer
                }
            }
            let expected = [5, 2, 3, 1, 4, 0].map { answers[$0].id }
            try await database.read { transaction throws in
                let queue = transaction.markingQueue
                var seen: [Identifier<Response>] = []
                var cursor: MarkingCursor?
                repeat {
                    let page = try queue.list(
                        .unmarked, course: room.course.id, visibleTo: Viewer(room.educator), limit: 2, after: cursor)
                    seen += page.items.map(\.response)
                    cursor = try page.next.map { try #require(MarkingCursor($0)) }
                } while cursor != nil
                #expect(seen == expected)
                #expect(
                    try queue.list(.unmarked, visibleTo: Viewer(room.admin), limit: 9).items.map(\.response) == expected
                )
                #expect(try queue.list(.unmarked, visibleTo: Viewer(room.stranger), limit: 9).items.isEmpty)
                #expect(try queue.list(.unmarked, visibleTo: Viewer(room.student), limit: 9).items.isEmpty)
                #expect(try queue.counts(visibleTo: Viewer(room.educator)) == [.unmarked: 6])
                #expect(try queue.counts(course: room.course.id, visibleTo: Viewer(room.stranger)) == [:])
            }
            for text in ["", "1", "2.0.\(answers[0].id)", "1.7ff0000000000000.\(answers[0].id)", "1.0.x", "a.b.c"] {
                #expect(MarkingCursor(text) == nil, "\(text)")
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `a share of the answers waits for a second marker, always the same ones`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            let (rubric, answers) = try await database.write { transaction -> (Rubric, [Response]) in
                try room.insert(into: transaction)
                let rubric = Rubric.sample(room.course)
                try transaction.rubrics.insert(rubric)
                try transaction.rubrics.assign(rubric.id, to: room.question.id)
                #expect(try transaction.rubrics.secondShare(of: room.question.id) == 0.2)
                var answers: [Response] = []
                for index in 0..<60 {
                    let answer = try room.answer(transaction, to: room.question, at: noon + .seconds(index))
                    try room.analyse(answer, transaction, score: nil)
                    _ = try transaction.marks.store(
                        .sample(answer, rubric.current, by: room.educator, level: 2), after: 0)
                    try transaction.grades.settle(answer.id, by: rubric.current, at: noon)
                    answers.append(answer)
                }
                return (rubric, answers)
            }
            for share in [0.2, 0, 0.5, 1] {
                // The last four digits of the id as a fraction.
                let chosen = answers.map(\.id).filter {
                    Double(Int($0.text.suffix(4), radix: 16) ?? 0) / 65_536 < share
                }
                try await database.write { transaction throws in
                    try transaction.rubrics.assign(rubric.id, to: room.question.id, secondShare: share)
                    let queue = transaction.markingQueue
                    let waiting = try queue.list(.second, visibleTo: Viewer(room.educator), limit: 100).items
                    #expect(Set(waiting.map(\.response)) == Set(chosen) && waiting.allSatisfy(\.isChosen))
                    let counts = try queue.counts(course: room.course.id, visibleTo: Viewer(room.admin))
                    #expect((counts[.second] ?? 0) == chosen.count)
                    #expect((counts[.marked] ?? 0) == 60 - chosen.count)
                }
            }
            try await database.write { transaction throws in
                // Nobody else can mark, so nothing has to wait for them.
                let first = answers[0]
                _ = try transaction.marks.store(.sample(first, rubric.current, by: room.admin, level: 2), after: 0)
                try transaction.grades.settle(first.id, by: rubric.current, at: noon)
                let queue = transaction.markingQueue
                #expect(try queue.counts(visibleTo: Viewer(room.educator)) == [.second: 59, .marked: 1])
                let other = room.stranger
                try transaction.courses.setMember(
                    Membership(course: room.course.id, user: other.id, part: .educator), at: noon)
                let counts = try transaction.grades.releaseAll(of: room.course.id, by: room.educator.id, at: noon)
                #expect(counts.released == [first.id] && counts.awaitingSecond == 59)
                let all = try transaction.grades.releaseAll(
                    of: room.course.id, includesAwaitingSecond: true, by: room.educator.id, at: noon)
                #expect(all.released.count == 59 && all.awaitingSecond == 0)
            }
        }
    }
}

struct ScoreSample: Sendable {
    var width: Double
    var holds: [AnswerScore.Hold]
}

extension Classroom {
    /// Writes everything with an analysed answer and the rubric of its question.
    func markable(_ transaction: Transaction) throws -> (Response, RubricVersion) {
        try insert(into: transaction)
        let rubric = Rubric.sample(course)
        try transaction.rubrics.insert(rubric)
        try transaction.rubrics.assign(rubric.id, to: question.id, secondShare: 0)
        let response = try answer(transaction, to: question)
        try analyse(response, transaction, score: nil)
        return (response, rubric.current)
    }

    /// Gives an answer a transcript, an analysis and, if asked, an assessment.
    func analyse(_ response: Response, _ transaction: Transaction, score: ScoreSample?) throws {
        _ = try transaction.transcripts.append(.sample(response, "he takes warfarin"), after: 0)
        var analysis = AnalysisResult(
            id: Identifier(at: noon), response: response.id, transcriptVersion: 1,
            questionVersion: response.questionVersion, engine: "test", measures: [], createdAt: noon)
        analysis.assessment = score.map { sample in
            AnswerAssessment(
                keyPoints: [], results: [],
                score: AnswerScore(low: 0.4, point: 0.4, high: 0.4 + sample.width, holds: sample.holds))
        }
        _ = try transaction.analyses.store(analysis)
        try transaction.responses.setState(response.id, to: .transcribed)
        try transaction.responses.setState(response.id, to: .analysed)
    }
}

extension Rubric {
    static func sample(_ course: Course) -> Rubric {
        Rubric(id: Identifier(at: noon), course: course.id, current: .sample("Counselling"), createdAt: noon)
    }
}

extension RubricVersion {
    static func sample(_ title: String) -> RubricVersion {
        let levels = (0...3).map { Level(score: $0, label: "level \($0)", description: $0 == 0 ? "nothing" : nil) }
        return RubricVersion(
            id: Identifier(at: noon), number: 1, title: title,
            criteria: [
                Criterion(id: "content", label: "Content", description: "what is said", weight: 1.5, levels: levels)
            ],
            globalScale: levels, createdAt: noon)
    }
}

extension Mark {
    static func sample(
        _ response: Response, _ rubric: RubricVersion, by marker: User, level: Int, state: State = .final,
        kind: Kind = .marker
    ) -> Mark {
        let levels = ["content": level]
        return Mark(
            id: Identifier(at: noon), response: response.id, rubricVersion: rubric.id, marker: marker.id, kind: kind,
            state: state, levels: levels, globalRating: level, reason: kind == .agreed ? "talked it over" : nil,
            score: rubric.score(of: levels), createdAt: noon, updatedAt: noon)
    }
}
