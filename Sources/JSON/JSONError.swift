// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Why a text is not an acceptable JSON document. The message never quotes the text.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, for a person.
    public let message: String
    /// The position of the fault, in bytes from the start.
    public let offset: Int

    /// Creates an error.
    public init(_ message: String, at offset: Int) {
        self.message = message
        self.offset = offset
    }

    /// The message and the position.
    public var description: String { "\(message) (at byte \(offset))" }
}
