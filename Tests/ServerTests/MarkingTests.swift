// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import Server
@testable import Storage

/// The rules of marking, each through the whole server.
@Suite("Marking of answers")
struct MarkingRouteTests {
    @Test func `hides the machine and the others from a marker until their own mark is final`() async throws {
        let room = try await ExamRoom()
        let answer = try await room.answer(point: 0.7)
        let other = try await room.put(answer, as: room.second, level: 2)
        #expect(other.status == 200 && other.headers["ETag"] == "\"m1\"", "\(other.text)")

        let marks = "\(answer)/marks"
        let before = try await room.send(.get, marks, as: room.school.educator)
        #expect(before.status == 200 && before.headers["ETag"] == "\"m0\"", "\(before.text)")
        #expect(before.json["revealed"]?.bool == false)
        for hidden in ["others", "machine", "grade", "moderation", "released", "mine"] {
            #expect(before.json[hidden]?.isNull == true, "\(hidden)")
        }
        let queue = try await room.send(.get, "/api/v1/marking/queue?state=marked", as: room.school.educator)
        #expect(queue.json["items"]?.array?.count == 1 && !queue.text.contains("0.7"), "\(queue.text)")
        let analysis = "\(answer)/analysis"
        let hidden = try await room.send(.get, analysis, as: room.school.educator)
        #expect(hidden.json["score_hidden"]?.bool == true && hidden.json["score"]?.isNull == true, "\(hidden.text)")

        let draft = try await room.put(answer, as: room.school.educator, level: 2, state: "draft")
        #expect(draft.status == 200 && draft.json["state"]?.string == "draft")
        #expect(try await room.send(.get, marks, as: room.school.educator).json["machine"]?.isNull == true)
        let final = try await room.put(answer, as: room.school.educator, level: 2, seen: "\"m1\"")
        #expect(final.status == 200 && final.headers["ETag"] == "\"m2\"", "\(final.text)")
        let after = try await room.send(.get, marks, as: room.school.educator).json
        #expect(after["machine"]?["point"]?.double == 0.7)
        #expect(after["others"]?.array?.count == 1 && after["revealed"]?.bool == true)
        #expect(after["others"]?.array?.first?["marker"]?["name"]?.string == "second@school.example")
        #expect(try await room.send(.get, analysis, as: room.school.educator).json["score_hidden"] == nil)
    }

