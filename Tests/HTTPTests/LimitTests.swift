// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import HTTP
import Synchronization
import Testing

@Suite("Limits")
struct LimitTests {
    static var short: HTTPLimits {
        var limits = HTTPLimits()
        limits.headerTime = .milliseconds(60)
        limits.bodyIdleTime = .milliseconds(60)
        limits.writeIdleTime = .milliseconds(60)
        limits.keepAliveTime = .milliseconds(60)
        return limits
    }

    @Test func `close idle connections without a word`() async throws {
        try await TestServer.run(limits: Self.short, handler: ConnectionTests.echo) { server in
            try await server.client { client throws in #expect(try client.isClosed()) }
            try await server.client { client throws in
                #expect(try client.get("/").status == 200)
                #expect(try client.isClosed())
            }
        }
    }

    @Test func `refuse headers that take too long, however steadily they trickle`() async throws {
        try await TestServer.run(limits: Self.short, handler: ConnectionTests.echo) { server in
            try await server.client { client throws in
                try client.send("GET / HTTP/1.1\r\nHost: te")
                #expect(try client.readResponse().status == 408)
                #expect(try client.isClosed())
            }
            try await server.client { client throws in
                try client.send("GET / HTTP/1.1\r\nHost: test\r\nX:")
                #expect(try client.trickle(" y\r\nX:").status == 408)
            }
        }
    }

    @Test func `refuse bodies that pause too long`() async throws {
        try await TestServer.run(limits: Self.short, handler: ConnectionTests.echo) { server in
            try await server.client { client throws in
                try client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhello")
                let response = try client.readResponse()
                #expect(response.status == 408)
                #expect(response["connection"] == "close")
                #expect(try client.isClosed())
            }
        }
    }

    @Test func `refuse bodies that flow too slowly`() async throws {
        var limits = HTTPLimits()
        limits.minimumRate = 1 << 20
        limits.minimumRateGrace = .milliseconds(60)
        try await TestServer.run(limits: limits, handler: ConnectionTests.echo) { server in
            try await server.client { client throws in
                try client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\n")
                #expect(try client.trickle("x").status == 408)
            }
        }
    }

    @Test func `do not count the handler's own time against the client`() async throws {
        try await TestServer.run(
            limits: Self.short,
            handler: { request in
                try await Task.sleep(for: .milliseconds(200))
                return try await ConnectionTests.echo(request)
            }
        ) { server in
            try await server.client { client throws in
                try client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello")
                #expect(try client.readResponse().text == "POST / 5")
            }
        }
    }

    @Test func `cut clients that do not take their response`() async throws {
        let ended = Gate()
        let exchanges = Mutex<[Bool]>([])
        try await TestServer.run(
            limits: Self.short,
            observer: { exchange in
                exchanges.withLock { $0.append(exchange.isComplete) }
                ended.open()
            },
            handler: { _ in .bytes([UInt8](repeating: 1, count: 32 << 20), contentType: "a/b") }
        ) { server in
            try await server.client { client throws in
                try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
                ended.block()
            }
        }
        exchanges.withLock { #expect($0 == [false]) }
    }

    @Test func `turn away connections beyond the most for one address`() async throws {
        var limits = HTTPLimits()
        limits.connectionsPerAddress = 3
        try await Self.overflow(limits, proxies: [], areRefused: true)
    }

    @Test func `turn away connections beyond the most in all`() async throws {
        var limits = HTTPLimits()
        limits.connections = 3
        try await Self.overflow(limits, proxies: ["127.0.0.1"], areRefused: true)
    }

    @Test func `let a trusted proxy have more connections than a client`() async throws {
        var limits = HTTPLimits()
        limits.connectionsPerAddress = 3
        try await Self.overflow(limits, proxies: ["127.0.0.1"], areRefused: false)
    }

    static func overflow(_ limits: HTTPLimits, proxies: Set<String>, areRefused: Bool) async throws {
        try await TestServer.run(
            limits: limits, loops: 2, proxies: proxies, handler: ConnectionTests.echo
        ) { server in
            let port = server.port
            try await offPool {
                let clients = try (0..<3).map { _ in try Client(port: port) }
                for client in clients { #expect(try client.get("/").status == 200) }
                let extra = try Client(port: port)
                defer { extra.close() }
                if areRefused {
                    let response = try extra.readResponse()
                    #expect(response.status == 503)
                    #expect(response["retry-after"] != nil)
                    #expect(try extra.isClosed())
                } else {
                    #expect(try extra.get("/").status == 200)
                }
                for client in clients { #expect(try client.get("/").status == 200) }
                // A place becomes free as soon as the server sees that somebody left.
                clients[0].close()
                for attempt in 0..<1000 {
                    let next = try Client(port: port)
                    defer { next.close() }
                    if let status = try? next.get("/").status, status == 200 { break }
                    #expect(attempt < 999, "no place became free")
                }
                for client in clients { client.close() }
            }
        }
    }
}

@Suite("Shutting down")
struct ShutdownTests {
    @Test func `lets requests in flight finish and closes idle connections`() async throws {
        let begun = Gate()
        let gate = Gate()
        try await TestServer.run(
            loops: 2,
            handler: { request in
                if request.path == "/slow" {
                    begun.open()
                    await gate.wait()
                }
                return try await ConnectionTests.echo(request)
            }
        ) { server in
            let port = server.port
            async let slow = offPool {
                let client = try Client(port: port)
                defer { client.close() }
                return try client.get("/slow")["connection"]
            }
            try await server.client { idle throws in
                #expect(try idle.get("/").status == 200)
                begun.block()
                server.server.shutdown()
                #expect(try idle.isClosed())
                gate.open()
            }
            #expect(try await slow == "close")
        }
    }

    @Test func `ends event streams and refuses new connections`() async throws {
        try await TestServer.run(handler: { _ in
            .eventStream { events in
                try await events.send(data: "hello")
                try await Task.sleep(for: .seconds(1000))
            }
        }) { server in
            let port = server.port
            try await server.client { client throws in
                try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
                _ = try client.readHead()
                _ = try client.readChunk()
                server.server.shutdown()
                #expect(try client.readChunk().isEmpty)
                #expect(throws: ClientError.self) { _ = try Client(port: port) }
            }
        }
    }

    @Test func `cuts what does not finish within the grace period`() async throws {
        let begun = Gate()
        let cancelled = Mutex(false)
        try await TestServer.run(
            grace: .milliseconds(50),
            handler: { _ in
                begun.open()
                do { try await Task.sleep(for: .seconds(1000)) } catch { cancelled.withLock { $0 = true } }
                return .noContent
            }
        ) { server in
            try await server.client { client throws in
                try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
                begun.block()
                server.server.shutdown()
                #expect(try client.isClosed())
            }
        }
        #expect(cancelled.withLock { $0 })
    }

    @Test func `follows from cancelling the task that serves`() async throws {
        let server = try HTTPServer(configuration: .init(port: 0)) { _ in .noContent }
        let task = Task { await server.run() }
        task.cancel()
        await task.value
        #expect(server.connectionCount == 0)
    }

    @Test func `leaves the port to others`() async throws {
        let first = try HTTPServer(configuration: .init(port: 0)) { _ in .noContent }
        do {
            _ = try HTTPServer(configuration: .init(port: first.port)) { _ in .noContent }
            Issue.record("two servers listen on one port")
        } catch { #expect(error.code == .addressInUse) }
        #expect(throws: HTTPServerError.self) {
            _ = try HTTPServer(configuration: .init(address: "localhost", port: 0)) { _ in .noContent }
        }
        #expect(throws: HTTPServerError.self) {
            _ = try HTTPServer(configuration: .init(port: 70_000)) { _ in .noContent }
        }
    }
}
