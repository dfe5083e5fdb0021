// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import Models
import Server

/// `oracy models pull`
enum PullCommand {
    private static let again = Option<Bool>(
        flag: "again", help: "Pull a model that is installed once more, to update or repair it.")
    private static let mirror = Option<String>(
        "mirror", value: "ADDRESS", help: "Pull from this hub instead of that of the settings.")

    static let command = Command(
        name: "pull", summary: "download models",
        discussion: """
            A model is a name that oracy models list shows, or OWNER/NAME of a repository on the hub; @REVISION at its \
            end chooses a branch, tag or commit. Its licence is shown before the download begins.

            Every file is checked against the digest that the hub states for it. A download that was interrupted goes on \
            where it stopped when the same command is given again.

            ORACY_MODELS_MIRROR chooses another hub, ORACY_MODELS_TOKEN holds the token for models that are given to \
            some only, https_proxy names a proxy.
            """,
        options: [ModelsCommand.name, again, mirror, ModelsCommand.format, BatchOptions.progress] + ModelsCommand.home,
        operands: Command.Operands(
            name: "MODEL", minimum: 1,
            suggestions: ModelCatalogue.entries.map(\.name.text)),
        examples: [
            Command.Example(line: "oracy models pull whisper-base", meaning: "Recognise 99 languages."),
            Command.Example(
                line: "oracy models pull ada/whisper-nurse@v2 --name nurse", meaning: "A model of somebody's own."),
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) async throws -> ExitCode {
        let requests = try requests(arguments)
        Interruption.watch { "oracy: interrupted; the same command goes on where it stopped." }
        let configuration = try ConfigurationOptions.load(arguments).configuration
        var hub = HubConfiguration(hub: configuration.modelSource.mirror, token: configuration.modelSource.token)
        if let text = arguments[mirror] {
            guard let address = HubAddress(text) else {
                throw fault("--mirror expects an address such as https://mirror.example.org, not '\(text)'.")
            }
            // The token is meant for the hub of the settings.
            if address != hub.hub { hub.token = nil }
            hub.hub = address
        }
        for request in requests {
            let outcome = try await pull(request, from: hub, into: configuration.modelStore, arguments)
            try report(outcome, arguments)
        }
        return .success
    }

    private static func pull(
        _ request: PullRequest, from hub: HubConfiguration, into store: ModelStore, _ arguments: Arguments
    ) async throws -> PullOutcome {
        let reporter = ProgressReporter(arguments[BatchOptions.progress] ?? .auto, unit: "MB", total: 0)
        defer { reporter.finish() }
        let show = ModelsCommand.showProgress(reporter)
        return try await store.pull(request, from: hub) { event in
            switch event {
            case .planned(let plan): reporter.note("oracy: \(sentence(plan))")
            case .progress(let bytes, let total): show(bytes, total)
            case .retrying(let reason, let pause):
                reporter.note("oracy: \(request.name): \(reason); trying again in \(pause.components.seconds) s.")
            }
        }
    }

    private static func sentence(_ plan: PullPlan) -> String {
        let here = plan.bytesHere > 0 ? ", of which \(ModelTable.size(plan.bytesHere)) are here," : ""
        let licence = plan.licence.map { "licence \($0)" } ?? "its licence is not stated"
        return "\(plan.name): \(licence); \(ModelTable.size(plan.bytes))\(here) from \(plan.repository) at "
            + "\(plan.revision.prefix(12))."
    }

    private static func report(_ outcome: PullOutcome, _ arguments: Arguments) throws {
        let model = outcome.model
        if arguments[ModelsCommand.format] == .json {
            return try Terminal.output.writeLine(JSONValue.object(model.json).text)
        }
        switch outcome {
        case .pulled:
            try Terminal.output.writeLine(
                "Installed \(model.name): \(ModelTable.size(model.manifest.totalSize)), digest \(model.digest.prefix(12))."
            )
        case .present:
            try Terminal.output.writeLine("\(model.name) is installed already; --again pulls it once more.")
        }
    }

    private static func requests(_ arguments: Arguments) throws(UsageError) -> [PullRequest] {
        if arguments.has(ModelsCommand.name), arguments.operands.count > 1 {
            throw fault("--name is for one model at a time.")
        }
        var requests: [PullRequest] = []
        for text in arguments.operands {
            do {
                requests.append(try PullRequest(text, as: arguments[ModelsCommand.name], again: arguments[again]))
            } catch {
                let names = ModelCatalogue.entries.map(\.name.text)
                throw fault(error.message + SpellingSuggestion.hint(for: text, in: names))
            }
        }
        return requests
    }

    private static func fault(_ message: String) -> UsageError {
        UsageError(message: message, command: "oracy models pull")
    }
}
