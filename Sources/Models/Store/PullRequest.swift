// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What to pull.
public struct PullRequest: Sendable, Hashable {
    /// The model's name in the store.
    public let name: ModelName
    /// The repository.
    public let repository: HubRepository
    /// The branch, tag or commit.
    public let revision: String
    /// Whether a model of that name that is in the store is pulled anew.
    public var again: Bool
    let entry: CatalogueEntry?

    /// Reads a name of the catalogue, or `OWNER/NAME` of a repository, with `@REVISION` at the end if it is not `main`.
    ///
    /// - Parameters:
    ///   - text: What a person wrote.
    ///   - name: Another name for the store than that of the catalogue or repository.
    ///   - again: Whether a model of that name that is in the store is pulled anew.
    /// - Throws: ``ModelError`` with code `invalidName` or `unknownModel`.
    public init(_ text: String, as name: String? = nil, again: Bool = false) throws(ModelError) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let subject = String(parts[0])
        revision = parts.count > 1 ? String(parts[1]) : "main"
        guard (1...200).contains(revision.utf8.count), revision.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
            !revision.contains("..")
        else { throw ModelError(.invalidName, "'\(revision.printable)' can't be a revision.") }
        self.again = again
        if subject.contains("/") {
            guard let repository = HubRepository(subject) else {
                throw ModelError(.invalidName, "'\(subject.printable)' is no repository; one is written OWNER/NAME.")
            }
            let known = ModelCatalogue.entries.first { $0.source == .hub(repository) }
            self.repository = repository
            entry = known
            self.name =
                try name.map { (text) throws(ModelError) in try ModelName(text) } ?? known?.name ?? repository.name
            return
        }
        let wanted = try ModelName(subject)
        guard let entry = ModelCatalogue.entry(named: subject) else {
            let names = ModelCatalogue.entries.map(\.name.text).sorted().joined(separator: ", ")
            throw ModelError(
                .unknownModel,
                "there is no model \(wanted) in the catalogue. There are: \(names). A repository of the hub is written "
                    + "OWNER/NAME.")
        }
        switch entry.source {
        case .elsewhere(let how): throw ModelError(.unknownModel, "\(wanted) can't be pulled from a hub. \(how)")
        case .hub(let repository): self.repository = repository
        }
        self.entry = entry
        self.name = try name.map { (text) throws(ModelError) in try ModelName(text) } ?? entry.name
    }
}

/// What a pull is about to do.
public struct PullPlan: Sendable, Hashable {
    /// The model's name in the store.
    public let name: ModelName
    /// The repository.
    public let repository: String
    /// The commit.
    public let revision: String
    /// The licence that the hub states, else that of the catalogue; nil when neither does.
    public let licence: String?
    /// The files with their sizes in bytes.
    public let files: [(path: String, size: Int)]
    /// The sum of the sizes.
    public let bytes: Int
    /// How many of them are here from an earlier try.
    public let bytesHere: Int

    /// Whether all members are the same.
    public static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.repository == right.repository && left.revision == right.revision
            && left.licence == right.licence && left.bytes == right.bytes && left.bytesHere == right.bytesHere
            && left.files.elementsEqual(right.files) { $0 == $1 }
    }

    /// Feeds name and revision to the hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(revision)
    }
}

/// What happens during a pull.
public enum PullEvent: Sendable, Hashable {
    /// The hub has said what there is; the download begins now.
    case planned(PullPlan)
    /// So many bytes of all files are there.
    case progress(bytes: Int, of: Int)
    /// A request failed and is repeated after a pause.
    case retrying(reason: String, after: Duration)
}

/// What came of a pull.
public enum PullOutcome: Sendable, Hashable {
    /// The model is in the store now.
    case pulled(InstalledModel)
    /// It was there already; nothing was changed, and the hub was not asked.
    case present(InstalledModel)

    /// The model.
    public var model: InstalledModel {
        switch self {
        case .pulled(let model), .present(let model): model
        }
    }
}
