// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TestRandom
import Testing

@testable import HTTP

extension SplitMix {
    /// Changes a few bytes: flips, removes, repeats, swaps for telling ones.
    mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        let telling: [UInt8] = [0, 9, 10, 13, 32, 34, 37, 44, 45, 46, 47, 48, 58, 59, 102, 127, 128, 255]
        for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<6, using: &self) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(bytes[index], at: index)
            case 3: bytes[index] = telling.randomElement(using: &self) ?? 0
            case 4: bytes.insert(telling.randomElement(using: &self) ?? 0, at: index)
            default:
                let end = Int.random(in: index..<bytes.count, using: &self)
                bytes.insert(contentsOf: bytes[index..<end].prefix(40), at: index)
            }
        }
        return bytes
    }

    /// Cuts bytes into pieces.
    mutating func pieces(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var rest = bytes[...]
        var pieces: [ArraySlice<UInt8>] = []
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...20, using: &self))
            pieces.append(piece)
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}

@Suite("The header parser")
struct RequestHeadParserTests {
    /// What came of feeding a parser: heads as text, or an error.
    static func outcome(_ pieces: [ArraySlice<UInt8>]) -> String {
        var parser = RequestHeadParser(limits: HTTPLimits())
        var result: [String] = []
        do {
            for piece in pieces {
                var rest = Array(piece)
                while !rest.isEmpty {
                    let (used, head) = try parser.feed(rest.span)
                    rest.removeFirst(used)
                    if let head { result.append(describe(head)) }
                }
            }
            result.append(parser.isInHead ? "incomplete" : "between")
        } catch {
            result.append("\(error)")
        }
        return result.joined(separator: "\n")
    }

    static func describe(_ head: RequestHead) -> String {
        "\(head.method) \(head.target) \(head.headers.fields) \(head.framing) \(head.isHTTP10) \(head.keepAlive)"
            + " \(head.expectsContinue)"
    }

    static func parse(_ text: String) throws -> RequestHead {
        var parser = RequestHeadParser(limits: HTTPLimits())
        let bytes = Array(text.utf8)
        let (used, head) = try parser.feed(bytes.span)
        #expect(used == bytes.count)
        return try #require(head)
    }

    @Test func `reads method, target, fields and framing`() throws {
        let head = try Self.parse(
            "POST /a%20b?x=1&y HTTP/1.1\r\nHost: test:80\r\nContent-Length: 12\r\nX-Y: a \t\r\nx-y:b\r\n\r\n")
        #expect(head.method == .post)
        #expect(head.target.rawValue == "/a%20b?x=1&y")
        #expect(head.target.path == "/a b")
        #expect(head.target.query["x"] == "1")
        #expect(head.headers.all("X-Y") == ["a", "b"])
        #expect(head.framing == .length(12))
        #expect(head.keepAlive)
        #expect(try Self.parse("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n").framing == .chunked)
        #expect(try !Self.parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n").keepAlive)
        #expect(try !Self.parse("GET / HTTP/1.0\r\n\r\n").keepAlive)
    }

    @Test func `gives the same outcome wherever the bytes are cut`() {
        for text in UnusualRequests.all.map(\.text) where text.utf8.count < 1000 {
            let bytes = Array(text.utf8)
            let head = bytes[...]
            let whole = Self.outcome([head])
            for cut in 1..<bytes.count {
                #expect(Self.outcome([head[..<cut], head[cut...]]) == whole, "\(text.debugDescription) cut at \(cut)")
            }
            #expect(Self.outcome(bytes.indices.map { head[$0...$0] }) == whole, "\(text.debugDescription) in bytes")
        }
    }

    @Test func `refuses the same wherever the bytes are cut`() {
        let groups = [
            MalformedRequest.lengthAndCoding, MalformedRequest.repeatedLength, MalformedRequest.lineEnds,
            MalformedRequest.folding, MalformedRequest.fieldNames, MalformedRequest.hosts,
            MalformedRequest.requestLines,
        ]
        for malformed in groups.joined() {
            let bytes = malformed.bytes[...]
            let whole = Self.outcome([bytes])
            for cut in stride(from: 1, to: bytes.count, by: 3) {
                #expect(Self.outcome([bytes[..<cut], bytes[cut...]]) == whole, "\(malformed) cut at \(cut)")
            }
        }
    }

