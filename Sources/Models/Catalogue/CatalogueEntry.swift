// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A model that is known by name.
///
/// What stands here are facts of the model's card; digests never do: they are learnt from the hub at the first pull.
public struct CatalogueEntry: Sendable, Hashable {
    /// Where a model can be had.
    public enum Source: Sendable, Hashable {
        /// A repository of the hub, pulled at its branch `main`.
        case hub(HubRepository)
        /// Files to fetch by other means and import; the text says how.
        case elsewhere(how: String)
    }

    /// What it is called.
    public let name: ModelName
    /// What it is for.
    public let task: ModelTask
    /// The licence on the model's card; what the hub states at the time of a pull counts.
    public let licence: String
    /// The languages it is for (BCP 47); empty when that does not matter.
    public let languages: [String]
    /// How many parameters it has, in millions, as its card says.
    public let millionParameters: Double
    /// Where it can be had.
    public let source: Source
    /// What to know, in one sentence without a full stop.
    public let summary: String

    /// Whether it is for one language only.
    public var isMonolingual: Bool { languages.count == 1 }
}
