// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// `oracy completion`
enum CompletionCommand {
    static let command: Command = Command(
        name: "completion", summary: "print a script that completes command lines in a shell",
        operands: Command.Operands(
            name: "SHELL", minimum: 1, maximum: 1, choices: CompletionScript.Shell.allCases.map(\.rawValue)),
        examples: [
            Command.Example(
                line: #"eval "$(oracy completion bash)""#,
                meaning: "Complete in this shell; put it in ~/.bashrc to keep.")
        ],
        run: { arguments in
            guard let shell = arguments.operands.first.flatMap(CompletionScript.Shell.init) else { return .usage }
            try Terminal.output.writeLine(CompletionScript(program: Program.command).text(for: shell))
            return .success
        })
}
