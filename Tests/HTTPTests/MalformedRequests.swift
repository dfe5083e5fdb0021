// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Requests that must be refused, by shape. Every entry is sent as it stands.
struct MalformedRequest: Sendable, CustomStringConvertible {
    let group: String
    let bytes: [UInt8]

    var description: String { "\(group): \(String(decoding: bytes.prefix(160), as: UTF8.self).debugDescription)" }

    /// All of them.
    static let all: [MalformedRequest] =
        lengthAndCoding + repeatedLength + badLength + badCoding + lineEnds + folding + fieldNames + controls + chunks
        + hosts + absoluteTargets + targets + requestLines + oversized + expectations + otherProtocols

    private static func make(_ group: String, _ texts: [String]) -> [MalformedRequest] {
        texts.map { MalformedRequest(group: group, bytes: Array($0.utf8)) }
    }

    /// POST requests with these field lines, and a body that fits either framing.
    private static func posts(_ group: String, _ fields: [String]) -> [MalformedRequest] {
        make(group, fields.map { "POST /upload HTTP/1.1\r\nHost: test\r\n\($0)\r\n\r\n5\r\nhello\r\n0\r\n\r\n" })
    }

    /// GET requests with these field lines.
    private static func gets(_ group: String, _ fields: [String]) -> [MalformedRequest] {
        make(group, fields.map { "GET / HTTP/1.1\r\nHost: test\r\n\($0)\r\n\r\n" })
    }

    // RFC 9112 §6.1: both at once is the classic way to smuggle a request.
    static let lengthAndCoding = posts(
        "Content-Length and Transfer-Encoding",
        [
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Content-Length: 0\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 0",
            "content-length: 5\r\ntransfer-encoding: chunked",
            "CONTENT-LENGTH: 5\r\nTRANSFER-ENCODING: CHUNKED",
            "Content-Length:5\r\nTransfer-Encoding:chunked",
            "Content-Length: 5\r\nX: y\r\nTransfer-Encoding: chunked",
            "Content-Length: 5\r\nTransfer-Encoding: identity",
            "Content-Length: 5\r\nTransfer-Encoding: gzip, chunked",
            "Content-Length: 5\r\nTransfer-Encoding: xchunked",
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nContent-Length: 5",
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Content-Length: 5\r\nTransfer-Encoding:\tchunked",
            "Content-Length: 5\r\nTransfer-Encoding: chunked ",
            "Content-Length: 5\r\nTransfer-Encoding:  \t chunked\t",
            "Content-Length: 18\r\nTransfer-Encoding: chunked\r\nConnection: close",
            "Connection: Transfer-Encoding\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: -1",
            "Transfer-Encoding: chunked\r\nContent-Length: x",
        ])

    // RFC 9112 §6.3, item 5.
    static let repeatedLength = posts(
        "repeated Content-Length",
        [
            "Content-Length: 5\r\nContent-Length: 5",
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 6\r\nContent-Length: 5",
            "Content-Length: 0\r\nContent-Length: 5",
            "Content-Length: 5\r\nContent-Length: 0",
            "Content-Length: 0\r\nContent-Length: 0",
            "Content-Length: 5\r\ncontent-length: 5",
            "content-length: 5\r\nCONTENT-LENGTH: 7",
            "Content-Length: 5\r\nX: y\r\nContent-Length: 5",
            "Content-Length: 5, 5",
            "Content-Length: 5,5",
            "Content-Length: 5, 6",
            "Content-Length: 5,",
            "Content-Length: ,5",
            "Content-Length: 5 , 5",
            "Content-Length: 05\r\nContent-Length: 5",
            "Content-Length: 5\r\nContent-Length:",
            "Content-Length:\r\nContent-Length: 5",
            "Content-Length: 5\r\nContent-Length: 5\r\nContent-Length: 5",
        ])

