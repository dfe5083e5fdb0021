// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Glibc

extension ModelStore {
    /// Pulls a model from a hub, or goes on with a pull that was interrupted.
    ///
    /// What has arrived when a connection breaks, the task is cancelled or the process ends is kept outside the store
    /// for the next try; what turns out wrong is removed.
    ///
    /// - Parameters:
    ///   - request: What to pull.
    ///   - configuration: From where.
    ///   - onEvent: Called from another thread with what happens; first with the plan.
    /// - Throws: ``ModelError``.
    @discardableResult
    public func pull(
        _ request: PullRequest, from configuration: HubConfiguration,
        onEvent: @escaping @Sendable (PullEvent) -> Void = { _ in }
    ) async throws -> PullOutcome {
        try await offPool("oracy-pull") { cancellation in
            try Pull(
                store: self, request: request, configuration: configuration, cancellation: cancellation,
                onEvent: onEvent
            ).run()
        }
    }
}

/// One pull, on its own thread.
private struct Pull {
    let store: ModelStore
    let request: PullRequest
    let configuration: HubConfiguration
    let cancellation: PullCancellation
    let onEvent: (PullEvent) -> Void

    func run() throws(ModelError) -> PullOutcome {
        let present = Result { () throws(ModelError) in try store.open(request.name.text) }
        if case .success(let model) = present, !request.again { return .present(model) }
        if case .failure(let error) = present, error.code != .notInstalled, !request.again { throw error }
        let workspace = try Workspace(for: request.name, in: store)
        do throws(ModelError) {
            return .pulled(try fill(workspace, replacing: try? present.get()))
        } catch {
            // What can't be gone on with must not stay.
            let isResumable = FileDownload.resumableErrors.contains(error.code)
            let left = try Folder.names(in: workspace.path)
            if !isResumable || left.isEmpty { workspace.discard() }
            rmdir(store.incoming)
            throw error
        }
    }

    private func fill(_ workspace: Workspace, replacing old: InstalledModel?) throws(ModelError) -> InstalledModel {
        let client = try HubClient(configuration, cancellation: cancellation) { reason, pause in
            onEvent(.retrying(reason: reason, after: pause))
        }
        let revision = try client.revision(of: request.repository, request.revision)
        let listed = try client.files(of: request.repository, commit: revision.commit)
        let contents = try ModelContents(choosingFrom: listed.map(\.path), in: "\(request.repository)")
        let wanted = Set(contents.paths)
        let files = listed.filter { wanted.contains($0.path) }.sorted { $0.path < $1.path }
        if let old { try check(files, of: revision, against: old) }
        let total = try totalSize(files)
        try workspace.keepOnly(Set(files.map(\.path.text)))
        let here = files.map { file in
            if case .file(let size) = Folder.kind(of: "\(workspace.path)/\(file.path)") {
                min(size, file.size)
            } else {
                0
            }
        }
        let plan = PullPlan(
            name: request.name, repository: "\(request.repository)", revision: revision.commit,
            licence: revision.licence ?? request.entry?.licence, files: files.map { ($0.path.text, $0.size) },
            bytes: total, bytesHere: here.reduce(0, +))
        onEvent(.planned(plan))
        try checkRoom(for: total - plan.bytesHere)
        var entries: [ModelManifest.File] = []
        var bytes = 0
        for file in files {
            entries.append(try fetch(file, revision.commit, client, workspace, before: bytes, total))
            bytes += file.size
        }
        return try install(entries, plan, workspace)
    }

    private func fetch(
        _ file: HubFile, _ commit: String, _ client: HubClient, _ workspace: Workspace, before: Int, _ total: Int
    ) throws(ModelError) -> ModelManifest.File {
        let location = try workspace.location(of: file.path)
        let download = FileDownload(
            client: client, repository: request.repository, commit: commit, file: file, location: location,
            onProgress: { onEvent(.progress(bytes: before + $0, of: total)) })
        let digest = try download.run()
        do throws(ModelError) {
            try FileCheck.check(file.path, at: location)
        } catch {
            unlink(location)
            throw error
        }
        return ModelManifest.File(
            path: file.path, size: file.size, sha256: digest, evidence: file.stated.evidence,
            learntAt: WallClock.system.now())
    }

    private func install(
        _ files: [ModelManifest.File], _ plan: PullPlan, _ workspace: Workspace
    ) throws(ModelError) -> InstalledModel {
        let facts: ModelFacts
        do throws(ModelError) {
            facts = try ModelFacts(paths: files.map(\.path)) { (name) throws(ModelError) in
                guard case .file(let size) = Folder.kind(of: "\(workspace.path)/\(name)") else { return nil }
                return try OpenFile(reading: "\(workspace.path)/\(name)").read(
                    upTo: min(size, FileCheck.byteLimit), at: 0)
            }
        } catch {
            workspace.discard()
            throw ModelError(error.code, "\(plan.repository) can't be used: \(error.message)")
        }
        guard let task = request.entry?.task ?? facts.task, facts.task == nil || facts.task == task else {
            workspace.discard()
            throw ModelError(
                .invalidFolder,
                "\(plan.repository) is no model that Oracy has a use for: its config.json names neither a recogniser of "
                    + "speech nor an encoder of text.")
        }
        let languages = facts.languages.isEmpty ? request.entry?.languages ?? [] : facts.languages
        return try workspace.install(
            ModelManifest(
                name: request.name, task: task, licence: plan.licence,
                // The distilled models have the multilingual vocabulary, but were taught English only.
                languages: request.entry?.languages ?? languages,
                source: .hub(
                    address: "\(configuration.hub)", repository: plan.repository, revision: plan.revision),
                files: files, installedAt: WallClock.system.now()))
    }

    // MARK: Checks

    private func totalSize(_ files: [HubFile]) throws(ModelError) -> Int {
        var total = 0
        for file in files {
            let (sum, isTooLarge) = total.addingReportingOverflow(file.size)
            guard file.size <= configuration.fileBytes, !isTooLarge, sum <= configuration.modelBytes else {
                throw ModelError(
                    .tooLarge,
                    "\(request.repository) states \(file.size) bytes for \(file.path.text.printable): more than any model "
                        + "that Oracy can use. Nothing was pulled.")
            }
            total = sum
        }
        return total
    }

    private func checkRoom(for bytes: Int) throws(ModelError) {
        // What a full disk would do to the database beside the models is worse than no model.
        guard let room = Folder.room(in: store.incoming), room < bytes + (256 << 20) else { return }
        throw ModelError(
            .diskFull,
            "\(request.name) needs \(bytes >> 20) MiB, and \(store.folder) has room for \(room >> 20) MiB, of which 256 stay "
                + "free. Make room, or choose another folder with --home.")
    }

    /// A commit never changes: the hub must not state another digest for it than it did before.
    private func check(
        _ files: [HubFile], of revision: HubRevision, against old: InstalledModel
    ) throws(ModelError) {
        guard case .hub(_, "\(request.repository)", revision.commit) = old.manifest.source else { return }
        for file in files {
            guard case .sha256(let stated) = file.stated, let known = old.manifest.file(file.path.text),
                known.evidence != .computed, known.sha256 != stated
            else { continue }
            throw ModelError(
                .digestMismatch,
                "\(configuration.hub) states another digest for \(file.path) of \(request.repository) at the same commit "
                    + "than when it was first pulled. A commit can't change, so the mirror may not be honest. Nothing was "
                    + "pulled.")
        }
    }
}
