// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain

/// Entities and tone for people at a terminal.
struct FindingsTable {
    /// How headings stand out.
    var style: TextStyle = .plain

    /// The tone as a line of marks, one a sentence, and each thing that is named with what is meant.
    func render(_ findings: TextFindings) -> String {
        [tone(findings), entities(findings)].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func tone(_ findings: TextFindings) -> String {
        guard let tone = findings.tone else {
            return findings.toneReason.map { "\(style.bold("Tone"))\n  – Not known: \($0)" } ?? ""
        }
        let marks = tone.sentences.map { sentence in
            switch sentence.label {
            case .positive: "+"
            case .neutral: "·"
            case .negative: "-"
            }
        }
        let score = MeasureTable.text(tone.score)
        return "\(style.bold("Tone"))\n  \(tone.label.rawValue) \(score), sentence by sentence: \(marks.joined())"
    }

    private func entities(_ findings: TextFindings) -> String {
        var lines = findings.entities.map { entity in
            let kind = entity.kind.rawValue + String(repeating: " ", count: max(0, 10 - entity.kind.rawValue.count))
            var line = "  \(kind)\(entity.text)"
            if let meant = entity.normalized, meant.lowercased() != entity.text.lowercased() { line += " = \(meant)" }
            if entity.isRespelled { line += " (by its sound)" }
            return line
        }
        if let reason = findings.entitiesReason { lines.append("  – Not all was looked for: \(reason)") }
        return lines.isEmpty ? "" : ([style.bold("Names")] + lines).joined(separator: "\n")
    }
}
