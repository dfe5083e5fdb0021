// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import Testing

@testable import HTTP

@Suite("Headers")
struct HTTPHeadersTests {
    @Test func `compare names without case and keep order`() {
        var headers: HTTPHeaders = ["Content-Type": "a/b", "X": "1"]
        headers.append("x", "2")
        #expect(headers["content-TYPE"] == "a/b")
        #expect(headers["x"] == "1")
        #expect(headers.all("X") == ["1", "2"])
        headers.set("X", "3")
        #expect(headers.fields.map(\.value) == ["a/b", "3"])
        headers["Content-Type"] = nil
        #expect(headers.fields.count == 1)
        #expect(!headers.contains("content-type"))
    }

    @Test func `never let a value split the message`() {
        var headers = HTTPHeaders()
        let isAdded = headers.append("Location", " /a\r\nSet-Cookie: b\0\u{7F}\t ")
        #expect(isAdded)
        #expect(headers["Location"] == "/a  Set-Cookie: b")
        headers.set("Location", "\n\nx")
        #expect(headers["Location"] == "x")
        for name in ["", "a b", "a:b", "a\r\nb", "\u{E9}"] {
            let isAdded = headers.append(name, "x")
            #expect(!isAdded, "\(name)")
        }
        let isSet = headers.set("a\nb", "x")
        #expect(!isSet)
        #expect(headers.fields.count == 1)
        #expect(HTTPHeaders(dictionaryLiteral: ("X", "caf\u{E9}"))["X"] == "caf\u{E9}")
    }
}

@Suite("Requests")
struct HTTPRequestTests {
    @Test func `decode query parameters as forms write them`() {
        let query = QueryParameters("a=1&b=x+y%20z&a=2&empty=&bare&%C3%A9=%E2%82%AC&q=100%&r=%zz&&=v")
        #expect(query["a"] == "1")
        #expect(query.all("a") == ["1", "2"])
        #expect(query["b"] == "x y z")
        #expect(query["empty"] == "")
        #expect(query["bare"] == "")
        #expect(query["\u{E9}"] == "\u{20AC}")
        #expect(query["q"] == "100%")
        #expect(query["r"] == "%zz")
        #expect(query["none"] == nil)
        #expect(query.pairs.count == 9)
    }

    @Test func `take a sane id and make one otherwise`() throws {
        let given = try HTTPRequest(method: .get, target: "/", headers: ["X-Request-Id": "ab-1.2_C"])
        #expect(given.id == "ab-1.2_C")
        for id in ["", "a b", "a\"b", String(repeating: "a", count: 65), "<x>"] {
            let request = try HTTPRequest(method: .get, target: "/", headers: ["X-Request-Id": id])
            #expect(request.id.utf8.count == 13)
            #expect(request.id == request.id)
        }
        let first = try HTTPRequest(method: .get, target: "/")
        let second = try HTTPRequest(method: .get, target: "/")
        #expect(first.id != second.id)
    }

    @Test func `find cookies by their exact name`() throws {
        let request = try HTTPRequest(
            method: .get, target: "/", headers: ["Cookie": "a=1; __Host-oracy=x=y;b=; aa=2", "cookie": "c=3"])
        #expect(request.cookie("__Host-oracy") == "x=y")
        #expect(request.cookie("a") == "1")
        #expect(request.cookie("b") == "")
        #expect(request.cookie("c") == "3")
        #expect(request.cookie("A") == nil)
    }

    @Test func `read JSON bodies and say what is wrong with them`() async throws {
        func status(_ type: String?, _ body: String, limit: Int = 100) async -> Int {
            var headers = HTTPHeaders()
            headers["Content-Type"] = type
            do {
                let request = try HTTPRequest(method: .post, target: "/", headers: headers, body: Array(body.utf8))
                _ = try await request.json(limits: JSONLimits(bytes: limit))
                return 200
            } catch let error as HTTPError { return error.status.code } catch { return 0 }
        }
        #expect(await status("application/json; charset=utf-8", "{}") == 200)
        #expect(await status("Application/Merge-Patch+JSON", "{}") == 200)
        #expect(await status("text/plain", "{}") == 415)
        #expect(await status(nil, "{}") == 415)
        #expect(await status("application/json", "{") == 400)
        #expect(await status("application/json", "[\"\(String(repeating: "a", count: 100))\"]") == 413)
    }

    @Test func `believe a trusted proxy, but not what its client made up`() {
        let headers: HTTPHeaders = ["X-Forwarded-For": "6.6.6.6, 9.9.9.9, 10.0.0.2", "X-Forwarded-Proto": "https"]
        let proxies: Set<String> = ["10.0.0.1", "10.0.0.2"]
        #expect(Forwarding.origin(headers, peer: "10.0.0.1", proxies: proxies) == ("9.9.9.9", true))
        #expect(Forwarding.origin(headers, peer: "5.5.5.5", proxies: proxies) == ("5.5.5.5", false))
        #expect(Forwarding.origin(headers, peer: "10.0.0.1", proxies: []) == ("10.0.0.1", false))
        let odd: HTTPHeaders = ["X-Forwarded-For": "9.9.9.9, <script>"]
        #expect(Forwarding.origin(odd, peer: "10.0.0.1", proxies: proxies) == ("10.0.0.1", false))
        let v6: HTTPHeaders = ["X-Forwarded-For": "2001:db8::1"]
        #expect(Forwarding.origin(v6, peer: "10.0.0.1", proxies: proxies) == ("2001:db8::1", false))
    }
}

