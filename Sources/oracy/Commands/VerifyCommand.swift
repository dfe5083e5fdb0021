// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import Models
import Server

/// `oracy models verify`
enum VerifyCommand {
    static let command = Command(
        name: "verify", summary: "check installed models: their digests, and whether they can be used",
        discussion: """
            Reads every file again and names those that are damaged, missing or not part of the model, and tries whether \
            the model can be used. Without a name all models are checked. The exit status is 1 when something is wrong.
            """,
        options: [ModelsCommand.format, BatchOptions.progress] + ModelsCommand.home,
        operands: Command.Operands(name: "NAME"), run: run)

    @Sendable private static func run(_ arguments: Arguments) async throws -> ExitCode {
        let store = try ConfigurationOptions.load(arguments).configuration.modelStore
        let names = arguments.operands.isEmpty ? try everything(in: store) : arguments.operands
        if names.isEmpty { Terminal.messages.note("oracy: no model is installed in \(store.folder).") }
        let reporter = ProgressReporter(arguments[BatchOptions.progress] ?? .auto, unit: "MB", total: 0)
        defer { reporter.finish() }
        var isSound = true
        for name in names {
            do {
                let report = try await store.verify(
                    name, trial: InstalledModelTrial(store: store).trial,
                    onProgress: ModelsCommand.showProgress(reporter))
                isSound = isSound && report.isSound
                try reporter.aside { try write(report, arguments) }
            } catch let error as ModelError where names.count > 1 {
                isSound = false
                reporter.note("oracy: \(error.message)")
            }
        }
        return isSound ? .success : .failure
    }

    private static func everything(in store: ModelStore) throws -> [String] {
        let contents = try store.contents()
        return contents.models.map(\.name.text) + contents.problems.map(\.name)
    }

    private static func write(_ report: VerificationReport, _ arguments: Arguments) throws {
        let name = report.model.name
        if arguments[ModelsCommand.format] == .json {
            let json: JSONObject = [
                "name": .string(name.text), "sound": .bool(report.isSound), "digest": .string(report.model.digest),
                "findings": .array(
                    report.findings.map { ["file": .string($0.path), "finding": .string($0.finding.word)] }),
                "problem": .optional(report.problem),
            ]
            return try Terminal.output.writeLine(JSONValue.object(json).text)
        }
        if report.isSound {
            let count = report.model.manifest.files.count
            return try Terminal.output.writeLine("\(name): \(count) \(count == 1 ? "file is" : "files are") sound.")
        }
        for (path, finding) in report.findings {
            try Terminal.output.writeLine("\(name): \(path) \(finding.sentence)")
        }
        if let problem = report.problem {
            try Terminal.output.writeLine(
                "\(name): its files are those that were installed, but it can't be used: \(problem)")
        }
        let isRepairable = report.findings.contains { $0.finding != .foreign }
        guard isRepairable else { return }
        if case .hub(_, let repository, let revision) = report.model.manifest.source {
            Terminal.messages.note(
                "oracy: repair it: oracy models pull --again --name \(name) \(repository)@\(revision)")
        } else {
            Terminal.messages.note("oracy: remove it and import it again: oracy models remove \(name)")
        }
    }
}

extension VerificationReport.Finding {
    fileprivate var word: String {
        switch self {
        case .damaged: "damaged"
        case .missing: "missing"
        case .foreign: "foreign"
        case .unreadable: "unreadable"
        }
    }

    fileprivate var sentence: String {
        switch self {
        case .damaged: "is damaged."
        case .missing: "is missing."
        case .foreign: "is not part of the model."
        case .unreadable(let reason): "can't be read: \(reason)"
        }
    }
}