    static let badLength = posts(
        "Content-Length that is no number",
        [
            "", " ", "+5", "-5", "-0", "+0", "5 5", "5\t5", "0x5", "5h", "0b101", "5.0", "5.", ".5", "1e1", "five",
            "\"5\"", "'5'", "5;", "5;q=1", "(5)", "5_000", "5 000", "5'000", "\u{FF15}", "\u{0665}", "NaN", "inf",
            "99999999999999999999", "9223372036854775808", "18446744073709551616", "18446744073709551621",
            "340282366920938463463374607431768211461", "0000000000000000000005", "5\u{A0}", "\u{200B}5", "5%", "%35",
        ].map { "Content-Length: \($0)" })

    // RFC 9112 §6.1: only chunked is understood, once and last.
    static let badCoding =
        posts(
            "Transfer-Encoding",
            [
                "", " ", "identity", "gzip", "deflate", "compress", "br", "trailers", "x-chunked", "xchunked", "chunke",
                "chunkedd", "chunked, chunked", "chunked,chunked", "chunked chunked", "chunked, identity",
                "identity, chunked", "gzip, chunked", "chunked, gzip", "chunked,", ",chunked", ", chunked", "chunked;",
                "chunked;q=1", "chunked; foo=bar", "\"chunked\"", "'chunked'", "(chunked)", "[chunked]", "ch\u{FC}nked",
                "c\thunked", "chunked\tx", "chunked\u{A0}", "\u{A0}chunked", "\u{212A}hunked", "chunKed\u{307}",
                "cow", "true", "0",
            ].map { "Transfer-Encoding: \($0)" })
        + posts(
            "repeated Transfer-Encoding",
            [
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\ntransfer-encoding: identity",
                "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow",
                "Transfer-Encoding: chunked\r\nX: y\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding:\r\nTransfer-Encoding: chunked",
            ])
        + make(
            "Transfer-Encoding in HTTP/1.0",
            [
                "POST / HTTP/1.0\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n",
            ])

    // RFC 9112 §2.2: a bare line feed may be forgiven by others; it is not here.
    static let lineEnds = make(
        "line ends",
        [
            "GET / HTTP/1.1\nHost: test\n\n",
            "GET / HTTP/1.1\nHost: test\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\n\n",
            "GET / HTTP/1.1\r\nHost: test\n\n",
            "GET / HTTP/1.1\r\nHost: test\r\nX: y\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\nX: y\nZ: w\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\nX: y\n\nGET /two HTTP/1.1\r\nHost: test\r\n\r\n",
            "\nGET / HTTP/1.1\r\nHost: test\r\n\r\n",
            "\r\n\nGET / HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET / HTTP/1.1\rHost: test\r\r",
            "GET / HTTP/1.1\r\nHost: test\r\r\n\r\n",
            "GET / HTTP/1.1\r\r\nHost: test\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\nX: a\rb\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\nX: a\rY: b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\nX: \ra\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\nX\r: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\n\rX: a\r\n\r\n",
            "GET /\r HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET\r / HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET / HTTP/1.1\n\rHost: test\n\r\n\r",
            "\rGET / HTTP/1.1\r\nHost: test\r\n\r\n",
            "\r\n\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n",
            "\r\n\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\n\r\nhello",
            "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding\n: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: test\r\nContent-Length:\n5\r\n\r\nhello",
            "GET / HTTP/1.1\u{0B}\r\nHost: test\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\u{2028}\r\n\r\n",
        ])

    // RFC 9112 §5.2.
    static let folding = gets(
        "folded lines",
        [
            "X: a\r\n b", "X: a\r\n\tb", "X: a\r\n  b", "X: a\r\n ", "X: a\r\n\t", " X: a", "\tX: a", "X:\r\n a",
            "Transfer-Encoding:\r\n chunked", "Transfer-Encoding: chunked\r\n , identity", "Content-Length: 1\r\n 0",
            "Content-Length:\r\n 5", "Host: a\r\n b", "X: a\r\n : b", "X: a\r\n b\r\n c",
        ])

