// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import Models
import Server

/// `oracy models import`
enum ImportCommand {
    private static let task = Option<ModelTask>(
        "task", value: "TASK", help: "What the model is for, when its files don't say.", default: nil)
    private static let licence = Option<String>(
        "licence", value: "NAME", help: "Its licence, such as apache-2.0, when its card (README.md) does not say.")
    private static let link = Option<Bool>(
        flag: "link", help: "Give the files a second name instead of copying them, on the same disk.")
    private static let ifMissing = Option<Bool>(
        flag: "if-missing", help: "Do nothing when there is a model of that name already.")

    static let command = Command(
        name: "import", summary: "take a model from a folder",
        discussion: """
            The folder is laid out as Hugging Face does: config.json, model.safetensors or its parts, and the tokenizer's \
            files. A folder of its cache will do. It stays as it is. Weights that are Python pickles are refused: they \
            can run programs when they are read.

            The model is tried before it is installed: every tensor is read, and its tokenizer and labels are checked.
            """,
        options: [ModelsCommand.name, task, licence, link, ifMissing, ModelsCommand.format, BatchOptions.progress]
            + ModelsCommand.home,
        operands: Command.Operands(name: "FOLDER", minimum: 1, maximum: 1),
        examples: [
            Command.Example(
                line: "oracy models import ./whisper-nurse --licence mit", meaning: "A model that was trained here.")
        ],
        run: { arguments in
            var request = ImportRequest(folder: arguments.operands[0], name: arguments[ModelsCommand.name])
            request.task = arguments[task]
            request.licence = arguments[licence]
            request.linksFiles = arguments[link]
            let store = try ConfigurationOptions.load(arguments).configuration.modelStore
            request.trial = InstalledModelTrial(store: store).trial
            if arguments[ifMissing] {
                let name = request.name ?? request.folder.split(separator: "/").last.map(String.init) ?? ""
                if (try? store.open(name)) != nil { return .success }
            }
            let reporter = ProgressReporter(arguments[BatchOptions.progress] ?? .auto, unit: "MB", total: 0)
            defer { reporter.finish() }
            let model = try await store.importModel(request, onProgress: ModelsCommand.showProgress(reporter))
            reporter.finish()
            if arguments[ModelsCommand.format] == .json {
                try Terminal.output.writeLine(JSONValue.object(model.json).text)
                return .success
            }
            let licence = model.manifest.licence.map { "licence \($0)" } ?? "its licence is not stated"
            try Terminal.output.writeLine(
                "Installed \(model.name) for \(model.task.rawValue): \(ModelTable.size(model.manifest.totalSize)), "
                    + "\(licence), digest \(model.digest.prefix(12)).")
            return .success
        })
}
