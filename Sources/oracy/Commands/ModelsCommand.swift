// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import Models
import Server

/// `oracy models list|pull|import|verify|remove`
enum ModelsCommand {
    /// How results are written.
    enum Format: String, Sendable, CaseIterable {
        case text, json
    }

    static let format = Option<Format>(
        "format", short: "f", value: "FORMAT", help: "How to write results.", default: .text)
    static let name = Option<String>("name", value: "NAME", help: "What to call the model in the store.")
    static let home: [any OptionDescribing] = ConfigurationOptions.only(["home"])

    static let command = Command(
        name: "models", summary: "get, check and remove models",
        discussion: """
            Models are kept in the folder models of the home folder, one folder each. The recogniser uses the best one \
            that fits unless it is told otherwise.
            """,
        subcommands: [list, PullCommand.command, ImportCommand.command, VerifyCommand.command, remove])

    private static let list = Command(
        name: "list", summary: "show what is installed and what can be had",
        discussion: "Installed models come in the order in which the recogniser would choose them.",
        options: [format] + home,
        run: { arguments in
            let store = try ConfigurationOptions.load(arguments).configuration.modelStore
            let contents = try store.contents()
            if arguments[format] == .json {
                try Terminal.output.writeLine(JSONValue.object(contents.json(of: store)).prettyText)
            } else {
                let table = ModelTable(style: Terminal.output.style)
                try Terminal.output.writeLine(table.render(contents, of: store))
            }
            return .success
        })

    private static let remove = Command(
        name: "remove", summary: "remove models",
        discussion: "What an unfinished pull has left goes too. A server that uses the model goes on until it ends.",
        options: home, operands: Command.Operands(name: "NAME", minimum: 1),
        run: { arguments in
            let store = try ConfigurationOptions.load(arguments).configuration.modelStore
            for name in arguments.operands {
                let bytes = try await store.remove(name)
                try Terminal.output.writeLine("Removed \(name): \(ModelTable.size(bytes)).")
            }
            return .success
        })

    /// Shows how many megabytes are done, at most ten times a second.
    static func showProgress(_ reporter: ProgressReporter) -> @Sendable (_ bytes: Int, _ total: Int) -> Void {
        { bytes, total in reporter.set(done: bytes / 1_000_000, of: total / 1_000_000) }
    }
}

extension InstalledModel {
    /// The model as JSON output has it.
    var json: JSONObject {
        var json = manifest.json
        json["files"] = nil
        json["format"] = nil
        json["bytes"] = .integer(Int64(manifest.totalSize))
        json["folder"] = .string(folder)
        return json
    }
}

extension StoreContents {
    fileprivate func json(of store: ModelStore) -> JSONObject {
        let names = Set(models.map(\.name))
        return [
            "folder": .string(store.folder), "installed": .array(models.map { .object($0.json) }),
            "available": .array(
                ModelCatalogue.entries.filter { !names.contains($0.name) }.map { entry in
                    [
                        "name": .string(entry.name.text), "task": .string(entry.task.rawValue),
                        "licence": .string(entry.licence), "languages": .array(entry.languages.map(JSONValue.string)),
                        "million_parameters": .number(entry.millionParameters), "summary": .string(entry.summary),
                        "repository": entry.repository.map { .string("\($0)") } ?? .null,
                    ]
                }),
            "unfinished": .array(
                unfinished.map { ["name": .string($0.name.text), "bytes": .integer(Int64($0.bytes))] }),
            "problems": .array(problems.map { ["name": .string($0.name), "message": .string($0.message)] }),
        ]
    }
}

extension CatalogueEntry {
    /// The repository, if a hub has the model.
    fileprivate var repository: HubRepository? {
        if case .hub(let repository) = source { repository } else { nil }
    }
}
