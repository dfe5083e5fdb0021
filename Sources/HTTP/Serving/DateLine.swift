// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// The Date field's line (RFC 9110 §5.6.7), made once a second.
struct DateLine {
    private(set) var bytes: [UInt8] = []
    private var second: Int = .min

    /// Looks at the clock.
    mutating func update() {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &time)
        if time.tv_sec != second { set(second: time.tv_sec) }
    }

    /// Makes the line for a second since 1970 (UTC).
    mutating func set(second: Int) {
        self.second = second
        var seconds = time_t(second)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
        let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        bytes = Array("Date: \(day) \(parts.tm_year + 1900) \(clock) GMT\r\n".utf8)
    }
}
