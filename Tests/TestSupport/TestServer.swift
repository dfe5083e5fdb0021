// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import Foundation
public import HTTP
public import JSON
import Jobs
import Storage
import Synchronization
import TestPrograms
import Testing

@testable public import Server

/// A whole server in a temporary home folder, spoken to without sockets: requests go straight to the router.
///
/// The database, the decoder process and the recogniser are the real ones.
public final class TestServer: Sendable {
    /// The application.
    public let application: Application
    /// The home folder; removed at the end.
    public var home: String { folder.path }
    private let folder: TemporaryFolder
    private let isWorking = Mutex(false)

    /// Starts a server that nobody uses yet. Passwords are hashed cheaply.
    public init(_ change: (inout ServerConfiguration) -> Void = { _ in }) async throws {
        folder = try TemporaryFolder()
        var configuration = ServerConfiguration(home: folder.path, decoder: BuiltProgram.decoder)
        configuration.listen = ListenAddress(host: "127.0.0.1", port: 0)
        configuration.passwords = .init(operations: 2, memoryBytes: 19_456 << 10)
        change(&configuration)
        application = try await Application(configuration, log: Log(level: .error) { _ in })
    }

    deinit { application.services.jobs.shutdown() }

    /// Sends a request.
    public func send(
        _ method: HTTPMethod, _ path: String, as token: String? = nil, headers: HTTPHeaders = HTTPHeaders(),
        body: [UInt8] = []
    ) async throws -> Reply {
        var headers = headers
        if let token { headers.set("Authorization", "Bearer \(token)") }
        let request = try HTTPRequest(method: method, target: path, headers: headers, body: body)
        let response = await application.router.respond(to: request)
        return Reply(status: response.status.code, headers: response.headers, body: try await response.body.collect())
    }

    /// Sends JSON.
    public func send(
        _ method: HTTPMethod, _ path: String, as token: String? = nil, headers: HTTPHeaders = HTTPHeaders(),
        json: JSONValue
    ) async throws -> Reply {
        var headers = headers
        headers.set("Content-Type", "application/json")
        return try await send(method, path, as: token, headers: headers, body: json.utf8)
    }

    /// Hands in a recording, as an answer unless another path is given.
    public func upload(
        _ audio: [UInt8]?, fields: [(String, String)] = [], as token: String?, key: String? = nil,
        to path: String = "/api/v1/responses", accept: String? = nil
    ) async throws -> Reply {
        let boundary = "boundary-\(UUID().uuidString)"
        var body: [UInt8] = []
        for (name, value) in fields {
            body += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        if let audio {
            let disposition = "Content-Disposition: form-data; name=\"audio\"; filename=\"answer.wav\""
            body += Array("--\(boundary)\r\n\(disposition)\r\nContent-Type: audio/wav\r\n\r\n".utf8)
            body += audio + Array("\r\n".utf8)
        }
        body += Array("--\(boundary)--\r\n".utf8)
        var headers: HTTPHeaders = ["Content-Type": "multipart/form-data; boundary=\(boundary)"]
        if let key { headers.set("Idempotency-Key", key) }
        if let accept { headers.set("Accept", accept) }
        return try await send(.post, path, as: token, headers: headers, body: body)
    }

    /// Works on an accepted response until it has come to its end.
    ///
    /// - Returns: The events that a watcher saw.
    @discardableResult
    public func finish(_ accepted: Reply, as token: String) async throws -> String {
        guard let path = accepted.json["links"]?["events"]?.string else { return accepted.text }
        isWorking.withLock { isWorking in
            if !isWorking { Task { [jobs = application.services.jobs] in try await jobs.run() } }
            isWorking = true
        }
        return try await send(.get, path, as: token).text
    }

    /// The files below the recordings folder, without folders.
    public func storedFiles() throws -> [String] {
        let root = "\(home)/recordings"
        return try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }
    }

    /// A response as tests look at it.
    public struct Reply: Sendable {
        /// The status code.
        public var status: Int
        /// The fields.
        public var headers: HTTPHeaders
        /// The content.
        public var body: [UInt8]

        /// The content as JSON; `null` when it is none.
        public var json: JSONValue { (try? JSONValue(parsing: body, limits: JSONLimits(bytes: 64 << 20))) ?? .null }
        /// The content as text.
        public var text: String { String(decoding: body, as: UTF8.self) }
        /// The problem's code.
        public var code: String? { json["code"]?.string }
    }
}

/// A server with an administrator, an educator with a course and a question, and two students, one of them in the course.
public struct TestSchool: Sendable {
    /// The server.
    public let server: TestServer
    /// Access tokens.
    public let admin, educator, otherEducator, student, otherStudent: String
    /// Ids.
    public let course, question: String

    /// The password of everybody.
    public static let password = "correct horse battery staple"

    /// Makes it.
    public init(_ change: (inout ServerConfiguration) -> Void = { _ in }) async throws {
        server = try await TestServer(change)
        let setupToken = try await server.application.services.authenticator.setupToken()
        let setup = try await server.send(
            .post, "/api/v1/auth/setup",
            json: [
                "token": .optional(setupToken), "name": "Ada Admin", "email": "admin@school.example",
                "password": .string(Self.password),
            ])
        admin = try #require(setup.json["access_token"]?.string, "\(setup.text)")
        educator = try await Self.account("educator", "teacher@school.example", server, admin)
        otherEducator = try await Self.account("educator", "other.teacher@school.example", server, admin)
        student = try await Self.account("student", "student@school.example", server, admin)
        otherStudent = try await Self.account("student", "other.student@school.example", server, admin)
        let made = try await server.send(
            .post, "/api/v1/courses", as: educator, json: ["name": "Pharmacy", "language": "en"])
        course = try #require(made.json["id"]?.string)
        _ = try await server.send(
            .post, "/api/v1/courses/\(course)/members", as: educator,
            json: ["email": "student@school.example", "part": "student"])
        let asked = try await server.send(
            .post, "/api/v1/questions", as: educator,
            json: [
                "course_id": .string(course), "title": "Ibuprofen", "prompt": "May he take ibuprofen?",
                "expected_answer": "Ibuprofen is not suitable because he takes warfarin.",
            ])
        question = try #require(asked.json["id"]?.string, "\(asked.text)")
    }

    private static func account(
        _ role: String, _ email: String, _ server: TestServer, _ admin: String
    ) async throws -> String {
        let made = try await server.send(
            .post, "/api/v1/users", as: admin,
            json: [
                "name": .string(email), "email": .string(email), "role": .string(role), "password": .string(password),
            ])
        try #require(made.status == 201, "\(made.text)")
        let reply = try await server.send(
            .post, "/api/v1/auth/login", json: ["email": .string(email), "password": .string(password)])
        return try #require(reply.json["access_token"]?.string)
    }
}
