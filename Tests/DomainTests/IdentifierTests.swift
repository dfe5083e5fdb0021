// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@Suite("Identifiers")
struct IdentifierTests {
    @Test func `carry version, variant and creation time as RFC 9562 lays them out`() throws {
        let id = Identifier<User>(at: Timestamp(milliseconds: 0x017F_22E2_79B0))
        #expect(id.text.hasPrefix("017f22e2-79b0-7"))
        let characters = Array(id.text)
        #expect("89ab".contains(characters[19]))
        #expect(Identifier<User>(id.text) == id)
    }

    @Test func `sort by creation time`() {
        let ids = (0..<50).map { Identifier<User>(at: Timestamp(milliseconds: 1_700_000_000_000 + $0)) }
        #expect(ids == ids.shuffled().sorted())
    }

    @Test(arguments: [
        "", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
        "017f22e279b07cc398c4dc0c0c07398fxxxx", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "../../../../etc/passwd-------------",
        "017f22e2-79b0-7cc3-98c4_dc0c0c07398f",
    ])
    func `refuse every other text`(text: String) {
        #expect(Identifier<User>(text) == nil)
    }
}

@Suite("Timestamps")
struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_125, "2000-02-29T00:00:00.125Z"),
        (1_795_168_200_000, "2026-11-20T09:50:00.000Z"),
    ])
    func `print as RFC 3339 in UTC`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test func `add and subtract durations`() {
        let start = Timestamp(milliseconds: 1_000)
        #expect((start + .seconds(2)).milliseconds == 3_000)
        #expect(start + .milliseconds(5) - start == .milliseconds(5))
        #expect((start - .seconds(2)).milliseconds == -1_000)
    }
}
