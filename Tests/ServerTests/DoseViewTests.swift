// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Testing

@testable import Server

@Suite struct `Doses in JSON` {
    @Test func `Every part that was said is a field with its unit in UCUM, and the others are null`() throws {
        let dose = try #require(
            Dose(notation: "1..2 tablet; 0.5 g each; 0.5..1 g; 4..6/d; prn; oral; max 8 tablet/d; for 7 d"))
        let json = DoseView(dose).json
        #expect(json["value"]?.double == 0.5 && json["to"]?.double == 1 && json["unit"]?.string == "g")
        #expect(json["count"]?["value"]?.double == 1 && json["count"]?["unit"]?.string == "{tablet}")
        #expect(json["strength"]?["value"]?.double == 0.5 && json["strength"]?["to"]?.isNull == true)
        #expect(json["frequency"]?["value"]?.double == 4 && json["frequency"]?["to"]?.double == 6)
        #expect(json["frequency"]?["days"]?.double == 1 && json["as_needed"]?.bool == true)
        #expect(json["route"]?.string == "oral" && json["single"]?.bool == false)
        #expect(json["maximum_per_day"]?["value"]?.double == 8)
        #expect(json["maximum_per_day"]?["unit"]?.string == "{tablet}" && json["maximum"]?["days"]?.double == 1)
        #expect(json["duration"]?["value"]?.double == 7 && json["duration"]?["unit"]?.string == "d")
        #expect(json["rate"]?.isNull == true && json["concentration"]?.isNull == true)
    }

    @Test(arguments: [
        ("0.00009 g/kg/h", "rate", "g/kg/h"), ("50 g/L", "concentration", "g/L"), ("10000 IU", "", "[IU]"),
        ("0.05 g/m2; 1/21d", "", "g/m2"), ("1 %", "", "%"), ("max 0.06 g/kg/d", "maximum_per_day", "g/kg"),
    ])
    func `Units say what a quantity is for`(notation: String, field: String, unit: String) throws {
        let json = DoseView(try #require(Dose(notation: notation))).json
        let part = field.isEmpty ? json : try #require(json[field])
        #expect(part["unit"]?.string == unit)
    }

    @Test func `A maximum in a week is none in a day`() throws {
        let json = DoseView(try #require(Dose(notation: "max 0.015 g/7d"))).json
        #expect(json["maximum_per_day"]?.isNull == true && json["maximum"]?["days"]?.double == 7)
    }
}
