// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A day of the calendar, in UTC.
public struct CalendarDay: Sendable, Hashable {
    /// The form 2026-11-27.
    public let text: String
    /// The year, 1970...9999.
    public let year: Int
    /// The month, 1...12.
    public let month: Int
    /// The day of the month, from 1.
    public let day: Int

    /// Reads the form 2026-11-27; nil for anything else, and for days that no calendar has.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].reduce(0) { number, byte -> Int? in
                guard let number, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                return number * 10 + Int(byte - UInt8(ascii: "0"))
            }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), year >= 1970,
            (1...12).contains(month), (1...Self.days(of: month, in: year)).contains(day)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        self.text = text
    }

    /// The day that a moment belongs to; nil before 1970 and after 9999.
    public init?(_ time: Timestamp) { self.init(String(time.description.prefix(10))) }

    /// When it begins.
    public var start: Timestamp {
        // Years that begin in March end with the day that some have more; from the year 0 on (Hinnant, "chrono-Compatible
        // Low-Level Date Algorithms").
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return Timestamp(milliseconds: Int64(days) * Self.milliseconds)
    }

    /// When the next day begins.
    public var end: Timestamp { Timestamp(milliseconds: start.milliseconds + Self.milliseconds) }

    /// Whether it is the first of its month.
    public var beginsMonth: Bool { day == 1 }
    /// Whether it is the last of its month.
    public var endsMonth: Bool { day == Self.days(of: month, in: year) }

    private static let milliseconds: Int64 = 86_400_000

    private static func days(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
