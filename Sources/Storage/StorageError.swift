// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Why the database could not do what was asked.
///
/// The message is for the person who runs the server. It never contains stored data or statement arguments, so it may
/// be logged; the names of tables and columns may occur in it.
public struct StorageError: Error, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// What kind of failure it is; compare with the static members.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case unique, constraint, conflict, notFound, invalidState, leaseLost
            case busy, overloaded, full, closed
            case corrupt, io, readOnly, cannotOpen, decoding, misuse
            case newerSchema, changedMigration, foreignFile, migration
        }
        private let value: Value

        private init(_ value: Value) { self.value = value }

        /// A row with the same key is there already; ``StorageError/constraint`` says which key.
        public static let unique = Code(.unique)
        /// A value or a reference is not allowed.
        public static let constraint = Code(.constraint)
        /// Somebody else has changed the object since the caller read it.
        public static let conflict = Code(.conflict)
        /// There is no such object, or the caller may not see it.
        public static let notFound = Code(.notFound)
        /// The object is not in a state that allows this.
        public static let invalidState = Code(.invalidState)
        /// A job's lease has passed to another worker; nothing of this write was kept.
        public static let leaseLost = Code(.leaseLost)
        /// Another process holds the database; trying again later may succeed.
        public static let busy = Code(.busy)
        /// Too many transactions are waiting; trying again later may succeed.
        public static let overloaded = Code(.overloaded)
        /// The disk is full, or the database has reached its size limit.
        public static let full = Code(.full)
        /// The database has been closed.
        public static let closed = Code(.closed)
        /// The file is damaged.
        public static let corrupt = Code(.corrupt)
        /// The operating system could not read or write the file.
        public static let io = Code(.io)
        /// The file may not be written.
        public static let readOnly = Code(.readOnly)
        /// The file can't be opened or made.
        public static let cannotOpen = Code(.cannotOpen)
        /// A stored value is not of the expected form.
        public static let decoding = Code(.decoding)
        /// A statement is wrong: a defect of the program.
        public static let misuse = Code(.misuse)
        /// The database was made by a newer version of the program.
        public static let newerSchema = Code(.newerSchema)
        /// A migration that the database has had differs from the program's.
        public static let changedMigration = Code(.changedMigration)
        /// The file is a database of another program.
        public static let foreignFile = Code(.foreignFile)
        /// A migration failed; the database is as it was before.
        public static let migration = Code(.migration)

        /// A short name, for the labels of metrics.
        public var description: String { value.rawValue }
    }

    /// What kind of failure it is.
    public let code: Code
    /// What happened and what to do about it, for a person; without data.
    public let message: String
    /// The columns of the key that would have been repeated, such as `user.tenant, user.email`.
    public let constraint: String?
    /// The database's own number for the failure, such as SQLite's extended result code; nil for failures of ours.
    public let nativeCode: Int32?

    /// Creates an error.
    public init(_ code: Code, _ message: String, constraint: String? = nil, nativeCode: Int32? = nil) {
        self.code = code
        self.message = message
        self.constraint = constraint
        self.nativeCode = nativeCode
    }

    /// The message.
    public var description: String { message }

    /// The message with the code and the database's own number.
    public var debugDescription: String {
        "StorageError(\(code)\(nativeCode.map { ", \($0)" } ?? "")): \(message)"
    }
}
