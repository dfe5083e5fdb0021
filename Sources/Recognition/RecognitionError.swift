// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Why a recogniser gave no transcript. The message never contains what was said.
public struct RecognitionError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable {
        private enum Value: String { case unsupportedLanguage, modelMissing, modelInvalid, engineFailed, cancelled }
        private let value: Value
        /// The engine does not know the chosen language.
        public static let unsupportedLanguage = Code(value: .unsupportedLanguage)
        /// The model's files are not installed.
        public static let modelMissing = Code(value: .modelMissing)
        /// The model's files can't be used.
        public static let modelInvalid = Code(value: .modelInvalid)
        /// The engine gave up.
        public static let engineFailed = Code(value: .engineFailed)
        /// The task was cancelled.
        public static let cancelled = Code(value: .cancelled)
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
