// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import TestRandom
import Testing

@Suite("JSON documents")
struct JSONValueTests {
    private static let documents: [(String, JSONValue)] = [
        ("null", JSONValue.null), ("true", true), ("-0", 0), ("9223372036854775807", .integer(.max)),
        ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5e3", .number(1500)), (" [ ] ", []),
        (#"{"a":{"b":[1,2.5,"x"]}}"#, ["a": ["b": [1, 2.5, "x"]]]), (#""\u00e9\ud83d\ude00\/""#, "é😀/"),
        (#""\b\f\n\r\t\\\"""#, "\u{8}\u{c}\n\r\t\\\""),
    ]

    @Test(arguments: documents)
    func `reads what RFC 8259 allows`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "truex", "01", "1.", ".5", "+1", "1e", "--1", "NaN", "Infinity", "1e999", "'a'", "\"a",
        "\"\\x\"",
        "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"a\nb\"", "[1,]", "[1 2]", "[", "]", "{",
        "{\"a\"}",
        "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1 \"b\":2}", "1 2", "// x\n1", "\u{FEFF}1", "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
    ])
    func `refuses everything else`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test(arguments: [
        [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xFF, 0x22], [0x22, 0xE2, 0x82, 0x22],
    ])
    func `refuses strings that are not UTF-8`(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }

    @Test func `holds to its limits at the limit and beyond`() throws {
        let limits = JSONLimits(bytes: 20, depth: 3, stringBytes: 5, values: 4)
        #expect(throws: Never.self) { try JSONValue(parsing: "[1,2,3]", limits: limits) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[1,2,3,4]", limits: limits) }
        #expect(throws: Never.self) { try JSONValue(parsing: "[[[1]]]", limits: limits) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[[[[1]]]]", limits: limits) }
        #expect(throws: Never.self) { try JSONValue(parsing: "\"12345\"", limits: limits) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "\"123456\"", limits: limits) }
        #expect(throws: Never.self) { try JSONValue(parsing: "                   1", limits: limits) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "                    1", limits: limits) }
        #expect(throws: JSONError.self) {
            try JSONValue(parsing: [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20))
        }
    }

    @Test func `keeps the order of members and replaces in place`() {
        var object: JSONObject = ["b": 1, "a": 2]
        object["b"] = 3
        object["c"] = nil
        #expect(JSONValue.object(object).text == #"{"b":3,"a":2}"#)
        object["b"] = nil
        #expect(object.keys == ["a"])
    }

    @Test func `escapes control characters and writes what can't be a number as null`() {
        let value: JSONValue = ["k": "a\"\\\n\u{1}\u{7F}é", "n": .number(.nan), "i": .number(3), "d": 0.1]
        #expect(value.text == #"{"k":"a\"\\\n\u0001\u007fé","n":null,"i":3,"d":0.1}"#)
    }

    @Test func `prints for people with two spaces a level`() {
        let value: JSONValue = ["a": [1, 2], "b": [:], "c": []]
        #expect(value.prettyText == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": []\n}")
    }

    @Test func `reads back whatever it wrote, and refuses every truncation`() throws {
        var generator = SplitMix(seed: 20_261_120)
        for _ in 0..<500 {
            let value = randomValue(depth: 0, &generator)
            let bytes = value.utf8
            #expect(try JSONValue(parsing: bytes) == value)
            #expect(try JSONValue(parsing: value.prettyText) == value)
            guard value.array != nil || value.object != nil || value.string != nil else { continue }
            for end in 0..<bytes.count {
                #expect(throws: JSONError.self) { try JSONValue(parsing: Array(bytes[..<end])) }
            }
        }
    }

    @Test func `never traps on mutated documents`() {
        var generator = SplitMix(seed: 7)
        let original = Array(#"{"a":[1,-2.5e3,"\u00e9\ud83d\ude00",{"b":null,"c":true}],"d":"x\\y"}"#.utf8)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if (try? JSONValue(parsing: bytes)) != nil { accepted += 1 }
        }
        #expect(accepted > 0 && accepted < 20_000)
    }

    private func randomValue(depth: Int, _ generator: inout SplitMix) -> JSONValue {
        switch Int.random(in: 0..<(depth < 4 ? 8 : 6), using: &generator) {
        case 0: .null
        case 1: .bool(Bool.random(using: &generator))
        case 2: .integer(Int64.random(in: .min ... .max, using: &generator))
        case 3: .number(Double.random(in: -1e6...1e6, using: &generator) + 0.123)
        case 4, 5: .string(randomText(&generator))
        case 6:
            .array(
                (0..<Int.random(in: 0...4, using: &generator)).map { _ in randomValue(depth: depth + 1, &generator) })
        default:
            .object(
                (0..<Int.random(in: 0...4, using: &generator)).reduce(into: JSONObject()) { object, _ in
                    object[randomText(&generator)] = randomValue(depth: depth + 1, &generator)
                })
        }
    }

    private func randomText(_ generator: inout SplitMix) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x2FFFF, using: &generator)) { scalars.append(scalar) }
        }
        return String(scalars)
    }
}
