// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Domain

/// Feedback for people at a terminal.
struct FeedbackTable {
    /// The widest line, in columns.
    var width: Int = 80
    /// How headings stand out.
    var style: TextStyle = .plain

    /// A line an item, in order; empty without any.
    func render(_ items: [FeedbackItem], _ templates: FeedbackTemplates) -> String {
        guard !items.isEmpty else { return "" }
        var lines = [style.bold("Feedback")]
        for item in items {
            let text = templates.text(of: item, language: FeedbackTemplates.fallback)
            lines += TextWrapping.lines(text, width: width, first: item.kind == .strength ? "  + " : "  → ")
        }
        return lines.joined(separator: "\n")
    }
}