    // RFC 9112 §5.1.
    static let fieldNames = gets(
        "field names",
        [
            "X : a", "X\t: a", "X  : a", "Content-Length : 5", "Content-Length\t: 5", "Transfer-Encoding : chunked",
            "Transfer-Encoding\t: chunked", "Transfer Encoding: chunked", "Content Length: 5", ": a", " : a", ":", "::",
            "X", "X a", "X=a", "(X): a", "<X>: a", "@X: a", ",X: a", ";X: a", "\\X: a", "\"X\": a", "/X: a", "[X]: a",
            "?X: a", "{X}: a", "X{: a", "X}: a", "\u{E9}: a", "X\u{E9}: a", "X\u{A0}: a", "\u{200B}X: a",
            "Content-Length\u{A0}: 5", "Transfer-Encoding\u{200B}: chunked", "GET / HTTP/1.1",
        ])

    static let controls: [MalformedRequest] = {
        var requests: [MalformedRequest] = []
        let codes = (UInt8(0)...0x1F).filter { ![0x09, 0x0A, 0x0D].contains($0) } + [0x7F]
        for code in codes {
            for pattern in ["X: a?b", "X?: a", "X: ?"] {
                let text = "GET / HTTP/1.1\r\nHost: test\r\n\(pattern)\r\n\r\n"
                let bytes = text.utf8.map { $0 == UInt8(ascii: "?") ? code : $0 }
                requests.append(.init(group: "control character \(code)", bytes: bytes))
            }
        }
        for (name, code) in [("Transfer-Encoding: ?chunked", 0x0B), ("Transfer-Encoding: chunked?", 0x0C)] {
            let bytes = "POST / HTTP/1.1\r\nHost: test\r\n\(name)\r\n\r\n0\r\n\r\n".utf8
            requests.append(
                .init(
                    group: "control character in Transfer-Encoding",
                    bytes: bytes.map { $0 == UInt8(ascii: "?") ? UInt8(code) : $0 }))
        }
        for (name, code) in [("Content-Length: ?5", 0), ("Content-Length: 5?", 0), ("Content-Length?: 5", 0)] {
            let bytes = "POST / HTTP/1.1\r\nHost: test\r\n\(name)\r\n\r\nhello".utf8
            requests.append(
                .init(
                    group: "control character in Content-Length",
                    bytes: bytes.map { $0 == UInt8(ascii: "?") ? UInt8(code) : $0 }))
        }
        return requests
    }()

    // RFC 9112 §7.1.
    static let chunks = make(
        "chunks",
        [
            "x\r\nhello\r\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhello0\r\n\r\n",
            "5\r\nhell\r\n0\r\n\r\n", "5\r\nhelloo\r\n0\r\n\r\n", " 5\r\nhello\r\n0\r\n\r\n",
            "5 \r\nhello\r\n0\r\n\r\n",
            "\t5\r\nhello\r\n0\r\n\r\n", "+5\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n",
            "0x5\r\nhello\r\n0\r\n\r\n", "5h\r\nhello\r\n0\r\n\r\n", "\r\nhello\r\n0\r\n\r\n",
            "5_\r\nhello\r\n0\r\n\r\n",
            "10000000000000000\r\nhello\r\n0\r\n\r\n", "00000000000000005\r\nhello\r\n0\r\n\r\n",
            "ffffffffffffffff\r\nhello\r\n0\r\n\r\n", "8000000000000000\r\nhello\r\n0\r\n\r\n",
            "fffffffffffffffff\r\nhello\r\n0\r\n\r\n", "99999999999999999999\r\nhello\r\n0\r\n\r\n",
            "5;\r\nhello\r\n0\r\n\r\n", "5; a=b\r\nhello\r\n0\r\n\r\n", "5 ;a=b\r\nhello\r\n0\r\n\r\n",
            "5;a=b\nhello\r\n0\r\n\r\n", "5;a\r=b\r\nhello\r\n0\r\n\r\n", "5;a\u{0}\r\nhello\r\n0\r\n\r\n",
            "5;a=\u{E9}\r\nhello\r\n0\r\n\r\n", "5;\(String(repeating: "a", count: 300))\r\nhello\r\n0\r\n\r\n",
            "5\rhello\r\n0\r\n\r\n", "5\r\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r0\r\n\r\n", "5\r\nhello\r\n0\n\r\n",
            "5\r\nhello\r\n0\r\n\n", "5\r\nhello\r\n0\r\n\rX", "5\r\nhello\r\n0\r\nX\r\n\r\n",
            "5\r\nhello\r\n0\r\n: a\r\n\r\n", "5\r\nhello\r\n0\r\nX : a\r\n\r\n", "5\r\nhello\r\n0\r\n X: a\r\n\r\n",
            "5\r\nhello\r\n0\r\nX: a\u{0}\r\n\r\n", "5\r\nhello\r\n0\r\nX: a\n\r\n",
            "5\r\nhello\r\n0\r\nX: a\rb\r\n\r\n",
            "5\r\nhello\r\n0\r\nX: \(String(repeating: "a", count: 5000))\r\n\r\n", "\u{FF15}\r\nhello\r\n0\r\n\r\n",
            "5\u{0}\r\nhello\r\n0\r\n\r\n", "5,5\r\nhello\r\n0\r\n\r\n", "G\r\nhello\r\n0\r\n\r\n",
        ].map { "POST /upload HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n\($0)" })

