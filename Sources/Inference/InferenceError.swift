// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Why a model's weights can't be used, or a computation can't be done. The message tells a person what to do.
public struct InferenceError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable {
        private enum Value: String { case unreadable, malformed, missingTensor, wrongShape, unsupported }
        private let value: Value
        /// The file is missing or can't be read.
        public static let unreadable = Code(value: .unreadable)
        /// The file is not a whole, valid safetensors file.
        public static let malformed = Code(value: .malformed)
        /// The file has no tensor of this name.
        public static let missingTensor = Code(value: .missingTensor)
        /// A tensor has not the shape that the model's configuration asks for.
        public static let wrongShape = Code(value: .wrongShape)
        /// The file is valid, but of a kind that this engine does not run.
        public static let unsupported = Code(value: .unsupported)
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
