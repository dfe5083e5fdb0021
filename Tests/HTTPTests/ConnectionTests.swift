// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import HTTP
import Synchronization
import Testing

@Suite("A connection")
struct ConnectionTests {
    /// Answers with the method, the path and the size of the body.
    @Sendable static func echo(_ request: HTTPRequest) async throws -> HTTPResponse {
        let body = try await request.body.collect(upTo: 1 << 20)
        return .text("\(request.method) \(request.path) \(body.count)")
    }

    @Test func `serves several requests one after the other`() async throws {
        try await TestServer.run(handler: Self.echo) { server in
            try await server.client { client throws in
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

    @Test func `listens on IPv6, too, and tells the client's address`() async throws {
        try await TestServer.run(address: "::1", handler: { .text($0.remoteAddress) }) { server in
            #expect(server.server.localAddress == "[::1]:\(server.port)")
            try await server.client { client throws in #expect(try client.get("/").text == "::1") }
        }
    }

    @Test func `answers pipelined requests in order`() async throws {
        try await TestServer.run(
            loops: 2,
            handler: { request in
                // Every third answer takes a detour, so that order is not a matter of luck.
                if request.path.hasSuffix("3") { try await Task.sleep(for: .milliseconds(2)) }
                return try await Self.echo(request)
            }
        ) { server in
            try await server.client { client throws in
                var text = ""
                for number in 0..<200 {
                    text += "POST /\(number) HTTP/1.1\r\nHost: test\r\nContent-Length: \(number)\r\n\r\n"
                    text += String(repeating: "x", count: number)
                }
                try client.send(text)
                for number in 0..<200 { #expect(try client.readResponse().text == "POST /\(number) \(number)") }
            }
        }
    }

    @Test func `reads requests that come byte by byte`() async throws {
        try await TestServer.run(handler: Self.echo) { server in
            try await server.client { client throws in
                let text = "POST /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                for byte in text.utf8 { try client.send([byte]) }
                #expect(try client.readResponse().text == "POST /a 3")
                #expect(try client.get("/b").text == "GET /b 0")
            }
        }
    }

    @Test func `sends no content with HEAD, 204 and 304`() async throws {
        try await TestServer.run(handler: { request in
            switch request.path {
            case "/204": HTTPResponse(status: .noContent, body: .text("never"))
            case "/304": HTTPResponse(status: .notModified, body: .text("never"))
            case "/stream": HTTPResponse(body: .stream { try await $0.write("never") })
            default: .text("hello")
            }
        }) { server in
            try await server.client { client throws in
                try client.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n")
                let head = try client.readResponse(toHead: true)
                #expect(head["content-length"] == "5")
                try client.send("HEAD /stream HTTP/1.1\r\nHost: test\r\n\r\n")
                #expect(try client.readResponse(toHead: true)["content-length"] == nil)
                #expect(try client.get("/204")["content-length"] == nil)
                #expect(try client.get("/304").status == 304)
                #expect(try client.get("/").text == "hello")
            }
        }
    }

    @Test func `closes when the client asks for it, and with HTTP 1 0`() async throws {
        try await TestServer.run(handler: Self.echo) { server in
            try await server.client { client throws in
                let response = try client.get("/", "Connection: close\r\n")
                #expect(response["connection"] == "close")
                #expect(try client.isClosed())
            }
            try await server.client { client throws in
                try client.send("GET / HTTP/1.0\r\n\r\n")
                #expect(try client.readResponse().text == "GET / 0")
                #expect(try client.isClosed())
            }
        }
    }

    @Test func `closes after the most requests it allows`() async throws {
        var limits = HTTPLimits()
        limits.keepAliveRequests = 3
        try await TestServer.run(limits: limits, handler: Self.echo) { server in
            try await server.client { client throws in
                #expect(try client.get("/")["connection"] == nil)
                #expect(try client.get("/")["connection"] == nil)
                #expect(try client.get("/")["connection"] == "close")
                #expect(try client.isClosed())
            }
        }
    }

    @Test func `answers a client that has ended its side`() async throws {
        try await TestServer.run(handler: Self.echo) { server in
            try await server.client { client throws in
                try client.send("GET /1 HTTP/1.1\r\nHost: test\r\n\r\nGET /2 HTTP/1.1\r\nHost: test\r\n\r\n")
                client.endSending()
                #expect(try client.readResponse().text == "GET /1 0")
                #expect(try client.readResponse().text == "GET /2 0")
                #expect(try client.isClosed())
            }
            try await server.client { client throws in
                try client.send("GET / HTTP/1.1\r\nHost: te")
                client.endSending()
                #expect(try client.readResponse().status == 400)
            }
        }
    }

    @Test func `tells an observer what every exchange came to`() async throws {
        let exchanges = Mutex<[HTTPExchange]>([])
        var router = Router()
        router.add(.get, "/answers/{id}") { _ in .text("hello") }
        try await TestServer.run(
            observer: { exchange in exchanges.withLock { $0.append(exchange) } },
            handler: { [router] in await router.respond(to: $0) }
        ) { server in
            try await server.client { client throws in
                let response = try client.get("/answers/7", "X-Request-Id: abc\r\n")
                #expect(response.text == "hello")
                try client.send("BROKEN\r\n\r\n")
                _ = try client.readToEnd()
            }
        }
        exchanges.withLock { exchanges in
            #expect(exchanges.map(\.route) == ["/answers/{id}", nil])
            #expect(exchanges.map(\.status) == [.ok, .badRequest])
            #expect(exchanges.map(\.method) == [.get, nil])
            #expect(exchanges.map(\.requestID) == ["abc", nil])
            #expect(exchanges.allSatisfy { $0.isComplete && $0.remoteAddress == "127.0.0.1" && $0.bytesSent > 100 })
        }
    }

    @Test func `believes a trusted proxy about the client`() async throws {
        try await TestServer.run(
            proxies: ["127.0.0.1"], handler: { .text("\($0.remoteAddress) \($0.isSecure)") }
        ) { server in
            try await server.client { client throws in
                let fields = "X-Forwarded-For: 6.6.6.6, 9.9.9.9\r\nX-Forwarded-Proto: https\r\n"
                #expect(try client.get("/", fields).text == "9.9.9.9 true")
                #expect(try client.get("/").text == "127.0.0.1 false")
            }
        }
    }

    @Test func `runs handlers on the event loop and lets them leave it`() async throws {
        actor Counter {
            var value = 0
            func add() -> Int {
                value += 1
                return value
            }
        }
        let counter = Counter()
        try await TestServer.run(
            loops: 2,
            handler: { _ in
                async let first = counter.add()
                try await Task.sleep(for: .milliseconds(1))
                let second = await Task.detached { await counter.add() }.value
                return .text("\(await first > 0 && second > 0)")
            }
        ) { server in
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await server.client { client throws in
                            for _ in 0..<20 { #expect(try client.get("/").text == "true") }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(await counter.value == 320)
    }

    @Test func `keeps handlers, bodies and streams on the event loop's thread`() async throws {
        // Every closure of ours on the way that left the loop would cost two changes of threads.
        let threads = Mutex<Set<UInt>>([])
        @Sendable func note() { threads.withLock { _ = $0.insert(UInt(pthread_self())) } }
        var router = Router()
        router.add(.post, "/") { request in
            note()
            var size = 0
            for try await chunk in request.body {
                note()
                size += chunk.count
            }
            note()
            let total = size
            return .eventStream { events in
                note()
                try await events.send(data: "\(total)")
                note()
            }
        }
        let routes = router
        try await TestServer.run(handler: { await routes.respond(to: $0) }) { server in
            try await server.client { client throws in
                let size = 300_000
                try client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: \(size)\r\n\r\n")
                try client.send([UInt8](repeating: 1, count: size))
                #expect(try client.readResponse().text == "data: \(size)\n\n")
            }
        }
        #expect(threads.withLock { $0.count } == 1)
    }

    @Test(arguments: ["close", "reset", "end"])
    func `has work cancelled that nobody waits for any more`(way: String) async throws {
        let begun = Gate()
        let ended = Gate()
        let outcome = Mutex<[String]>([])
        try await TestServer.run(handler: { request in
            let size = try await request.body.collect(upTo: 100).count
            do {
                try await request.whileClientWaits {
                    begun.open()
                    do { try await Task.sleep(for: .seconds(1000)) } catch {
                        outcome.withLock { $0.append("\(size) cancelled") }
                        throw error
                    }
                }
            } catch { outcome.withLock { $0.append("\(error)") } }
            ended.open()
            return .text("nobody reads this")
        }) { server in
            try await server.client { client throws in
                try client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc")
                begun.block()
                switch way {
                case "reset": client.reset()
                case "end":
                    client.endSending()
                    #expect(try client.readResponse().status == 200)
                default: client.close()
                }
            }
            await ended.wait()
        }
        outcome.withLock { #expect($0 == ["3 cancelled", "\(HTTPError.connectionClosed)"]) }
    }

    @Test func `leaves work alone that somebody waits for`() async throws {
        struct Failure: Error {}
        @Sendable func handle(_ request: HTTPRequest) async throws -> HTTPResponse {
            let first = try await request.whileClientWaits { "a" }
            // One after the other, and both at once.
            async let second = request.whileClientWaits { "b" }
            async let third = request.whileClientWaits { "c" }
            let text = try await first + second + third
            do {
                return try await request.whileClientWaits { throw Failure() }
            } catch is Failure {
                return .text(text)
            }
        }
        let direct = try await handle(HTTPRequest(method: .get, target: "/"))
        #expect(try await direct.body.collect() == Array("abc".utf8))
        try await TestServer.run(handler: handle) { server in
            try await server.client { client throws in
                for _ in 0..<3 { #expect(try client.get("/").text == "abc") }
            }
        }
    }
}
