// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import JSON

/// The models of this machine: a folder with a folder for each, laid out as Hugging Face does, with a manifest of ours.
///
/// A model appears in the store complete or not at all: it is put together in `.incoming/NAME`, synced, and renamed.
/// Everything that takes long runs on a thread of its own.
///
/// ```swift
/// let store = ModelStore(folder: home + "/models")
/// let hub = HubConfiguration(hub: address)
/// try await store.pull(PullRequest("whisper-base"), from: hub) { print($0) }
/// let model = try store.open("whisper-base")
/// model.location(of: "config.json")
/// ```
public struct ModelStore: Sendable, Hashable {
    /// The folder; absolute. It need not exist.
    public let folder: String

    /// Names a store; nothing is read or made.
    public init(folder: String) { self.folder = folder }

    /// Where models are put together.
    var incoming: String { folder + "/.incoming" }

    func folder(of name: ModelName) -> String { "\(folder)/\(name)" }

    /// Opens a model: reads its manifest, and checks that every file is there with its size. Digests are checked by
    /// ``verify(_:onFile:)`` only.
    ///
    /// Blocks for a moment.
    ///
    /// - Throws: ``ModelError`` with code `invalidName`, `notInstalled` or `damaged`.
    public func open(_ name: String) throws(ModelError) -> InstalledModel {
        let model = try read(ModelName(name))
        for file in model.manifest.files {
            guard Folder.kind(of: "\(model.folder)/\(file.path)") == .file(size: file.size) else {
                throw ModelError(
                    .damaged,
                    "the model \(name) is damaged: \(file.path) is missing or has another size. See: oracy models verify "
                        + "\(name). To get it anew: \(Self.renewal(of: model)).")
            }
        }
        return model
    }

    /// The commands that put a model in place again.
    private static func renewal(of model: InstalledModel) -> String {
        guard case .folder(let path) = model.manifest.source else { return "oracy models pull --again \(model.name)" }
        return "oracy models remove \(model.name), then oracy models import --name \(model.name) \(path)"
    }

    /// Reads a manifest without looking at the files.
    func read(_ name: ModelName) throws(ModelError) -> InstalledModel {
        let path = folder(of: name)
        guard Folder.kind(of: path) == .folder else { throw Self.notInstalled(name) }
        let file = "\(path)/\(ModelManifest.fileName)"
        guard case .file(let size) = Folder.kind(of: file), size <= ModelManifest.byteLimit else {
            throw ModelError(
                .damaged,
                "\(path) has no manifest (\(ModelManifest.fileName)), so nobody knows what it should hold. Move it "
                    + "elsewhere and import it: oracy models import FOLDER.")
        }
        let manifest: ModelManifest
        do {
            manifest = try ModelManifest(
                parsing: OpenFile(reading: file, followsLinks: false).read(upTo: ModelManifest.byteLimit, at: 0))
        } catch {
            throw ModelError(error.code, "the model \(name) can't be used: \(error.message)")
        }
        guard manifest.name == name else {
            throw ModelError(.damaged, "\(path) holds the manifest of another model, \(manifest.name).")
        }
        return InstalledModel(folder: path, manifest: manifest)
    }

    static func notInstalled(_ name: ModelName) -> ModelError {
        if case .elsewhere(let how) = ModelCatalogue.entry(named: name.text)?.source {
            return ModelError(.notInstalled, "there is no model \(name) in the store. \(how)")
        }
        let advice =
            ModelCatalogue.entry(named: name.text) == nil
            ? "See what there is: oracy models list." : "Get it: oracy models pull \(name)."
        return ModelError(.notInstalled, "there is no model \(name) in the store. \(advice)")
    }
}
