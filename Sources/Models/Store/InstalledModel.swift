// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Tries whether a model can be used: reads all that using it would. Gives what is wrong and what to do, in sentences; nil for
/// nothing.
public typealias ModelTrial = @Sendable (InstalledModel) -> String?

/// A model in the store, ready to be opened.
public struct InstalledModel: Sendable, Hashable {
    /// The folder with its files; absolute.
    public let folder: String
    /// What it is and where it came from.
    public let manifest: ModelManifest

    /// What it is called.
    public var name: ModelName { manifest.name }
    /// What it is for.
    public var task: ModelTask { manifest.task }
    /// SHA-256 over the digests of all its files: the `modelHash` of a recogniser, so that results can be reproduced.
    public var digest: String { manifest.digest }
    /// What the catalogue says of it, if it is known there.
    public var entry: CatalogueEntry? { ModelCatalogue.entry(named: name.text) }

    /// Where a file of the model is; nil when the model has no such file.
    public func location(of file: String) -> String? {
        manifest.file(file).map { "\(folder)/\($0.path)" }
    }

    /// The weights, sorted by name: one file, or the shards that the index names.
    public var weights: [String] {
        manifest.files.filter { $0.path.text.hasSuffix(".safetensors") }.map { "\(folder)/\($0.path)" }
    }

    /// Whether it can be used with so many bytes of memory: it takes about one and a half times the size of its weights, and
    /// 512 MiB for its work.
    public func fits(memory: Int = MachineMemory.bytes / 4 * 3) -> Bool {
        let (need, isTooLarge) = manifest.weightSize.addingReportingOverflow(manifest.weightSize / 2)
        return !isTooLarge && need <= memory - (512 << 20)
    }

    /// Whether it is for a language (BCP 47; what follows the first hyphen does not count). A model whose languages are
    /// not known is for all.
    public func knows(language: String) -> Bool {
        let wanted = language.prefix { $0 != "-" }.lowercased()
        return manifest.languages.isEmpty || manifest.languages.contains(wanted)
    }
}
