// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import HTTP
import Synchronization
import TestPrograms
import Testing

@Suite("Responses on a connection")
struct ResponseTests {
    @Test func `stream in chunks as they are written`() async throws {
        let gate = Gate()
        try await TestServer.run(handler: { _ in
            HTTPResponse(
                body: .stream { writer in
                    try await writer.write("first")
                    await gate.wait()
                    try await writer.write("")
                    try await writer.write("second")
                })
        }) { server in
            try await server.client { client throws in
                try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
                #expect(try client.readHead()["transfer-encoding"] == "chunked")
                #expect(try client.readChunk() == Array("first".utf8))
                gate.open()
                #expect(try client.readChunk() == Array("second".utf8))
                #expect(try client.readChunk() == [])
                #expect(try client.get("/").text == "firstsecond")
            }
            try await server.client { client throws in
                try client.send("GET / HTTP/1.0\r\n\r\n")
                let response = try client.readResponse()
                #expect(response["transfer-encoding"] == nil)
                #expect(response.text == "firstsecond")
            }
        }
    }

    @Test func `that fail half-way are cut, not ended`() async throws {
        struct Failure: Error {}
        try await TestServer.run(handler: { _ in
            HTTPResponse(
                body: .stream { writer in
                    try await writer.write("first")
                    throw Failure()
                })
        }) { server in
            try await server.client { client throws in
                try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
                _ = try client.readHead()
                #expect(try client.readChunk() == Array("first".utf8))
                #expect(try client.isClosed())
            }
        }
    }

    @Test func `wait for a client that reads slowly`() async throws {
        let written = Mutex(0)
        try await TestServer.run(handler: { _ in
            HTTPResponse(
                body: .stream { writer in
                    for _ in 0..<512 {
                        try await writer.write([UInt8](repeating: 1, count: 64 << 10))
                        written.withLock { $0 += 1 }
                    }
                })
        }) { server in
            try await offPool {
                let client = try Client(port: server.port, receiveBuffer: 8 << 10)
                defer { client.close() }
                try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
                _ = try client.readHead()
                _ = try client.readChunk()
                // 32 MiB don't fit into the kernel: the writer waits.
                #expect(written.withLock { $0 } < 512)
                var size = 64 << 10
                while true {
                    let chunk = try client.readChunk()
                    if chunk.isEmpty { break }
                    size += chunk.count
                }
                #expect(size == 512 * 64 << 10)
            }
        }
    }

    @Test func `large ones arrive whole`() async throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        try await TestServer.run(handler: { _ in .bytes(bytes, contentType: "application/octet-stream") }) { server in
            try await offPool {
                let client = try Client(port: server.port, receiveBuffer: 16 << 10)
                defer { client.close() }
                for _ in 0..<2 { #expect(try client.get("/").body == bytes) }
            }
        }
    }

