// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Why a text encoder can't be used. The message tells a person what to do and quotes no text.
public struct TextEncoderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable {
        private enum Value: String { case unreadable, malformed, unsupported }
        private let value: Value
        /// A file is missing or can't be read.
        public static let unreadable = Code(value: .unreadable)
        /// A file is not what its name says, or the files contradict each other.
        public static let malformed = Code(value: .malformed)
        /// The files are valid, but of a model that is not run here, or not for what was asked.
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
