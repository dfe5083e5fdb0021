// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Statistics
import TestRandom
import Testing

@Suite("Statistics: tables as CSV")
struct TableTests {

    @Test func `writes cells of every kind, and a line for every row`() {
        var table = Table(name: "t", columns: ["a", "b,c", "d"])
        table.append([.text("x \"y\""), .number(-0.5), .flag(true)])
        table.append([.integer(-3), .number(.nan)])
        table.append([.empty, .text("two\r\nlines"), .text("ä"), .text("beyond the columns")])
        #expect(
            table.csv
                == "a,\"b,c\",d\r\n\"x \"\"y\"\"\",-0.5,true\r\n-3,,\r\n,\"two\r\nlines\",ä\r\n")
        #expect(Table(name: "t", columns: []).csv == "\r\n")
    }

    @Test(arguments: [
        "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", " =1", "\u{FEFF}=1", "＝1", "=\u{301}1", "-",
    ]) func `takes the sting out of formulas`(text: String) {
        var table = Table(name: "t", columns: ["c"])
        table.append([.text(text)])
        let written = Array(table.csv.unicodeScalars.dropFirst(3))
        #expect(written.first == "'" || written.prefix(2) == ["\"", "'"])
        // A name of a column is a text too.
        #expect(Array(Table(name: "t", columns: [text]).csv.unicodeScalars.prefix(2)).contains("'"))
    }

    @Test(arguments: ["a=b", "5 - 3", "x@y", "", "'=1", "ä"]) func `leaves other texts alone`(text: String) {
        var table = Table(name: "t", columns: ["c"])
        table.append([.text(text)])
        #expect(table.csv == "c\r\n\(text)\r\n")
    }

    /// A reader of RFC 4180, written for this test.
    private func read(_ csv: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field = String.UnicodeScalarView()
        var isQuoted = false
        let scalars = Array(csv.unicodeScalars)
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            if isQuoted {
                if scalar == "\"", index + 1 < scalars.count, scalars[index + 1] == "\"" {
                    field.append("\"")
                    index += 1
                } else if scalar == "\"" {
                    isQuoted = false
                } else {
                    field.append(scalar)
                }
            } else if scalar == "\"" {
                isQuoted = true
            } else if scalar == "," || scalar == "\r" {
                row.append(String(field))
                field = String.UnicodeScalarView()
                if scalar == "\r" {
                    rows.append(row)
                    row = []
                    index += 1
                }
            } else {
                field.append(scalar)
            }
            index += 1
        }
        return rows
    }

    @Test(arguments: Array(UInt64(1)...50)) func `any text can be read again`(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let alphabet = Array("ab,\"\r\n;'é\u{301} \t".unicodeScalars)
        func text() -> String {
            var text = String.UnicodeScalarView("x".unicodeScalars)
            for _ in 0..<random.next(in: 0...8) { text.append(alphabet[random.next(in: 0...alphabet.count - 1)]) }
            return String(text)
        }
        let rows = (0..<4).map { _ in (0..<3).map { _ in text() } }
        var table = Table(name: "t", columns: rows[0])
        for row in rows.dropFirst() { table.append(row.map { .text($0) }) }
        #expect(read(table.csv) == rows)
    }
}
