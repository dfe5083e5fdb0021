// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// A response: status, header and content. The server adds `Date`, `Content-Length` or `Transfer-Encoding`, and
/// `Connection` itself.
public struct HTTPResponse: Sendable {
    /// The status.
    public var status: HTTPStatus
    /// The header's fields.
    public var headers: HTTPHeaders
    /// The content.
    public var body: ResponseBody
    /// The pattern of the route that made the response, for example `/api/v1/me`; a bounded set, fit for metrics
    /// labels. Set by the router; nil when no route matched.
    public internal(set) var route: String?

    /// Creates a response.
    public init(status: HTTPStatus = .ok, headers: HTTPHeaders = HTTPHeaders(), body: ResponseBody = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A JSON document.
    public static func json(_ value: JSONValue, status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status: status, headers: jsonHeaders, body: .bytes(value.utf8))
    }

    private static let jsonHeaders: HTTPHeaders = ["Content-Type": "application/json"]

    /// Text as UTF-8.
    public static func text(
        _ text: String, contentType: String = "text/plain; charset=utf-8", status: HTTPStatus = .ok
    ) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": contentType], body: .text(text))
    }

    /// Bytes of a stated type.
    public static func bytes(_ bytes: [UInt8], contentType: String, status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": contentType], body: .bytes(bytes))
    }

    /// An error as problem details (RFC 9457).
    public static func problem(_ problem: ProblemDetails) -> HTTPResponse {
        HTTPResponse(
            status: problem.status, headers: ["Content-Type": "application/problem+json"],
            body: .bytes(problem.json.utf8))
    }

    /// An error thrown by a handler as problem details; anything but an ``HTTPError`` is a 500 that tells nothing.
    public static func problem(_ error: any Error, requestID: String?) -> HTTPResponse {
        let error =
            error as? HTTPError
            ?? HTTPError(
                .internalServerError, code: "internal",
                detail: "Something went wrong on the server. Quote the request id when you report it.")
        var response = problem(ProblemDetails(error, requestID: requestID))
        response.headers.append(contentsOf: error.headers)
        return response
    }

    /// A redirection to another address.
    public static func redirect(to location: String, status: HTTPStatus = .seeOther) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Location": location])
    }

    /// Success without content (204).
    public static let noContent: HTTPResponse = HTTPResponse(status: .noContent)
}
