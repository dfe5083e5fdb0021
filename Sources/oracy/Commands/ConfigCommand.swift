// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import Server

/// `oracy config check|print`
enum ConfigCommand {
    /// How the configuration is printed.
    enum Format: String, Sendable, CaseIterable {
        case text, json
    }

    static let format = Option<Format>(
        "format", short: "f", value: "FORMAT", help: "How to print it; text is a configuration file.", default: .text)

    static let command = Command(
        name: "config", summary: "check or print the server's settings",
        discussion: """
            Flags win over environment variables (ORACY_...), these over the file, and the file over defaults.
            """,
        subcommands: [
            Command(
                name: "check", summary: "say whether the settings can be used", options: ConfigurationOptions.all,
                examples: [
                    Command.Example(
                        line: "oracy config check --config oracy.toml", meaning: "Look at a new file first.")
                ],
                run: check),
            Command(
                name: "print", summary: "print every setting with its source",
                discussion: "Secrets are masked.", options: [format] + ConfigurationOptions.all, run: printAll),
        ])

    @Sendable private static func check(_ arguments: Arguments) async throws -> ExitCode {
        let loaded = try ConfigurationOptions.load(arguments)
        let count = loaded.origins.count
        let source = loaded.file.map { ", file \($0)" } ?? ", no file"
        try Terminal.output.writeLine("The settings are fine: \(count) set, the rest default\(source).")
        return .success
    }

    @Sendable private static func printAll(_ arguments: Arguments) async throws -> ExitCode {
        let loaded = try ConfigurationOptions.load(arguments)
        let text = arguments[format] == .json ? loaded.json.prettyText : loaded.text
        try Terminal.output.writeLine(text)
        return .success
    }
}
