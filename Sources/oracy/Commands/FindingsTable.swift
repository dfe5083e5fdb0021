// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain

/// Entities and tone for people at a terminal.
struct FindingsTable {
    /// The widest line, in columns.
    var width: Int = 80
    /// How headings stand out.
    var style: TextStyle = .plain

    /// The tone as a line of marks, one a sentence, and each thing that is named with what is meant.
    func render(_ findings: TextFindings) -> String {
        [tone(findings), entities(findings)].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func tone(_ findings: TextFindings) -> String {
        guard let tone = findings.tone else {
            return findings.toneReason.map { section("Tone", note("Not known: \($0)")) } ?? ""
        }
        let marks = tone.sentences.map { sentence in
            switch sentence.label {
            case .positive: "+"
            case .neutral: "·"
            case .negative: "-"
            }
        }
        let text =
            "\(tone.label.rawValue) \(MeasureTable.text(tone.score)), \(tone.unit.rawValue) by \(tone.unit.rawValue): "
            + "\(marks.joined()) (+ positive, · neutral, - negative)"
        let doubt = tone.doubt.map { note("Doubtful: \($0)") } ?? []
        return section("Tone", TextWrapping.lines(text, width: width, first: "  ") + doubt)
    }

    private func section(_ title: String, _ lines: [String]) -> String {
        ([style.bold(title)] + lines).joined(separator: "\n")
    }

    private func note(_ text: String) -> [String] {
        TextWrapping.lines(text, width: width, first: "  – ").map(style.dim)
    }

    /// A date that may be either of two is written with "or".
    private static func readable(_ meant: String, _ kind: Entity.Kind) -> String {
        guard kind == .date, meant.hasPrefix("["), meant.hasSuffix("]") else { return meant }
        return meant.dropFirst().dropLast().split(separator: ",").joined(separator: " or ")
    }

    private func entities(_ findings: TextFindings) -> String {
        var lines = findings.entities.flatMap { entity in
            let kind = entity.kind.rawValue + String(repeating: " ", count: max(0, 10 - entity.kind.rawValue.count))
            var text = entity.text
            if let meant = entity.normalized, meant.lowercased() != entity.text.lowercased() {
                text += " = \(Self.readable(meant, entity.kind))"
            }
            if entity.isRespelled { text += " (by its sound)" }
            return TextWrapping.lines(text, width: width, first: "  " + kind)
        }
        if let reason = findings.entitiesReason { lines += note("Not all was looked for: \(reason)") }
        return lines.isEmpty ? "" : section("Names", lines)
    }
}
