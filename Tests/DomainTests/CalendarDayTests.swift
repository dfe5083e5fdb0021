// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@Suite struct CalendarDayTests {
    @Test func `is the same day as the text of its beginning and its end say`() throws {
        for milliseconds in stride(from: Int64(0), to: 253_402_300_800_000, by: 86_400_000 * 97) {
            let text = String(Timestamp(milliseconds: milliseconds).description.prefix(10))
            let day = try #require(CalendarDay(text), "\(text)")
            #expect(day.start == Timestamp(milliseconds: milliseconds), "\(text)")
            #expect(day.text == text && day == CalendarDay(Timestamp(milliseconds: milliseconds + 86_399_999)))
            #expect(day.end.milliseconds == milliseconds + 86_400_000)
        }
    }

    @Test func `knows how long months are`() {
        let ends = ["2026-01-31", "2026-02-28", "2024-02-29", "2000-02-29", "2026-04-30", "2026-12-31"]
        for end in ends { #expect(CalendarDay(end)?.endsMonth == true, "\(end)") }
        for day in ["2024-02-28", "2026-01-30"] { #expect(CalendarDay(day)?.endsMonth == false, "\(day)") }
        #expect(CalendarDay("2026-03-01")?.beginsMonth == true && CalendarDay("2026-03-02")?.beginsMonth == false)
    }

    @Test(arguments: [
        "", "2026", "2026-1-1", "2026-13-01", "2026-00-10", "2026-02-29", "1900-01-01", "2100-02-29", "2026-04-31",
        "2026-01-00", "2026/01/01", "2026-01-01T", "+026-01-01", "２026-01-01", "9999999999-01-01",
    ])
    func `reads nothing else`(text: String) { #expect(CalendarDay(text) == nil) }
}
