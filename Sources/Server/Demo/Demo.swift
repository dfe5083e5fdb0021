// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Cryptography
public import Domain
import Glibc
import HTTP
import JSON
import Storage
import Threads

/// Fills a server with a sample course, its people and their spoken answers, by the same requests that its pages make.
public struct Demo: Sendable {
    /// How somebody logs in to what has been made.
    public struct Account: Sendable {
        /// What they are.
        public let role: Role
        /// The address they log in with.
        public let email: String
        /// Their password.
        public let password: String
    }

    private let application: Application
    private let course: DemoCourse
    /// The same for all demo accounts; drawn anew for every demo.
    private let password: String

    /// Prepares a demo for a server that nobody uses yet.
    ///
    /// - Throws: ``DemoError`` when the server has users: a demo never mixes with real people's data.
    public init(_ application: Application, _ course: DemoCourse) async throws {
        self.application = application
        self.course = course
        password = Base64URL.encode(SecureRandom.bytes(12))
        let count = try await application.services.database.read { try $0.users.count() }
        guard count == 0 else {
            throw DemoError("This home folder has users already. Choose an empty one for the demo with --home.")
        }
    }

    /// Makes the course and hands in the answers; they are worked on when the application runs.
    ///
    /// - Parameter report: Told what is being done.
    /// - Returns: The accounts, the administrator first.
    public func fill(_ report: (String) -> Void) async throws -> [Account] {
        let admin = Account(role: .admin, email: "admin@demo.example", password: password)
        let educator = Account(role: .educator, email: course.educator.email, password: password)
        guard let token = try await application.services.authenticator.setupToken() else {
            throw DemoError("The first administrator exists already.")
        }
        report("making accounts")
        let adminToken = try await signIn(
            "/api/v1/auth/setup",
            [
                "token": .string(token), "name": "Demo Administrator", "email": .string(admin.email),
                "password": .string(password),
            ])
        _ = try await post(
            "/api/v1/users", as: adminToken,
            [
                "name": .string(course.educator.name), "email": .string(educator.email), "role": "educator",
                "password": .string(password),
            ])
        let educatorToken = try await logIn(educator.email)
        let courseID = try await post(
            "/api/v1/courses", as: educatorToken,
            [
                "name": .string(course.name), "language": "en",
                "languages": .array(course.languages.map(JSONValue.string)),
            ])
        var studentTokens: [String] = []
        for student in course.students {
            _ = try await post(
                "/api/v1/courses/\(courseID)/members", as: educatorToken,
                [
                    "email": .string(student.email), "name": .string(student.name), "password": .string(password),
                    "part": "student",
                ], idAt: "user")
            studentTokens.append(try await logIn(student.email))
        }
        try await answer(courseID, educatorToken, studentTokens, report)
        return [admin, educator]
            + course.students.map { Account(role: .student, email: $0.email, password: password) }
    }

    private func answer(
        _ courseID: String, _ educator: String, _ students: [String], _ report: (String) -> Void
    ) async throws {
        let rubric = try await post("/api/v1/rubrics", as: educator, DemoRubric.body(course: courseID))
        if !SpokenText.isAvailable { report("espeak-ng is not installed: the questions stay without answers") }
        for item in course.items {
            let question = try await post(
                "/api/v1/questions", as: educator,
                [
                    "course_id": .string(courseID), "title": .string(item.title), "prompt": .string(item.prompt),
                    "expected_answer": .string(item.expected), "language": .optional(course.language),
                    "time_limit": 120,
                ])
            _ = try await send(
                "/api/v1/questions/\(question)/rubric", method: .put, token: educator,
                contentType: "application/json", (["rubric_id": .string(rubric)] as JSONValue).utf8)
            guard SpokenText.isAvailable else { continue }
            for (position, text) in item.answers.sorted(by: { $0.key < $1.key }) {
                let student = course.students[position]
                report("\(student.name) answers: \(item.title)")
                let recording = try await record(text, by: student)
                try await upload(recording, to: question, as: students[position])
            }
        }
    }

    private func record(_ text: String, by student: DemoCourse.Person) async throws -> [UInt8] {
        let path = "\(application.services.configuration.home)/demo-answer.wav"
        let pool = ThreadPool(name: "demo", threads: 1)
        defer { pool.close() }
        try await pool.run { try SpokenText.record(text, voice: student.voice, speed: student.speed, to: path) }
        defer { unlink(path) }
        let file = try await FileContent.open(path)
        return try await file.read(0..<file.size)
    }

    private func upload(_ recording: [UInt8], to question: String, as token: String) async throws {
        let boundary = "oracy-demo-boundary"
        var body = Array(
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"question_id\"\r\n\r\n\(question)\r\n".utf8)
        body += Array(
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"audio\"; filename=\"answer.wav\"\r\n".utf8)
        body += Array("Content-Type: audio/wav\r\n\r\n".utf8) + recording + Array("\r\n--\(boundary)--\r\n".utf8)
        _ = try await send(
            "/api/v1/responses", token: token, contentType: "multipart/form-data; boundary=\(boundary)", body)
    }

    private func logIn(_ email: String) async throws -> String {
        try await signIn("/api/v1/auth/login", ["email": .string(email), "password": .string(password)])
    }

    private func signIn(_ path: String, _ fields: JSONValue) async throws -> String {
        let answer = try await send(path, token: nil, contentType: "application/json", fields.utf8)
        guard let token = answer["access_token"]?.string else { throw DemoError("\(path) gave no token.") }
        return token
    }

    /// Creates something and returns its id.
    private func post(
        _ path: String, as token: String, _ fields: JSONValue, idAt member: String? = nil
    ) async throws -> String {
        let answer = try await send(path, token: token, contentType: "application/json", fields.utf8)
        guard let id = (member.map { answer[$0] ?? .null } ?? answer)["id"]?.string else {
            throw DemoError("\(path) gave no id.")
        }
        return id
    }

    private func send(
        _ path: String, method: HTTPMethod = .post, token: String?, contentType: String, _ body: [UInt8]
    ) async throws -> JSONValue {
        var headers: HTTPHeaders = ["Content-Type": contentType]
        if let token { headers.set("Authorization", "Bearer \(token)") }
        let request = try HTTPRequest(method: method, target: path, headers: headers, body: body)
        let response = await application.router.respond(to: request)
        let bytes = try await response.body.collect()
        guard response.status.code < 300 else {
            throw DemoError("\(path) answered \(response.status): \(String(decoding: bytes, as: UTF8.self))")
        }
        return try JSONValue(parsing: bytes)
    }
}
