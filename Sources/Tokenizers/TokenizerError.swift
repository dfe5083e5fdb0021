// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Why tokenizer files can't be used. The message quotes nothing but the names of files, members and components.
public struct TokenizerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable {
        private enum Value: String { case missing, unreadable, malformed, inconsistent, unsupported }
        private let value: Value
        /// A file is not there.
        public static let missing = Code(value: .missing)
        /// A file can't be read.
        public static let unreadable = Code(value: .unreadable)
        /// A file has not the form that it must have.
        public static let malformed = Code(value: .malformed)
        /// The parts of the files contradict each other.
        public static let inconsistent = Code(value: .inconsistent)
        /// The files describe a tokenizer of another kind.
        public static let unsupported = Code(value: .unsupported)
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong and what to do, for a person.
    public let message: String

    /// Creates an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