    @Test func `takes a mark only after the version that was seen, and a final one only when it is complete`()
        async throws
    {
        let room = try await ExamRoom()
        let answer = try await room.answer()
        let path = "\(answer)/marks/me"
        let educator = room.school.educator
        #expect(try await room.send(.get, path, as: educator).headers["ETag"] == "\"m0\"")
        let blind = try await room.send(.put, path, as: educator, json: ["state": "draft"])
        #expect(blind.status == 428)
        let incomplete = try await room.send(
            .put, path, as: educator, headers: ["If-Match": "\"m0\""], json: ["state": "final", "levels": ["nope": 1]])
        #expect(incomplete.status == 422)
        #expect(Set(incomplete.fields) == ["levels.nope", "levels.content", "levels.tone", "global_rating"])
        let empty = try await room.send(
            .put, path, as: educator, headers: ["If-Match": "\"m0\""], json: ["state": "draft"])
        #expect(empty.status == 200 && empty.json["score"]?.isNull == true, "\(empty.text)")
        #expect(try await room.put(answer, as: educator, level: 2).status == 412)
        #expect(try await room.put(answer, as: educator, level: 2, seen: "nonsense").status == 412)
        let wrong = try await room.send(
            .put, path, as: educator, headers: ["If-Match": "\"m1\""],
            json: [
                "state": "final", "levels": ["content": 9, "tone": 1.5], "global_rating": 7,
                "comments": [["text": "late", "at": 1e6], ["at": 1]],
            ])
        #expect(wrong.status == 422)
        #expect(
            Set(wrong.fields) == [
                "levels.content", "levels.tone", "global_rating", "comments[0].at", "comments[1].text",
            ], "\(wrong.text)")
        #expect(try await room.put(answer, as: educator, level: 2, seen: "\"m1\"").status == 200)
        let back = try await room.put(answer, as: educator, level: 2, state: "draft", seen: "\"m2\"")
        #expect(back.status == 422 && back.fields == ["state"])
        let audited = try await room.audited(answer)
        #expect(audited == ["mark.draft", "mark.final"], "\(audited)")
    }

    @Test func `takes a first mark without telling how far it lies from the machine, and then wants a reason`()
        async throws
    {
        let room = try await ExamRoom()
        let educator = room.school.educator
        // Whatever the machine found, the answer to a final mark comes with the same status and without it.
        for (level, isWanted) in [(Int64(0), false), (1, false), (2, true), (3, true)] {
            let answer = try await room.answer(point: 0.2)
            let reply = try await room.put(answer, as: educator, level: level)
            #expect(reply.status == 200 && reply.json["state"] == "final", "\(reply.text)")
            #expect(reply.json["reason_wanted"] == .bool(isWanted) && reply.json["reason"]?.isNull == true)
            let release = try await room.send(.post, "\(answer)/release", as: educator, json: [:])
            #expect(isWanted ? release.code == "reason_wanted" : release.status == 200, "\(release.text)")
            guard isWanted else { continue }
            let course = try await room.send(
                .post, "/api/v1/courses/\(room.school.course)/release", as: educator, json: [:])
            #expect(course.json["awaiting_reason"] == 1 && course.json["released"] == 0, "\(course.text)")
            let said = try await room.put(answer, as: educator, level: level, seen: "\"m1\"", reason: "In other words.")
            #expect(said.status == 200 && said.json["reason_wanted"] == false, "\(said.text)")
            #expect(try await room.send(.post, "\(answer)/release", as: educator, json: [:]).status == 200)
        }
        // A score that is held is none to differ from.
        let held = try await room.answer(point: 0.2, holds: [.fallbackRecogniser])
        #expect(try await room.put(held, as: educator, level: 3).json["reason_wanted"] == false)
    }

    @Test func `refuses to change a final mark or a released grade without a reason`() async throws {
        let room = try await ExamRoom()
        let (educator, answer) = (room.school.educator, try await room.answer(point: 0.2))
        let reasoned = try await room.put(answer, as: educator, level: 3, reason: "It was said in other words.")
        #expect(reasoned.status == 200, "\(reasoned.text)")
        #expect(reasoned.json["rubric_sha256"]?.string?.count == 64)
        let remark = try await room.put(answer, as: educator, level: 3, seen: "\"m1\"")
        #expect(remark.json["reason"]?.string == "It was said in other words.", "the levels are as they were")
        let change = try await room.put(answer, as: educator, level: 2, seen: "\"m2\"")
        #expect(change.status == 422 && change.fields == ["reason"])
        #expect(
            try await room.put(answer, as: educator, level: 2, seen: "\"m2\"", reason: "Heard again.").status == 200)
        #expect(try await room.send(.post, "\(answer)/release", as: educator, json: [:]).status == 200)
        let late = try await room.put(answer, as: room.second, level: 3)
        #expect(late.status == 422 && late.fields == ["reason"])
        #expect(try await room.put(answer, as: room.second, level: 3, reason: "Too strict.").status == 200)
        let audited = try await room.audited(answer)
        #expect(
            audited == ["mark.override", "mark.final", "mark.override", "grade.release", "mark.override"],
            "\(audited)")

        // One band beside the machine's is no override.
        let close = try await room.answer(point: 0.5)
        #expect(try await room.put(close, as: educator, level: 2).json["reason_wanted"] == false)
    }

    @Test func `hides how close an answer is to the expected one together with the score`() async throws {
        let room = try await ExamRoom()
        let answer = try await room.answer(point: 0.7)
        func similar(_ analysis: JSONValue) -> [String] {
            (analysis["measures"]?.array ?? []).compactMap { $0["key"]?.string }.filter {
                ["tfidf_cosine", "embedding_cosine", "rouge_l", "rouge_l_f1"].contains($0)
            }
        }
        let hidden = try await room.send(.get, "\(answer)/analysis", as: room.school.educator).json
        #expect(hidden["score_hidden"] == true && similar(hidden).isEmpty && hidden["similarity"]?.isNull == true)
        #expect(try await room.put(answer, as: room.school.educator, level: 2).status == 200)
        let shown = try await room.send(.get, "\(answer)/analysis", as: room.school.educator).json
        #expect(similar(shown) == ["tfidf_cosine"] && shown["similarity"]?.isNull == false, "\(shown.text)")
    }

    @Test func `marks are checked against their levels and the rubric that they were given by`() async throws {
        let room = try await ExamRoom()
        let answer = try await room.answer()
        _ = try await room.put(answer, as: room.school.educator, level: 2)
        _ = try await room.put(answer, as: room.second, level: 2, state: "draft")
        let services = room.school.server.application.services
        let verification = AnalysisVerification(database: services.database, measuring: services.measuring)
        func differences() async throws -> [[String]] {
            var found: [[String]] = []
            #expect(try await verification.checkMarks { found.append($0.differences) } == 2)
            return found
        }
        #expect(try await differences() == [])
        try await services.database.write { _ = try $0.run("UPDATE mark SET score = 0.9 WHERE state = 'final'") }
        #expect(try await differences() == [["score"]])
        try await services.database.write { _ = try $0.run("UPDATE rubric_version SET title = 'Another'") }
        #expect(try await differences() == [["rubric", "score"], ["rubric"]])
    }

    @Test func `does not release what waits for a second marker unless it is said`() async throws {
        let room = try await ExamRoom()
        let educator = room.school.educator
        _ = try await room.send(
            .put, "/api/v1/questions/\(room.question)/rubric", as: educator,
            json: ["rubric_id": .string(room.rubric), "second_marker_share": 1])
        let answer = try await room.answer(point: 0.7)
        _ = try await room.put(answer, as: educator, level: 2)
        let early = try await room.send(.post, "\(answer)/release", as: educator, json: [:])
        #expect(early.status == 409 && early.code == "awaiting_second", "\(early.text)")
        let course = try await room.send(
            .post, "/api/v1/courses/\(room.school.course)/release", as: educator, json: [:])
        #expect(course.json["awaiting_second"] == 1, "\(course.text)")
        let all = try await room.send(
            .post, "\(answer)/release", as: educator, json: ["include_awaiting_second": true])
        #expect(all.status == 200, "\(all.text)")
    }

    @Test func `brings marks that differ into moderation, which an agreed mark ends`() async throws {
        let room = try await ExamRoom()
        let (educator, answer) = (room.school.educator, try await room.answer())
        #expect(try await room.put(answer, as: educator, level: 3).status == 200)
        let early = try await room.agree(answer, as: educator, level: 2, reason: "x")
        #expect(early.status == 409 && early.code == "not_in_moderation")
        #expect(try await room.put(answer, as: room.second, level: 1).status == 200)
        let marks = try await room.send(.get, "\(answer)/marks", as: educator).json
        #expect(marks["moderation"]?["criteria"] == ["content", "tone"], "\(marks.text)")
        let queue = try await room.send(
            .get, "/api/v1/marking/queue?course=\(room.school.course)&state=moderation", as: educator
        ).json
        #expect(queue["items"]?.array?.count == 1 && queue["counts"]?["moderation"]?.integer == 1)
        #expect(queue["items"]?.array?.first?["second_marker"] == false)
        let release = try await room.send(.post, "\(answer)/release", as: educator, json: [:])
        #expect(release.status == 409 && release.code == "in_moderation")
        // A third person would see both; they can agree, not add one more.
        let third = try await room.put(answer, as: room.school.admin, level: 2)
        #expect(third.status == 409 && third.code == "in_moderation")

        let silent = try await room.agree(answer, as: educator, level: 2, reason: nil)
        #expect(silent.status == 422 && silent.fields == ["reason"])
        let agreed = try await room.agree(answer, as: educator, level: 2, reason: "We listened together.")
        #expect(agreed.status == 201 && agreed.json["kind"]?.string == "agreed", "\(agreed.text)")
        let after = try await room.send(.get, "\(answer)/marks", as: room.second).json
        #expect(after["moderation"]?.isNull == true && after["grade"]?["source"]?.string == "agreed")
        #expect(try await room.put(answer, as: educator, level: 1, seen: "\"m1\"", reason: "x").code == "agreed")
        #expect(try await room.send(.post, "\(answer)/release", as: room.second, json: [:]).status == 200)
    }

    @Test func `shows a student of an examination nothing before the release, and then the grade with comments`()
        async throws
    {
        let room = try await ExamRoom()
        let (student, answer) = (room.school.student, try await room.answer(point: 0.7))
        let unmarked = try await room.answer()
        func sealed(_ when: Comment) async throws {
            let seen = try await room.send(.get, answer, as: student)
            #expect(seen.status == 200 && seen.json["status"]?.string == "analysed", when)
            #expect(seen.json["transcript_version"]?.isNull == true && seen.json["engine"]?.isNull == true, when)
            #expect(seen.json["withheld"]?.bool == true, when)
            for part in ["transcript", "analysis", "marks", "transcript/versions", "transcript?format=txt"] {
                let reply = try await room.send(.get, "\(answer)/\(part)", as: student)
                #expect(reply.status == 403 && reply.code == "withheld", "\(part)")
            }
            let edit = try await room.send(
                .put, "\(answer)/transcript", as: student, headers: ["If-Match": "\"v1\""], json: ["text": "x"])
            #expect(edit.code == "withheld", when)
            let events = try await room.send(.get, "\(answer)/events", as: student)
            #expect(!events.text.contains("warfarin") && !events.text.contains("marked"), when)
            let list = try await room.send(.get, "/api/v1/responses?mine=true", as: student)
            #expect(!list.text.contains("test/model") && !list.text.contains("marked"), "\(list.text)")
        }
        try await sealed("before it is marked")
        let appeal: JSONValue = ["text": "I named the reason."]
        let early = try await room.send(.post, "\(answer)/appeal", as: student, json: appeal)
        #expect(early.status == 409 && early.code == "not_released")
        #expect(try await room.put(answer, as: room.school.educator, level: 2).status == 200)
        try await sealed("after it is marked")

        let released = try await room.send(
            .post, "/api/v1/courses/\(room.school.course)/release", as: room.school.educator, json: [:])
        #expect(
            released.json == [
                "released": 1, "in_moderation": 0, "awaiting_second": 0, "awaiting_reason": 0, "unmarked": 1,
            ],
            "\(released.text)")
        #expect(try await room.send(.get, answer, as: student).json["status"]?.string == "released")
        let marks = try await room.send(.get, "\(answer)/marks", as: student)
        #expect(marks.json["grade"]?["score"]?.double == 0.6667, "\(marks.text)")
        #expect(marks.json["marks"]?.array?.first?["comments"]?.array?.first?["at"]?.double == 1.5)
        #expect(!marks.text.contains("teacher@school.example") && marks.json["machine"] == nil)
        #expect(try await room.send(.get, "\(answer)/transcript", as: student).status == 200)

        // What nobody has marked is empty, not 0.
        #expect(
            try await room.send(.post, "\(unmarked)/release", as: room.school.educator, json: [:]).code == "not_marked")
        #expect(try await room.send(.get, "\(unmarked)/marks", as: student).code == "withheld")
    }

    @Test func `shows practice at once`() async throws {
        let room = try await ExamRoom(isWithheld: false)
        let (student, answer) = (room.school.student, try await room.answer(point: 0.7))
        #expect(try await room.send(.get, "\(answer)/transcript", as: student).status == 200)
        #expect(try await room.send(.get, "\(answer)/analysis", as: student).status == 200)
        let machine = try await room.send(.get, "\(answer)/marks", as: student).json
        #expect(machine["grade"] == ["score": 0.7, "band": 3, "source": "machine"], "\(machine.text)")
        let unsure = try await room.answer()
        #expect(try await room.send(.get, "\(unsure)/marks", as: student).json["grade"]?.isNull == true)
        #expect(try await room.put(answer, as: room.school.educator, level: 2).status == 200)
        let marks = try await room.send(.get, "\(answer)/marks", as: student).json
        #expect(marks["grade"]?["score"]?.double == 0.6667 && marks["can_appeal"]?.bool == false)
        #expect(
            try await room.send(.post, "\(answer)/appeal", as: student, json: ["text": "x"]).code == "not_released")
    }

    @Test func `has an appeal answered by somebody who has not marked, with a reason and perhaps a new mark`()
        async throws
    {
        let room = try await ExamRoom()
        let (educator, student, answer) = (room.school.educator, room.school.student, try await room.answer())
        _ = try await room.put(answer, as: educator, level: 1)
        _ = try await room.send(.post, "\(answer)/release", as: educator, json: [:])
        let path = "\(answer)/appeal"
        #expect(try await room.send(.post, path, as: educator, json: ["text": "x"]).status == 403)
        #expect(try await room.send(.post, path, as: room.school.admin, json: ["text": "x"]).status == 403)
        #expect(try await room.send(.post, path, as: student, json: [:]).status == 422)
        let made = try await room.send(.post, path, as: student, json: ["text": "I named the reason."])
        #expect(made.status == 201 && made.json["status"]?.string == "open", "\(made.text)")
        #expect(try await room.send(.post, path, as: student, json: ["text": "again"]).code == "appealed")
        let list = try await room.send(
            .get, "/api/v1/appeals?course=\(room.school.course)&state=open", as: educator
        ).json
        #expect(list["items"]?.array?.count == 1)
        #expect(
            try await room.send(.get, "/api/v1/marking/queue", as: educator).json["counts"]?["appeals"]?.integer == 1)

        let resolve = "/api/v1/appeals/\(try #require(made.json["id"]?.string))/resolve"
        let own = try await room.send(.post, resolve, as: educator, json: ["reason": "No."])
        #expect(own.status == 409 && own.code == "another_educator", "\(own.text)")
        #expect(try await room.send(.post, resolve, as: room.school.otherEducator, json: ["reason": "x"]).status == 404)
        #expect(try await room.send(.post, resolve, as: student, json: ["reason": "x"]).status == 403)
        let bad = try await room.send(
            .post, resolve, as: room.second, json: ["mark": ["levels": ["content": 3], "global_rating": 3]])
        #expect(bad.status == 422 && Set(bad.fields) == ["reason", "mark.levels.tone"], "\(bad.text)")
        let resolved = try await room.send(
            .post, resolve, as: room.second,
            json: [
                "reason": "You did.", "mark": ["levels": ["content": 3, "tone": 3], "global_rating": 3],
            ])
        #expect(resolved.status == 200 && resolved.json["changed"]?.bool == true, "\(resolved.text)")
        #expect(try await room.send(.post, resolve, as: room.second, json: ["reason": "x"]).code == "resolved")
        let marks = try await room.send(.get, "\(answer)/marks", as: student).json
        #expect(marks["grade"]?["score"]?.double == 1 && marks["grade"]?["source"]?.string == "agreed")
        #expect(marks["appeal"]?["reason"]?.string == "You did.")
        // The student is told of each, once.
        let notices = try await room.send(.get, "/api/v1/me/notices", as: student).json
        let kinds = notices["items"]?.array?.compactMap { $0["kind"]?.string } ?? []
        #expect(Set(kinds) == ["grade_released", "grade_changed", "appeal_resolved"] && kinds.last == "grade_released")
        #expect(notices["unread"] == 3 && notices["items"]?.array?.first?["question_title"] == "Warfarin", "\(notices)")
        #expect(answer.hasSuffix(notices["items"]?.array?.first?["response_id"]?.string ?? "-"))
        let read = try await room.send(
            .post, "/api/v1/me/notices/read", as: student,
            json: ["up_to": notices["items"]?.array?.first?["id"] ?? .null])
        #expect(read.json["unread"] == 0, "\(read.text)")
        #expect(
            try await room.send(.get, "/api/v1/me/notices", as: student).json["items"]?.array?.last?["read_at"]?.isNull
                == false)
        #expect(try await room.send(.get, "/api/v1/me/notices", as: educator).json["items"] == [])
        #expect(try await room.send(.post, "/api/v1/me/notices/read", as: student, json: [:]).status == 422)
        let audited = try await room.audited(answer)
        #expect(audited == ["mark.final", "grade.release", "appeal.create", "appeal.resolve"], "\(audited)")

        // The only educator may answer: there is nobody else.
        let alone = try await ExamRoom(hasSecond: false)
        let single = try await alone.answer()
        _ = try await alone.put(single, as: alone.school.educator, level: 1)
        _ = try await alone.send(.post, "\(single)/release", as: alone.school.educator, json: [:])
        let objection = try await alone.send(
            .post, "\(single)/appeal", as: alone.school.student, json: ["text": "Why?"])
        let answered = try await alone.send(
            .post, "/api/v1/appeals/\(objection.json["id"]?.string ?? "")/resolve", as: alone.school.educator,
            json: ["reason": "The reason was missing."])
        #expect(answered.status == 200 && answered.json["changed"]?.bool == false, "\(answered.text)")
    }

    @Test func `is closed to students and does not exist for educators of other courses`() async throws {
        let room = try await ExamRoom()
        let answer = try await room.answer()
        let (outsider, student) = (room.school.otherEducator, room.school.student)
        let course = room.school.course
        let calls: [(HTTPMethod, String)] = [
            (.get, "\(answer)/marks/me"), (.put, "\(answer)/marks/me"), (.post, "\(answer)/marks/agree"),
            (.post, "\(answer)/release"), (.post, "/api/v1/courses/\(course)/release"),
            (.get, "/api/v1/marking/queue?course=\(course)"), (.get, "/api/v1/appeals?course=\(course)"),
            (.get, "/api/v1/rubrics?course_id=\(course)"), (.get, "/api/v1/rubrics/\(room.rubric)"),
            (.post, "/api/v1/rubrics/\(room.rubric)/versions"),
            (.put, "/api/v1/questions/\(room.question)/rubric"),
        ]
        for (method, path) in calls {
            let headers: HTTPHeaders = ["If-Match": "\"m0\""]
            let body: JSONValue = ["state": "draft"]
            let foreign = try await room.send(
                method, path, as: outsider, headers: headers, json: method == .get ? JSONValue?.none : body)
            #expect(foreign.status == 404, "\(method) \(path): \(foreign.text)")
            let own = try await room.send(
                method, path, as: student, headers: headers, json: method == .get ? JSONValue?.none : body)
            #expect(own.status == 403, "\(method) \(path): \(own.text)")
        }
        #expect(try await room.send(.get, "\(answer)/marks", as: outsider).status == 404)
        #expect(try await room.send(.get, "\(answer)/marks", as: room.school.otherStudent).status == 404)
        let queue = try await room.send(.get, "/api/v1/marking/queue", as: outsider)
        #expect(queue.status == 200 && queue.json["items"] == [])
        for query in ["state=all", "after=x", "course=x", "limit=0"] {
            let reply = try await room.send(.get, "/api/v1/marking/queue?\(query)", as: room.school.educator)
            #expect(reply.status == 422, "\(query)")
        }
    }

    @Test func `goes by rubrics that are checked, kept once used, and of the question's course`() async throws {
        let room = try await ExamRoom()
        let educator = room.school.educator
        var body = ExamRoom.rubric
        body["course_id"] = .string(room.school.course)
        body["criteria"] = [["label": "A", "weight": -1, "levels": [["score": 1, "label": "x"]]], ["id": "B B"]]
        let wrong = try await room.send(.post, "/api/v1/rubrics", as: educator, json: .object(body))
        #expect(wrong.status == 422)
        #expect(
            Set(wrong.fields) == [
                "criteria[0].weight", "criteria[0].levels", "criteria[1].id", "criteria[1].label", "criteria[1].levels",
            ], "\(wrong.text)")
        let path = "/api/v1/rubrics/\(room.rubric)"
        let unused = try await room.send(.post, "\(path)/versions", as: educator, json: .object(ExamRoom.rubric))
        #expect(unused.status == 201 && unused.json["version"]?.integer == 1)
        let answer = try await room.answer()
        _ = try await room.put(answer, as: educator, level: 2)
        let used = try await room.send(.post, "\(path)/versions", as: educator, json: .object(ExamRoom.rubric))
        #expect(used.json["version"]?.integer == 2)
        let marks = try await room.send(.get, "\(answer)/marks", as: educator).json
        #expect(marks["rubric"]?["version"]?.integer == 1, "a mark stays beside the criteria it was given by")

        let course = try await room.send(.post, "/api/v1/courses", as: room.school.otherEducator, json: ["name": "B"])
        body = ExamRoom.rubric
        body["course_id"] = course.json["id"]
        let elsewhere = try await room.send(
            .post, "/api/v1/rubrics", as: room.school.otherEducator, json: .object(body))
        let taken = try await room.send(
            .put, "/api/v1/questions/\(room.question)/rubric", as: educator,
            json: ["rubric_id": elsewhere.json["id"] ?? .null])
        #expect(taken.status == 422 && taken.fields == ["rubric_id"])
        let none = try await room.send(
            .put, "/api/v1/questions/\(room.question)/rubric", as: educator, json: ["rubric_id": nil])
        #expect(none.json["rubric"]?.isNull == true)
        let bare = try await room.answer()
        #expect(try await room.put(bare, as: educator, level: 2).code == "no_rubric")
    }
}

