// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import HTTP
import Synchronization
import TestRandom
import Testing

@Suite("Request bodies")
struct RequestBodyTests {
    static let head = "POST / HTTP/1.1\r\nHost: test\r\n"

    @Test func `are asked for only when the handler reads them`() async throws {
        try await TestServer.run(handler: { request in
            if request.path == "/refuse" { throw HTTPError(.forbidden, code: "forbidden") }
            return try await ConnectionTests.echo(request)
        }) { server in
            try await server.client { client throws in
                try client.send("\(Self.head)Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
                #expect(try client.readHead().status == 100)
                try client.send("hello")
                #expect(try client.readResponse().text == "POST / 5")
                try client.send("\(Self.head)Transfer-Encoding: chunked\r\nExpect: 100-Continue\r\n\r\n")
                #expect(try client.readHead().status == 100)
                try client.send("5\r\nhello\r\n0\r\n\r\n")
                #expect(try client.readResponse().text == "POST / 5")
                // The final status comes without 100, and the connection ends: the body may follow or not.
                try client.send(
                    "POST /refuse HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
                let refusal = try client.readResponse()
                #expect(refusal.status == 403)
                #expect(refusal["connection"] == "close")
                #expect(try client.isClosed())
            }
        }
    }

    @Test func `that are declared too large are refused before they are sent`() async throws {
        try await TestServer.run(handler: { .text("\(try await $0.body.collect(upTo: 10).count)") }) { server in
            try await server.client { client throws in
                try client.send("\(Self.head)Content-Length: 11\r\nExpect: 100-continue\r\n\r\n")
                #expect(try client.readResponse().status == 413)
            }
            try await server.client { client throws in
                try client.send("\(Self.head)Transfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n")
                #expect(try client.readResponse().status == 413)
            }
            try await server.client { client throws in
                try client.send("\(Self.head)Content-Length: 10\r\n\r\nhelloworld")
                #expect(try client.readResponse().text == "10")
            }
        }
    }

    @Test func `that nobody reads are discarded when short, and end the connection when long`() async throws {
        try await TestServer.run(handler: { _ in .text("ignored") }) { server in
            try await server.client { client throws in
                for _ in 0..<3 {
                    try client.send("\(Self.head)Content-Length: 5000\r\n\r\n\(String(repeating: "x", count: 5000))")
                    #expect(try client.readResponse().text == "ignored")
                    try client.send("\(Self.head)Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
                    #expect(try client.readResponse().text == "ignored")
                }
                try client.send("\(Self.head)Content-Length: 1000000\r\n\r\n\(String(repeating: "x", count: 300_000))")
                let response = try client.readResponse()
                #expect(response.text == "ignored")
                #expect(response["connection"] == "close")
                #expect(try client.isClosed())
            }
        }
    }

    @Test func `of many megabytes arrive whole`() async throws {
        try await TestServer.run(
            loops: 2,
            handler: { request in
                var sum: UInt64 = 0
                var size = 0
                for try await chunk in request.body {
                    #expect(!chunk.isEmpty && chunk.count <= 64 << 10)
                    for byte in chunk { sum = sum &* 31 &+ UInt64(byte) }
                    size += chunk.count
                }
                return .text("\(size) \(sum)")
            }
        ) { server in
            var generator = SplitMix(seed: 7)
            let bytes = (0..<(400_000)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let sum = bytes.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) }
            try await server.client { client throws in
                try client.send("\(Self.head)Content-Length: \(bytes.count)\r\n\r\n")
                try client.send(bytes)
                #expect(try client.readResponse().text == "\(bytes.count) \(sum)")
                try client.send("\(Self.head)Transfer-Encoding: chunked\r\n\r\n")
                var start = 0
                for size in [1, 15, 4096, 65_535, 65_536, 100_000, bytes.count] where start < bytes.count {
                    let chunk = bytes[start..<min(start + size, bytes.count)]
                    try client.send(Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8))
                    start += chunk.count
                }
                try client.send("0\r\n\r\n")
                #expect(try client.readResponse().text == "\(bytes.count) \(sum)")
            }
        }
    }

    @Test func `slow the client down when the handler is slow`() async throws {
        let gate = Gate()
        try await TestServer.run(handler: { request in
            await gate.wait()
            var size = 0
            for try await chunk in request.body { size += chunk.count }
            return .text("\(size)")
        }) { server in
            try await server.client { client throws in
                let size = 64 << 20
                try client.send("\(Self.head)Content-Length: \(size)\r\n\r\n")
                // What the two kernels' buffers take; nobody reads.
                var sent = try client.sendUntilFull(limit: size)
                #expect(sent < size)
                gate.open()
                let block = [UInt8](repeating: 1, count: 1 << 20)
                while sent < size {
                    let count = min(block.count, size - sent)
                    try client.send(Array(block[..<count]))
                    sent += count
                }
                #expect(try client.readResponse().text == "\(size)")
            }
        }
    }

    @Test func `that break off make reading throw`() async throws {
        let outcomes = Mutex<[Int]>([])
        let done = Gate(count: 3)
        try await TestServer.run(handler: { request in
            do {
                _ = try await request.body.collect(upTo: 1 << 20)
                outcomes.withLock { $0.append(200) }
            } catch let error as HTTPError {
                outcomes.withLock { $0.append(error.status.code) }
            }
            done.open()
            return .noContent
        }) { server in
            try await server.client { client throws in
                try client.send("\(Self.head)Content-Length: 100\r\n\r\nhello")
            }
            try await server.client { client throws in
                // A reset throws away what was sent and not read yet, so it comes when the handler is reading.
                try client.send("\(Self.head)Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n")
                #expect(try client.readHead().status == 100)
                try client.send("5\r\nhel")
                client.reset()
            }
            try await server.client { client throws in
                try client.send("\(Self.head)Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
                client.endSending()
                _ = try client.readToEnd()
            }
            await done.wait()
        }
        outcomes.withLock { #expect($0 == [400, 400, 400]) }
    }

    @Test func `of an earlier request can't be read later`() async throws {
        let kept = Mutex<RequestBody?>(nil)
        try await TestServer.run(handler: { request in
            if let body = kept.withLock({ $0 }) {
                await #expect(throws: HTTPError.self) { _ = try await body.collect(upTo: 100) }
            }
            kept.withLock { $0 = request.body }
            return .noContent
        }) { server in
            try await server.client { client throws in
                for _ in 0..<2 {
                    try client.send("\(Self.head)Content-Length: 5\r\n\r\nhello")
                    #expect(try client.readResponse().status == 204)
                }
            }
        }
    }

    @Test func `carry forms with files`() async throws {
        try await TestServer.run(handler: { request in
            let form = try MultipartReader(request)
            var result: [String] = []
            while let part = try await form.next() {
                var size = 0
                for try await chunk in part { size += chunk.count }
                result.append("\(part.name) \(part.filename ?? "-") \(size)")
            }
            return .text(result.joined(separator: ", "))
        }) { server in
            try await server.client { client throws in
                let start =
                    "--b\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\nauto\r\n"
                    + "--b\r\nContent-Disposition: form-data; name=\"audio\"; filename=\"a.wav\"\r\n\r\n"
                let size = 1_000_000
                let end = "\r\n--b--\r\n"
                let fields = "Content-Type: multipart/form-data; boundary=b\r\n"
                let length = start.utf8.count + size + end.utf8.count
                try client.send("\(Self.head)\(fields)Content-Length: \(length)\r\n\r\n\(start)")
                try client.send([UInt8](repeating: 13, count: size))
                try client.send(end)
                #expect(try client.readResponse().text == "language - 4, audio a.wav \(size)")
                try client.send("\(Self.head)\(fields)Content-Length: 3\r\n\r\n--c")
                #expect(try client.readResponse().status == 400)
            }
        }
    }
}
