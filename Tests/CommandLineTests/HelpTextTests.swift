// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import TestPrograms
import Testing

@testable import oracy

@Suite("Help and completion")
struct HelpTextTests {
    private static func commands(
        _ command: oracy.Command, _ path: [String]
    ) -> [(command: oracy.Command, path: [String])] {
        [(command, path)] + command.subcommands.flatMap { commands($0, path + [$0.name]) }
    }

    @Test func `lays out usage, options and examples`() {
        let text = HelpText(width: 60).render(ArgumentParserTests.program.subcommands[0], path: ["tool", "paint"])
        #expect(
            text == """
                tool paint: paint files.

                Usage: tool paint [OPTIONS] FILE...

                Options:
                  -c, --colour COLOUR  The colour. One of red, green, blue.
                                       Default: red.
                  -n, --count N        How many. From 0 to 10.
                  -l, --label TEXT     A label.
                  -a, --all            Everything.
                  -b, --bare           Nothing else.
                  -h, --help           Show this help.
                """)
    }

    @Test(arguments: [40, 80, 100])
    func `fits every command's help into the width`(width: Int) {
        for (command, path) in Self.commands(Program.command, ["oracy"]) {
            let text = HelpText(width: width).render(command, path: path)
            // Examples are to be copied and stay on one line; the narrowest column of explanations is 24 wide.
            let examples = Set(command.examples.map { "  " + $0.line })
            for line in text.split(separator: "\n") where !examples.contains(String(line)) && !line.hasPrefix("Usage") {
                #expect(line.count <= max(width, 60), "\(path): \(line)")
            }
        }
    }

    @Test func `gives every command a summary without full stop and every option a sentence`() {
        for (command, path) in Self.commands(Program.command, ["oracy"]) {
            #expect(!command.summary.hasSuffix("."), "\(path)")
            #expect((command.run == nil) == !command.subcommands.isEmpty, "\(path)")
            for option in command.allOptions { #expect(option.help.hasSuffix("."), "\(path) --\(option.name)") }
            let names = command.allOptions.map(\.name)
            #expect(Set(names).count == names.count, "\(path) has an option twice")
            let letters = command.allOptions.compactMap(\.short)
            #expect(Set(letters).count == letters.count, "\(path) has a short option twice")
        }
    }

    @Test func `keeps every example understandable to the parser`() throws {
        for (command, path) in Self.commands(Program.command, ["oracy"]) {
            for example in command.examples where example.line.hasPrefix("oracy ") {
                // Spaces between single quotes belong to a word, as in a shell.
                let quoted = example.line.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap {
                    $0 % 2 == 1 ? [String($1)] : $1.split(separator: " ").map(String.init)
                }
                let words = quoted.prefix { !"|>".contains($0) }
                let invocation = try ArgumentParser.parse(Array(words.dropFirst()), program: Program.command)
                guard case .run(let found, _) = invocation else {
                    Issue.record("\(example.line) runs nothing")
                    continue
                }
                #expect(found.name == command.name, "\(path): \(example.line)")
            }
        }
    }

    @Test(arguments: [
        ("oracy ", "config"), ("oracy con", "config"), ("oracy config ", "print"),
        ("oracy config print --fo", "--format"),
        ("oracy config print --format ", "json"), ("oracy completion z", "zsh"),
    ])
    func `completes command lines in bash`(line: String, expected: String) throws {
        let script = CompletionScript(program: Program.command).text(for: .bash)
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map { "'\($0)'" }.joined(
            separator: " ")
        let test = """
            \(script)
            COMP_WORDS=(\(words)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _oracy; printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = try ProgramRun.run("/bin/bash", ["-c", test])
        #expect(result.output.split(separator: "\n").contains(Substring(expected)), "\(result)")
        #expect(result.errors.isEmpty)
    }
}
