// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Why a model can't be had, found or used. Messages name files and hosts, never a token.
public struct ModelError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable {
        private enum Value: String {
            case invalidName, unknownModel, notInstalled, damaged, invalidFolder, pickleOnly, busy, unreachable
            case unauthorized, missing, serverFailed, unexpectedAnswer, digestMismatch, foreignFile, tooLarge, diskFull
            case fileSystem, invalidMirror, cancelled
        }
        private let value: Value
        /// A name that no model can have.
        public static let invalidName = Code(value: .invalidName)
        /// Neither in the catalogue nor a repository.
        public static let unknownModel = Code(value: .unknownModel)
        /// Not in the store.
        public static let notInstalled = Code(value: .notInstalled)
        /// In the store, but not as its manifest says.
        public static let damaged = Code(value: .damaged)
        /// A folder without what a model needs.
        public static let invalidFolder = Code(value: .invalidFolder)
        /// Weights only as Python pickles, which can run programs when they are read.
        public static let pickleOnly = Code(value: .pickleOnly)
        /// Another process works on the same model.
        public static let busy = Code(value: .busy)
        /// No connection to the hub.
        public static let unreachable = Code(value: .unreachable)
        /// The hub wants another token, or one at all.
        public static let unauthorized = Code(value: .unauthorized)
        /// The hub has no such repository, revision or file.
        public static let missing = Code(value: .missing)
        /// The hub failed or has too much to do.
        public static let serverFailed = Code(value: .serverFailed)
        /// The hub's answer is none that a hub gives.
        public static let unexpectedAnswer = Code(value: .unexpectedAnswer)
        /// A file is not the one that was stated.
        public static let digestMismatch = Code(value: .digestMismatch)
        /// A file is something else than its name says.
        public static let foreignFile = Code(value: .foreignFile)
        /// More bytes than are allowed or were declared.
        public static let tooLarge = Code(value: .tooLarge)
        /// No room on the disk.
        public static let diskFull = Code(value: .diskFull)
        /// A file or folder can't be read or written.
        public static let fileSystem = Code(value: .fileSystem)
        /// The hub's address can't be used.
        public static let invalidMirror = Code(value: .invalidMirror)
        /// The task was cancelled.
        public static let cancelled = Code(value: .cancelled)

        /// The code as a stable word, for logs and JSON.
        public var name: String { value.rawValue }
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

    /// Creates an error from the `errno` of a call that failed, such as "can't open /x: Permission denied".
    init(_ action: String, _ path: String, errno number: Int32) {
        let isFull = number == ENOSPC || number == EDQUOT || number == EFBIG
        let hint = isFull ? " Make room on that disk, or choose another folder with --home." : ""
        self.init(
            isFull ? .diskFull : .fileSystem,
            "can't \(action) \(path): \(String(cString: strerror(number))).\(hint)")
    }

    /// What a cancelled task gives.
    static let cancelled = ModelError(.cancelled, "cancelled.")

    /// The message.
    public var description: String { message }
}

extension String {
    /// The text with control characters replaced, cut to a length that a message can bear.
    var printable: String {
        let scalars = unicodeScalars.prefix(160).map { scalar -> Character in
            scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                ? "\u{FFFD}" : Character(scalar)
        }
        return String(scalars)
    }
}
