// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Lays out what `--help` shows.
struct HelpText {
    /// The widest line, in columns.
    var width: Int = 80
    /// How headings stand out.
    var style: TextStyle = .plain

    /// The help of a command that is called by the words of `path`.
    func render(_ command: Command, path: [String]) -> String {
        let isProgram = path.count == 1
        var sections = [wrap("\(style.bold(path.joined(separator: " "))): \(command.summary).", indent: 0)]
        sections.append(usage(of: command, path: path).map { "\(style.bold("Usage:")) \($0)" }.joined(separator: "\n"))
        if !command.discussion.isEmpty {
            sections += command.discussion.split(separator: "\n\n").map { wrap(String($0), indent: 0) }
        }
        if !command.subcommands.isEmpty {
            sections.append(table("Commands", command.subcommands.map { ($0.name, sentence($0.summary)) }))
        }
        let options = command.allOptions + (isProgram ? [Command.version.definition] : [])
        sections.append(table("Options", options.map { (spelling(of: $0), explanation(of: $0)) }))
        if !command.examples.isEmpty {
            let lines = command.examples.map { "  \($0.line)\n" + wrap($0.meaning, indent: 6) }
            sections.append("\(style.bold("Examples:"))\n" + lines.joined(separator: "\n"))
        }
        if !command.subcommands.isEmpty {
            sections.append("\(path.joined(separator: " ")) COMMAND --help explains a command.")
        }
        return sections.joined(separator: "\n\n")
    }

    private func sentence(_ summary: String) -> String { summary.prefix(1).uppercased() + summary.dropFirst() + "." }

    private func usage(of command: Command, path: [String]) -> [String] {
        let name = path.joined(separator: " ")
        if !command.subcommands.isEmpty { return ["\(name) COMMAND [OPTIONS]"] }
        guard let operands = command.operands else { return ["\(name) [OPTIONS]"] }
        let word = operands.maximum > 1 ? operands.name + "..." : operands.name
        return ["\(name) [OPTIONS] \(operands.minimum == 0 ? "[\(word)]" : word)"]
    }

    private func spelling(of option: OptionDefinition) -> String {
        let short = option.short.map { "-\($0), " } ?? "    "
        return short + "--" + option.name + (option.valueName.map { " " + $0 } ?? "")
    }

    private func explanation(of option: OptionDefinition) -> String {
        var text = option.help
        if !option.choices.isEmpty { text += " One of \(option.choices.joined(separator: ", "))." }
        if let range = option.range { text += " From \(range)." }
        if let standard = option.defaultText { text += " Default: \(standard)." }
        return text
    }

    /// Two columns under a heading; an entry too wide for the first one has its explanation on the next line.
    private func table(_ heading: String, _ rows: [(String, String)]) -> String {
        let column = min(28, rows.map(\.0.count).max() ?? 0) + 4
        let lines = rows.map { name, text in
            let body = wrap(text, indent: column)
            guard name.count + 4 <= column else { return "  \(name)\n\(body)" }
            return "  \(name)" + String(repeating: " ", count: column - name.count - 2) + body.dropFirst(column)
        }
        return "\(style.bold("\(heading):"))\n" + lines.joined(separator: "\n")
    }

    /// Breaks a paragraph between words; lines begin with `indent` spaces.
    private func wrap(_ text: String, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        let room = max(24, width - indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, TextStyle.width(of: line) + 1 + TextStyle.width(of: word) > room {
                lines.append(margin + line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        if !line.isEmpty { lines.append(margin + line) }
        return lines.joined(separator: "\n")
    }
}
