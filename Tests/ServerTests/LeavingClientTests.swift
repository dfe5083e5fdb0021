// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import HTTP
import TestSupport
import Testing

@testable import Server

@Suite("A client that leaves")
struct LeavingClientTests {
    private static let cards = "/usr/share/pocketsphinx/test/data/cards/001.wav"

    private struct Failure: Error { let call: String }

    /// Sends bytes and closes the connection without waiting for an answer.
    private func sendAndLeave(_ bytes: [UInt8], port: Int) throws {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(call: "connect") }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Failure(call: "send") }
            rest = rest.dropFirst(count)
        }
    }

    @Test(arguments: ["transcriptions", "transcriptions, streamed"])
    func `has no work done for it, and leaves no recording`(kind: String) async throws {
        let school = try await TestSchool()
        var body: [UInt8] = []
        for (name, value) in [("model", "whisper-1"), ("stream", kind.hasSuffix("streamed") ? "true" : "false")] {
            body += Array("--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        body += Array("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"upload\"\r\n\r\n".utf8)
        body += [UInt8](try Data(contentsOf: URL(filePath: Self.cards))) + Array("\r\n--b--\r\n".utf8)
        let head = """
            POST /v1/audio/transcriptions HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer \(school.student)\r\n\
            Content-Type: multipart/form-data; boundary=b\r\nContent-Length: \(body.count)\r\n\r\n
            """
        let (exchanges, ended) = AsyncStream<HTTPExchange>.makeStream()
        let server = try HTTPServer(
            configuration: HTTPServerConfiguration(address: "127.0.0.1", port: 0), observer: { ended.yield($0) }
        ) { [router = school.server.application.router] in await router.respond(to: $0) }
        server.start()
        try sendAndLeave(Array(head.utf8) + body, port: server.port)
        let first = await exchanges.first { _ in true }
        let exchange = try #require(first)
        #expect(exchange.path == "/v1/audio/transcriptions" && !exchange.isComplete || exchange.status != .ok)
        #expect(try school.server.storedFiles().isEmpty)
        // What was written down is counted.
        let counted = await school.server.application.services.metrics.exposition()
        #expect(!counted.contains("oracy_transcription_audio_seconds_total"))
        server.shutdown()
        await server.run()
    }
}
