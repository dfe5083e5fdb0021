// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc
public import JSON

/// A file that grows by whole lines and can be gone on with after a crash.
///
/// Lines are appended with one write each and reach the disk at least every second. After a crash only the last line
/// can be torn; opening the file again cuts it off.
public final class ResultFile {
    /// The ids of the results that are in the file already.
    public private(set) var ids: Set<JSONValue> = []

    private let path: String
    private let descriptor: Int32
    private var end: off_t = 0
    private var lastSync = ContinuousClock.now
    private var isSynced = true

    /// Opens a file for results.
    ///
    /// - Parameters:
    ///   - path: Where it is or shall be.
    ///   - resumes: Whether to go on with a file that exists; otherwise it must not exist, or be empty.
    /// - Throws: ``BatchError`` when it can't be opened, belongs to another run that goes on, or holds something else.
    public init(path: String, resumes: Bool) throws(BatchError) {
        self.path = path
        descriptor = oracy_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure("write", path) }
        do throws(BatchError) {
            try prepare(resumes: resumes)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Appends a line.
    ///
    /// - Throws: ``BatchError`` when the disk takes no more.
    public func append(_ value: JSONValue) throws(BatchError) {
        var line = value.utf8
        line.append(UInt8(ascii: "\n"))
        var written = 0
        while written < line.count {
            let count = line[written...].withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, $0.count, end + off_t(written))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.failure("write", path)
            }
            written += count
        }
        end += off_t(written)
        isSynced = false
        if ContinuousClock.now - lastSync >= .seconds(1) { try synchronize() }
    }

    /// Waits until all lines are on the disk.
    ///
    /// - Throws: ``BatchError`` when the disk reports a failure.
    public func synchronize() throws(BatchError) {
        if !isSynced, fdatasync(descriptor) != 0, errno != EINVAL, errno != EROFS { throw Self.failure("write", path) }
        isSynced = true
        lastSync = .now
    }

    private func prepare(resumes: Bool) throws(BatchError) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw BatchError("\(path) is being written by another run; wait for it or choose another file.")
        }
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else { return }
        guard size == 0 || resumes else {
            throw BatchError("\(path) exists; add --resume to go on with it, or choose another file.")
        }
        guard size > 0 else { return }
        end = try readResults()
        if end < size, ftruncate(descriptor, end) != 0 { throw Self.failure("repair", path) }
    }

    /// Collects the ids and returns where the last whole line ends.
    private func readResults() throws(BatchError) -> off_t {
        do throws(FileAccessError) {
            let reader = try LineReader(path: path)
            var position = 0
            while let line = try reader.next(), reader.isLineComplete {
                guard let value = try? JSONValue(parsing: line, limits: Self.limits), let id = value["id"] else {
                    throw FileAccessError("line \(reader.lineNumber) of \(path) is no result; is it the right file?")
                }
                ids.insert(id)
                position = reader.position
            }
            return off_t(position)
        } catch {
            throw BatchError(error.message)
        }
    }

    /// A result holds every word of a recording.
    private static let limits = JSONLimits(bytes: LineReader.lineLimit, depth: 32, stringBytes: LineReader.lineLimit)

    private static func failure(_ action: String, _ path: String) -> BatchError {
        BatchError(FileAccessError(action, path, errno: errno).message)
    }
}
