// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// The machine-readable form of an error (RFC 9457).
public struct ProblemDetails: Sendable, Hashable, JSONRepresentable {
    /// What is wrong with one field of the request.
    public struct FieldError: Sendable, Hashable, JSONRepresentable {
        /// The field's name, with dots between levels.
        public var field: String
        /// What is wrong with it, for a person.
        public var message: String

        /// Creates a field error.
        public init(field: String, message: String) {
            self.field = field
            self.message = message
        }

        /// An object with `field` and `message`.
        public var json: JSONValue { ["field": .string(field), "message": .string(message)] }
    }

    /// A URI reference to the explanation of this kind of problem.
    public var type: String
    /// A short summary of the kind of problem.
    public var title: String
    /// The response's status.
    public var status: HTTPStatus
    /// What happened this time.
    public var detail: String?
    /// A stable word for programs.
    public var code: String
    /// The request's id, to be quoted to the operator.
    public var requestID: String?
    /// What is wrong with which field.
    public var errors: [FieldError]

    /// Creates problem details.
    public init(
        type: String = "about:blank", title: String, status: HTTPStatus, detail: String? = nil, code: String,
        requestID: String? = nil, errors: [FieldError] = []
    ) {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
        self.code = code
        self.requestID = requestID
        self.errors = errors
    }

    /// Describes an error.
    public init(_ error: HTTPError, requestID: String?) {
        self.init(
            title: error.title, status: error.status, detail: error.detail, code: error.code, requestID: requestID,
            errors: error.fields)
    }

    /// An object with `type`, `title`, `status`, `code`, and what else is known.
    public var json: JSONValue {
        var object: JSONObject = [
            "type": .string(type), "title": .string(title), "status": .integer(Int64(status.code)),
            "code": .string(code),
        ]
        if let detail { object["detail"] = .string(detail) }
        if let requestID { object["request_id"] = .string(requestID) }
        if !errors.isEmpty { object["errors"] = .list(errors) }
        return .object(object)
    }
}
