// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Storage

/// Marks of people: the queue, one's own mark, agreeing on one, and showing grades to students.
struct MarkRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.get, "/api/v1/marking/queue", roles: [.educator, .admin], queue),
            .account(.get, "/api/v1/responses/{id}/marks", read),
            .account(.get, "/api/v1/responses/{id}/marks/me", readOwn),
            .account(.put, "/api/v1/responses/{id}/marks/me", putOwn),
            .account(.post, "/api/v1/responses/{id}/marks/agree", agree),
            .account(.post, "/api/v1/responses/{id}/release", release),
            .account(.post, "/api/v1/courses/{id}/release", releaseCourse),
        ]
    }

    // MARK: The queue

    private func queue(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let course: Identifier<Course>? = try request.queryIdentifier("course")
        let limit = try request.pageSize()
        let state = try request.query["state"].map { text in
            guard let state = MarkingState(rawValue: text) else {
                let names = MarkingState.allCases.map(\.rawValue).joined(separator: ", ")
                throw HTTPError.invalidField("state", "must be one of \(names)")
            }
            return state
        }
        let cursor = try request.query["after"].map { text in
            guard let cursor = MarkingCursor(text) else {
                throw HTTPError.invalidField("after", "must be the `next` of the page before")
            }
            return cursor
        }
        if let course { try await services.demandMarking(of: course, actor) }
        let (page, counts, appeals) = try await services.database.read { transaction in
            (
                try transaction.markingQueue.list(
                    state ?? .unmarked, course: course, visibleTo: actor.viewer, limit: limit, after: cursor),
                try transaction.markingQueue.counts(course: course, visibleTo: actor.viewer),
                try transaction.appeals.openCount(course: course, visibleTo: actor.viewer)
            )
        }
        var object: JSONObject = [
            "items": .array(page.items.map(Self.json)), "next": .optional(page.next),
        ]
        var counted = JSONObject()
        for state in MarkingState.allCases { counted[state.rawValue] = .integer(Int64(counts[state] ?? 0)) }
        counted["appeals"] = .integer(Int64(appeals))
        object["counts"] = .object(counted)
        return .json(.object(object))
    }

    /// The order follows what the machine found, but nothing of it is said here: the marker has not marked yet.
    private static func json(_ item: MarkingItem) -> JSONValue {
        [
            "response_id": .string(item.response.text),
            "state": .string(item.state.rawValue),
            "reason_code": .optional(item.reasonCode),
            "owner": ["id": .string(item.owner.text), "name": .string(item.ownerName)],
            "course_id": .string(item.course.text),
            "question_id": .string(item.question.text),
            "question_title": .string(item.questionTitle),
            "duration": .optional(item.duration),
            "final_marks": .integer(Int64(item.finalMarks)),
            // Nobody shall mark more carefully because somebody will mark after them.
            "second_marker": item.finalMarks == 0 ? .null : .bool(item.isChosen),
            "my_mark": .optional(item.ownMark?.rawValue),
            "created_at": .string(item.createdAt.description),
        ]
    }

    // MARK: Marks

    /// For those who mark: everything they may see yet. For the student: what has been released.
    private func read(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let details = try await services.response(request, actor, .readResponse)
        let canMark = services.canMark(details, actor)
        if !canMark { try services.demand(.readResults, of: actor, on: details) }
        let (sight, machine, appeal) = try await services.database.read { transaction in
            let desk = MarkingDesk(transaction: transaction, actor: actor, details: details)
            return (try desk.sight(), try desk.machine(), try transaction.appeals.find(of: details.response.id))
        }
        var object: JSONObject = [
            "response_id": .string(details.response.id.text),
            "rubric": sight.rubric.map(MarkView.json) ?? .null,
            "appeal": appeal.map { MarkView.json($0, withNames: canMark) } ?? .null,
        ]
        let members = canMark ? Self.markerView(sight, machine) : Self.studentView(sight, machine, details)
        for member in members.members { object[member.key] = member.value }
        var response = HTTPResponse.json(.object(object))
        if canMark { response.headers["ETag"] = MarkingDesk.entityTag(sight.own?.version ?? 0) }
        return response
    }

    private static func markerView(_ sight: MarkingDesk.Sight, _ machine: AnswerScore?) -> JSONObject {
        let final = sight.marks.filter { $0.mark.state == .final }
        let others = final.filter { $0.mark.id != sight.own?.id }
        let disagreement = sight.rubric.flatMap { rubric in
            sight.grade?.isInModeration == true
                ? MarkDisagreement(between: final.map(\.mark).filter { $0.kind == .marker }, by: rubric) : nil
        }
        let isRevealed = sight.isRevealed
        return [
            "mine": sight.own.map { MarkView.json($0, markerName: nil) } ?? .null,
            "revealed": .bool(isRevealed),
            "others": isRevealed ? .array(others.map { MarkView.json($0.mark, markerName: $0.markerName) }) : .null,
            "machine": isRevealed ? machine.map(MarkView.json) ?? .null : .null,
            "moderation": isRevealed ? disagreement.map(MarkView.json) ?? .null : .null,
            "grade": isRevealed ? sight.grade.map { MarkView.json($0.current) } ?? .null : .null,
            "released": isRevealed ? released(sight.grade) : .null,
        ]
    }

    private static func studentView(
        _ sight: MarkingDesk.Sight, _ machine: AnswerScore?, _ details: ResponseDetails
    ) -> JSONObject {
        // Practice shows its marks at once, but not while they differ.
        let isOpen = sight.grade.map { $0.released != nil || !$0.isInModeration } ?? false
        let final = sight.marks.filter { $0.mark.state == .final }
        let agreed = final.last { $0.mark.kind == .agreed }
        let shown = sight.grade?.isInModeration == true ? [] : agreed.map { [$0] } ?? final
        let grade = sight.grade.map { $0.released ?? $0.current } ?? machine.flatMap(Grade.init(machine:))
        return [
            "grade": isOpen || sight.grade == nil ? grade.map(MarkView.json) ?? .null : .null,
            "marks": isOpen ? .array(shown.map { MarkView.json($0.mark, markerName: nil) }) : [],
            "released": released(sight.grade),
            "can_appeal": .bool(details.response.state == .released),
        ]
    }

    private static func released(_ grade: StoredGrade?) -> JSONValue {
        guard let grade, let released = grade.released else { return .null }
        var object = MarkView.json(released).object ?? [:]
        object["released_at"] = .optional(grade.releasedAt?.description)
        return .object(object)
    }

    private func readOwn(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let details = try await services.response(request, actor, .markResponse)
        let found = try await services.database.read { transaction in
            try transaction.marks.find(details.response.id, by: actor.userID)
        }
        return Self.answer(found)
    }

    private func putOwn(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        guard let tag = request.headers["if-match"] else {
            throw HTTPError(
                .preconditionRequired, code: "precondition_required",
                detail: "Send If-Match with the ETag of your mark, \"m0\" when you have not begun one.")
        }
        let seen = MarkingDesk.version(ofTag: tag)
        let now = services.clock.now()
        let mark = try await atDesk(request, actor, .markResponse) { desk, body in
            try desk.putOwnMark(body, seen: seen, at: now)
        }
        return Self.answer(mark)
    }

    private static func answer(_ mark: Mark?) -> HTTPResponse {
        var response = HTTPResponse.json(mark.map { MarkView.json($0, markerName: nil) } ?? ["version": 0])
        response.headers["ETag"] = MarkingDesk.entityTag(mark?.version ?? 0)
        return response
    }

    private func agree(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let now = services.clock.now()
        let mark = try await atDesk(request, actor, .markResponse) { desk, body in try desk.agree(body, at: now) }
        return .json(MarkView.json(mark, markerName: actor.name), status: .created)
    }

    /// Runs a rule with the body of a request, in one transaction with the check of rights.
    private func atDesk<Value: Sendable>(
        _ request: HTTPRequest, _ actor: Auth.Actor, _ action: Action,
        _ rule: @escaping @Sendable (MarkingDesk, FieldReader) throws -> Value
    ) async throws -> Value {
        let id = try await services.response(request, actor, action).response.id
        let body = try await request.fields()
        let value = try await services.database.write { [services] transaction in
            guard let details = try transaction.responses.find(id, visibleTo: actor.viewer) else {
                throw HTTPError.notFound()
            }
            try services.demand(action, of: actor, on: details)
            return try rule(MarkingDesk(transaction: transaction, actor: actor, details: details), body)
        }
        services.events.publish(.changed, of: id)
        return value
    }

    // MARK: Release

    private func release(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let details = try await services.response(request, actor, .releaseResponse)
        // The body may be absent.
        var fields = request.headers["content-type"] == nil ? try FieldReader([:]) : try await request.fields()
        let includesAwaitingSecond = fields.flag("include_awaiting_second") ?? false
        try fields.validate()
        let now = services.clock.now()
        let grade = try await services.database.write { transaction in
            try MarkingDesk(transaction: transaction, actor: actor, details: details).release(
                includesAwaitingSecond: includesAwaitingSecond, at: now)
            return try transaction.grades.find(details.response.id)
        }
        services.events.publish(.changed, of: details.response.id)
        return .json([
            "response_id": .string(details.response.id.text),
            "status": .string(Response.State.released.rawValue), "released": Self.released(grade),
        ])
    }

    /// Releases everything that is ready; what nobody has marked stays without a grade.
    private func releaseCourse(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let course: Identifier<Course> = try request.identifier()
        try await services.demandMarking(of: course, actor, .releaseCourse)
        let fields = try await request.fields()
        var question: Identifier<Question>?
        var reader = fields
        if reader.document("question_id") != nil { question = reader.identifier("question_id") }
        let includesAwaitingSecond = reader.flag("include_awaiting_second") ?? false
        try reader.validate()
        let (now, only) = (services.clock.now(), question)
        let counts = try await services.database.write { transaction in
            let counts = try transaction.grades.releaseAll(
                of: course, question: only, includesAwaitingSecond: includesAwaitingSecond, by: actor.userID, at: now)
            for response in counts.released {
                try transaction.audit.append(
                    AuditEntry(
                        time: now, tenant: actor.tenant, actor: actor.userID.text, session: actor.credentialID,
                        action: "grade.release", object: "response/\(response)"))
            }
            return counts
        }
        for response in counts.released { services.events.publish(.changed, of: response) }
        return .json([
            "released": .integer(Int64(counts.released.count)),
            "in_moderation": .integer(Int64(counts.inModeration)),
            "awaiting_second": .integer(Int64(counts.awaitingSecond)),
            "awaiting_reason": .integer(Int64(counts.awaitingReason)), "unmarked": .integer(Int64(counts.unmarked)),
        ])
    }
}

extension Services {
    /// Throws unless `actor` may do what only the educators of a course may.
    func demandMarking(
        of course: Identifier<Course>, _ actor: Auth.Actor, _ action: Action = .listMarking
    ) async throws {
        guard let found = try await database.read({ try $0.courses.find(course, visibleTo: actor.viewer) }) else {
            throw HTTPError.notFound()
        }
        try demand(action, of: actor, facts: ObjectFacts(tenant: found.course.tenant, coursePart: found.part))
    }
}