@Suite("Responses")
struct HTTPResponseTests {
    @Test func `describe problems in the standard form`() async throws {
        let error = HTTPError(
            .badRequest, code: "invalid_field", detail: "Mend it.",
            fields: [.init(field: "name", message: "is empty")], headers: ["X": "y"])
        let response = HTTPResponse.problem(error, requestID: "r1")
        #expect(response.status == .badRequest)
        #expect(response.headers["Content-Type"] == "application/problem+json")
        #expect(response.headers["X"] == "y")
        #expect(
            try JSONValue(parsing: try await response.body.collect()) == [
                "type": "about:blank", "title": "Bad Request", "status": 400, "code": "invalid_field",
                "detail": "Mend it.", "request_id": "r1",
                "errors": [["field": "name", "message": "is empty"]],
            ])
    }

    @Test func `tell nothing about unexpected errors`() async throws {
        struct Secret: Error { let path = "/var/secret" }
        let response = HTTPResponse.problem(Secret(), requestID: "r1")
        #expect(response.status == .internalServerError)
        #expect(!String(decoding: try await response.body.collect(), as: UTF8.self).contains("secret"))
    }

    @Test func `are written with the server's own framing`() {
        var response = HTTPResponse.text("hi")
        response.headers.append("Content-Length", "99")
        response.headers.append("Transfer-Encoding", "chunked")
        response.headers.append("Connection", "upgrade")
        response.headers.append("Date", "never")
        var output: [UInt8] = []
        ResponseEncoder.append(
            response, framing: .length(2), keepAlive: false, date: Array("Date: now\r\n".utf8), to: &output)
        #expect(
            String(decoding: output, as: UTF8.self)
                == "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n"
                + "Connection: close\r\n\r\n")
    }

    @Test func `count chunks in hexadecimal`() {
        for size in [1, 15, 16, 255, 256, 4095, 4096, 65536, 1_000_003] {
            var output: [UInt8] = []
            ResponseEncoder.appendChunk([UInt8](repeating: 7, count: size), to: &output)
            let prefix = Array((String(size, radix: 16) + "\r\n").utf8)
            #expect(output.starts(with: prefix))
            #expect(output.count == prefix.count + size + 2)
        }
        for number in [0, 7, 10, 99, 100, 1_234_567_890_123, Int.max] {
            var output: [UInt8] = []
            ResponseEncoder.appendDecimal(number, to: &output)
            #expect(output == Array(String(number).utf8))
        }
    }

    @Test func `are dated in the standard form`() {
        var line = DateLine()
        line.set(second: 784_111_777)
        #expect(String(decoding: line.bytes, as: UTF8.self) == "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
        line.set(second: 1_709_210_096)
        #expect(String(decoding: line.bytes, as: UTF8.self) == "Date: Thu, 29 Feb 2024 12:34:56 GMT\r\n")
    }
}

@Suite("Byte ranges")
struct ByteRangeTests {
    @Test(arguments: [
        ("bytes=0-0", 0..<1), ("bytes=0-9", 0..<10), ("bytes=0-99", 0..<10), ("bytes=3-", 3..<10), ("bytes=-3", 7..<10),
        ("bytes=-99", 0..<10), ("bytes=9-9", 9..<10), ("bytes=9-99999999999999999999999", 9..<10),
        ("bytes=-99999999999999999999999", 0..<10),
    ])
    func `name a part`(field: String, range: Range<Int>) {
        #expect(ByteRange.answer(field, size: 10) == .part(range))
    }

    @Test(arguments: ["bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999999-"])
    func `outside the content can't be satisfied`(field: String) {
        #expect(ByteRange.answer(field, size: 10) == .unsatisfiable)
    }

    @Test(arguments: [
        "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "bytes=0-1,3-4", "bytes= 0-1", "bytes=+1-2", "items=0-1", "0-1",
        "bytes", "bytes=1", "bytes=1-2-3", "",
    ])
    func `that are malformed or many are ignored`(field: String) {
        #expect(ByteRange.answer(field, size: 10) == .whole)
    }

    @Test func `of nothing can't be satisfied`() {
        #expect(ByteRange.answer("bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange.answer(nil, size: 0) == .whole)
    }
}

@Suite("Event streams")
struct EventStreamTests {
    @Test func `are written as the standard says`() {
        func text(_ event: String?, _ data: String, _ id: String?) -> String {
            String(decoding: EventStream.format(event: event, data: data, id: id), as: UTF8.self)
        }
        #expect(text(nil, "x", nil) == "data: x\n\n")
        #expect(text("stage", "a\nb\r\nc\rd", "7") == "id: 7\nevent: stage\ndata: a\ndata: b\ndata: c\ndata: d\n\n")
        #expect(text("a\nb: c", "", "1\r\n2") == "id: 1  2\nevent: a b: c\ndata: \n\n")
    }
}
