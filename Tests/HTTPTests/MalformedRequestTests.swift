// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import HTTP
import Testing

@Suite("Malformed requests")
struct MalformedRequestTests {
    @Test func `are refused over a real connection, and the server lives on`() async throws {
        #expect(MalformedRequest.all.count >= 300)
        try await TestServer.run(handler: ConnectionTests.echo) { server in
            let port = server.port
            for malformed in MalformedRequest.all {
                try await offPool {
                    let client = try Client(port: port)
                    defer { client.close() }
                    try client.send(malformed.bytes)
                    let response = try client.readResponse()
                    #expect((400..<500).contains(response.status), "\(malformed) got \(response.status)")
                    #expect(response["connection"] == "close", "\(malformed)")
                    #expect(response["content-type"] == "application/problem+json", "\(malformed)")
                    #expect(try client.isClosed(), "\(malformed): something follows the answer")

                    let good = try Client(port: port)
                    defer { good.close() }
                    #expect(try good.get("/good").text == "GET /good 0")
                }
            }
        }
    }

    @Test func `are told from unusual ones`() async throws {
        try await TestServer.run(handler: ConnectionTests.echo) { server in
            for (text, status) in UnusualRequests.all {
                try await server.client { client throws in
                    try client.send(text)
                    let response = try client.readResponse(toHead: text.hasPrefix("HEAD"))
                    #expect(response.status == status, "\(text.prefix(200).debugDescription): \(response.text)")
                }
            }
        }
    }

    @Test func `never reach the handler a second time through a pipeline`() async throws {
        // What a lenient server would take for a second request must never be answered.
        let smuggled = "GET /smuggled HTTP/1.1\r\nHost: test\r\n\r\n"
        try await TestServer.run(handler: { request in
            #expect(request.path != "/smuggled")
            return try await ConnectionTests.echo(request)
        }) { server in
            for malformed in MalformedRequest.lengthAndCoding + MalformedRequest.repeatedLength
                + MalformedRequest.badCoding + MalformedRequest.chunks
            {
                try await server.client { client throws in
                    try client.send(malformed.bytes + Array(smuggled.utf8))
                    #expect((400..<500).contains(try client.readResponse().status), "\(malformed)")
                    #expect(try client.isClosed(), "\(malformed)")
                }
            }
        }
    }
}
