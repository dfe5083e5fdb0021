// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What is in a store.
public struct StoreContents: Sendable {
    /// A folder that is no usable model.
    public struct Problem: Sendable, Hashable {
        /// The folder's name.
        public let name: String
        /// What is wrong and what to do.
        public let message: String
        /// What should be there, if its manifest can be read.
        public let manifest: ModelManifest?
    }

    /// A pull that has not come to its end.
    public struct Unfinished: Sendable, Hashable {
        /// The model's name.
        public let name: ModelName
        /// How many bytes are there.
        public let bytes: Int
    }

    /// The models, in order of preference (``ModelCatalogue/entries``), those outside the catalogue last.
    public let models: [InstalledModel]
    /// Folders that are no usable models.
    public let problems: [Problem]
    /// Pulls that the same command would go on with.
    public let unfinished: [Unfinished]
}

extension ModelStore {
    /// Looks through the store. Blocks for a moment; a store that does not exist is empty.
    ///
    /// - Throws: ``ModelError`` with code `fileSystem` when the folder can't be read.
    public func contents() throws(ModelError) -> StoreContents {
        var models: [InstalledModel] = []
        var problems: [StoreContents.Problem] = []
        for entry in try Folder.names(in: folder) where !entry.hasPrefix(".") {
            guard Folder.kind(of: "\(folder)/\(entry)") == .folder else { continue }
            do throws(ModelError) {
                models.append(try open(entry))
            } catch {
                let manifest = (try? ModelName(entry)).flatMap { try? read($0).manifest }
                problems.append(.init(name: entry.printable, message: error.message, manifest: manifest))
            }
        }
        var unfinished: [StoreContents.Unfinished] = []
        for entry in try Folder.names(in: incoming) {
            guard let name = try? ModelName(entry) else { continue }
            let bytes = try Folder.files(below: "\(incoming)/\(entry)").reduce(0) { sum, file in
                if case .file(let size) = file.kind { sum + size } else { sum }
            }
            unfinished.append(.init(name: name, bytes: bytes))
        }
        return StoreContents(
            models: models.sorted { Self.isBetter($0, $1) }, problems: problems, unfinished: unfinished)
    }

    /// The usable models for a task, the best first.
    ///
    /// - Throws: ``ModelError`` with code `fileSystem` when the folder can't be read.
    public func installed(task: ModelTask) throws(ModelError) -> [InstalledModel] {
        try contents().models.filter { $0.task == task }
    }

    /// The best usable model for a task.
    ///
    /// - Parameters:
    ///   - task: What it is for.
    ///   - language: The language it must know (BCP 47). Without one, a model that knows several comes before those for
    ///     one language only, as it must find the language itself.
    ///   - memory: How many bytes it may take; by default three quarters of the machine's. A model takes about one and a
    ///     half times the size of its weights, and 512 MiB for its work.
    /// - Returns: The first in the order of ``ModelCatalogue/entries`` that fits, or nil.
    /// - Throws: ``ModelError`` with code `fileSystem` when the folder can't be read.
    public func best(
        for task: ModelTask, language: String? = nil, memory: Int = MachineMemory.bytes / 4 * 3
    ) throws(ModelError) -> InstalledModel? {
        let fitting = try installed(task: task).filter { $0.fits(memory: memory) }
        if let language { return fitting.first { $0.knows(language: language) } }
        return fitting.first { $0.manifest.languages.count != 1 } ?? fitting.first
    }

    private static func isBetter(_ left: InstalledModel, _ right: InstalledModel) -> Bool {
        let (first, second) = (ModelCatalogue.rank(of: left.name), ModelCatalogue.rank(of: right.name))
        return first == second ? left.name < right.name : first < second
    }
}
