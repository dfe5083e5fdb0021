// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc

/// The database as a file among others.
struct SQLiteFile {
    /// Where it is.
    let path: String

    /// Makes an empty database that only its owner may read, unless there is a file already.
    ///
    /// It is made under another name and appears ready, in write-ahead mode: SQLite's change from one journal to the
    /// other is not made for several openers at once. And it is closed by then: closing a file that SQLite has open
    /// elsewhere in this process would drop SQLite's locks (sqlite.org/howtocorrupt.html §2.2).
    ///
    /// - Throws: ``StorageError``.
    func makeIfAbsent() throws {
        if access(path, F_OK) == 0 { return }
        let temporary = Self.temporary(path)
        defer { unlink(temporary) }
        let descriptor = oracy_open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(.cannotOpen, "the database file can't be made") }
        close(descriptor)
        let connection = try SQLiteConnection(path: temporary, access: .writing, busyTimeout: .zero)
        try connection.configureForWriting()
        connection.close()
        guard link(temporary, path) == 0 || errno == EEXIST else {
            throw failure(.cannotOpen, "the database file can't be made")
        }
        try Self.synchronise(folder)
    }

    /// Writes a copy of the database beside it, whole or not at all, readable only by its owner.
    ///
    /// - Throws: ``StorageError``.
    func copy(to final: String, through connection: SQLiteConnection) throws {
        let temporary = Self.temporary(final)
        defer { unlink(temporary) }
        try connection.run("VACUUM INTO ?1", [temporary.sql])
        chmod(temporary, 0o600)
        try Self.synchronise(temporary)
        guard rename(temporary, final) == 0 else { throw failure(.io, "the backup can't be given its name") }
        try Self.synchronise(folder)
    }

    /// A name that no other process, and no other opener in this one, uses at the same time.
    private static func temporary(_ path: String) -> String {
        "\(path).new-\(getpid())-\(UInt64.random(in: .min ... .max))"
    }

    private var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Waits until a file's contents, or a folder's entries, are on the disk.
    private static func synchronise(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError(.io, "a file can't be opened: \(systemError)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StorageError(.io, "a file can't be written: \(systemError)") }
    }

    private func failure(_ code: StorageError.Code, _ what: String) -> StorageError {
        StorageError(code, "\(what) (\(Self.systemError)): \(path)")
    }

    private static var systemError: String { String(cString: strerror(errno)) }
}
