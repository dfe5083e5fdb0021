// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Storage

/// What a person is told of their answers.
struct NoticeRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.get, "/api/v1/me/notices", list),
            .account(.post, "/api/v1/me/notices/read", setRead),
        ]
    }

    private func list(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let page = PageRequest(limit: try request.pageSize(), after: request.query["after"])
        let (notices, unread) = try await services.database.read { transaction in
            (
                try transaction.notices.list(of: actor.userID, page: page),
                try transaction.notices.unreadCount(of: actor.userID)
            )
        }
        var object = notices.json(Self.json).object ?? [:]
        object["unread"] = .integer(Int64(unread))
        return .json(.object(object))
    }

    private func setRead(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        var fields = try await request.fields()
        let newest: Identifier<Notice>? = fields.identifier("up_to")
        try fields.validate()
        guard let newest else { throw HTTPError.missingField("up_to") }
        let now = services.clock.now()
        let unread = try await services.database.write { transaction in
            try transaction.notices.setRead(upTo: newest, of: actor.userID, at: now)
            return try transaction.notices.unreadCount(of: actor.userID)
        }
        return .json(["unread": .integer(Int64(unread))])
    }

    private static func json(_ stored: StoredNotice) -> JSONValue {
        let notice = stored.notice
        return [
            "id": .string(notice.id.text), "kind": .string(notice.kind.rawValue),
            "response_id": .string(notice.response.text), "question_title": .optional(stored.questionTitle),
            "created_at": .string(notice.createdAt.description), "read_at": .optional(notice.readAt?.description),
        ]
    }
}