    @Test func `tell their writer when the client has gone`() async throws {
        for kind in ["stream", "events"] {
            let ended = Gate()
            let outcome = Mutex<[String]>([])
            try await TestServer.run(handler: { _ in
                if kind == "events" {
                    return .eventStream { events in
                        defer { ended.open() }
                        try await events.send(data: "hello")
                        // Waits for ever, unless it is cancelled.
                        do { try await Task.sleep(for: .seconds(1000)) } catch {
                            outcome.withLock { $0.append("cancelled") }
                        }
                        do { try await events.send(data: "lost") } catch { outcome.withLock { $0.append("\(error)") } }
                    }
                }
                return HTTPResponse(
                    body: .stream { writer in
                        defer { ended.open() }
                        do {
                            while true { try await writer.write([UInt8](repeating: 1, count: 10_000)) }
                        } catch { outcome.withLock { $0.append("\(error)") } }
                    })
            }) { server in
                try await server.client { client throws in
                    try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
                    _ = try client.readHead()
                    _ = try client.readChunk()
                }
                await ended.wait()
            }
            let closed = "\(HTTPError.connectionClosed)"
            outcome.withLock { #expect($0 == (kind == "events" ? ["cancelled", closed] : [closed])) }
        }
    }

    @Test func `call their writer also when the client has gone before`() async throws {
        let ended = Gate()
        let outcome = Mutex<[String]>([])
        try await TestServer.run(handler: { request in
            do { try await request.whileClientWaits { try await Task.sleep(for: .seconds(1000)) } } catch {
                outcome.withLock { $0.append("\(error)") }
            }
            return .eventStream { events in
                defer { ended.open() }
                outcome.withLock { $0.append(Task.isCancelled ? "cancelled" : "running") }
                do { try await events.send(data: "lost") } catch { outcome.withLock { $0.append("\(error)") } }
            }
        }) { server in
            try await server.client { client throws in try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n") }
            await ended.wait()
        }
        let closed = "\(HTTPError.connectionClosed)"
        outcome.withLock { #expect($0 == [closed, "cancelled", closed]) }
    }

    @Test func `of events beat while nothing happens`() async throws {
        let gate = Gate()
        try await TestServer.run(handler: { _ in
            .eventStream(heartbeat: .milliseconds(20)) { events in
                try await events.send(event: "stage", data: "1", id: "a")
                await gate.wait()
                try await events.send(data: "2")
                try await events.comment("bye")
            }
        }) { server in
            try await server.client { client throws in
                try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
                let head = try client.readHead()
                #expect(head["content-type"] == "text/event-stream")
                #expect(head["cache-control"] == "no-store")
                #expect(try client.readChunk() == Array("id: a\nevent: stage\ndata: 1\n\n".utf8))
                for _ in 0..<3 { #expect(try client.readChunk() == Array(":\n\n".utf8)) }
                gate.open()
                var rest: [UInt8] = []
                while true {
                    let chunk = try client.readChunk()
                    if chunk.isEmpty { break }
                    if chunk != Array(":\n\n".utf8) { rest += chunk }
                }
                #expect(rest == Array("data: 2\n\n: bye\n\n".utf8))
            }
        }
    }
}

@Suite("Files")
struct FileResponseTests {
    /// A file of 300,000 bytes, which takes several pieces.
    static func withFile<Value>(_ body: (String, [UInt8]) async throws -> Value) async throws -> Value {
        let folder = try TemporaryFolder()
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }
        return try await body(try folder.write(bytes, to: "file.bin"), bytes)
    }

    @Test func `are sent whole, in part, or not at all`() async throws {
        try await Self.withFile { path, bytes in
            try await TestServer.run(handler: { request in
                try await .file(path, for: request, contentType: "audio/wav", headers: ["Cache-Control": "no-store"])
            }) { server in
                try await server.client { client throws in
                    let whole = try client.get("/")
                    #expect(whole.status == 200)
                    #expect(whole.body == bytes)
                    #expect(whole["accept-ranges"] == "bytes")
                    #expect(whole["content-type"] == "audio/wav")
                    #expect(whole["cache-control"] == "no-store")
                    #expect(whole["last-modified"] == nil)
                    let tag = try #require(whole["etag"])
                    #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))

                    let part = try client.get("/", "Range: bytes=100000-250000\r\n")
                    #expect(part.status == 206)
                    #expect(part["content-range"] == "bytes 100000-250000/300000")
                    #expect(part.body == Array(bytes[100_000...250_000]))
                    #expect(try client.get("/", "Range: bytes=-5\r\n").body == Array(bytes.suffix(5)))
                    #expect(try client.get("/", "Range: bytes=0-1,5-6\r\n").status == 200)
                    #expect(try client.get("/", "Range: bytes=0-4\r\nIf-Range: \(tag)\r\n").status == 206)
                    #expect(try client.get("/", "Range: bytes=0-4\r\nIf-Range: \"x\"\r\n").status == 200)
                    #expect(try client.get("/", "Range: bytes=0-4\r\nIf-Range: W/\(tag)\r\n").status == 200)

                    let beyond = try client.get("/", "Range: bytes=300000-\r\n")
                    #expect(beyond.status == 416)
                    #expect(beyond["content-range"] == "bytes */300000")

                    for field in ["\(tag)", "W/\(tag)", "\"x\", \(tag)", "*"] {
                        let unchanged = try client.get("/", "If-None-Match: \(field)\r\n")
                        #expect(unchanged.status == 304)
                        #expect(unchanged["etag"] == tag)
                    }
                    #expect(try client.get("/", "If-None-Match: \"x\"\r\n").status == 200)

                    try client.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n")
                    let head = try client.readResponse(toHead: true)
                    #expect(head["content-length"] == "300000")
                    #expect(head["etag"] == tag)
                    #expect(try client.get("/").status == 200)
                }
            }
        }
    }

    @Test func `that are not there, or no files, are not found`() async throws {
        for path in ["/nonexistent", "/tmp", "/dev/null"] {
            do {
                _ = try await FileContent.open(path)
                Issue.record("\(path) was opened")
            } catch let error as HTTPError { #expect(error.status == .notFound) }
        }
    }

    @Test func `that shrink while they are sent cut the connection`() async throws {
        try await Self.withFile { path, bytes in
            let file = try await FileContent.open(path)
            #expect(file.size == bytes.count)
            #expect(try await file.read(5..<9) == Array(bytes[5..<9]))
            truncate(path, 200_000)
            try await TestServer.run(handler: { _ in
                HTTPResponse(body: .file(file, range: 0..<file.size))
            }) { server in
                try await server.client { client throws in
                    try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
                    #expect(try client.readHead()["content-length"] == "300000")
                    #expect(try client.readToEnd().count < 300_000)
                }
            }
        }
    }

    @Test func `bytes in memory are treated alike`() async throws {
        func respond(_ headers: HTTPHeaders) throws -> HTTPResponse {
            let request = try HTTPRequest(method: .get, target: "/", headers: headers)
            return .bytes(Array("hello".utf8), for: request, contentType: "text/css", entityTag: "\"1\"")
        }
        #expect(try await respond([:]).body.collect() == Array("hello".utf8))
        let part = try respond(["Range": "bytes=1-2"])
        #expect(part.status == .partialContent)
        #expect(try await part.body.collect() == Array("el".utf8))
        #expect(try respond(["If-None-Match": "\"1\""]).status == .notModified)
    }
}