/// A course with an examination question, a rubric and a second educator; its answers are stored without recognising
/// anything.
private struct ExamRoom: Sendable {
    let school: TestSchool
    /// The token of another educator of the course.
    let second: String
    let question, rubric: String

    static var rubric: JSONObject {
        let levels: JSONValue = .array((0...3).map { ["score": .integer($0), "label": .string("level \($0)")] })
        return [
            "title": "Counselling",
            "criteria": [
                ["id": "content", "label": "Content", "weight": 2, "levels": levels],
                ["id": "tone", "label": "Tone", "levels": levels],
            ],
            "global_scale": levels,
        ]
    }

    init(isWithheld: Bool = true, hasSecond: Bool = true) async throws {
        school = try await TestSchool()
        let (server, educator, course) = (school.server, school.educator, school.course)
        if hasSecond {
            let account: JSONValue = [
                "name": "second@school.example", "email": "second@school.example", "role": "educator",
                "password": .string(TestSchool.password),
            ]
            _ = try await server.send(.post, "/api/v1/users", as: school.admin, json: account)
            _ = try await server.send(
                .post, "/api/v1/courses/\(course)/members", as: educator,
                json: ["email": "second@school.example", "part": "educator"])
        }
        let login = try await server.send(
            .post, "/api/v1/auth/login",
            json: [
                "email": hasSecond ? "second@school.example" : "other.teacher@school.example",
                "password": .string(TestSchool.password),
            ])
        second = try #require(login.json["access_token"]?.string, "\(login.text)")
        let asked = try await server.send(
            .post, "/api/v1/questions", as: educator,
            json: [
                "course_id": .string(course), "title": "Warfarin", "prompt": "May he take ibuprofen?",
                "expected_answer": "No, because he takes warfarin.", "withheld": .bool(isWithheld),
            ])
        question = try #require(asked.json["id"]?.string, "\(asked.text)")
        #expect(asked.json["withheld"]?.bool == isWithheld)
        var body = Self.rubric
        body["course_id"] = .string(course)
        let made = try await server.send(.post, "/api/v1/rubrics", as: educator, json: .object(body))
        rubric = try #require(made.json["id"]?.string, "\(made.text)")
        let chosen = try await server.send(
            .put, "/api/v1/questions/\(question)/rubric", as: educator,
            json: ["rubric_id": .string(rubric), "second_marker_share": 0])
        #expect(chosen.json["second_marker_share"] == 0)
        #expect(chosen.json["rubric"]?["id"]?.string == rubric, "\(chosen.text)")
    }

