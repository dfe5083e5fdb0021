// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Auth
import Domain
import HTTP
import JSON
import Storage

/// Recordings: hearing them and seeing their waveform.
struct RecordingRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.get, "/api/v1/recordings/{id}/audio", audio),
            .account(.get, "/api/v1/recordings/{id}/waveform", waveform),
        ]
    }

    /// The file as it was received, or decoded to WAV, which every player can seek in.
    private func audio(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let recording = try await recording(request, actor)
        let path = services.recordings.absolutePath(recording.path)
        let isDecoded: Bool
        switch request.query["format"] {
        case nil: isDecoded = false
        case "wav": isDecoded = true
        default: throw HTTPError.invalidField("format", "must be wav or absent")
        }
        let suffix = isDecoded ? "wav" : Self.suffix(recording.format)
        let headers: HTTPHeaders = [
            "Content-Disposition": "inline; filename=\"answer-\(recording.id).\(suffix)\"",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-cache",
        ]
        guard isDecoded else {
            return try await .file(
                path, for: request, contentType: Self.contentType(recording.format),
                entityTag: "\"\(recording.sha256)\"", headers: headers)
        }
        return try await .file(
            try await services.decoded.wav(of: recording), for: request, contentType: "audio/wav",
            entityTag: "\"\(recording.sha256)-wav\"", headers: headers)
    }

    /// Peaks in the form of BBC audiowaveform's JSON, version 2.
    private func waveform(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let recording = try await recording(request, actor)
        return try await .file(
            try await services.decoded.peaks(of: recording), for: request, contentType: "application/json",
            entityTag: "\"\(recording.sha256)-peaks\"", headers: ["Cache-Control": "private, max-age=3600"])
    }

    private func recording(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> Recording {
        let id: Identifier<Recording> = try request.identifier()
        let found = try await services.database.read { try $0.recordings.find(id, visibleTo: actor.viewer) }
        guard let found, found.state != .erased else { throw HTTPError.notFound() }
        if found.owner != actor.userID {
            services.log.info(
                "recording heard by another person",
                ["recording": .string(found.id.text), "by": .string(actor.userID.text)])
        }
        return found
    }

    private static func contentType(_ format: String?) -> String {
        switch format?.split(separator: "/").first {
        case "wav": "audio/wav"
        case "flac": "audio/flac"
        case "mp3": "audio/mpeg"
        case "aac": "audio/aac"
        case "ogg": "audio/ogg"
        case "webm": "audio/webm"
        case "mp4": "audio/mp4"
        default: "application/octet-stream"
        }
    }

    private static func suffix(_ format: String?) -> String {
        format?.split(separator: "/").first.map(String.init) ?? "bin"
    }
}
