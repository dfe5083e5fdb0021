// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// How far a piece of work has come, in one line.
struct ProgressLine: Sendable {
    /// What is counted: `files`, `lines`.
    let unit: String
    /// How many there are; 0 when that is not known.
    var total: Int
    /// How many are done.
    var done: Int = 0
    /// How many of those failed.
    var failed: Int = 0

    /// The line with a bar, at most `columns` wide.
    func bar(after seconds: Double, columns: Int, style: TextStyle = .plain) -> String {
        guard total > 0 else { return String(counts(after: seconds).prefix(max(0, columns - 1))) }
        let numbers = " " + counts(after: seconds)
        let room = columns - 1 - numbers.count - 2
        guard room >= 8 else { return String(numbers.dropFirst().prefix(max(0, columns - 1))) }
        let width = min(room, 40)
        let eighths = Int((fraction * Double(width * 8)).rounded(.down))
        let partial = eighths % 8 == 0 ? "" : String(Character(Unicode.Scalar(UInt32(0x2590 - eighths % 8)) ?? " "))
        let filled = String(repeating: "█", count: eighths / 8) + partial
        let empty = String(repeating: " ", count: width - filled.count)
        return "▕" + style.cyan(filled) + empty + "▏" + numbers
    }

    /// The line for a log.
    func plain(after seconds: Double) -> String { counts(after: seconds) }

    private var fraction: Double { min(1, Double(done) / Double(total)) }

    private func counts(after seconds: Double) -> String {
        var text = total > 0 ? "\(done)/\(total) \(unit)" : "\(done) \(unit)"
        if failed > 0 { text += ", \(failed) failed" }
        guard done > 0, seconds > 0 else { return text }
        let rate = Double(done) / seconds
        text += rate >= 1 ? ", \(Self.rounded(rate))/s" : ", \(Self.rounded(1 / rate)) s each"
        if done < total { text += ", \(Self.duration(Double(total - done) / rate)) left" }
        return text
    }

    /// One digit after the point below 10, none above.
    private static func rounded(_ value: Double) -> String {
        if value >= 9.95 { return String(Int(value.rounded())) }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// A duration as people say it: `45 s`, `3 min 20 s`, `2 h 5 min`.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds.rounded()), 1e9))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}