    // RFC 9112 §3.2.
    static let hosts =
        make(
            "Host",
            [
                "", "Host: test\r\nHost: test\r\n", "Host: test\r\nHost: other\r\n", "Host: test\r\nhost: test\r\n",
                "HOST: test\r\nX: y\r\nHost: test\r\n", "X-Host: test\r\n", "Hos: test\r\n", "Host\r\n",
                "Hosts: test\r\n",
            ].map { "GET / HTTP/1.1\r\n\($0)\r\n" })
        + make(
            "Host value",
            [
                "", " ", "a b", "a\tb", "a/b", "/a", "a?b", "a#b", "a@b", "user@test", "user:pw@test", "http://test",
                "test:", "test:x", "test:80:80", "test:-1", "test:+80", "test: 80", "test :80", "test:999999", ":80",
                "[::1", "::1", "[::1]x", "[::1]:x", "[]", "[g::1]", "[::1", "a\\b", "a<b", "a\"b", "a,b c", "t\u{E9}st",
                "{test}", "a|b", "a^b", "`a`",
            ].filter { $0 != "test:" }.map { "GET / HTTP/1.1\r\nHost: \($0)\r\n\r\n" })

    // RFC 9112 §3.2.2: a proxy may route by one and a server by the other.
    static let absoluteTargets = make(
        "absolute targets",
        [
            "GET http://other/ HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET http://test:81/ HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET http://test/ HTTP/1.1\r\nHost: test:81\r\n\r\n",
            "GET https://other/ HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET HTTP://OTHER/ HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET http://user@test/ HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET http://test@other/ HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET http:/// HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET http:// HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET http:test HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET http:/test HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET ftp://test/ HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET file:///etc/passwd HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET javascript:alert(1) HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET http://test/ HTTP/1.1\r\n\r\n",
            "GET http://test.evil/ HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET http://te st/ HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET http://test#x HTTP/1.1\r\nHost: test\r\n\r\n",
            "CONNECT test:80 HTTP/1.1\r\nHost: test\r\n\r\n",
            "CONNECT test HTTP/1.1\r\nHost: test\r\n\r\n",
        ])

    static let targets = make(
        "targets",
        [
            "index.html", "?", "?a=b", "#", "test", "*", "**", "*/", ".", "..", "../", "\\", "\\x", "%2f", "%",
            "/..", "/../", "/a/..", "/a/../b", "/a/../../b", "/.", "/./", "/a/./b", "/a/.", "/%2e%2e/", "/%2E%2E",
            "/.%2e/", "/%2e/", "/a%2fb", "/a%2Fb", "/%2f", "/..%2fetc", "/a%5cb", "/a%5Cb", "/a\\b", "/..\\a", "/%00",
            "/a%00", "/a%00.html", "/%0a", "/%0d%0aX:y", "/%1f", "/%7f", "/%", "/%4", "/%zz", "/%4g", "/%g4", "/a%",
            "/%%34", "/%u0041", "/%ff", "/%c0%ae%c0%ae/", "/%c0%af", "/%ed%a0%80", "/%f5%80%80%80", "/\u{E9}",
            "/a\u{A0}b",
            "/a#b", "/#", "/a<b", "/a>b", "/a\"b", "/a^b", "/a`b", "/a{b", "/a}b", "/?a=<b>", "/?a=\"b\"", "/?a#b",
            "/?\u{E9}",
        ].map { "GET \($0) HTTP/1.1\r\nHost: test\r\n\r\n" })

