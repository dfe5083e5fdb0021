// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Auth
import Domain
import HTTP
import JSON
import Recognition
import Storage
import Threads

extension HTTPError {
    /// The body is no acceptable JSON (400).
    static func invalidJSON(_ detail: String) -> HTTPError {
        HTTPError(.badRequest, code: "invalid_json", title: "The body is not valid JSON", detail: detail)
    }

    /// Fields are missing or wrong (422); every one of them is listed.
    static func invalidFields(_ faults: [FieldReader.Fault]) -> HTTPError {
        let isOnlyMissing = faults.allSatisfy(\.isMissing)
        return HTTPError(
            .unprocessableContent, code: isOnlyMissing ? "missing_field" : "invalid_field",
            title: "Some fields need to be corrected",
            detail: sentence(faults),
            fields: faults.map { .init(field: $0.field, message: $0.message) })
    }

    /// What is wrong with fields, one after the other. A message about a part of a field names it, field and all.
    private static func sentence(_ faults: [FieldReader.Fault]) -> String {
        let parts = faults.map { fault in
            let message = fault.message.hasSuffix(".") ? String(fault.message.dropLast()) : fault.message
            return message.hasPrefix(fault.field) ? message : "\(fault.field) \(message)"
        }
        let text = parts.joined(separator: "; ")
        return text.hasSuffix("?") ? text : text + "."
    }

    /// One field is wrong (422), with a code of its own.
    static func invalidFields(field: String, code: String, detail: String) -> HTTPError {
        HTTPError(
            .unprocessableContent, code: code, title: "Some fields need to be corrected", detail: detail,
            fields: [.init(field: field, message: detail)])
    }

    /// One field is wrong (422).
    static func invalidField(_ field: String, _ message: String) -> HTTPError {
        invalidFields([.init(field: field, message: message, isMissing: false)])
    }

    /// One field is missing (422).
    static func missingField(_ field: String) -> HTTPError {
        invalidFields([.init(field: field, message: "is required", isMissing: true)])
    }

    /// Nobody is signed in (401).
    static let unauthorized = HTTPError(
        .unauthorized, code: "unauthorized", detail: "Sign in first.", headers: ["WWW-Authenticate": "Bearer"])

    /// The person may not do this (403).
    static func forbidden(_ detail: String = "You may not do this.") -> HTTPError {
        HTTPError(.forbidden, code: "forbidden", detail: detail)
    }

    /// The state of things stands against it (409).
    static func conflict(_ detail: String) -> HTTPError {
        HTTPError(.conflict, code: "conflict", detail: detail)
    }
}

/// Turns whatever a handler threw into the response's problem; the only place where errors meet HTTP.
enum ErrorResponse {
    /// The problem to answer with. Unknown errors become 500 without any detail; the log has them under the request id.
    static func problem(for error: any Error) -> HTTPError {
        switch error {
        case let error as HTTPError: error
        case let error as AuthError: problem(for: error)
        case let error as StorageError: problem(for: error)
        case let error as AudioError:
            HTTPError(
                .unprocessableContent, code: error.code.name, title: "The recording can't be used",
                detail: error.message)
        case let error as RecognitionError:
            problem(for: error)
        case let error as JSONError: .invalidJSON(error.description)
        case let error as RecordingStoreError:
            error.isFull
                ? HTTPError(.insufficientStorage, code: "disk_full", detail: error.description)
                : internalError
        case ThreadPoolError.full, ThreadPoolError.closed:
            .serviceUnavailable("The server is busy; try again shortly.", retryAfter: 2)
        case is CancellationError: .serviceUnavailable("The server is shutting down.", retryAfter: 5)
        default: internalError
        }
    }

    private static let internalError = HTTPError(
        .internalServerError, code: "internal",
        detail: "Something went wrong on the server. Tell its keeper the request id.")

    private static func problem(for error: AuthError) -> HTTPError {
        var headers = HTTPHeaders()
        if let wait = error.retryAfter { headers.set("Retry-After", String(max(1, Int(wait.seconds.rounded(.up))))) }
        let code = error.code.description
        switch error.code {
        case .invalidToken, .expired:
            headers.set("WWW-Authenticate", "Bearer error=\"invalid_token\"")
            return HTTPError(.unauthorized, code: "invalid_token", detail: error.message, headers: headers)
        case .wrongCredentials, .wrongSetupToken:
            return HTTPError(.unauthorized, code: code, detail: error.message, headers: headers)
        case .delayed, .attemptsExhausted:
            return HTTPError(.tooManyRequests, code: "too_many_requests", detail: error.message, headers: headers)
        case .accountDisabled, .loginRequired: return HTTPError(.forbidden, code: code, detail: error.message)
        case .weakPassword: return .invalidFields(field: "password", code: code, detail: error.message)
        case .invalidEmail: return .invalidFields(field: "email", code: code, detail: error.message)
        case .invalidName: return .invalidFields(field: "name", code: code, detail: error.message)
        case .emailTaken, .setupDone, .lastAdministrator, .tooManyTokens:
            return HTTPError(.conflict, code: code, detail: error.message)
        case .unknownUser: return .notFound(error.message)
        case .overloaded:
            return HTTPError(.serviceUnavailable, code: "unavailable", detail: error.message, headers: headers)
        default: return internalError
        }
    }

    private static func problem(for error: RecognitionError) -> HTTPError {
        switch error.code {
        case .unsupportedLanguage:
            HTTPError(.unprocessableContent, code: "unsupported_language", detail: error.message)
        case .modelMissing, .modelInvalid: HTTPError(.serviceUnavailable, code: "no_recogniser", detail: error.message)
        default: internalError
        }
    }

    private static func problem(for error: StorageError) -> HTTPError {
        switch error.code {
        case .notFound: .notFound()
        case .unique, .conflict, .invalidState, .leaseLost:
            .conflict("Somebody has changed this at the same time. Load it again and repeat what you did.")
        case .busy, .overloaded, .closed: .serviceUnavailable("The database is busy; try again shortly.", retryAfter: 2)
        case .full: HTTPError(.insufficientStorage, code: "disk_full", detail: "The disk of the database is full.")
        default: internalError
        }
    }
}
