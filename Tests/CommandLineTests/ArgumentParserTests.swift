// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TestRandom
import Testing

@testable import oracy

@Suite("Command lines")
struct ArgumentParserTests {
    enum Colour: String, Sendable, CaseIterable { case red, green, blue }

    static let colour = Option<Colour>("colour", short: "c", value: "COLOUR", help: "The colour.", default: .red)
    static let count = Option<Int>("count", short: "n", value: "N", help: "How many.", in: 0...10)
    static let label = Option<String>("label", short: "l", value: "TEXT", help: "A label.", isRepeatable: true)
    static let all = Option<Bool>(flag: "all", short: "a", help: "Everything.")
    static let bare = Option<Bool>(flag: "bare", short: "b", help: "Nothing else.")

    static let program = Command(
        name: "tool", summary: "does things",
        subcommands: [
            Command(
                name: "paint", summary: "paint files", options: [colour, count, label, all, bare],
                operands: Command.Operands(name: "FILE", minimum: 1), run: { _ in .success }),
            Command(
                name: "store", summary: "keep things",
                subcommands: [
                    Command(
                        name: "open", summary: "open it",
                        operands: Command.Operands(name: "DOOR", maximum: 1, choices: ["left", "right"]),
                        run: { _ in .success }),
                    Command(name: "close", summary: "close it", run: { _ in .success }),
                ]),
        ])

    private func arguments(_ words: String...) throws -> Arguments {
        guard case .run(_, let arguments) = try ArgumentParser.parse(words, program: Self.program) else {
            throw UsageError(message: "not a run", command: "")
        }
        return arguments
    }

    private func fault(_ words: [String]) -> String? {
        do {
            _ = try ArgumentParser.parse(words, program: Self.program)
            return nil
        } catch {
            return error.message
        }
    }

    @Test(arguments: [
        ["paint", "--colour", "green", "--count", "3", "x"], ["paint", "--colour=green", "--count=3", "x"],
        ["paint", "-c", "green", "-n", "3", "x"], ["paint", "-cgreen", "-n3", "x"],
        ["paint", "x", "--count=3", "-c", "green"], ["paint", "-c", "green", "-n3", "--", "x"],
    ])
    func `accepts every way to write an option`(words: [String]) throws {
        guard case .run(let command, let arguments) = try ArgumentParser.parse(words, program: Self.program) else {
            Issue.record("not a run")
            return
        }
        #expect(command.name == "paint")
        #expect(arguments[Self.colour] == .green)
        #expect(arguments[Self.count] == 3)
        #expect(arguments.operands == ["x"])
    }

    @Test func `takes flags one by one or together, and values at the end of a cluster`() throws {
        let both = try arguments("paint", "-ab", "x")
        #expect(both[Self.all] && both[Self.bare])
        let one = try arguments("paint", "-an4", "x")
        #expect(one[Self.all] && !one[Self.bare])
        #expect(one[Self.count] == 4)
        #expect(try arguments("paint", "x")[Self.all] == false)
        #expect(try arguments("paint", "x")[Self.count] == nil)
    }

    @Test func `collects repeated options in order`() throws {
        let arguments = try arguments("paint", "-l", "one", "--label=two", "x", "-lthree")
        #expect(arguments[all: Self.label] == ["one", "two", "three"])
        #expect(arguments[Self.label] == "three")
    }

    @Test func `treats everything after two dashes, and a lone dash, as operands`() throws {
        #expect(try arguments("paint", "-a", "--", "--all", "-x").operands == ["--all", "-x"])
        #expect(try arguments("paint", "-").operands == ["-"])
    }

    @Test func `keeps an equals sign and an option-like word inside values`() throws {
        #expect(try arguments("paint", "--label=a=b", "x")[Self.label] == "a=b")
        #expect(try arguments("paint", "--label", "-3", "x")[Self.label] == "-3")
    }

    @Test func `finds nested commands and their operands`() throws {
        #expect(try arguments("store", "open", "left").operands == ["left"])
        #expect(try arguments("store", "close").operands.isEmpty)
    }

    @Test(arguments: [
        (["pain", "x"], "there is no command 'pain'. Did you mean paint?"),
        (["frobnicate"], "there is no command 'frobnicate'."),
        (["paint", "--color", "red", "x"], "there is no option --color. Did you mean --colour?"),
        (["paint", "--COUNT=1", "x"], "there is no option --COUNT. Did you mean --count?"),
        (["paint", "-z", "x"], "there is no option -z."),
        (["paint", "--colour", "gren", "x"], "--colour expects red, green or blue, not 'gren'. Did you mean green?"),
        (["paint", "-n", "11", "x"], "-n expects a whole number from 0 to 10, not '11'."),
        (["paint", "--count=two", "x"], "--count expects a whole number from 0 to 10, not 'two'."),
        (
            ["paint", "x", "--count"],
            "--count needs a value: --count N, where N is a whole number from 0 to 10."
        ),
        (
            ["paint", "--label", "--all", "x"],
            "--label needs a value: --label TEXT, where TEXT is some text."
        ),
        (["paint", "--label=", "x"], "--label expects some text, not ''."),
        (["paint", "--all=yes", "x"], "--all takes no value."),
        (["paint", "-n1", "--count=2", "x"], "--count is given twice."),
        (["paint"], "FILE is missing."),
        (["store"], "say which one: open, close."),
        (["store", "close", "now"], "'now' is one word too many."),
        (["store", "open", "lefft"], "DOOR is one of left, right. Did you mean left?"),
        (["--all"], "there is no option --all."),
        (["paint", "--version"], "there is no option --version."),
    ])
    func `says what is wrong and what was meant`(words: [String], message: String) {
        #expect(fault(words) == message)
    }

    @Test func `names the command that was called`() {
        #expect {
            _ = try ArgumentParser.parse(["store", "open", "--x"], program: Self.program)
        } throws: { error in
            (error as? UsageError)?.command == "tool store open"
        }
    }

    @Test(arguments: [
        (["--help"], ["tool"]), (["-h"], ["tool"]), ([], ["tool"]), (["help"], ["tool"]),
        (["paint", "--help"], ["tool", "paint"]),
        (["help", "store", "open"], ["tool", "store", "open"]), (["store", "-h"], ["tool", "store"]),
        (["paint", "-h", "--nonsense"], ["tool", "paint"]),
    ])
    func `explains commands on request`(words: [String], path: [String]) throws {
        guard case .help(let command, let found) = try ArgumentParser.parse(words, program: Self.program) else {
            Issue.record("no help")
            return
        }
        #expect(found == path)
        #expect(command.name == path.last)
    }

    @Test func `says its version`() throws {
        guard case .version = try ArgumentParser.parse(["--version"], program: Self.program) else {
            Issue.record("no version")
            return
        }
    }

    @Test func `never fails otherwise, whatever is typed`() {
        let pieces = [
            "paint", "store", "open", "-", "--", "-a", "-nx", "--count", "=", "--label=", "help", "-h=", "é", "--é", "",
        ]
        var generator = SplitMix(seed: 7)
        for _ in 0..<2000 {
            let words = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                pieces.randomElement(using: &generator)!
            }
            if let message = fault(words) { #expect(message.hasSuffix(".") || message.hasSuffix("?"), "\(words)") }
        }
    }
}
