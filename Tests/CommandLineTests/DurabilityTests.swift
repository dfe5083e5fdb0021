// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import JSON
import TestPrograms
import Testing

/// What a kill can't show, because the system keeps what it has taken: the order that survives a power cut.
@Suite("An acknowledged recording", .enabled(if: SystemCallTrace.isPossible, "strace may not trace here"))
struct DurabilityTests {
    private static let token = "0123456789abcdef-durable"

    /// Uploads one recording to a traced server.
    private func upload(environment: [String: String] = [:]) throws -> SystemCallTrace {
        let folder = try TemporaryFolder()
        let words =
            SystemCallTrace.arguments + ["-o", folder.path("trace"), BuiltProgram.oracy]
            + ["serve", "--role", "api", "--listen", ":0", "--home", folder.path("home")]
        let server = try RunningProgram(
            "strace", words, environment: environment.merging(["ORACY_SETUP_TOKEN": Self.token]) { $1 })
        while server.isRunning, !(try server.said().contains("/setup")) { usleep(5_000) }
        let digits = try server.said().split(separator: "127.0.0.1:").dropFirst().first?.prefix { $0.isNumber } ?? ""
        let port = try #require(UInt16(digits))
        let person = """
            {"token":"\(Self.token)","name":"Ada","email":"ada@school.example","password":"long enough to do"}
            """
        let made = try untilAdmitted {
            try Loopback.request("POST", "/api/v1/auth/setup", json: person, port: port)
        }
        let start = try #require(made.firstIndex(of: "{"))
        let access = try JSONValue(parsing: String(made[start...]))["access_token"]?.string ?? ""

        let recording = [UInt8](try #require(readFile("/usr/share/pocketsphinx/test/data/cards/001.wav")))
        let part = { (disposition: String) in
            Array("--b\r\nContent-Disposition: form-data; \(disposition)\r\n\r\n".utf8)
        }
        let body =
            part("name=\"language\"") + Array("en\r\n".utf8) + part("name=\"audio\"; filename=\"a.wav\"")
            + recording + Array("\r\n--b--\r\n".utf8)
        let answer = try untilAdmitted {
            try Loopback.request(
                "POST", "/api/v1/responses",
                fields: "Authorization: Bearer \(access)\r\nContent-Type: multipart/form-data; boundary=b\r\n",
                body: body, port: port)
        }
        #expect(answer.hasPrefix("HTTP/1.1 202"), "\(answer)")
        // The tracer passes no signal on, and ends when the server has: so the server itself is told, by its group.
        kill(-server.identifier, SIGTERM)
        try server.wait()
        return try SystemCallTrace(prefix: folder.path("trace"))
    }

    /// Asks again for as long as the answer is 401: a server that acknowledges before it commits forgets who one is.
    private func untilAdmitted(_ ask: () throws -> String) throws -> String {
        while true {
            let answer = try ask()
            guard answer.hasPrefix("HTTP/1.1 401") else { return answer }
            usleep(20_000)
        }
    }

    private func readFile(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        return bytes
    }

    /// When each step was over, up to the commit; and when the acknowledgement began.
    private func steps(_ trace: SystemCallTrace) throws -> (commit: Double?, acknowledgement: Double) {
        let answer = try #require(trace.first("sendto", where: "HTTP/1.1 202"))
        let file = try #require(trace.first("fsync", where: "/recordings/tmp/"))
        let move = try #require(trace.first("rename", after: file.end, where: "/recordings/tmp/", "/recordings/blobs/"))
        let folder = try #require(trace.first("fsync", after: move.end, where: "/recordings/blobs/"))
        let commit = trace.first("fsync", "fdatasync", after: folder.end, where: "oracy.db-wal")
        return (commit?.end, answer.start)
    }

    @Test func `was synced, renamed, its folder synced and its rows committed before it was acknowledged`() throws {
        let (commit, acknowledgement) = try steps(upload())
        #expect(try #require(commit) <= acknowledgement)
    }

    @Test func `is seen not to be safe when the server acknowledges before it commits`() throws {
        let (commit, acknowledgement) = try steps(upload(environment: ["ORACY_MUTANT": "acknowledge-before-commit"]))
        #expect((commit ?? .infinity) > acknowledgement)
    }
}
