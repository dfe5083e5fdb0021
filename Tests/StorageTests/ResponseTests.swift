// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Testing

@testable import Storage

@Suite struct ResponseTests {
    @Test(arguments: TestDatabase.all)
    func `a response is seen by its owner, the educators of its course and administrators only`(
        _ driver: TestDatabase
    ) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            let (answer, free) = try await database.write { transaction in
                try room.insert(into: transaction)
                return (
                    try room.answer(transaction, to: room.question),
                    try room.answer(transaction, to: nil, at: noon + .seconds(1))
                )
            }
            try await database.read { transaction throws in
                func seen(_ viewer: Viewer, _ response: Response) throws -> Bool {
                    let found = try transaction.responses.find(response.id, visibleTo: viewer)?.response
                    let recording = try transaction.recordings.find(response.recording, visibleTo: viewer)
                    #expect((found == nil) == (recording == nil))
                    #expect(found == nil || found == response)
                    return found != nil
                }
                for (user, seesAnswer, seesFree) in [
                    (room.student, true, true), (room.educator, true, false), (room.classmate, false, false),
                    (room.stranger, false, false), (room.admin, true, true),
                ] {
                    #expect(try seen(Viewer(user), answer) == seesAnswer, "\(user.name)")
                    #expect(try seen(Viewer(user), free) == seesFree, "\(user.name)")
                    let listed = try transaction.responses.list(visibleTo: Viewer(user)).items.map(\.response.id)
                    let expected = (seesFree ? [free.id] : []) + (seesAnswer ? [answer.id] : [])
                    #expect(listed == expected, "\(user.name)")
                    let toQuestion = try transaction.responses.list(
                        question: room.question.id, visibleTo: Viewer(user))
                    #expect(toQuestion.items.map(\.response.id) == (seesAnswer ? [answer.id] : []), "\(user.name)")
                    let ofCourse = try transaction.responses.list(course: room.course.id, visibleTo: Viewer(user))
                    #expect(ofCourse.items.map(\.response.id) == (seesAnswer ? [answer.id] : []), "\(user.name)")
                    let ofStudent = try transaction.responses.list(owner: room.student.id, visibleTo: Viewer(user))
                    #expect(ofStudent.items.map(\.response.id) == expected, "\(user.name)")
                }
                let foreign = Viewer(user: room.student.id, tenant: "other", isAdmin: true)
                #expect(try !seen(foreign, answer))
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `the details hold the names, the recording and what the recogniser said`(
        _ driver: TestDatabase
    ) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction throws in
                try room.insert(into: transaction)
                let answer = try room.answer(transaction, to: room.question)
                try transaction.recordings.setContent(answer.recording, format: "matroska,webm/opus", duration: 3.25)
                func details() throws -> ResponseDetails? {
                    try transaction.responses.find(answer.id, visibleTo: Viewer(room.student))
                }
                let before = try #require(try details())
                #expect(before.ownerName == "student")
                #expect(before.questionTitle == "What is warfarin?")
                #expect(before.course == room.course.id)
                #expect(before.recording.format == "matroska,webm/opus")
                #expect(before.recording.duration == 3.25)
                #expect(before.recording.originalName == "take \"1\".webm")
                #expect(before.transcriptVersion == nil)
                #expect(before.recognition == nil)

                _ = try transaction.transcripts.append(.sample(answer, "a blood thinner"), after: 0)
                _ = try transaction.transcripts.append(.sample(answer, "a thinner", by: room.student), after: 1)
                let after = try #require(try details())
                #expect(after.transcriptVersion == 2)
                #expect(
                    after.recognition
                        == ResponseDetails.RecognisedBy(
                            engine: "pocketsphinx/en-us", language: "en", languageProbability: nil))
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `a state changes only along the allowed ways`(_ driver: TestDatabase) async throws {
        let allowed: [Response.State: Set<Response.State>] = [
            .empty: [.uploaded, .failed],
            .uploaded: [.transcribed, .unscorable, .failed],
            .transcribed: [.analysed, .unscorable, .failed],
            .analysed: [.transcribed, .marked],
            .marked: [.released],
            .released: [.marked],
            .unscorable: [.uploaded, .transcribed, .analysed, .marked],
            .failed: [.uploaded, .transcribed, .analysed, .marked],
        ]
        try await driver.use { database async throws in
            let room = Classroom()
            let answer = try await database.write { transaction in
                try room.insert(into: transaction)
                return try room.answer(transaction, to: room.question)
            }
            for from in Response.State.allCases {
                for to in Response.State.allCases {
                    let failure = try await code {
                        try await database.write { transaction in
                            try transaction.run("UPDATE response SET state = ?2 WHERE id = ?1", answer.id, from)
                            try transaction.responses.setState(answer.id, to: to, reason: "why", reasonCode: "silence")
                        }
                    }
                    let isAllowed = from == to || allowed[from]?.contains(to) == true
                    #expect(failure == (isAllowed ? nil : .invalidState), "\(from) to \(to)")
                }
            }
            let missing = try await code {
                try await database.write { try $0.responses.setState(Identifier(at: noon), to: .uploaded) }
            }
            #expect(missing == .notFound)
        }
    }

