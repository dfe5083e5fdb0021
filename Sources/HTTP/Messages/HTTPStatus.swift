// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A response status code (RFC 9110 §15).
public struct HTTPStatus: Sendable, Hashable, CustomStringConvertible {
    /// The three-digit code.
    public let code: Int

    /// Creates a status.
    ///
    /// - Precondition: 100...599.
    public init(_ code: Int) {
        precondition((100...599).contains(code), "a status code has three digits and a known class")
        self.code = code
    }

    /// Whether responses with this status never have content (RFC 9110 §6.4.1).
    public var forbidsContent: Bool { code < 200 || code == 204 || code == 304 }

    /// The code and the reason phrase.
    public var description: String { "\(code) \(reasonPhrase)" }

    /// 100.
    public static let `continue`: HTTPStatus = HTTPStatus(100)
    /// 200.
    public static let ok: HTTPStatus = HTTPStatus(200)
    /// 201.
    public static let created: HTTPStatus = HTTPStatus(201)
    /// 202.
    public static let accepted: HTTPStatus = HTTPStatus(202)
    /// 204.
    public static let noContent: HTTPStatus = HTTPStatus(204)
    /// 206.
    public static let partialContent: HTTPStatus = HTTPStatus(206)
    /// 301.
    public static let movedPermanently: HTTPStatus = HTTPStatus(301)
    /// 302.
    public static let found: HTTPStatus = HTTPStatus(302)
    /// 303.
    public static let seeOther: HTTPStatus = HTTPStatus(303)
    /// 304.
    public static let notModified: HTTPStatus = HTTPStatus(304)
    /// 307.
    public static let temporaryRedirect: HTTPStatus = HTTPStatus(307)
    /// 308.
    public static let permanentRedirect: HTTPStatus = HTTPStatus(308)
    /// 400.
    public static let badRequest: HTTPStatus = HTTPStatus(400)
    /// 401.
    public static let unauthorized: HTTPStatus = HTTPStatus(401)
    /// 403.
    public static let forbidden: HTTPStatus = HTTPStatus(403)
    /// 404.
    public static let notFound: HTTPStatus = HTTPStatus(404)
    /// 405.
    public static let methodNotAllowed: HTTPStatus = HTTPStatus(405)
    /// 406.
    public static let notAcceptable: HTTPStatus = HTTPStatus(406)
    /// 408.
    public static let requestTimeout: HTTPStatus = HTTPStatus(408)
    /// 409.
    public static let conflict: HTTPStatus = HTTPStatus(409)
    /// 410.
    public static let gone: HTTPStatus = HTTPStatus(410)
    /// 411.
    public static let lengthRequired: HTTPStatus = HTTPStatus(411)
    /// 412.
    public static let preconditionFailed: HTTPStatus = HTTPStatus(412)
    /// 413.
    public static let contentTooLarge: HTTPStatus = HTTPStatus(413)
    /// 414.
    public static let uriTooLong: HTTPStatus = HTTPStatus(414)
    /// 415.
    public static let unsupportedMediaType: HTTPStatus = HTTPStatus(415)
    /// 416.
    public static let rangeNotSatisfiable: HTTPStatus = HTTPStatus(416)
    /// 417.
    public static let expectationFailed: HTTPStatus = HTTPStatus(417)
    /// 422.
    public static let unprocessableContent: HTTPStatus = HTTPStatus(422)
    /// 428.
    public static let preconditionRequired: HTTPStatus = HTTPStatus(428)
    /// 429.
    public static let tooManyRequests: HTTPStatus = HTTPStatus(429)
    /// 431.
    public static let requestHeaderFieldsTooLarge: HTTPStatus = HTTPStatus(431)
    /// 500.
    public static let internalServerError: HTTPStatus = HTTPStatus(500)
    /// 501.
    public static let notImplemented: HTTPStatus = HTTPStatus(501)
    /// 502.
    public static let badGateway: HTTPStatus = HTTPStatus(502)
    /// 503.
    public static let serviceUnavailable: HTTPStatus = HTTPStatus(503)
    /// 504.
    public static let gatewayTimeout: HTTPStatus = HTTPStatus(504)
    /// 507.
    public static let insufficientStorage: HTTPStatus = HTTPStatus(507)

    /// The phrase of the IANA registry, or that of the class for codes that are not in common use.
    public var reasonPhrase: String {
        switch code {
        case 100: "Continue"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 206: "Partial Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 422: "Unprocessable Content"
        case 428: "Precondition Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 507: "Insufficient Storage"
        case 100..<200: "Informational"
        case 200..<300: "Success"
        case 300..<400: "Redirection"
        case 400..<500: "Client Error"
        default: "Server Error"
        }
    }
}
