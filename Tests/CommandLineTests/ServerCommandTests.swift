// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import Glibc
import JSON
import TestPrograms
import Testing

@testable import oracy

@Suite("oracy serve, migrate and admin")
struct ServerCommandTests {
    private let home: TemporaryFolder

    init() throws { home = try TemporaryFolder() }

    /// Starts a server on a free port and gives what it says at first.
    private func start(environment: [String: String] = [:]) throws -> (
        server: RunningProgram, said: String, port: UInt16
    ) {
        let server = try RunningProgram(
            BuiltProgram.oracy, ["serve", "--listen", ":0", "--home", home.path], environment: environment)
        while server.isRunning, !(try server.said().contains("/setup")) { usleep(5_000) }
        let said = try server.said()
        let digits = said.split(separator: "127.0.0.1:").dropFirst().first?.prefix { $0.isNumber } ?? ""
        return (server, said, try #require(UInt16(digits), "\(said)"))
    }

    @Test func `serves, makes the first administrator by the chosen token, and stops on request`() throws {
        let token = "0123456789abcdef-marker"
        let (server, said, port) = try start(environment: ["ORACY_SETUP_TOKEN": token])
        #expect(said.contains("serves at http://127.0.0.1:\(port)\n"))
        #expect(!said.contains("marker"))
        #expect(try Loopback.request("GET", "/livez", port: port).hasPrefix("HTTP/1.1 200"))
        func body(_ token: String) -> String {
            "{\"token\":\"\(token)\",\"name\":\"Ada\",\"email\":\"ada@school.example\",\"password\":\"long enough to do\"}"
        }
        let wrong = try Loopback.request("POST", "/api/v1/auth/setup", json: body("wrong-wrong-wrong"), port: port)
        #expect(wrong.hasPrefix("HTTP/1.1 40"))
        let right = try Loopback.request("POST", "/api/v1/auth/setup", json: body(token), port: port)
        #expect(right.hasPrefix("HTTP/1.1 201"))
        server.send(SIGTERM)
        let ended = try server.wait()
        #expect(ended.ending == .exited(0))
        #expect(!ended.errors.contains("marker") && !ended.output.contains("marker"))

        let reset = try ProgramRun.oracy(
            ["admin", "reset-password", "--email", "ada@school.example", "--home", home.path])
        #expect(reset.status == 0 && reset.output.count > 12)
        let unknown = try ProgramRun.oracy([
            "admin", "reset-password", "--email", "bo@school.example", "--home", home.path,
        ])
        #expect(unknown.status == 1 && unknown.output.isEmpty && unknown.errors.hasPrefix("oracy: "))
    }

    /// What an educator's page does, over a socket.
    @Test func `hears a spoken trial, tells how far it is, and keeps nothing`() throws {
        let token = "0123456789abcdef-marker"
        let (server, _, port) = try start(environment: [
            "ORACY_SETUP_TOKEN": token, "ORACY_MODEL": SpeechModel.folder, "ORACY_PRECISION": "f32",
        ])
        var fields = ""
        func post(_ path: String, _ json: JSONValue) throws -> JSONValue {
            let reply = try Loopback.request(
                "POST", path, fields: "Content-Type: application/json\r\n\(fields)", body: json.utf8, port: port)
            let body = try #require(reply.range(of: "\r\n\r\n"), "\(reply)")
            return try JSONValue(parsing: String(reply[body.upperBound...]))
        }
        let person: JSONValue = [
            "token": .string(token), "name": "Ada", "email": "ada@school.example", "password": "long enough to do",
        ]
        let access = try #require(try post("/api/v1/auth/setup", person)["access_token"]?.string)
        fields = "Authorization: Bearer \(access)\r\n"
        let course = try #require(try post("/api/v1/courses", ["name": "Pharmacy", "language": "en"])["id"])
        let question = try #require(
            try post(
                "/api/v1/questions",
                [
                    "course_id": course, "title": "How often", "prompt": "How often?",
                    "expected_answer": "Take six spoons every day.", "language": "en",
                    "key_points": [["id": "dose", "label": "Take six spoons every day"]],
                ])["id"]?.string)

        let clip = [UInt8](try Data(contentsOf: URL(filePath: SpeechModel.clip("en-02"))))
        func attempt(_ audio: [UInt8]) throws -> String {
            let head = "--b\r\nContent-Disposition: form-data; name=\"audio\"; filename=\"a.wav\"\r\n\r\n"
            return try Loopback.request(
                "POST", "/api/v1/questions/\(question)/try",
                fields: "\(fields)Accept: text/event-stream\r\nContent-Type: multipart/form-data; boundary=b\r\n",
                body: Array(head.utf8) + audio + Array("\r\n--b--\r\n".utf8), port: port)
        }
        let heard = try attempt(clip)
        #expect(heard.hasPrefix("HTTP/1.1 200") && heard.contains("text/event-stream"), "\(heard)")
        #expect(heard.contains("event: segment\n") && heard.contains("event: done\n"))
        #expect(heard.contains("\"state\":\"covered\"") && heard.contains("Take six spoons every day."), "\(heard)")
        let refused = try attempt(Array("no sound".utf8))
        #expect(refused.hasPrefix("HTTP/1.1 422") && refused.contains("not_audio"), "\(refused)")
        for folder in ["tmp", "derived"] + (0..<256).map({ String(format: "blobs/%02x", $0) }) {
            #expect(try FileManager.default.contentsOfDirectory(atPath: home.path("recordings/\(folder)")).isEmpty)
        }
        server.send(SIGTERM)
        #expect(try server.wait().status == 0)
    }

    @Test func `shows a link for the first administrator where no token was chosen`() throws {
        let (server, said, port) = try start()
        #expect(said.contains("http://127.0.0.1:\(port)/setup?token="))
        server.send(SIGINT)
        #expect(try server.wait().status == 0)
    }

    @Test func `migrates and makes administrators without a server`() throws {
        let migrated = try ProgramRun.oracy(["migrate", "--home", home.path])
        #expect(migrated.status == 0 && migrated.output.contains("oracy.db is up to date"))
        let verified = try ProgramRun.oracy(["verify", "--home", home.path])
        #expect(verified.status == 0 && verified.output == "0 of 0 analyses came out as stored, 0 otherwise.\n")
        let words = ["admin", "create", "--email", "ada@school.example", "--name", "Ada", "--home", home.path]
        let short = try ProgramRun.oracy(words, input: "short\n")
        #expect(short.status == 1 && short.errors.hasPrefix("oracy: "))
        let made = try ProgramRun.oracy(words, input: "long enough to do\n")
        #expect(made.status == 0 && made.output == "Made the administrator ada@school.example.\n")
        let twice = try ProgramRun.oracy(words, input: "long enough to do\n")
        #expect(twice.status == 1 && twice.output.isEmpty)
    }

    @Test(arguments: [
        (["serve", "--listen", "0.0.0.0:0"], Int32(1), "oracy: --listen: 0.0.0.0 can be reached"),
        (["serve", "--workers", "none"], 1, "oracy: --workers: expects a whole number"),
        (["admin", "create", "--name", "Ada"], 64, "oracy: --email is required."),
        (["admin", "reset-password"], 64, "oracy: --email is required."),
    ])
    func `refuses what can't work`(words: [String], status: Int32, message: String) throws {
        let result = try ProgramRun.oracy(words, environment: ["ORACY_HOME": home.path])
        #expect(result.status == status && result.output.isEmpty)
        #expect(result.errors.hasPrefix(message), "\(result.errors)")
    }
}
