// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Cryptography
import Domain
import HTTP
import JSON
import Storage

/// Transcripts: reading, exporting, correcting, comparing, going back.
struct TranscriptRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.get, "/api/v1/responses/{id}/transcript", read),
            .account(.put, "/api/v1/responses/{id}/transcript", edit),
            .account(.get, "/api/v1/responses/{id}/transcript/versions", versions),
            .account(.get, "/api/v1/responses/{id}/transcript/diff", diff),
            .account(.post, "/api/v1/responses/{id}/transcript/revert", revert),
            .account(.post, "/api/v1/responses/{id}/transcript/confirm", confirm),
        ]
    }

    private func read(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let details = try await services.response(request, actor, .readResults)
        let number = try request.queryInteger("version", in: 1...1_000_000)
        let stored = try await find(details.response.id, number)
        let transcript = stored.version.transcript
        var response: HTTPResponse
        switch request.query["format"] ?? "json" {
        case "json":
            response = .json(
                TranscriptView.json(
                    stored.version, latest: stored.latestNumber, authorName: stored.authorName,
                    showsVocabulary: services.canMark(details, actor)))
        case "txt": response = file(transcript.lines + "\n", "text/plain", "txt", stored)
        case "srt": response = file(transcript.subRip, "application/x-subrip", "srt", stored)
        case "vtt": response = file(transcript.webVTT, "text/vtt", "vtt", stored)
        default: throw HTTPError.invalidField("format", "must be one of json, txt, srt, vtt")
        }
        response.headers["ETag"] = Self.entityTag(stored.version.number)
        return response
    }

    private func edit(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let details = try await services.response(request, actor, .editTranscript)
        let latest = try await checkedLatest(request, details.response.id)
        let limit = services.configuration.limits.transcriptBytes
        var fields = try await request.fields(limit: 6 * limit + 4_096)
        let text = fields.secret("text", limit: limit)
        let reason = fields.optionalText("reason", limit: 500)
        try fields.validate()
        let duration = details.recording.duration.map { Int(($0 * 1000).rounded()) }
        let before = latest.version.transcript
        let edited = before.edited(to: text, duration: duration)
        let transcript = edited.edited(
            from: before, sentences: try await services.measuring.sentences(of: edited),
            isByMarker: services.canMark(details, actor))
        return try await append(
            transcript, after: latest, reason: reason, details: details, actor: actor, action: "transcript.edit")
    }

    private func revert(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let details = try await services.response(request, actor, .editTranscript)
        let latest = try await checkedLatest(request, details.response.id)
        var fields = try await request.fields()
        let number = fields.integer("version", in: 1...1_000_000)
        let reason = fields.optionalText("reason", limit: 500)
        try fields.validate()
        let earlier = try await find(details.response.id, number)
        return try await append(
            earlier.version.transcript, after: latest, reason: reason ?? "restored version \(number)", details: details,
            actor: actor, action: "transcript.revert")
    }

    /// Somebody who marks the answer has listened: what stands there was said. Held scores that wait for that are held no longer.
    private func confirm(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let details = try await services.response(request, actor, .markResponse)
        guard details.response.owner != actor.userID else {
            throw HTTPError.forbidden("Nobody confirms their own answer.")
        }
        let latest = try await checkedLatest(request, details.response.id)
        var fields = try await request.fields()
        let reason = fields.optionalText("reason", limit: 500)
        try fields.validate()
        return try await append(
            latest.version.transcript.confirmed, after: latest, reason: reason, details: details, actor: actor,
            action: "transcript.confirm", isConfirmation: true)
    }

    /// Stores a person's version and measures it at once, so that the answer to the edit is already measured.
    private func append(
        _ transcript: Transcript, after latest: StoredTranscript, reason: String?, details: ResponseDetails,
        actor: Auth.Actor, action: String, isConfirmation: Bool = false
    ) async throws -> HTTPResponse {
        let id = details.response.id
        let now = services.clock.now()
        let recognised = try await services.database.read { try $0.transcripts.latestRecognised(id) }
        let errorRate = recognised.flatMap {
            WordErrorRate(
                reference: transcript.text, hypothesis: $0.transcript.text, language: transcript.language
            ).rate
        }
        let draft = TranscriptVersion(
            id: Identifier(at: now), response: id, number: latest.version.number + 1, origin: .human,
            author: actor.userID, parent: latest.version.number, editReason: reason,
            isConfirmation: isConfirmation, transcript: transcript, wordErrorRate: errorRate, createdAt: now)
        let analysis = try await services.measuring.analysis(
            of: draft, response: details.response, recording: details.recording)
        let audit = AuditEntry(
            time: now, tenant: actor.tenant, actor: actor.userID.text, session: actor.credentialID, action: action,
            object: "response/\(id)", beforeHash: Self.digest(latest.version.transcript),
            afterHash: Self.digest(transcript))
        let version = try await services.database.write { transaction in
            let version = try transaction.transcripts.append(draft, after: latest.version.number)
            _ = try transaction.analyses.store(analysis)
            _ = try transaction.audit.append(audit)
            if details.response.state == .unscorable || details.response.state == .failed {
                try transaction.responses.setState(id, to: .analysed)
            }
            return version
        }
        services.events.publish(.changed, of: id)
        var response = HTTPResponse.json(
            TranscriptView.json(version, latest: version.number, authorName: actor.name))
        response.headers["ETag"] = Self.entityTag(version.number)
        return response
    }

    private func versions(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let id = try await services.response(request, actor, .readResults).response.id
        let versions = try await services.database.read { try $0.transcripts.list(of: id) }
        return .json([
            "items": .array(
                versions.map { version in
                    [
                        "version": .integer(Int64(version.number)),
                        "origin": .string(version.origin.rawValue),
                        "author": TranscriptView.author(version.author, name: version.authorName),
                        "parent": .optional(version.parent),
                        "edit_reason": .optional(version.editReason),
                        "confirmed": .bool(version.isConfirmation),
                        "engine": .optional(version.engine),
                        "wer": .optional(version.wordErrorRate),
                        "words": .integer(Int64(version.wordCount)),
                        "created_at": .string(version.createdAt.description),
                    ]
                }), "next": .null,
        ])
    }

    private func diff(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let id = try await services.response(request, actor, .readResults).response.id
        guard let from = try request.queryInteger("from", in: 1...1_000_000) else {
            throw HTTPError.missingField("from")
        }
        guard let to = try request.queryInteger("to", in: 1...1_000_000) else { throw HTTPError.missingField("to") }
        let before = try await find(id, from).version.transcript
        let after = try await find(id, to).version.transcript
        let errorRate = WordErrorRate(reference: after.text, hypothesis: before.text, language: after.language).rate
        return .json([
            "from": .integer(Int64(from)), "to": .integer(Int64(to)), "wer": .optional(errorRate),
            "changes": .array(
                TranscriptDiff(from: before, to: after).changes.map { change in
                    [
                        "op": .string(change.operation.rawValue),
                        "from_words": .array(change.fromWords.map(JSONValue.string)),
                        "to_words": .array(change.toWords.map(JSONValue.string)),
                    ]
                }),
        ])
    }

    /// The newest version, if it is the one that the client has seen.
    private func checkedLatest(_ request: HTTPRequest, _ id: Identifier<Response>) async throws -> StoredTranscript {
        guard let seen = request.headers["if-match"] else {
            throw HTTPError(
                .preconditionRequired, code: "precondition_required",
                detail: "Send If-Match with the ETag of the transcript version that you changed.")
        }
        let latest = try await find(id, nil)
        guard seen == Self.entityTag(latest.version.number) else {
            throw HTTPError(
                .preconditionFailed, code: "precondition_failed",
                detail: "Somebody has changed the transcript since: it is at version \(latest.version.number) now.",
                headers: ["ETag": Self.entityTag(latest.version.number)])
        }
        return latest
    }

    private func find(_ id: Identifier<Response>, _ number: Int?) async throws -> StoredTranscript {
        guard let stored = try await services.database.read({ try $0.transcripts.find(id, number: number) }) else {
            throw HTTPError(
                .notFound, code: number == nil ? "not_ready" : "not_found", detail: "There is no such transcript yet.")
        }
        return stored
    }

    private func file(
        _ text: String, _ type: String, _ suffix: String, _ stored: StoredTranscript
    ) -> HTTPResponse {
        var response = HTTPResponse.bytes(Array(text.utf8), contentType: "\(type); charset=utf-8")
        let name = "transcript-\(stored.version.response)-v\(stored.version.number).\(suffix)"
        response.headers["Content-Disposition"] = "attachment; filename=\"\(name)\""
        return response
    }

    private static func entityTag(_ number: Int) -> String { "\"v\(number)\"" }

    private static func digest(_ transcript: Transcript) -> String {
        Hexadecimal.encode(SHA256.hash(Array(transcript.text.utf8)))
    }
}
