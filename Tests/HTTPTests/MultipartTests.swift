// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TestRandom
import Testing

@testable import HTTP

@Suite("Forms")
struct MultipartTests {
    static let contentType = "multipart/form-data; boundary=XyZ"
    static let sample =
        "--XyZ\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\nen-GB\r\n"
        + "--XyZ\r\nContent-Disposition: form-data; name=\"audio\"; filename=\"a \\\"b\\\" %22c%22.wav\"\r\n"
        + "Content-Type: audio/wav; x=y\r\n\r\nRI\r\n--XyFF\r\r\n\r\n--Xy\r\n"
        + "--XyZ\r\ncontent-disposition:form-data;name=empty\r\n\r\n\r\n--XyZ--\r\n"

    static func outcome(_ pieces: [ArraySlice<UInt8>], contentType: String = contentType) -> String {
        var result = ""
        do {
            var parser = try MultipartParser(contentType: contentType, limits: MultipartLimits(parts: 4))
            for piece in pieces {
                parser.append(Array(piece))
                reading: while true {
                    switch try parser.next() {
                    case .incomplete, .end: break reading
                    case .part(let header):
                        result += "[\(header.name)|\(header.filename ?? "-")|\(header.contentType ?? "-")]"
                    case .content(let bytes):
                        #expect(!bytes.isEmpty)
                        result += String(decoding: bytes, as: UTF8.self)
                    case .partEnd: result += "<end>"
                    }
                }
            }
            result += parser.isComplete ? " complete" : " incomplete"
        } catch {
            result += " \(error)"
        }
        return result
    }

    @Test func `are taken apart`() {
        #expect(
            Self.outcome([Array(Self.sample.utf8)[...]])
                == "[language|-|-]en-GB<end>[audio|a \"b\" \"c\".wav|audio/wav]RI\r\n--XyFF\r\r\n\r\n--Xy<end>[empty|-|-]<end>"
                + " complete")
    }

    @Test func `give the same outcome wherever the bytes are cut`() {
        let bytes = Array(Self.sample.utf8)
        let whole = Self.outcome([bytes[...]])
        for first in 1..<bytes.count {
            #expect(Self.outcome([bytes[..<first], bytes[first...]]) == whole, "cut at \(first)")
            let second = min(first + 7, bytes.count)
            #expect(Self.outcome([bytes[..<first], bytes[first..<second], bytes[second...]]) == whole)
        }
        #expect(Self.outcome(bytes.indices.map { bytes[$0...$0] }) == whole)
    }

    @Test(arguments: [
        ("", "incomplete"), ("--Xy", "incomplete"), ("preamble\r\n--XyZ--", "start with its boundary"),
        ("\r\n--XyZ--", "start with its boundary"), ("--XyZ--x", "after its last boundary"),
        ("--XyZ--\r\nepilogue", "after its last boundary"), ("--XyZx\r\n", "followed by something else"),
        ("--XyZ \r\n", "followed by something else"), ("--XyZ\r\n\r\nx\r\n--XyZ--", "has no name"),
        ("--XyZ\r\nContent-Type: a/b\r\n\r\nx", "has no name"),
        ("--XyZ\r\nContent-Disposition: form-data\r\n\r\nx", "proper Content-Disposition"),
        ("--XyZ\r\nContent-Disposition: attachment; name=a\r\n\r\nx", "proper Content-Disposition"),
        ("--XyZ\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx", "proper Content-Disposition"),
        ("--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx", "proper Content-Disposition"),
        (
            "--XyZ\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=a\r\n\r\nx",
            "proper Content-Disposition"
        ),
        ("--XyZ\r\nContent-Disposition : form-data; name=a\r\n\r\nx", "malformed"),
        ("--XyZ\r\nContent-Disposition: form-data; name=a\n\r\nx", "malformed"),
        ("--XyZ\r\nContent-Disposition: form-data; name=a\r\n folded\r\n\r\nx", "malformed"),
        ("--XyZ\r\nContent-Disposition: form-data; name=\"a\u{0}\"\r\n\r\nx", "malformed"),
        (
            "--XyZ\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nx",
            "must not be encoded"
        ),
        ("--XyZ\r\nX: \(String(repeating: "a", count: 5000))", "too long"),
        ("--XyZ\r\n\(String(repeating: "X: a\r\n", count: 1000))", "too long"),
        (
            String(repeating: "--XyZ\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n", count: 5),
            "at most 4 parts"
        ),
    ])
    func `that are malformed are refused with a reason`(text: String, reason: String) {
        #expect(Self.outcome([Array(text.utf8)[...]]).contains(reason), "\(Self.outcome([Array(text.utf8)[...]]))")
    }

    @Test(arguments: [
        "text/plain", "multipart/mixed; boundary=a", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"a\"b", "multipart/form-data; boundary=a; boundary=b",
        "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=a\"b\"",
        "multipart/form-data; boundary=\"\(String(repeating: "a", count: 71))\"",
        "multipart/form-data; boundary=\"a\\b\"",
    ])
    func `need a proper content type`(contentType: String) {
        #expect(throws: HTTPError.self) { try MultipartParser(contentType: contentType, limits: MultipartLimits()) }
    }

    @Test func `survive ten thousand mutations, the same in one piece and in many`() {
        let seed: UInt64 = 0x0AC3
        var generator = SplitMix(seed: seed)
        for number in 0..<10_000 {
            let bytes = generator.mutate(Array(Self.sample.utf8))
            let whole = Self.outcome([bytes[...]])
            let cut = Self.outcome(generator.pieces(bytes))
            // Content that came before the fault is given out earlier or later, depending on the cuts.
            if whole.hasSuffix("complete") { #expect(cut == whole, "seed \(seed), number \(number)") }
            #expect(whole.hasSuffix("complete") == cut.hasSuffix("complete"), "seed \(seed), number \(number)")
        }
    }

    @Test func `are read part by part`() async throws {
        let request = try HTTPRequest(
            method: .post, target: "/", headers: ["Content-Type": Self.contentType], body: Array(Self.sample.utf8))
        let reader = try MultipartReader(request)
        let language = try #require(try await reader.next())
        #expect(language.name == "language")
        #expect(try await language.text(upTo: 10) == "en-GB")
        let audio = try #require(try await reader.next())
        #expect(audio.filename == "a \"b\" \"c\".wav")
        var size = 0
        for try await chunk in audio { size += chunk.count }
        #expect(size == 19)
        let empty = try #require(try await reader.next())
        #expect(try await empty.collect(upTo: 0).isEmpty)
        #expect(try await reader.next() == nil)
        #expect(try await audio.collect(upTo: 10).isEmpty)
    }

    @Test func `skip parts that are not read and refuse fields that are too large`() async throws {
        let request = try HTTPRequest(
            method: .post, target: "/", headers: ["Content-Type": Self.contentType], body: Array(Self.sample.utf8))
        let reader = try MultipartReader(request)
        _ = try await reader.next()
        let audio = try #require(try await reader.next())
        #expect(audio.name == "audio")
        await #expect(throws: HTTPError.self) { _ = try await audio.collect(upTo: 5) }
    }
}
