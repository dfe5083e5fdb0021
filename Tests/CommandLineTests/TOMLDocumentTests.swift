// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import Server
import TestRandom
import Testing

@Suite("Configuration files")
struct TOMLDocumentTests {
    private func json(_ value: TOMLDocument.Value) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        case .integer(let number): .integer(number)
        case .boolean(let value): .bool(value)
        case .array(let values): .array(values.map(json))
        }
    }

    @Test func `agrees with Python's tomllib on hundreds of documents`() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/toml/golden.jsonl").path
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        var accepted = 0
        for line in lines {
            let golden = try JSONValue(parsing: String(line))
            let document = try #require(golden["document"]?.string)
            let ours = try? TOMLDocument(parsing: Array(document.utf8))
            if let ours {
                accepted += 1
                let entries = try #require(
                    golden["entries"]?.object, "accepted what tomllib refuses: \(document.debugDescription)")
                #expect(ours.entries.count == entries.members.count, "\(document.debugDescription)")
                for entry in ours.entries {
                    #expect(json(entry.value) == entries[entry.key], "\(entry.key) of \(document.debugDescription)")
                }
            }
            if golden["subset"]?.bool == true { #expect(ours != nil, "refused: \(document.debugDescription)") }
        }
        #expect(lines.count > 400 && accepted > 100)
    }

    @Test(arguments: [
        ("a = 1\nb = yes\n", 2, "text needs quotes: \"...\""),
        ("\n\n[t]\nx 1", 4, "'=' is expected after the key"),
        ("a = \"x\n", 1, "the string has no end: the closing quote is missing"),
        ("a = [\n1,\n2\nb = 3", 4, "',' or ']' is expected in the list"),
        ("a = 1\n# c\na = 2", 3, "a is set on line 1 already"),
        ("[t]\na=1\n[t]", 3, "[t] stands on line 1 already"),
        ("a = 1.5", 1, "a whole number is expected; anything else needs quotes: \"...\""),
        ("a.b = 1", 1, "write a [table] line instead of a key with dots"),
        ("a = { b = 1 }", 1, "inline tables are not used here; write a [table]"),
        ("a =\nb = 1", 1, "a value is expected after '='"),
        ("a = \"\"\"x\"\"\"", 1, "strings over several lines are not used here"),
    ])
    func `says in which line what is wrong`(document: String, line: Int, message: String) {
        #expect {
            _ = try TOMLDocument(parsing: Array(document.utf8))
        } throws: { error in
            let error = error as? TOMLError
            return error?.line == line && error?.message == message
        }
    }

    @Test func `refuses what is not UTF-8, too large or too deep`() {
        #expect(throws: TOMLError.self) { try TOMLDocument(parsing: [0x61, 0x3D, 0x22, 0xFF, 0x22]) }
        #expect(throws: TOMLError.self) {
            try TOMLDocument(parsing: Array(repeating: 0x0A, count: TOMLDocument.byteLimit + 1))
        }
        let deep = "a = " + String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
        #expect(throws: TOMLError.self) { try TOMLDocument(parsing: Array(deep.utf8)) }
        #expect((try? TOMLDocument(parsing: [0xEF, 0xBB, 0xBF] + Array("a = 1".utf8)))?.entries.count == 1)
    }

    @Test(arguments: [UInt64](1...4))
    func `survives random bytes`(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        let alphabet = Array("ab=[]\"'\\u0#\n\r\t .,-+_{}1\u{0}\u{7F}".utf8) + [0xC3, 0xA9, 0xFF]
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator)!
            }
            do {
                let entries = try TOMLDocument(parsing: bytes).entries
                #expect(Set(entries.map(\.key)).count == entries.count, "seed \(seed): \(bytes)")
            } catch {
                #expect((1...bytes.count + 1).contains(error.line), "seed \(seed): \(bytes)")
            }
        }
    }
}
