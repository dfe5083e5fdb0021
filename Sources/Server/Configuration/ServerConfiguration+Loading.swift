// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension ServerConfiguration {
    /// The file that is read when none is named.
    public static let defaultFile = "/etc/oracy/config.toml"

    /// Puts the configuration together: flags win over environment, environment over file, file over defaults.
    ///
    /// ```swift
    /// let loaded = try ServerConfiguration.load(
    ///     flags: ["listen": "127.0.0.1:9000"], environment: ProcessEnvironment.variables)
    /// loaded.configuration.listen.port       // 9000
    /// loaded.origin(of: "listen")            // --listen
    /// ```
    ///
    /// - Parameters:
    ///   - flags: The settings given on the command line, by key (see ``Setting/key``).
    ///   - environment: Environment variables; those that begin with `ORACY_` count.
    ///   - file: The file to read, which then must exist; nil for ``defaultFile``, if there is one.
    ///   - surroundings: Where relative paths start, and how files are read.
    /// - Throws: ``ConfigurationError`` with every problem.
    public static func load(
        flags: [String: String] = [:], environment: [String: String], file: String? = nil,
        surroundings: ConfigurationSurroundings = .system
    ) throws(ConfigurationError) -> LoadedConfiguration {
        var loader = ConfigurationLoader(environment: environment, surroundings: surroundings)
        loader.readFile(file)
        loader.readEnvironment()
        loader.readFlags(flags)
        return try loader.finish()
    }
}

private struct ConfigurationLoader {
    private struct Assignment {
        let text: String
        let base: String
        let origin: ConfigurationOrigin
    }

    let environment: [String: String]
    let surroundings: ConfigurationSurroundings
    private var assignments: [String: Assignment] = [:]
    private var problems: [ConfigurationError.Problem] = []
    private var warnings: [ConfigurationError.Problem] = []
    private var file: String?

    init(environment: [String: String], surroundings: ConfigurationSurroundings) {
        self.environment = environment.filter { $0.key.hasPrefix("ORACY_") || Self.folders.contains($0.key) }
        self.surroundings = surroundings
    }

    /// Variables that say where a program's data belongs.
    private static let folders: Set<String> = ["HOME", "STATE_DIRECTORY", "XDG_DATA_HOME"]

    /// Variables that are no settings: the configuration file's own path.
    private static let otherVariables: Set<String> = ["ORACY_CONFIG"]

    /// Variables that the inference engine reads by itself when the program begins, and what they may be.
    private static let engineVariables = [
        "ORACY_KERNELS": ["scalar", "avx2", "avx512", "avx512_vnni", "avx512_bf16", "amx"]
    ]

    private mutating func report(_ place: String, _ message: String, isUsage: Bool = false) {
        problems.append(ConfigurationError.Problem(place: place, message: message, isUsage: isUsage))
    }

    // MARK: File