    /// Stores an analysed answer of the student.
    ///
    /// - Parameter point: The machine's score; nil for none.
    /// - Returns: Its path.
    func answer(point: Double? = nil, holds: [AnswerScore.Hold] = []) async throws -> String {
        let me = try await school.server.send(.get, "/api/v1/me", as: school.student)
        let owner: Identifier<User> = try #require(Identifier(me.json["id"]?.string ?? ""))
        let questionID: Identifier<Question> = try #require(Identifier(question))
        let now = WallClock.system.now()
        let recording = Recording(
            id: Identifier(at: now), owner: owner, state: .kept, path: "aa/\(Identifier<Recording>(at: now))", size: 10,
            sha256: "00", createdAt: now)
        let id = try await school.server.application.services.database.write { transaction in
            let version = try #require(try transaction.questions.load(questionID)).current
            let response = Response(
                id: Identifier(at: now), owner: owner, question: questionID, questionVersion: version.id,
                recording: recording.id, state: .uploaded, createdAt: now)
            try transaction.recordings.insert(recording)
            try transaction.recordings.setContent(recording.id, format: "wav/pcm_s16le", duration: 12)
            try transaction.responses.insert(response)
            let words = "because he takes warfarin".split(separator: " ").enumerated().map { index, word in
                Word(text: String(word), start: index * 400, end: index * 400 + 300, confidence: 0.9)
            }
            let transcript = Transcript(
                language: "en",
                segments: [Segment(start: 0, end: 1_500, text: "because he takes warfarin", words: words)])
            _ = try transaction.transcripts.append(
                TranscriptVersion(
                    id: Identifier(at: now), response: response.id, number: 0, origin: .asr, engine: "test/model",
                    transcript: transcript, createdAt: now), after: 0)
            var analysis = AnalysisResult(
                id: Identifier(at: now), response: response.id, transcriptVersion: 1, questionVersion: version.id,
                engine: "test", measures: [Measure("tfidf_cosine", 0.5, unit: "1")], createdAt: now)
            if let point {
                analysis.assessment = AnswerAssessment(
                    keyPoints: [], results: [], score: AnswerScore(low: point, point: point, high: point, holds: holds))
            }
            _ = try transaction.analyses.store(analysis)
            try transaction.responses.setState(response.id, to: .transcribed)
            try transaction.responses.setState(response.id, to: .analysed)
            return response.id
        }
        return "/api/v1/responses/\(id)"
    }

