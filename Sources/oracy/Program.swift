// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// The program: finds the command, runs it, and says how it ended.
@main
enum Program {
    static let command: Command = Command(
        name: "oracy", summary: "spoken answers, transcribed, measured and shown",
        subcommands: [
            ServerCommands.serve, ServerCommands.demo, TranscribeCommand.command, LanguagesCommand.command,
            AnalyzeCommand.command,
            ModelsCommand.command, BenchCommand.command, ConfigCommand.command, AdminCommand.command,
            ServerCommands.migrate,
            VerifyAnalysesCommand.command,
            CompletionCommand.command,
            VersionCommand.command,
        ])

    static func main() async {
        exit(await run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    /// Runs a command line, without the program's name.
    private static func run(_ words: [String]) async -> ExitCode {
        do {
            switch try ArgumentParser.parse(words, program: command) {
            case .run(let command, let arguments): return try await command.run?(arguments) ?? .usage
            case .version: try Terminal.output.writeLine(VersionCommand.line)
            case .help(let command, let path):
                let help = HelpText(width: min(100, Terminal.output.columns), style: Terminal.output.style)
                try Terminal.output.writeLine(help.render(command, path: path))
            }
            return .success
        } catch let error as UsageError {
            fail(error.message)
            Terminal.messages.note("Try: \(error.command) --help")
            return .usage
        } catch let failure as CommandFailure {
            fail(failure.message)
        } catch {
            fail("\(error)")
        }
        return .failure
    }

    private static func fail(_ message: String) {
        let name = Terminal.messages.style.red("oracy:")
        for line in message.split(separator: "\n") { Terminal.messages.note("\(name) \(line)") }
    }
}
