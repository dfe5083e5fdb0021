// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Writes what a shell needs to complete the program's command lines.
struct CompletionScript {
    /// The shells that are known.
    enum Shell: String, Sendable, CaseIterable {
        case bash, zsh, fish
    }

    let program: Command

    /// The script for a shell, to be evaluated or put where the shell looks for completions.
    func text(for shell: Shell) -> String {
        switch shell {
        case .bash: bash
        case .zsh: zsh
        case .fish: fish
        }
    }

    /// Every command with the words that call it, without the program's name.
    private var commands: [(path: [String], command: Command)] {
        func below(_ command: Command, _ path: [String]) -> [(path: [String], command: Command)] {
            [(path, command)] + command.subcommands.flatMap { below($0, path + [$0.name]) }
        }
        return below(program, [])
    }

    private func offers(of command: Command) -> [String] {
        (command.operands?.choices ?? []) + (command.operands?.suggestions ?? [])
    }

    private func words(of command: Command) -> [String] {
        command.subcommands.map(\.name) + offers(of: command) + command.allOptions.map { "--" + $0.name }
    }

    private var bash: String {
        var paths = ""
        var values = ""
        for (path, command) in commands {
            let key = path.joined(separator: " ")
            paths += "        '\(key)') words='\(words(of: command).joined(separator: " "))' ;;\n"
            for option in command.allOptions where !option.choices.isEmpty {
                values += "        '\(key) --\(option.name)') words='\(option.choices.joined(separator: " "))' ;;\n"
            }
        }
        let name = program.name
        let known = commands.dropFirst().map { "'\($0.path.joined(separator: " "))'" }.joined(separator: "|")
        return """
            # bash completion for \(name): eval "$(\(name) completion bash)"
            _\(name)() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path='' words='' index
                for ((index = 1; index < COMP_CWORD; index++)); do
                    case "${path:+$path }${COMP_WORDS[index]}" in
                    \(known)) path="${path:+$path }${COMP_WORDS[index]}" ;;
                    esac
                done
                case "$path $previous" in
            \(values)    esac
                if [[ -z $words ]]; then
                    case "$path" in
            \(paths)    esac
                fi
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
                [[ ${#COMPREPLY[@]} -gt 0 || $current == -* ]] || mapfile -t COMPREPLY < <(compgen -f -- "$current")
            }
            complete -o filenames -F _\(name) \(name)
            """
    }

    private var zsh: String {
        """
        #compdef \(program.name)
        # zsh completion for \(program.name): eval "$(\(program.name) completion zsh)"
        autoload -U +X bashcompinit && bashcompinit
        \(bash)
        """
    }

    private var fish: String {
        var lines = ["# fish completion for \(program.name): \(program.name) completion fish | source"]
        for (path, command) in commands {
            let called =
                path.isEmpty
                ? "__fish_use_subcommand" : path.map { "__fish_seen_subcommand_from \($0)" }.joined(separator: "; and ")
            let start = "complete -c \(program.name) -n '\(called)'"
            lines += command.subcommands.map { "\(start) -f -a \($0.name) -d \(quoted($0.summary))" }
            lines += offers(of: command).map { "\(start) -f -a \($0)" }
            for option in command.allOptions {
                var line = "\(start) -l \(option.name)"
                if let short = option.short { line += " -s \(short)" }
                if !option.choices.isEmpty {
                    line += " -x -a \(quoted(option.choices.joined(separator: " ")))"
                } else if option.valueName != nil {
                    line += option.isPath ? " -r -F" : " -x"
                }
                lines.append("\(line) -d \(quoted(option.help))")
            }
        }
        return lines.joined(separator: "\n")
    }

    private func quoted(_ text: String) -> String {
        "'" + text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "'"
    }
}