    static let requestLines =
        make(
            "request lines",
            [
                "GET", "GET /", "GET  / HTTP/1.1", "GET /  HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ",
                "GET\t/ HTTP/1.1", "GET /\tHTTP/1.1", "GET / HTTP/1.1 x", "GET / x HTTP/1.1", "/ HTTP/1.1", "HTTP/1.1",
                "GET HTTP/1.1", "GET / HTTP/2", "GET / HTTP/2.0", "GET / HTTP/0.9", "GET / HTTP/1.2", "GET / HTTP/1.10",
                "GET / HTTP/01.1", "GET / HTTP/1", "GET / HTTP/1.", "GET / HTTP/.1", "GET / HTTP/1,1", "GET / HTTP 1.1",
                "GET / http/1.1", "GET / Http/1.1", "GET / HTTPS/1.1", "GET / HTTP/+1.1", "GET / HTTP/-1.1",
                "GET / HTTP/1.1HTTP/1.1", "GET / HTTP/11", "GET / HTTP/A.B", "GET / ICY/1.1", "G(T / HTTP/1.1",
                "G\u{E9}T / HTTP/1.1", "<GET> / HTTP/1.1", "GET,POST / HTTP/1.1", "\"GET\" / HTTP/1.1",
                "G@T / HTTP/1.1", "{GET} / HTTP/1.1", "GET: / HTTP/1.1",
                "\(String(repeating: "A", count: 33)) / HTTP/1.1",
                "GET * HTTP/1.1", "POST * HTTP/1.1",
            ].map { "\($0)\r\nHost: test\r\n\r\n" })
        + [
            MalformedRequest(group: "request lines", bytes: Array("G\0T / HTTP/1.1\r\nHost: test\r\n\r\n".utf8)),
            MalformedRequest(group: "request lines", bytes: Array("GET /\0 HTTP/1.1\r\nHost: test\r\n\r\n".utf8)),
            MalformedRequest(group: "request lines", bytes: Array("GET / HTTP/1.1\0\r\nHost: test\r\n\r\n".utf8)),
            MalformedRequest(group: "request lines", bytes: Array("\0GET / HTTP/1.1\r\nHost: test\r\n\r\n".utf8)),
            MalformedRequest(group: "request lines", bytes: [0xFF, 0xFE] + Array("GET / HTTP/1.1\r\n\r\n".utf8)),
            MalformedRequest(group: "request lines", bytes: [0xEF, 0xBB, 0xBF] + Array("GET / HTTP/1.1\r\n\r\n".utf8)),
        ]

    static let oversized = make(
        "oversized",
        [
            "GET /\(String(repeating: "a", count: 8 << 10)) HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET /\(String(repeating: "a", count: 100_000))",
            "GET /?\(String(repeating: "a=b&", count: 3000)) HTTP/1.1\r\nHost: test\r\n\r\n",
            "\(String(repeating: "A", count: 9000)) / HTTP/1.1\r\nHost: test\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\nX: \(String(repeating: "a", count: 16 << 10))\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\n\(String(repeating: "a", count: 17 << 10)): x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\nX: \(String(repeating: "a", count: 100_000))",
            "GET / HTTP/1.1\r\nHost: test\r\n\(String(repeating: "X: a\r\n", count: 64))\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\n\(String(repeating: "X:\r\n", count: 5000))\r\n",
            "GET / HTTP/1.1\r\nHost: \(String(repeating: "a", count: 20_000))\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\nX:\(String(repeating: " ", count: 20_000))a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: test\r\nCookie: \(String(repeating: "a=b; ", count: 4000))\r\n\r\n",
        ])