    mutating func readFile(_ named: String?) {
        let variable = environment["ORACY_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let wanted = named ?? variable
        let path = absolute(wanted ?? ServerConfiguration.defaultFile)
        do {
            guard let bytes = try surroundings.readFile(path) else {
                if wanted != nil { report(named == nil ? "ORACY_CONFIG" : "--config", "there is no file \(path).") }
                return
            }
            file = path
            for entry in try TOMLDocument(parsing: bytes).entries { take(entry, of: path) }
        } catch let error as TOMLError {
            report("\(path):\(error.line)", "\(error.message).")
        } catch {
            report(path, "\(error).")
        }
    }

    private mutating func take(_ entry: TOMLDocument.Entry, of path: String) {
        let place = "\(path):\(entry.line)"
        guard let setting = Setting.named(entry.key) else {
            return report(
                place,
                "there is no setting \(entry.key)."
                    + SpellingSuggestion.hint(for: entry.key, in: Setting.all.map(\.key)))
        }
        let text: String? =
            switch (setting.kind, entry.value) {
            case (.string, .string(let text)), (.bytes, .string(let text)): text
            case (.integer, .integer(let value)), (.bytes, .integer(let value)): String(value)
            case (.boolean, .boolean(let value)): String(value)
            default: nil
            }
        guard let text else {
            let form =
                switch setting.kind {
                case .string: "text in quotes"
                case .integer: "a number without quotes"
                case .bytes: "a number, or text such as \"100 MiB\""
                case .boolean: "true or false without quotes"
                }
            return report(place, "\(entry.key) expects \(form).")
        }
        assignments[entry.key] = Assignment(
            text: text, base: folder(of: path), origin: .file(path: path, line: entry.line))
    }

    // MARK: Environment

    mutating func readEnvironment() {
        let settings = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.variable, $0) })
        let names = environment.keys.filter { $0.hasPrefix("ORACY_") && !Self.otherVariables.contains($0) }.sorted()
        for name in names {
            let value = environment[name] ?? ""
            if value.isEmpty { continue }
            if let setting = settings[name] {
                assignments[setting.key] = Assignment(
                    text: value, base: surroundings.currentFolder, origin: .environment(variable: name))
            } else if let names = Self.engineVariables[name] {
                if !names.contains(value) {
                    let message = "expects one of \(names.joined(separator: ", ")); it is not used."
                    warnings.append(ConfigurationError.Problem(place: name, message: message))
                }
            } else if name.hasSuffix("_FILE"), let setting = settings[String(name.dropLast(5))] {
                readValue(of: setting, from: absolute(value), variable: name)
            } else {
                let hint = SpellingSuggestion.hint(for: name, in: settings.keys.sorted())
                warnings.append(ConfigurationError.Problem(place: name, message: "there is no such setting.\(hint)"))
            }
        }
    }

    private mutating func readValue(of setting: Setting, from path: String, variable: String) {
        if let other = environment[setting.variable], !other.isEmpty {
            return report(variable, "\(setting.variable) is set too; unset one of them.")
        }
        do {
            guard let bytes = try surroundings.readFile(path) else {
                return report(variable, "there is no file \(path).")
            }
            guard var text = String(validating: bytes, as: UTF8.self) else {
                return report(variable, "\(path) is not valid UTF-8.")
            }
            while text.last?.isNewline == true { text.removeLast() }
            assignments[setting.key] = Assignment(
                text: text, base: surroundings.currentFolder, origin: .environmentFile(variable: variable))
        } catch {
            report(variable, "\(error).")
        }
    }

    // MARK: Flags

    mutating func readFlags(_ flags: [String: String]) {
        for (key, value) in flags {
            let flag = Setting.named(key)?.flag ?? "--\(key)"
            assignments[key] = Assignment(text: value, base: surroundings.currentFolder, origin: .flag(flag))
        }
    }

    // MARK: Result

    mutating func finish() throws(ConfigurationError) -> LoadedConfiguration {
        var configuration = ServerConfiguration(
            home: defaultHome, decoder: surroundings.programFolder + "/oracy-decode",
            workers: max(1, surroundings.processors - 1))
        for setting in Setting.all {
            if setting.key == "database" { configuration.database = .default(inHome: configuration.home) }
            guard let assignment = assignments[setting.key] else { continue }
            if !setting.apply(&configuration, assignment.text, assignment.base) {
                let name = if case .file = assignment.origin { "\(setting.key) " } else { "" }
                let isFlag = if case .flag = assignment.origin { true } else { false }
                report(assignment.origin.description, "\(name)expects \(setting.expectation).", isUsage: isFlag)
            }
        }
        if !configuration.listen.isLoopback, !configuration.isInsecure, configuration.role != .worker {
            report(
                assignments["listen"]?.origin.description ?? "listen",
                """
                \(configuration.listen.host) can be reached from other machines, and without TLS passwords and voices \
                cross the network for anyone to read. Listen on 127.0.0.1 behind a proxy with TLS, or allow it with \
                --insecure on a network that you trust.
                """)
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return LoadedConfiguration(
            configuration: configuration, origins: assignments.mapValues(\.origin), warnings: warnings, file: file)
    }

    /// As a service, what systemd made for it or /var/lib/oracy; else the place that XDG gives to a person's data.
    private var defaultHome: String {
        func folder(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
        if let state = folder("STATE_DIRECTORY")?.split(separator: ":").first { return String(state) }
        if let data = folder("XDG_DATA_HOME") { return data + "/oracy" }
        if let home = folder("HOME") { return home + "/.local/share/oracy" }
        return "/var/lib/oracy"
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(surroundings.currentFolder)/\(path)"
    }

    private func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
