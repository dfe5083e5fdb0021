// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Server

/// The options that set the server's configuration, the same for every command that uses it.
enum ConfigurationOptions {
    static let file = Option<String>(
        "config", value: "FILE", help: "Read settings from this file.", default: ServerConfiguration.defaultFile,
        isPath: true)

    /// The options of `serve`: `--config`, and one for each setting that has a flag.
    static let all: [any OptionDescribing] = [file] + settings.map(\.option)

    /// `--config` and the options of some settings.
    static func only(_ keys: Set<String>) -> [any OptionDescribing] {
        [file] + settings.filter { keys.contains($0.key) }.map(\.option)
    }

    /// Puts the configuration together from the command line, the environment and the file, and notes what looks wrong.
    ///
    /// - Throws: ``UsageError`` when only flags are wrong, else ``CommandFailure``.
    static func load(_ arguments: Arguments) throws -> LoadedConfiguration {
        var flags: [String: String] = [:]
        for setting in settings { flags[setting.key] = setting.value(arguments) }
        do throws(ConfigurationError) {
            let loaded = try ServerConfiguration.load(
                flags: flags, environment: ProcessEnvironment.variables, file: arguments[file])
            for warning in loaded.warnings { Terminal.messages.note("oracy: \(warning)") }
            return loaded
        } catch {
            guard error.problems.allSatisfy(\.isUsage) else { throw CommandFailure(error.description) }
            throw UsageError(message: error.description, command: arguments.command)
        }
    }

    private struct FlagSetting: Sendable {
        let key: String
        let option: any OptionDescribing
        let value: @Sendable (Arguments) -> String?
    }

    private static let settings: [FlagSetting] = Setting.all.compactMap { setting in
        guard let flag = setting.flag else { return nil }
        let name = String(flag.dropFirst(2))
        if setting.kind == .boolean {
            let option = Option<Bool>(flag: name, help: setting.summary)
            return FlagSetting(key: setting.key, option: option) { $0.has(option) ? "true" : nil }
        }
        let option = Option<String>(
            name, value: setting.placeholder, help: setting.summary, isPath: setting.expectation == "a path")
        return FlagSetting(key: setting.key, option: option) { $0[option] }
    }
}

extension Setting {
    /// What the value stands for in help texts.
    fileprivate var placeholder: String {
        switch key {
        case "listen": "ADDRESS:PORT"
        case "database": "URL"
        case "public_origin": "ORIGIN"
        case "role": "all|api|worker"
        case "home", "pocketsphinx_model": "FOLDER"
        case "decoder": "PROGRAM"
        case "voice_activity": "auto|silero|spectral"
        case "precision", "text_precision": "auto|f32|bf16|int8"
        default: kind == .integer ? "N" : "VALUE"
        }
    }
}
