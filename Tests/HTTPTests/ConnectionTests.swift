// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import HTTP
import Synchronization
import Testing

@Suite("A connection")
struct ConnectionTests {
    @Sendable static func echo(_ request: HTTPRequest) async throws -> HTTPResponse {
        let body = try await request.body.collect(upTo: 1 << 20)
        return .text("\(request.method) \(request.path) \(body.count)")
    }

    @Test func `serves several requests one after the other`() async throws {
        try await TestServer.run(handler: Self.echo) { server in
            try await server.client { client in
                for number in 0..<5 {
                    let response = try client.get("/\(number)")
                    #expect(response.status == 200)
                    #expect(response.text == "GET /\(number) 0")
                    #expect(response["date"]?.hasSuffix(" GMT") == true)
                    #expect(response["connection"] == nil)
                }
            }
        }
    }
}
