// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Why a request can't be served: thrown by handlers and by the readers of bodies, answered as problem details.
///
/// The texts are for the person at the other end and never quote what that person sent.
public struct HTTPError: Error, Sendable, CustomStringConvertible {
    /// The response's status.
    public var status: HTTPStatus
    /// A stable word for programs, such as `not_found`; a bounded set, fit for metrics labels.
    public var code: String
    /// A short summary that is the same for every occurrence of the code.
    public var title: String
    /// What happened this time and what to do about it.
    public var detail: String?
    /// What is wrong with which field.
    public var fields: [ProblemDetails.FieldError]
    /// Fields to add to the response, such as `Retry-After`.
    public var headers: HTTPHeaders

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - status: The response's status.
    ///   - code: A stable word for programs.
    ///   - title: A short summary; the reason phrase unless given.
    ///   - detail: What happened this time and what to do about it.
    ///   - fields: What is wrong with which field.
    ///   - headers: Fields to add to the response.
    public init(
        _ status: HTTPStatus, code: String, title: String? = nil, detail: String? = nil,
        fields: [ProblemDetails.FieldError] = [], headers: HTTPHeaders = HTTPHeaders()
    ) {
        self.status = status
        self.code = code
        self.title = title ?? status.reasonPhrase
        self.detail = detail
        self.fields = fields
        self.headers = headers
    }

    /// The status, the code and the detail.
    public var description: String { "\(status.code) \(code)" + (detail.map { ": \($0)" } ?? "") }

    /// The request is not well-formed (400).
    public static func badRequest(_ detail: String) -> HTTPError {
        HTTPError(.badRequest, code: "bad_request", detail: detail)
    }

    /// There is nothing here, or nothing that this person may know of (404).
    public static func notFound(_ detail: String? = nil) -> HTTPError {
        HTTPError(.notFound, code: "not_found", detail: detail)
    }

    /// The content is larger than `limit` bytes (413).
    public static func contentTooLarge(limit: Int) -> HTTPError {
        HTTPError(.contentTooLarge, code: "too_large", detail: "At most \(limit) bytes are accepted here.")
    }

    /// The content's type is not one that is understood here (415).
    public static func unsupportedMediaType(_ detail: String) -> HTTPError {
        HTTPError(.unsupportedMediaType, code: "unsupported_media", detail: detail)
    }

    /// The client sends too slowly or not at all (408).
    public static func requestTimeout(_ detail: String) -> HTTPError {
        HTTPError(.requestTimeout, code: "timeout", detail: detail)
    }

    /// The server has no capacity now (503 with `Retry-After`).
    public static func serviceUnavailable(_ detail: String, retryAfter seconds: Int) -> HTTPError {
        HTTPError(
            .serviceUnavailable, code: "unavailable", detail: detail, headers: ["Retry-After": String(seconds)])
    }

    /// The client has gone: there is nobody to answer. It is never seen on the wire.
    public static let connectionClosed: HTTPError = HTTPError(
        .badRequest, code: "connection_closed", detail: "The client closed the connection.")
}
