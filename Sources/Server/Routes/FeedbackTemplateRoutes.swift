// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Auth
import Cryptography
import Domain
import HTTP
import JSON
import Storage

/// The sentences of feedback, which a school may put in its own words.
struct FeedbackTemplateRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.get, "/api/v1/feedback_templates/{language}", roles: [.admin], read),
            .account(.put, "/api/v1/feedback_templates/{language}", roles: [.admin], replace),
        ]
    }

    private func read(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let language = try language(request)
        let own = try await services.database.read { try FeedbackTemplateStore($0).document()[language]?.object }
        return .json(json(language, own: own ?? [:]))
    }

    /// Replaces all that the school has written in a language.
    private func replace(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let language = try language(request)
        var fields = try await request.fields()
        let document = fields.document("templates")
        var own = JSONObject()
        if let members = document?.object?.members {
            for member in members where !member.value.isNull { own[member.key] = member.value }
        } else {
            fields.fault(
                "templates", "must be an object of rules, such as {\"missing\": \"Say this too: {key_point}.\"}")
        }
        do throws(FeedbackTemplateError) {
            _ = try services.feedback.replacing(.object([language: .object(own)]))
        } catch {
            fields.fault("templates", "can't be used: \(error.message)")
        }
        try fields.validate()
        let (now, templates) = (services.clock.now(), own)
        try await services.database.write { transaction in
            let store = FeedbackTemplateStore(transaction)
            let before = try store.document()[language] ?? [:]
            try store.set(templates, language: language, at: now)
            try transaction.audit.append(
                AuditEntry(
                    time: now, tenant: actor.tenant, actor: actor.userID.text, session: actor.credentialID,
                    action: "feedback_templates.set", object: "feedback_templates/\(language)",
                    beforeHash: Self.digest(before), afterHash: Self.digest(.object(templates))))
        }
        return .json(json(language, own: templates))
    }

    private static func digest(_ document: JSONValue) -> String { Hexadecimal.encode(SHA256.hash(document.utf8)) }

    /// The primary subtag, by which templates are chosen.
    private func language(_ request: HTTPRequest) throws -> String {
        guard let tag = request.parameters["language"], LanguageTag.isWellFormed(tag),
            let primary = tag.split(separator: "-").first
        else { throw HTTPError.notFound("There is no such language; write a code such as en or es.") }
        return primary.lowercased()
    }

    /// `{language, items[{rule, kind, placeholders[], standard, own}]}`; a template is a text, or `{one, other}`.
    private func json(_ language: String, own: JSONObject) -> JSONValue {
        [
            "language": .string(language),
            "items": .array(
                FeedbackItem.Rule.allCases.map { rule in
                    [
                        "rule": .string(rule.rawValue), "kind": .string(rule.kind.rawValue),
                        "placeholders": .array(FeedbackTemplates.placeholders(of: rule).map(JSONValue.string)),
                        "standard": services.feedback.document(of: rule, language: language) ?? .null,
                        "own": own[rule.rawValue] ?? .null,
                    ]
                }),
        ]
    }
}
