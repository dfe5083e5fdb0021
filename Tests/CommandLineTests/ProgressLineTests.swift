// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Testing

@testable import oracy

@Suite("Progress")
struct ProgressLineTests {
    @Test func `shows counts, failures, rate and time left`() {
        let line = ProgressLine(unit: "files", total: 100, done: 25, failed: 2)
        #expect(line.plain(after: 10) == "25/100 files, 2 failed, 2.5/s, 30 s left")
        #expect(line.plain(after: 100) == "25/100 files, 2 failed, 4.0 s each, 5 min left")
    }

    @Test func `says nothing of a rate before anything is done, nor of time left when all is`() {
        #expect(ProgressLine(unit: "files", total: 3).plain(after: 5) == "0/3 files")
        #expect(ProgressLine(unit: "files", total: 3, done: 3).plain(after: 1) == "3/3 files, 3.0/s")
    }

    @Test func `counts without an end when it is not known`() {
        #expect(ProgressLine(unit: "lines", total: 0, done: 50).bar(after: 10, columns: 40) == "50 lines, 5.0/s")
    }

    @Test(arguments: [
        (0.0, "0 s"), (59.4, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (7500, "2 h 5 min"), (-4, "0 s"),
    ])
    func `writes durations as people say them`(seconds: Double, text: String) {
        #expect(ProgressLine.duration(seconds) == text)
    }

    @Test func `draws a bar that is as full as the work is done`() {
        #expect(ProgressLine(unit: "f", total: 2, done: 1).bar(after: 0, columns: 17) == "▕████    ▏ 1/2 f")
        #expect(ProgressLine(unit: "f", total: 2, done: 2).bar(after: 0, columns: 17) == "▕████████▏ 2/2 f")
        #expect(ProgressLine(unit: "f", total: 0, done: 0).bar(after: 0, columns: 17) == "0 f")
    }

    @Test func `never is wider than the terminal, and rises with the work`() {
        for columns in 1...120 {
            for done in 0...20 {
                let line = ProgressLine(unit: "files", total: 20, done: done, failed: done / 2)
                let text = line.bar(after: 12.5, columns: columns, style: TextStyle(isEnabled: true))
                #expect(TextStyle.width(of: text) < max(2, columns), "\(columns) columns, \(done) done")
            }
        }
    }
}
