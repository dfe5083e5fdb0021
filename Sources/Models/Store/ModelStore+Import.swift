// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Glibc

/// How a folder is imported.
public struct ImportRequest: Sendable {
    /// The folder; links in it are followed, as caches of Hugging Face consist of them.
    public var folder: String
    /// The model's name in the store; nil for the folder's.
    public var name: String?
    /// What it is for; nil to find out from its files.
    public var task: ModelTask?
    /// Its licence; nil to find out from its card (`README.md`).
    public var licence: String?
    /// Whether files become further names of the same content (hard links) where that is possible, instead of copies.
    public var linksFiles: Bool = false
    /// Tries whether the model can be used, before it is in the store; nil to take it as it is.
    public var trial: ModelTrial?

    /// Creates a request.
    public init(folder: String, name: String? = nil) {
        self.folder = folder
        self.name = name
    }
}

extension ModelStore {
    /// Puts a model of this machine into the store; its folder stays as it is.
    ///
    /// - Parameters:
    ///   - request: What to import.
    ///   - onProgress: Called from another thread with the bytes that are done, and those in all.
    /// - Throws: ``ModelError``: `invalidFolder` or `pickleOnly` when it can't be used, `foreignFile` when a file is not
    ///   what its name says, `busy` when there is a model of that name already.
    @discardableResult
    public func importModel(
        _ request: ImportRequest, onProgress: @escaping @Sendable (_ bytes: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> InstalledModel {
        try await offPool("oracy-import") { cancellation in
            try ModelImport(store: self, request: request, cancellation: cancellation, onProgress: onProgress).run()
        }
    }
}

/// One import, on its own thread.
private struct ModelImport {
    let store: ModelStore
    let request: ImportRequest
    let cancellation: PullCancellation
    let onProgress: (Int, Int) -> Void

    func run() throws(ModelError) -> InstalledModel {
        guard let source = realpath(request.folder, nil) else {
            throw ModelError("open", request.folder, errno: errno)
        }
        defer { free(source) }
        let folder = String(cString: source)
        let name = try ModelName(request.name ?? folder.split(separator: "/").last.map(String.init) ?? "")
        guard Folder.kind(of: store.folder(of: name)) == nil else {
            throw ModelError(
                .busy,
                "there is a model \(name) already. Remove it first (oracy models remove \(name)), or choose another "
                    + "name with --name.")
        }
        let contents = try ModelContents(choosingFrom: Folder.filesBehindLinks(below: folder), in: folder)
        for path in contents.paths { try check(path, in: folder) }
        let facts = try facts(contents, folder, name)
        let entry = ModelCatalogue.entry(named: name.text)
        guard let task = request.task ?? facts.task ?? entry?.task else {
            throw ModelError(
                .invalidFolder, "\(folder) does not say what the model is for; say it with --task.")
        }
        let workspace = try Workspace(for: name, in: store)
        do throws(ModelError) {
            // What a pull of the same name has left is of no use here.
            try workspace.keepOnly([])
            let files = try take(contents.paths, from: folder, into: workspace)
            let manifest = ModelManifest(
                name: name, task: task, licence: request.licence ?? facts.licence,
                languages: facts.languages.isEmpty && entry?.task == task ? entry?.languages ?? [] : facts.languages,
                source: .folder(path: folder), files: files, installedAt: WallClock.system.now())
            if let problem = request.trial?(InstalledModel(folder: workspace.path, manifest: manifest)) {
                let words = problem.replacing("\(workspace.path): ", with: "").replacing(workspace.path, with: folder)
                throw ModelError(.invalidFolder, "\(folder) can't be used: \(words) Nothing was installed.")
            }
            return try workspace.install(manifest)
        } catch {
            workspace.discard()
            rmdir(store.incoming)
            throw error
        }
    }

    private func check(_ path: ModelPath, in folder: String) throws(ModelError) {
        do throws(ModelError) {
            try FileCheck.check(path, at: "\(folder)/\(path)")
        } catch  where error.code == .foreignFile {
            throw ModelError(
                .foreignFile, "\(folder) can't be used: \(error.message) Fetch that file again. Nothing was installed.")
        }
    }

    private func facts(_ contents: ModelContents, _ folder: String, _ name: ModelName) throws(ModelError) -> ModelFacts
    {
        do throws(ModelError) {
            return try ModelFacts(paths: contents.paths) { (file) throws(ModelError) in
                guard access("\(folder)/\(file)", F_OK) == 0 else { return nil }
                let file = try OpenFile(reading: "\(folder)/\(file)")
                return try file.read(upTo: min(try file.size(), FileCheck.byteLimit), at: 0)
            }
        } catch {
            throw ModelError(error.code, "\(folder) can't be used: \(error.message)")
        }
    }

    private func take(
        _ paths: [ModelPath], from folder: String, into workspace: Workspace
    ) throws(ModelError) -> [ModelManifest.File] {
        var total = 0
        for path in paths {
            let (sum, isTooLarge) = total.addingReportingOverflow(try OpenFile(reading: "\(folder)/\(path)").size())
            guard !isTooLarge else { throw ModelError(.tooLarge, "\(folder) is larger than any disk.") }
            total = sum
        }
        if !request.linksFiles, let room = Folder.room(in: store.incoming), room < total + (256 << 20) {
            throw ModelError(
                .diskFull,
                "the model needs \(total >> 20) MiB, and \(store.folder) has room for \(room >> 20) MiB, of which 256 stay "
                    + "free. Make room, or link the files with --link.")
        }
        var files: [ModelManifest.File] = []
        var done = 0
        for path in paths {
            let source = try OpenFile(reading: "\(folder)/\(path)")
            let location = try workspace.location(of: path)
            let size = try source.size()
            var digest = FileDigest(size: size, stated: nil)
            var count = 0
            let isLinked = request.linksFiles && Self.link("\(folder)/\(path)", location)
            let target = isLinked ? nil : try OpenFile(appendingTo: location)
            try source.forEachPiece { (piece) throws(ModelError) in
                try cancellation.check()
                digest.update(piece)
                try target?.append(piece)
                count += piece.count
                done += piece.count
                onProgress(done, total)
            }
            try target?.synchronize()
            guard count == size else {
                throw ModelError(.fileSystem, "\(folder)/\(path) was changed while it was read. Import it again.")
            }
            files.append(
                ModelManifest.File(
                    path: path, size: count, sha256: digest.finish().sha256, evidence: .computed,
                    learntAt: WallClock.system.now()))
        }
        return files
    }

    /// Gives a file another name, its target if it is a symbolic link; false where that is not possible.
    private static func link(_ path: String, _ other: String) -> Bool {
        linkat(AT_FDCWD, path, AT_FDCWD, other, AT_SYMLINK_FOLLOW) == 0
    }
}
