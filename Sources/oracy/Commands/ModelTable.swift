// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Models

/// Models as a table for people.
struct ModelTable {
    /// How headings stand out.
    var style: TextStyle = .plain

    /// Installed models, those that can be had, and what needs attention.
    func render(_ contents: StoreContents, of store: ModelStore) -> String {
        var sections: [String] = []
        let installed = contents.models.map { model in
            [
                model.name.text, Self.size(model.manifest.totalSize), model.manifest.licence ?? "not stated",
                model.task.rawValue, Self.languages(model.manifest.languages), String(model.digest.prefix(12)),
            ]
        }
        if installed.isEmpty {
            sections.append("No model is installed in \(store.folder).")
        } else {
            let heading = ["", "size", "licence", "task", "languages", "digest"]
            sections.append(style.bold("Installed in \(store.folder)") + "\n" + columns([heading] + installed))
        }
        if !contents.problems.isEmpty {
            let lines = contents.problems.map { "  \($0.name): \($0.message)" }
            sections.append(style.red("Unusable") + "\n" + lines.joined(separator: "\n"))
        }
        if !contents.unfinished.isEmpty {
            let lines = contents.unfinished.map { "  \($0.name): \(Self.size($0.bytes)) are here" }
            sections.append(
                style.bold("Unfinished (pull goes on, remove removes it)") + "\n" + lines.joined(separator: "\n"))
        }
        let names = Set(contents.models.map(\.name))
        let available = ModelCatalogue.entries.filter { !names.contains($0.name) }.map { entry in
            [
                entry.name.text, Self.parameters(entry.millionParameters), entry.licence, entry.task.rawValue,
                Self.languages(entry.languages), entry.summary,
            ]
        }
        if !available.isEmpty {
            let heading = ["", "parameters", "licence", "task", "languages", ""]
            sections.append(style.bold("Available (oracy models pull NAME)") + "\n" + columns([heading] + available))
        }
        return sections.joined(separator: "\n\n")
    }

    private func columns(_ rows: [[String]]) -> String {
        let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.enumerated().map { index, row in
            var line = " "
            for (cell, width) in zip(row, widths) {
                line += " " + cell + String(repeating: " ", count: width - cell.count + 1)
            }
            while line.last == " " { line.removeLast() }
            return index == 0 ? style.dim(line) : line
        }.joined(separator: "\n")
    }

    /// A size as people say it: `850 kB`, `290 MB`, `1.6 GB`.
    static func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1000: "\(bytes) B"
        case ..<999_500: "\((bytes + 500) / 1000) kB"
        case ..<999_500_000: "\((bytes + 500_000) / 1_000_000) MB"
        default: "\(bytes / 1_000_000_000).\(bytes / 100_000_000 % 10) GB"
        }
    }

    private static func parameters(_ millions: Double) -> String {
        millions == millions.rounded() ? "\(Int(millions)) M" : "\(millions) M"
    }

    private static func languages(_ languages: [String]) -> String {
        switch languages.count {
        case 0: "any"
        case 1...3: languages.joined(separator: ", ")
        default: "\(languages.count)"
        }
    }
}