    @Test func `reads two requests that come together`() {
        let text = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(Self.outcome([Array(text.utf8)[...]]).split(separator: "\n").count == 3)
    }

    @Test func `survives ten thousand mutated requests, the same in one piece and in many`() {
        let seed: UInt64 = 0x0AC1
        var generator = SplitMix(seed: seed)
        let samples = UnusualRequests.all.map { Array($0.text.utf8) }.filter { $0.count < 1000 }
        for number in 0..<10_000 {
            let bytes = generator.mutate(samples[number % samples.count])
            let whole = Self.outcome([bytes[...]])
            #expect(Self.outcome(generator.pieces(bytes)) == whole, "seed \(seed), number \(number)")
        }
    }
}

@Suite("The chunk decoder")
struct ChunkedDecoderTests {
    static func outcome(_ pieces: [ArraySlice<UInt8>]) -> String {
        var decoder = ChunkedDecoder()
        var content: [UInt8] = []
        var used = 0
        do {
            for piece in pieces {
                let bytes = Array(piece)
                var position = 0
                decoding: while true {
                    switch try decoder.next(bytes.span, from: &position) {
                    case .incomplete: break decoding
                    case .content(let range): content += bytes[range]
                    case .end: return "\(String(decoding: content, as: UTF8.self)) ends after \(used + position)"
                    }
                }
                used += bytes.count
            }
        } catch {
            return "\(error)"
        }
        return "\(String(decoding: content, as: UTF8.self)) goes on"
    }

    static let sample = "5\r\nhello\r\n1;a=b\r\n \r\n00a\r\nwide world\r\n0\r\nX: y\r\nZ:\r\n\r\nGET"

    @Test func `takes the coding off and leaves what follows`() {
        let bytes = Array(Self.sample.utf8)
        #expect(Self.outcome([bytes[...]]) == "hello wide world ends after \(bytes.count - 3)")
        #expect(Self.outcome([Array("0\r\n\r\n".utf8)[...]]) == " ends after 5")
        #expect(Self.outcome([Array("5\r\nhel".utf8)[...]]) == "hel goes on")
    }

    @Test func `gives the same outcome wherever the bytes are cut`() {
        let samples =
            [Array(Self.sample.utf8)]
            + MalformedRequest.chunks.map { request in
                Array(
                    request.bytes.dropFirst(
                        "POST /upload HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n".count - 4))
            }
        for bytes in samples where bytes.count < 500 {
            let whole = Self.outcome([bytes[...]])
            for first in 1..<bytes.count {
                #expect(Self.outcome([bytes[..<first], bytes[first...]]) == whole)
            }
            #expect(Self.outcome(bytes.indices.map { bytes[$0...$0] }) == whole)
        }
    }

    @Test func `survives ten thousand mutated bodies`() {
        let seed: UInt64 = 0x0AC2
        var generator = SplitMix(seed: seed)
        for number in 0..<10_000 {
            let bytes = generator.mutate(Array(Self.sample.utf8))
            let whole = Self.outcome([bytes[...]])
            #expect(Self.outcome(generator.pieces(bytes)) == whole, "seed \(seed), number \(number)")
        }
    }

    @Test func `refuses sizes that no integer holds`() {
        for size in ["8000000000000000", "ffffffffffffffff", "10000000000000000", "00000000000000001"] {
            #expect(Self.outcome([Array("\(size)\r\n".utf8)[...]]).contains("A chunk is too large"), "\(size)")
        }
        #expect(Self.outcome([Array("7fffffffffffffff\r\nx".utf8)[...]]) == "x goes on")
    }
}

@Suite("Byte classes")
struct ASCIITests {
    @Test func `hold the characters that the standards list`() {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        let classes: [(String, (UInt8) -> Bool)] = [
            ("!#$%&'*+-.^_`|~", ASCII.isToken), ("/-._~!$&'()*+,;=:@%|[]", ASCII.isPath),
            ("/-._~!$&'()*+,;=:@%|[]?{}^`\\", ASCII.isQuery), ("-._~!$&'()*+,;=%", ASCII.isHost),
        ]
        for (characters, isMember) in classes {
            let members = Set((characters + letters).utf8)
            for byte in UInt8.min ... .max { #expect(isMember(byte) == members.contains(byte), "\(byte)") }
        }
    }
}
