// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Server

/// What a person put on the command line, checked against the command's options.
struct Arguments: Sendable {
    /// The words that called the command, such as `oracy transcribe`.
    fileprivate(set) var command = "oracy"
    /// The words that are no options, in order.
    fileprivate(set) var operands: [String] = []
    private var values: [String: [any Sendable]] = [:]

    /// The value of an option, the last one when it was repeated; nil when it was not given.
    subscript<Value>(_ option: Option<Value>) -> Value? { self[all: option].last }

    /// Whether an option without a value was given.
    subscript(_ option: Option<Bool>) -> Bool { has(option) }

    /// All values of an option, in order.
    subscript<Value>(all option: Option<Value>) -> [Value] {
        values[option.definition.name, default: []].compactMap { $0 as? Value }
    }

    /// Whether an option was given.
    func has(_ option: some OptionDescribing) -> Bool { values[option.definition.name] != nil }

    fileprivate mutating func add(_ value: any Sendable, to option: OptionDefinition) {
        values[option.name, default: []].append(value)
    }
}

/// What a command line asks for.
enum Invocation: Sendable {
    /// Running a command.
    case run(Command, Arguments)
    /// Explaining a command, called by these words.
    case help(Command, path: [String])
    /// Saying which version this is.
    case version
}

/// Reads command lines by the conventions of GNU: `--name value`, `--name=value`, `-n value`, `-nvalue`, flags together
/// (`-ab`), options and operands in any order, and `--` before operands that look like options.
struct ArgumentParser {
    private let words: [String]
    private var index = 0
    private var path: [String]
    private var command: Command
    private var arguments = Arguments()

    /// What `words` (without the program's name) ask of `program`.
    static func parse(_ words: [String], program: Command) throws(UsageError) -> Invocation {
        var parser = ArgumentParser(words: words, program: program)
        return try parser.invocation()
    }

    private init(words: [String], program: Command) {
        self.words = words
        command = program
        path = [program.name]
    }

    private mutating func invocation() throws(UsageError) -> Invocation {
        while let word = next() {
            if word == "--" {
                while let operand = next() { try take(operand) }
            } else if word.hasPrefix("--") {
                try takeLong(word)
            } else if word.hasPrefix("-"), word != "-" {
                try takeShort(word)
            } else if path.count == 1, word == "help", command.subcommand("help") == nil {
                return try help()
            } else {
                try take(word)
            }
            if arguments[Command.help] { return .help(command, path: path) }
            if arguments[Command.version] { return .version }
        }
        guard command.run != nil else {
            if words.isEmpty { return .help(command, path: path) }
            throw fault("say which one: \(command.subcommands.map(\.name).joined(separator: ", ")).")
        }
        if let operands = command.operands, arguments.operands.count < operands.minimum {
            throw fault("\(operands.name) is missing.")
        }
        arguments.command = path.joined(separator: " ")
        return .run(command, arguments)
    }

    private mutating func next() -> String? {
        guard index < words.count else { return nil }
        defer { index += 1 }
        return words[index]
    }

    private func fault(_ message: String) -> UsageError {
        UsageError(message: message, command: path.joined(separator: " "))
    }

    /// `help transcribe` is the same as `transcribe --help`.
    private mutating func help() throws(UsageError) -> Invocation {
        while let word = next() { try take(word) }
        return .help(command, path: path)
    }

    private var options: [OptionDefinition] {
        command.allOptions + (path.count == 1 ? [Command.version.definition] : [])
    }

    private mutating func take(_ word: String) throws(UsageError) {
        if !command.subcommands.isEmpty {
            guard let subcommand = command.subcommand(word) else {
                let hint = SpellingSuggestion.hint(for: word, in: command.subcommands.map(\.name))
                throw fault("there is no command '\(word)'.\(hint)")
            }
            command = subcommand
            path.append(word)
        } else {
            guard let operands = command.operands, arguments.operands.count < operands.maximum else {
                throw fault("'\(word)' is one word too many.")
            }
            guard operands.choices.isEmpty || operands.choices.contains(word) else {
                let hint = SpellingSuggestion.hint(for: word, in: operands.choices)
                throw fault("\(operands.name) is one of \(operands.choices.joined(separator: ", ")).\(hint)")
            }
            arguments.operands.append(word)
        }
    }

    private mutating func takeLong(_ word: String) throws(UsageError) {
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = options.first(where: { $0.name == name }) else {
            let hint = SpellingSuggestion.hint(for: "--" + name, in: options.map { "--" + $0.name })
            throw fault("there is no option --\(name).\(hint)")
        }
        if parts.count > 1 {
            guard option.valueName != nil else { throw fault("--\(name) takes no value.") }
            try set(option, String(parts[1]), as: "--\(name)")
        } else {
            try set(option, try value(of: option, as: "--\(name)"), as: "--\(name)")
        }
    }

    private mutating func takeShort(_ word: String) throws(UsageError) {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            guard let option = options.first(where: { $0.short == letter }) else {
                throw fault("there is no option -\(letter).")
            }
            if option.valueName != nil, !letters.isEmpty {
                try set(option, String(letters), as: "-\(letter)")
                return
            }
            try set(option, try value(of: option, as: "-\(letter)"), as: "-\(letter)")
        }
    }

    /// The next word, unless the option takes no value.
    private mutating func value(of option: OptionDefinition, as spelling: String) throws(UsageError) -> String {
        guard let name = option.valueName else { return "" }
        guard let word = next(), !isOption(word) else {
            throw fault("\(spelling) needs a value: \(spelling) \(name), where \(name) is \(option.expectation).")
        }
        return word
    }

    private func isOption(_ word: String) -> Bool {
        options.contains { word == "--" + $0.name || word.hasPrefix("--\($0.name)=") }
    }

    private mutating func set(
        _ option: OptionDefinition, _ text: String, as spelling: String
    ) throws(UsageError) {
        if !option.isRepeatable, option.valueName != nil, arguments.contains(option) {
            throw fault("\(spelling) is given twice.")
        }
        guard let value = option.parse(text) else {
            let hint = SpellingSuggestion.hint(for: text, in: option.choices)
            throw fault("\(spelling) expects \(option.expectation), not '\(text)'.\(hint)")
        }
        arguments.add(value, to: option)
    }
}

extension Arguments {
    fileprivate func contains(_ option: OptionDefinition) -> Bool { values[option.name] != nil }
}
