// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Why the measuring could not be set up. The message never contains what was said.
public struct AnalysisError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable {
        private enum Value: String { case invalidConfiguration, dictionaryUnreadable }
        private let value: Value
        /// A parameter is outside its range.
        public static let invalidConfiguration = Code(value: .invalidConfiguration)
        /// The pronunciation dictionary that was asked for can't be read.
        public static let dictionaryUnreadable = Code(value: .dictionaryUnreadable)
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do, for a person.
    public let message: String

    /// Creates an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
