// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Domain
import JSON
import Storage

/// The sentences of feedback that the school has put in place of the server's own, by language.
struct FeedbackTemplateStore {
    private static let setting = "feedback_templates"
    private let transaction: Transaction

    init(_ transaction: Transaction) { self.transaction = transaction }

    /// What the school has written: `{"en": {"missing": "…"}}`.
    func document() throws -> JSONObject {
        guard let stored = try transaction.settings.value(Self.setting) else { return [:] }
        return (try? JSONValue(parsing: stored))?.object ?? [:]
    }

    /// The server's templates with the school's in their place. What another version of the program has stored and this
    /// one does not know is left out.
    func templates(over standard: FeedbackTemplates) throws -> FeedbackTemplates {
        let document = try document()
        guard !document.members.isEmpty else { return standard }
        if let all = try? standard.replacing(.object(document)) { return all }
        var templates = standard
        for language in document.members {
            for rule in language.value.object?.members ?? [] {
                let one = JSONValue.object([language.key: .object([rule.key: rule.value])])
                templates = (try? templates.replacing(one)) ?? templates
            }
        }
        return templates
    }

    /// Stores what the school has written in one language; nothing takes it back.
    func set(_ templates: JSONObject, language: String, at time: Timestamp) throws {
        var kept = JSONObject()
        for member in try document().members where member.key != language { kept[member.key] = member.value }
        if !templates.members.isEmpty { kept[language] = .object(templates) }
        try transaction.settings.set(Self.setting, to: JSONValue.object(kept).text, at: time)
    }
}
