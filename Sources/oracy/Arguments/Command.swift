// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// One command of the program, or the program itself: what it takes, what it does, and how it is explained.
struct Command: Sendable {
    /// Words that follow the options, such as file names.
    struct Operands: Sendable {
        /// What one stands for, in capitals: `FILE`.
        let name: String
        /// How many there must be at least.
        var minimum: Int = 0
        /// How many there may be at most.
        var maximum: Int = .max
        /// The only words that are accepted; empty for any.
        var choices: [String] = []
        /// Words that a shell offers; others are accepted too.
        var suggestions: [String] = []
    }

    /// A command line to copy, with what it does.
    struct Example: Sendable {
        let line: String
        let meaning: String
    }

    /// The word that calls it.
    let name: String
    /// What it does, in one line without a full stop.
    let summary: String
    /// What else there is to know, in paragraphs.
    var discussion: String = ""
    /// The options it understands, besides `--help`.
    var options: [any OptionDescribing] = []
    /// The words it takes; nil for none.
    var operands: Operands?
    /// Command lines to copy.
    var examples: [Example] = []
    /// The commands below it; when there are any, one of them must be called.
    var subcommands: [Command] = []
    /// Does the work.
    var run: (@Sendable (Arguments) async throws -> ExitCode)?

    /// `--help`, which every command understands.
    static let help = Option<Bool>(flag: "help", short: "h", help: "Show this help.")
    /// `--version`, which the program understands.
    static let version = Option<Bool>(flag: "version", help: "Show the version.")

    /// All options, with those that every command has.
    var allOptions: [OptionDefinition] { options.map(\.definition) + [Self.help.definition] }

    func subcommand(_ name: String) -> Command? { subcommands.first { $0.name == name } }
}

/// How a command ended, as the exit status says it.
enum ExitCode: Int32, Sendable {
    /// All was done.
    case success = 0
    /// Something failed.
    case failure = 1
    /// The command line was wrong (EX_USAGE of sysexits.h).
    case usage = 64
}

/// The command line can't be understood.
struct UsageError: Error, Sendable, Equatable {
    /// What is wrong, and what was probably meant.
    let message: String
    /// The words that called the command, such as `oracy transcribe`.
    let command: String
}

/// A command could not do what it was asked for.
struct CommandFailure: Error, Sendable {
    /// What happened, where, and what to do; one or more lines.
    let message: String

    init(_ message: String) { self.message = message }
}
