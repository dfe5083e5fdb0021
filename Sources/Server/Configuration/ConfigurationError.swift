// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Why a configuration can't be used: every problem that was found, not only the first.
///
/// Messages never quote the value of a secret.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One thing to put right.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// Where it stands: a flag, an environment variable, or a file with a line.
        public let place: String
        /// What is wrong and what to do.
        public let message: String
        /// Whether a value on the command line is not one that its flag takes.
        public let isUsage: Bool

        init(place: String, message: String, isUsage: Bool = false) {
            self.place = place
            self.message = message
            self.isUsage = isUsage
        }

        /// The place and the message.
        public var description: String { place.isEmpty ? message : "\(place): \(message)" }
    }

    /// The problems, in the order of sources.
    public let problems: [Problem]

    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Where a value of the configuration comes from; later cases win over earlier ones.
public enum ConfigurationOrigin: Sendable, Hashable, CustomStringConvertible {
    /// Nobody set it.
    case `default`
    /// A line of the file.
    case file(path: String, line: Int)
    /// An environment variable.
    case environment(variable: String)
    /// A file that an environment variable (`ORACY_..._FILE`) names.
    case environmentFile(variable: String)
    /// A flag on the command line.
    case flag(String)

    /// The place, as a person would look for it.
    public var description: String {
        switch self {
        case .default: "default"
        case .file(let path, let line): "\(path):\(line)"
        case .environment(let variable), .environmentFile(let variable): variable
        case .flag(let name): name
        }
    }
}
