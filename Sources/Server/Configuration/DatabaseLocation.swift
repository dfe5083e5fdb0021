// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Which database a server uses.
public enum DatabaseLocation: Sendable, Hashable, CustomStringConvertible {
    /// The embedded database, in a file.
    case sqlite(path: String)

    /// The embedded database in the server's folder.
    public static func `default`(inHome home: String) -> DatabaseLocation { .sqlite(path: home + "/oracy.db") }

    /// Reads `sqlite:PATH`; nil for anything else.
    public init?(_ text: String) {
        guard text.hasPrefix("sqlite:") else { return nil }
        let path = String(text.dropFirst("sqlite:".count))
        guard !path.isEmpty, !path.utf8.contains(0) else { return nil }
        self = .sqlite(path: path)
    }

    /// The form that ``init(_:)`` reads.
    public var description: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        }
    }
}
