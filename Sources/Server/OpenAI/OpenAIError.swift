// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import HTTP
import JSON

/// Errors as OpenAI's clients expect them below `/v1`: `{"error": {"message", "type", "param", "code"}}`.
enum OpenAIError {
    /// Whether a path belongs to OpenAI's API.
    static func covers(_ path: String) -> Bool { path.hasPrefix("/v1/") }

    /// Names of OpenAI's models, which stand for the best one here.
    static let aliases: Set<String> = [
        "whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-transcribe-diarize", "gpt-transcribe",
    ]

    /// Whether a name is one of OpenAI's models, with or without the date of a version (`-2025-12-15`).
    static func isAlias(_ name: String) -> Bool {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        let date = parts.suffix(3)
        let isDated = date.map(\.count) == [4, 2, 2] && date.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isNumber } }
        return aliases.contains(name) || isDated && aliases.contains(parts.dropLast(3).joined(separator: "-"))
    }

    /// There is no such model (404).
    static func unknownModel(_ name: String, known: [String]) -> HTTPError {
        let names = known.isEmpty ? "none" : known.joined(separator: ", ")
        return HTTPError(
            .notFound, code: "model_not_found", detail: "There is no such model here. Installed: \(names).",
            fields: [.init(field: "model", message: "is not installed")])
    }

    /// The server can't do what is asked (400).
    static func unsupported(_ detail: String, field: String? = nil) -> HTTPError {
        HTTPError(
            .badRequest, code: "unsupported", detail: detail,
            fields: field.map { [.init(field: $0, message: "is not supported")] } ?? [])
    }

    /// The response to an error.
    static func response(_ error: HTTPError) -> HTTPResponse {
        let isTooMany = error.status == .tooManyRequests
        let kind =
            switch error.status.code {
            case 401: "authentication_error"
            case 403: "permission_error"
            case 429: "rate_limit_error"
            case 500...: "server_error"
            default: "invalid_request_error"
            }
        var response = HTTPResponse.json(
            [
                "error": [
                    "message": .string(error.detail ?? error.title), "type": .string(kind),
                    "param": .optional(error.fields.first?.field),
                    "code": .string(isTooMany ? "rate_limit_exceeded" : error.code),
                ]
            ], status: error.status == .unprocessableContent ? .badRequest : error.status)
        response.headers.append(contentsOf: error.headers)
        if isTooMany, let seconds = error.headers["Retry-After"].flatMap({ Int($0) }) {
            response.headers.set("Retry-After-Ms", String(1_000 * seconds))
        }
        return response
    }
}
