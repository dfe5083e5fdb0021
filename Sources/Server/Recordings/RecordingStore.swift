// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import CLinux
import Cryptography
public import Domain
import Glibc
import Threads

/// Recordings as files, written so that what was acknowledged survives a crash or a power cut.
///
/// The order is: temporary file, fsync, rename, fsync of the folder; only then may a row refer to the file. A failed
/// fsync is final for its file: its dirty pages are lost, so the file is discarded and never retried.
public struct RecordingStore: Sendable {
    /// A file that is safely on disk.
    public struct Stored: Sendable, Hashable {
        /// The path below the recordings folder.
        public var path: String
        /// Bytes.
        public var size: Int64
        /// SHA-256, lower-case hexadecimal.
        public var sha256: String
    }

    private let root: String
    private let files: ThreadPool

    /// Opens the folder, making it (mode 0700) if it is not there.
    ///
    /// - Parameters:
    ///   - root: The recordings folder.
    ///   - threads: How many files are written or removed at once.
    /// - Throws: ``RecordingStoreError`` when the folder can't be used.
    public init(root: String, threads: Int = 4) throws {
        self.root = root
        files = ThreadPool(name: "recordings", threads: threads, queueLimit: 1_024)
        try Self.makeFolder(root)
        try Self.makeFolder("\(root)/tmp")
        try Self.makeFolder("\(root)/blobs")
        try Self.makeFolder("\(root)/derived")
        for shard in Self.shards { try Self.makeFolder("\(root)/blobs/\(shard)") }
        for folder in ["\(root)/blobs", root] { try Self.synchroniseFolder(folder) }
    }

    /// The path of a stored file on this machine.
    public func absolutePath(_ path: String) -> String { "\(root)/\(path)" }

