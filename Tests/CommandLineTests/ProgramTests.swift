// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import Server
import TestPrograms
import Testing

@testable import oracy

@Suite("The program")
struct ProgramTests {
    @Test func `shows help and version`() throws {
        let help = try ProgramRun.oracy(["--help"])
        #expect(help.status == 0 && help.errors.isEmpty)
        for command in Program.command.subcommands { #expect(help.output.contains("  \(command.name) ")) }
        #expect(try ProgramRun.oracy([]).output == help.output)
        #expect(try ProgramRun.oracy(["help"]).output == help.output)
        for words in [["--version"], ["version"]] {
            #expect(try ProgramRun.oracy(words).output == "oracy \(Release.version)\n")
        }
    }

    @Test func `writes no escape sequences where nobody looks`() throws {
        #expect(!(try ProgramRun.oracy(["--help"]).output.contains("\u{1B}")))
        #expect(!(try ProgramRun.oracy(["nonsense"]).errors.contains("\u{1B}")))
    }

    @Test(arguments: [
        (["nonsense"], "oracy: there is no command 'nonsense'.\nTry: oracy --help\n"),
        (["analyse"], "oracy: there is no command 'analyse'. Did you mean analyze?\nTry: oracy --help\n"),
        (
            ["config", "print", "--formt", "json"],
            "oracy: there is no option --formt. Did you mean --format?\nTry: oracy config print --help\n"
        ),
        (["config"], "oracy: say which one: check, print.\nTry: oracy config --help\n"),
        (["completion"], "oracy: SHELL is missing.\nTry: oracy completion --help\n"),
    ])
    func `exits with 64 and says what was meant`(words: [String], errors: String) throws {
        let result = try ProgramRun.oracy(words)
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(result.errors == errors)
    }

    @Test func `knows the commands that the Makefile gives it`() throws {
        let makefile = try String(contentsOfFile: Self.root + "Makefile", encoding: .utf8)
        let commands = makefile.matches(of: /release\/oracy ([^|;\n]+)/).map { match in
            match.1.split(separator: " ").map { String($0).replacing("\"$$home\"", with: "/nowhere") }
        }
        #expect(commands.count >= 4)
        for command in commands {
            let help = try ProgramRun.oracy(command + ["--help"])
            #expect(help.status == 0, "\(command): \(help.errors)")
        }
    }

    private static let root = String(#filePath.dropLast("Tests/CommandLineTests/ProgramTests.swift".count))

    @Test func `checks and prints the configuration`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("home = \"data\"\n[limits]\naudio_seconds = 60\n", to: "c.toml")
        let environment = ["ORACY_SETUP_TOKEN": "marker-marker-marker", "ORACY_LOG_LEVEL": "debug"]
        let check = try ProgramRun.oracy(
            ["config", "check", "--config", file, "--listen", ":9000"], environment: environment)
        #expect(check.status == 0 && check.errors.isEmpty)
        #expect(check.output == "The settings are fine: 5 set, the rest default, file \(file).\n")
        let print = try ProgramRun.oracy(
            ["config", "print", "--format=json", "--config=c.toml", "--listen", ":9000"], environment: environment,
            folder: folder.path)
        let json = try JSONValue(parsing: print.output)
        #expect(json["listen"] == ["value": "127.0.0.1:9000", "source": "--listen"])
        #expect(json["home"]?["value"] == .string(folder.path("data")))
        #expect(json["limits.audio_seconds"]?["value"] == 60)
        #expect(json["log.level"]?["source"] == "ORACY_LOG_LEVEL")
        #expect(!print.output.contains("marker"))
    }

    @Test func `reports all problems of a configuration`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("wrokers = 2\nlisten = \"0.0.0.0:80\"\n", to: "c.toml")
        let result = try ProgramRun.oracy(["config", "check", "--config", file])
        #expect(result.status == 1 && result.output.isEmpty)
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first == "oracy: \(file):1: there is no setting wrokers. Did you mean workers?")
        #expect(lines.last?.hasPrefix("oracy: \(file):2: 0.0.0.0 can be reached from other machines") == true)
    }

    @Test func `documents every setting with its default`() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/configuration.md").path
        let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").filter {
            $0.hasPrefix("| `")
        }
        let documented = rows.map { String($0.dropFirst(3).prefix { $0 != "`" }) }
        #expect(documented == Setting.all.map(\.key))
        let defaults = try ServerConfiguration.load(environment: ["HOME": "/h"]).text
        for row in rows {
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let key = cells[0].trimmingCharacters(in: ["`"])
            guard cells[1].hasPrefix("`"), !cells[1].contains("HOME"), !cells[1].contains("beside") else { continue }
            let name = key.split(separator: ".").last ?? ""
            let value = cells[1].trimmingCharacters(in: ["`"])
            #expect(
                defaults.contains("\n\(name) = \(value) ") || defaults.contains("\(name) = \"\(value)\" "),
                "\(key) is documented as \(value)")
        }
    }

    @Test func `documents every command`() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../docs/cli.md"
        ).path
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for command in Program.command.subcommands {
            #expect(text.contains("`oracy \(command.name)`"), "\(command.name)")
        }
    }
}
