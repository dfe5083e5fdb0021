// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Recognition
import Storage

/// What those who keep the server running ask it.
struct OperationsRoutes {
    let services: Services

    var routes: [Route] {
        [
            .open(.get, "/livez") { _ in .text("ok\n") },
            .open(.get, "/readyz", ready),
            .open(.get, "/metrics", metrics),
            .open(.get, "/version") { _ in .json(Release.json) },
            .account(.get, "/api/v1/engines", engines),
            .account(.get, "/api/v1/limits", limits),
        ]
    }

    /// 200 when the database can be written, the disk has room and a recogniser is there; else 503 and what is wrong.
    private func ready(_ request: HTTPRequest) async throws -> HTTPResponse {
        var checks: JSONObject = [:]
        var isReady = true
        func note(_ name: String, _ isFine: Bool, _ text: String) {
            checks[name] = .string(text)
            if !isFine { isReady = false }
        }
        do {
            try await services.database.write { transaction in
                try transaction.settings.set("last_ready_check", to: "1", at: services.clock.now())
            }
            note("database", true, "ok")
        } catch {
            note("database", false, "can't be written")
        }
        if let space = services.recordings.space() {
            let share = Double(space.free) / Double(max(space.total, 1))
            note("disk", share >= 0.05, share >= 0.05 ? "ok" : "less than 5 % free")
        }
        let problem = services.speech.problem
        note("recogniser", problem == nil, problem ?? services.speech.notice ?? "ok")
        return .json(
            ["status": isReady ? "ready" : "not ready", "checks": .object(checks)],
            status: isReady ? .ok : .serviceUnavailable)
    }

    private func metrics(_ request: HTTPRequest) async throws -> HTTPResponse {
        .bytes(
            Array(await services.metrics.exposition().utf8), contentType: "text/plain; version=0.0.4; charset=utf-8")
    }

    private func limits(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let limits = services.configuration.limits
        return .json([
            "audio_bytes": .integer(Int64(limits.audioBytes)), "audio_seconds": .integer(Int64(limits.audioSeconds)),
            "transcript_bytes": .integer(Int64(limits.transcriptBytes)),
        ])
    }

    private func engines(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        .json([
            "items": .array(
                services.speech.engines.enumerated().map { index, engine in
                    [
                        "name": .string(engine.name),
                        "model": .string(engine.model),
                        "languages": .array(engine.languages.map(JSONValue.string)),
                        "translates": .bool(engine.translates),
                        "takes_vocabulary": .bool(engine.takesVocabulary),
                        "identifies_language": .bool(engine.identifiesLanguage),
                        "notice": .optional(engine.notice),
                        "default": .bool(index == 0),
                    ]
                }), "next": .null,
        ])
    }
}