    func send(
        _ method: HTTPMethod, _ path: String, as token: String, headers: HTTPHeaders = HTTPHeaders(),
        json: JSONValue? = nil
    ) async throws -> TestServer.Reply {
        guard let json else { return try await school.server.send(method, path, as: token, headers: headers) }
        return try await school.server.send(method, path, as: token, headers: headers, json: json)
    }

    /// Marks an answer with the same level everywhere.
    func put(
        _ answer: String, as token: String, level: Int64, state: String = "final", seen: String = "\"m0\"",
        reason: String? = nil
    ) async throws -> TestServer.Reply {
        try await send(
            .put, "\(answer)/marks/me", as: token, headers: ["If-Match": seen],
            json: [
                "state": .string(state), "levels": ["content": .integer(level), "tone": .integer(level)],
                "global_rating": .integer(level), "reason": .optional(reason),
                "comments": [["text": "Good reason.", "at": 1.5], ["text": "Well done."]],
            ])
    }

    func agree(_ answer: String, as token: String, level: Int64, reason: String?) async throws -> TestServer.Reply {
        try await send(
            .post, "\(answer)/marks/agree", as: token,
            json: [
                "levels": ["content": .integer(level), "tone": .integer(level)], "global_rating": .integer(level),
                "reason": .optional(reason),
            ])
    }

    /// What has been written down about an answer, oldest first.
    func audited(_ answer: String) async throws -> [String] {
        let object = "response/\(answer.split(separator: "/").last ?? "")"
        let entries = try await school.server.application.services.database.read {
            try $0.audit.list(object: object).items
        }
        return entries.reversed().map(\.action)
    }
}

extension TestServer.Reply {
    /// The fields that a problem names.
    fileprivate var fields: [String] { json["errors"]?.array?.compactMap { $0["field"]?.string } ?? [] }
}
