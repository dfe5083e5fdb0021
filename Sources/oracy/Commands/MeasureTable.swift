// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Domain

/// Measures as a table for people who would rather look than read: a bar shows where a value lies on its scale.
struct MeasureTable {
    /// The widest line, in columns.
    var width: Int = 80
    /// How headings and bars stand out.
    var style: TextStyle = .plain

    private static let barWidth = 16

    /// The table of all measures that have a place in the catalogue, by group.
    func render(_ measures: [Measure]) -> String {
        let rows = measures.compactMap { measure in
            MeasureCatalogue.descriptor(for: measure.key).map { (measure: measure, descriptor: $0) }
        }
        let label = rows.map(\.descriptor.label.count).max() ?? 0
        let sections = MeasureDescriptor.Group.allCases.compactMap { group -> String? in
            let members = rows.filter { $0.descriptor.group == group }
            guard !members.isEmpty else { return nil }
            let heading = group.rawValue.prefix(1).uppercased() + group.rawValue.dropFirst()
            let lines = members.compactMap { row($0.measure, $0.descriptor, label) }
            let doubtful = notes("~", members.filter { $0.measure.valid == .low }, "Doubtful:")
            let missing = notes("–", members.filter { $0.measure.value == nil }, "Not computed:")
            return ([style.bold(heading)] + lines + doubtful + missing).joined(separator: "\n")
        }
        return sections.joined(separator: "\n\n")
    }

    /// The line of a measure; nil when it has no value.
    private func row(_ measure: Measure, _ descriptor: MeasureDescriptor, _ label: Int) -> String? {
        guard let value = measure.value else { return nil }
        let unit = descriptor.unit == "1" ? "" : descriptor.unit
        var line =
            "  \(padded(descriptor.label, to: label))  \(leading(Self.text(value), to: 6)) \(padded(unit, to: 10))"
        if let scale = Self.scale(of: descriptor) { line += " " + bar(value, on: scale) }
        if measure.valid == .low { line += " " + style.yellow("~") }
        while line.last == " " { line.removeLast() }
        return line
    }

    /// Why measures can't be relied on, once for each reason with the measures that it holds for.
    private func notes(
        _ mark: String, _ rows: [(measure: Measure, descriptor: MeasureDescriptor)], _ introduction: String
    ) -> [String] {
        var reasons: [(reason: String, labels: [String])] = []
        for row in rows {
            let reason = row.measure.reason ?? ""
            if let index = reasons.firstIndex(where: { $0.reason == reason }) {
                reasons[index].labels.append(row.descriptor.label)
            } else {
                reasons.append((reason, [row.descriptor.label]))
            }
        }
        return reasons.flatMap { reason, labels in
            let list = labels.joined(separator: ", ") + "."
            let lines = TextWrapping.lines("\(reason) \(introduction) \(list)", width: width, first: "  \(mark) ")
            return lines.map(style.dim)
        }
    }

    /// Where a value lies: full blocks, then eighths of one.
    private func bar(_ value: Double, on scale: ClosedRange<Double>) -> String {
        let share =
            (min(max(value, scale.lowerBound), scale.upperBound) - scale.lowerBound)
            / (scale.upperBound - scale.lowerBound)
        let eighths = Int((share * Double(Self.barWidth * 8)).rounded())
        var filled = String(repeating: "█", count: eighths / 8)
        if eighths % 8 > 0, let block = Unicode.Scalar(UInt32(0x2590 - eighths % 8)) { filled.append(Character(block)) }
        return style.cyan(filled) + style.dim(String(repeating: "·", count: Self.barWidth - filled.count))
    }

    /// The scale of a measure that has ends; nil for counts and open scales.
    private static func scale(of descriptor: MeasureDescriptor) -> ClosedRange<Double>? {
        switch descriptor.key {
        case "flesch_re", "gulpease", "fernandez_huerta", "szigriszt_pazos", "kandel_moles", "amstad", "flesch_vacca",
            "douma",
            "martins", "oborneva", "flesch_hu", "osman", "speech_pct", "low_conf_pct":
            0...100
        case "lix": 0...80
        case "language_probability", "ttr", "mattr50", "hdd", "lexical_density", "tfidf_cosine", "embedding_cosine",
            "rouge_l",
            "rouge_l_f1", "mean_conf",
            "phonation_ratio", "time_used", "pause_mid_clause_ratio":
            0...1
        default: descriptor.unit == "grade" ? 0...20 : nil
        }
    }

    /// Three digits that count: `0.532`, `6.99`, `67.2`, `120`.
    static func text(_ value: Double) -> String {
        let decimals =
            value == value.rounded() ? 0 : abs(value) < 1 ? 3 : abs(value) < 10 ? 2 : abs(value) < 1000 ? 1 : 0
        let factor = [1.0, 10, 100, 1000][decimals]
        let scaled = (abs(value) * factor).rounded()
        guard scaled < 1e15 else { return "\(value)" }
        let digits = String(Int(scaled))
        let padding = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return decimals == 0 ? sign + digits : "\(sign)\(padding.dropLast(decimals)).\(padding.suffix(decimals))"
    }

    private func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private func leading(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