    /// Writes a recording as its bytes arrive; either all of it is durable when this returns, or nothing is left.
    ///
    /// - Parameters:
    ///   - id: The recording's id; names the file. Nothing of a client's file name reaches the disk.
    ///   - isKept: Whether it must survive a crash; otherwise it is for ``discarding(_:_:)``, in the folder of temporary
    ///     files.
    ///   - next: Gives the next bytes, or nil at the end.
    /// - Throws: ``RecordingStoreError`` when the disk fails, else what `next` throws.
    public func receive(
        _ id: Identifier<Recording>, isKept: Bool = true, next: () async throws -> [UInt8]?
    ) async throws -> Stored {
        let temporary = "\(root)/tmp/\(id)"
        let descriptor = try await files.run {
            let descriptor = oracy_open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw RecordingStoreError(errno, "create a file in") }
            return descriptor
        }
        do {
            var hash = SHA256()
            var size: Int64 = 0
            while let bytes = try await next() {
                hash.update(bytes)
                size += Int64(bytes.count)
                try await files.run { try Self.write(bytes, to: descriptor) }
            }
            guard isKept else {
                try await files.run { _ = Glibc.close(descriptor) }
                return Stored(path: "tmp/\(id)", size: size, sha256: Hexadecimal.encode(hash.finish()))
            }
            let shard = String(id.text.suffix(2))
            let path = "blobs/\(shard)/\(id)"
            try await files.run { [root] in
                guard fsync(descriptor) == 0 else { throw RecordingStoreError(errno, "write to") }
                guard rename(temporary, "\(root)/\(path)") == 0 else { throw RecordingStoreError(errno, "write to") }
                try Self.synchroniseFolder("\(root)/blobs/\(shard)")
                Glibc.close(descriptor)
            }
            return Stored(path: path, size: size, sha256: Hexadecimal.encode(hash.finish()))
        } catch {
            try? await files.run {
                Glibc.close(descriptor)
                unlink(temporary)
            }
            throw error
        }
    }

    /// Removes a stored file and what was derived from it; missing files are fine.
    public func remove(_ path: String) async {
        try? await files.run { [root] in
            unlink("\(root)/\(path)")
            for kind in Derived.allCases { unlink("\(root)/\(kind.path(of: path))") }
        }
    }

    /// Works on a recording that is not kept: its file is gone afterwards, whatever happens.
    ///
    /// - Parameter body: Is given the file's path on this machine.
    func discarding<Value>(_ path: String, _ body: (String) async throws -> Value) async throws -> Value {
        do {
            let value = try await body(absolutePath(path))
            await remove(path)
            return value
        } catch {
            await remove(path)
            throw error
        }
    }

    /// Something made from a recording that can be made again.
    public enum Derived: String, Sendable, CaseIterable {
        /// 16 kHz mono, at a good level for listening.
        case wav
        /// Waveform peaks.
        case peaks

        fileprivate func path(of recording: String) -> String {
            "derived/\(recording.split(separator: "/").last ?? "").\(rawValue)"
        }
    }

    /// The path on this machine of something derived from a recording; nil when it has not been made.
    public func derived(_ kind: Derived, of path: String) async -> String? {
        let file = "\(root)/\(kind.path(of: path))"
        return try? await files.run { access(file, R_OK) == 0 ? file : nil }
    }

    /// Stores something derived from a recording. It appears whole or not at all, but need not survive a power cut.
    public func storeDerived(
        _ kind: Derived, of path: String, _ bytes: @escaping @Sendable () -> [UInt8]
    ) async throws {
        let file = "\(root)/\(kind.path(of: path))"
        try await files.run {
            let temporary = "\(file).tmp"
            let descriptor = oracy_open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw RecordingStoreError(errno, "create a file in") }
            defer { Glibc.close(descriptor) }
            do {
                try Self.write(bytes(), to: descriptor)
                guard rename(temporary, file) == 0 else { throw RecordingStoreError(errno, "write to") }
            } catch {
                unlink(temporary)
                throw error
            }
        }
    }

    /// Removes files that no row refers to and that are older than a day: what crashes leave behind.
    ///
    /// - Parameters:
    ///   - known: The paths that rows refer to.
    ///   - now: The current time.
    /// - Returns: How many files were removed.
    public func removeOrphans(known: Set<String>, now: Timestamp) async throws -> Int {
        try await files.run { [root] in
            let limit = time_t((now - .seconds(86_400)).milliseconds / 1000)
            var removed = 0
            func sweep(_ folder: String) {
                for name in Self.entries(of: "\(root)/\(folder)") {
                    let path = "\(folder)/\(name)"
                    var status = stat()
                    guard lstat("\(root)/\(path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
                    guard !known.contains(path), status.st_mtim.tv_sec < limit else { continue }
                    if unlink("\(root)/\(path)") == 0 { removed += 1 }
                }
            }
            let names = Set(known.compactMap { $0.split(separator: "/").last.map(String.init) })
            for name in Self.entries(of: "\(root)/derived") {
                let recording = name.prefix { $0 != "." }
                if !names.contains(String(recording)), unlink("\(root)/derived/\(name)") == 0 { removed += 1 }
            }
            sweep("tmp")
            for shard in Self.entries(of: "\(root)/blobs") { sweep("blobs/\(shard)") }
            return removed
        }
    }

    /// Bytes free on the disk of the recordings and its size, or nil when the system does not say.
    public func space() -> (free: UInt64, total: UInt64)? {
        var status = statvfs()
        guard statvfs(root, &status) == 0 else { return nil }
        return (UInt64(status.f_bavail) * UInt64(status.f_frsize), UInt64(status.f_blocks) * UInt64(status.f_frsize))
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        try bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    throw RecordingStoreError(errno, "write to")
                }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// The folders that recordings are spread over, by the last two digits of their ids. All are made and synced at the
    /// start, so that no recording depends on a folder that another one is just making.
    private static let shards: [String] = (0..<256).map { number in
        let digits = String(number, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }

    private static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw RecordingStoreError(errno, "make") }
    }

    private static func synchroniseFolder(_ path: String) throws {
        let descriptor = oracy_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw RecordingStoreError(errno, "open") }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw RecordingStoreError(errno, "write to") }
    }

    private static func entries(of folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // The field is declared 256 bytes long, but the entry ends with its name: never copy the whole field.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { continue }
            let name = String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

/// Why a recording could not be stored. Carries no path of a user's making.
public struct RecordingStoreError: Error, Sendable, CustomStringConvertible {
    /// Whether the disk is full (or a quota is used up), rather than broken.
    public let isFull: Bool
    private let number: Int32
    private let attempt: String

    init(_ number: Int32, _ attempt: String) {
        self.number = number
        self.attempt = attempt
        isFull = number == ENOSPC || number == EDQUOT
    }

    /// What happened, for a person.
    public var description: String {
        isFull
            ? "the disk of the recordings is full"
            : "can't \(attempt) the recordings folder: \(String(cString: strerror(number)))"
    }
}
