// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Domain

/// What an answer does about key points, for people at a terminal.
struct KeyPointTable {
    /// The widest line, in columns.
    var width: Int = 80
    /// How headings stand out.
    var style: TextStyle = .plain

    /// Each key point with its state, and under it the words that show it; then the score.
    func render(_ assessment: AnswerAssessment) -> String {
        var lines = [
            style.bold(assessment.isProposed ? "Key points (proposed from the expected answer)" : "Key points")
        ]
        for (keyPoint, result) in zip(assessment.keyPoints, assessment.results) {
            let state = result.state.rawValue
            let padded = state + String(repeating: " ", count: max(0, 14 - state.count))
            let wrapped = TextWrapping.lines(keyPoint.label, width: width, first: "  " + padded)
            lines += wrapped.enumerated().map {
                $0.offset == 0 ? $0.element.replacingFirst(state, with: colour(result.state)) : $0.element
            }
            if let evidence = result.evidence {
                lines += TextWrapping.lines("“\(evidence.text)”", width: width, first: "                ").map(
                    style.dim)
            }
            if !result.flags.isEmpty {
                let flags = result.flags.map { $0.rawValue.replacing("_", with: " ") }.joined(separator: ", ")
                lines += TextWrapping.lines("– " + flags, width: width, first: "                ").map(style.dim)
            }
        }
        if let reason = assessment.judgeReason {
            lines += TextWrapping.lines("Rules alone decided. \(reason)", width: width, first: "  ").map(style.dim)
        }
        lines.append("")
        lines += score(assessment.score)
        return lines.joined(separator: "\n")
    }

    private func score(_ score: AnswerScore) -> [String] {
        func percent(_ value: Double) -> String { "\(Int((value * 100).rounded())) %" }
        var lines = [style.bold("Score")]
        let cap = score.cap.map { ", at most \(percent($0))" } ?? ""
        lines.append("  \(percent(score.point)), between \(percent(score.low)) and \(percent(score.high))\(cap)")
        if !score.holds.isEmpty {
            let holds = score.holds.map { $0.rawValue.replacing("_", with: " ") }.joined(separator: ", ")
            lines += TextWrapping.lines("– a person has to look: " + holds, width: width, first: "  ").map(style.dim)
        }
        return lines
    }

    private func colour(_ state: KeyPointResult.State) -> String {
        switch state {
        case .covered: style.green(state.rawValue)
        case .partial: style.cyan(state.rawValue)
        case .contradicted: style.red(state.rawValue)
        case .uncertain: style.yellow(state.rawValue)
        case .missing: state.rawValue
        }
    }
}

extension String {
    fileprivate func replacingFirst(_ text: String, with other: String) -> String {
        guard let range = firstRange(of: text) else { return self }
        return replacingCharacters(in: range, other)
    }

    private func replacingCharacters(in range: Range<String.Index>, _ other: String) -> String {
        String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