    @Test(arguments: TestDatabase.all)
    func `deleting a response leaves no row about it and names its file`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction throws in
                try room.insert(into: transaction)
                let kept = try room.answer(transaction, by: room.classmate, to: room.question)
                let answer = try room.answer(transaction, to: room.question)
                for response in [kept, answer] {
                    _ = try transaction.transcripts.append(.sample(response, "a b"), after: 0)
                    _ = try transaction.analyses.store(.sample(response, version: 1))
                    try transaction.stages.set(StageResult(.probe, .done), of: response.id, at: noon)
                    try transaction.responses.setAudioQuality([], of: response.id, at: noon)
                    try transaction.jobs.enqueue(NewJob(kind: "answer", subject: response.id.text), at: noon)
                }
                let paths = try transaction.responses.delete(answer.id)
                #expect(paths == ["ab/\(answer.recording)"])
                for table in [
                    "response", "recording", "transcript_version", "analysis", "stage_result", "audio_quality", "job",
                ] {
                    let left: Int? = try transaction.run("SELECT count(*) FROM \(table)").first?.single()
                    #expect(left == 1, "\(table)")
                }
                let measures: Int? = try transaction.run("SELECT count(*) FROM measure").first?.single()
                #expect(measures == 2)
                #expect(try transaction.recordings.paths() == ["ab/\(kept.recording)"])
            }
            let missing = try await code {
                try await database.write { _ = try $0.responses.delete(Identifier(at: noon)) }
            }
            #expect(missing == .notFound)
        }
    }

    @Test(arguments: TestDatabase.all)
    func `pages of responses join up, newest first`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            let ids = try await database.write { transaction in
                try room.insert(into: transaction)
                return try (0..<12).map {
                    try room.answer(transaction, to: room.question, at: noon + .seconds($0)).id
                }
            }
            for user in [room.student, room.educator, room.admin] {
                let seen = try await database.read { transaction in
                    var seen: [Identifier<Response>] = []
                    var after: String?
                    repeat {
                        let page = try transaction.responses.list(
                            visibleTo: Viewer(user), page: PageRequest(limit: 5, after: after))
                        seen += page.items.map(\.response.id)
                        after = page.next
                    } while after != nil
                    return seen
                }
                #expect(seen == ids.reversed(), "\(user.name)")
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `stages are stored one by one, and a retry forgets only the unfinished`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction throws in
                try room.insert(into: transaction)
                let answer = try room.answer(transaction, to: room.question)
                let stages = transaction.stages
                #expect(try stages.list(of: answer.id) == Response.Stage.allCases.map { StageResult($0, .waiting) })
                let probe = StageResult(
                    .probe, .done, seconds: 0.5, result: ["format": "wav", "channels": [1, 2.5, nil]])
                try stages.set(StageResult(.probe, .running), of: answer.id, at: noon)
                try stages.set(probe, of: answer.id, at: noon)
                try stages.set(StageResult(.decode, .failed, error: "no audio"), of: answer.id, at: noon)
                var expected = probe
                expected.updatedAt = noon
                var listed = try stages.list(of: answer.id)
                #expect(listed[0] == expected)
                #expect(listed[1].state == .failed)
                #expect(listed[1].error == "no audio")
                try stages.resetUnfinished(of: answer.id)
                listed = try stages.list(of: answer.id)
                #expect(listed[0] == expected)
                #expect(listed[1].state == .waiting)
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `what a person has stored is counted without erased recordings`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction throws in
                try room.insert(into: transaction)
                let first = try room.answer(transaction, to: nil)
                try room.answer(transaction, to: nil)
                #expect(try transaction.recordings.usage(of: room.student.id) == RecordingUsage(files: 2, bytes: 2468))
                #expect(try transaction.recordings.markErased(first.recording) == "ab/\(first.recording)")
                #expect(try transaction.recordings.usage(of: room.student.id) == RecordingUsage(files: 1, bytes: 1234))
                #expect(try transaction.recordings.load(first.recording)?.state == .erased)
                #expect(try transaction.recordings.usage(of: room.admin.id) == RecordingUsage(files: 0, bytes: 0))
                #expect(try transaction.responses.counts() == [.uploaded: 2])
            }
        }
    }
}