    static let expectations = posts(
        "expectations",
        [
            "Expect: 200-ok\r\nContent-Length: 5", "Expect: 100-continu\r\nContent-Length: 5",
            "Expect:\r\nContent-Length: 5", "Expect: 100-continue, other\r\nContent-Length: 5",
            "Expect: 100\r\nContent-Length: 5", "Expect: 100-continue; a=b\r\nContent-Length: 5",
        ])

    static let otherProtocols =
        [
            // A TLS client hello, as a browser sends it to a plain port.
            [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03] + [UInt8](repeating: 0xA5, count: 64),
            [0x80, 0x2E, 0x01, 0x00, 0x02, 0x00, 0x15, 0x00, 0x00, 0x00, 0x10],
            [UInt8](repeating: 0, count: 64), [UInt8](repeating: 0xFF, count: 9000),
            [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20],
        ].map { MalformedRequest(group: "other protocols", bytes: $0) }
        + make(
            "other protocols",
            [
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "EHLO test\r\n", "*1\r\n$4\r\nPING\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "OPTIONS rtsp://test RTSP/1.0\r\nCSeq: 1\r\n\r\n",
                "INVITE sip:a@test SIP/2.0\r\nVia: x\r\n\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\n\r\n",
                "{\"id\":1}\r\n", "<?xml version=\"1.0\"?>\r\n",
            ])
}

/// Unusual requests that must not be refused: strictness is worth nothing if it keeps honest clients out.
enum UnusualRequests {
    static let all: [(text: String, status: Int)] = [
        ("GET / HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nhOsT: test\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost:test\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: \t test \t\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: test:8080\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: test:\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: [::ffff:127.0.0.1]\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: my_host.example-1.org\r\n\r\n", 200),
        ("GET / HTTP/1.0\r\n\r\n", 200),
        ("GET / HTTP/1.0\r\nHost: test\r\n\r\n", 200),
        ("GET http://test/ HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET http://TEST HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET http://test?a=b HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET HTTPS://test:443/ HTTP/1.1\r\nHost: test:443\r\n\r\n", 200),
        ("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("TRACE / HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("get / HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("M-SEARCH / HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET /a//b HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET /... HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET /.well-known/x HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET /a..b/c. HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET /%E4%BD%A0%C3%A9 HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET /a%20b%3F%23 HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET /a|b[c] HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET /~user/!$&'()*+,;=:@ HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET /? HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET /?q=100%&r={a|b}^`[]?/\\ HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET /?a=/../b HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: test\r\nX:\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: test\r\nX: a\tb\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: test\r\nX: caf\u{E9}\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: test\r\nX: \"a, b\"; c=d (e)\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: test\r\n!#$%&'*+-.^_`|~9: a\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: test\r\nX: a\r\nX: a\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: test\r\nConnection: Keep-Alive, Upgrade\r\nUpgrade: h2c\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n\r\n", 200),
        ("POST / HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello", 200),
        ("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0005\r\n\r\nhello", 200),
        ("POST / HTTP/1.1\r\nHost: test\r\ncontent-length:\t5\t\r\n\r\nhello", 200),
        ("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200),
        ("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", 200),
        (
            "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0000000000000005\r\nhello\r\n00\r\n\r\n",
            200
        ),
        ("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nhellohello\r\n0\r\n\r\n", 200),
        (
            "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b;c=\"d\";e\r\nhello\r\n0;x\r\n\r\n",
            200
        ),
        (
            "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: a b\r\nY:\r\n\r\n",
            200
        ),
        ("GET / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello", 200),
        ("DELETE / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello", 200),
        ("GET /\(String(repeating: "a", count: 8000)) HTTP/1.1\r\nHost: test\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: test\r\nX: \(String(repeating: "a", count: 16_000))\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: test\r\n\(String(repeating: "X: a\r\n", count: 63))\r\n", 200),
    ]
}
