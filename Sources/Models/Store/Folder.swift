// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc

/// Folders and what is in them.
enum Folder {
    /// What kind of thing a path is.
    enum Kind: Sendable, Hashable {
        case file(size: Int)
        case folder
        /// A symbolic link, device, socket or pipe.
        case other
    }

    /// What is at a path, links not followed; nil when nothing is.
    static func kind(of path: String) -> Kind? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file(size: Int(status.st_size))
        case S_IFDIR: .folder
        default: .other
        }
    }

    /// Makes a folder and those above it.
    static func make(_ path: String) throws(ModelError) {
        var partial = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            partial += "/\(part)"
            guard mkdir(partial, 0o755) == 0 || errno == EEXIST || access(partial, F_OK) == 0 else {
                throw ModelError("make", path, errno: errno)
            }
        }
    }

    /// The names in a folder, sorted by bytes; none when it is not there.
    static func names(in path: String) throws(ModelError) -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw ModelError("read", path, errno: errno)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            // d_name is declared longer than the memory that an entry has: only its pointer may be taken.
            guard let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) else { break }
            let name = String(
                cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The paths of everything below a folder that is no folder itself, sorted, to a depth of 8.
    ///
    /// - Throws: ``ModelError``: also `invalidFolder` for more things than any model has, such as a whole disk.
    static func files(below path: String) throws(ModelError) -> [(path: String, kind: Kind)] {
        var found: [(path: String, kind: Kind)] = []
        var waiting = [(prefix: "", depth: 1)]
        while let (prefix, depth) = waiting.popLast() {
            for name in try names(in: "\(path)/\(prefix)") {
                switch kind(of: "\(path)/\(prefix)\(name)") {
                case .folder where depth < 8: waiting.append(("\(prefix)\(name)/", depth + 1))
                case let kind?: found.append(("\(prefix)\(name)", kind))
                case nil: break
                }
                guard found.count + waiting.count <= 10_000 else {
                    throw ModelError(.invalidFolder, "\(path) has more than 10,000 files, so it is no model's folder.")
                }
            }
        }
        return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// Removes a folder with everything in it, links not followed. Nothing there is fine.
    static func remove(_ path: String) throws(ModelError) {
        guard kind(of: path) == .folder else {
            guard unlink(path) == 0 || errno == ENOENT else { throw ModelError("remove", path, errno: errno) }
            return
        }
        for name in try names(in: path) { try remove("\(path)/\(name)") }
        guard rmdir(path) == 0 || errno == ENOENT else { throw ModelError("remove", path, errno: errno) }
    }

    /// Gives something another name, at once.
    static func rename(_ path: String, to other: String) throws(ModelError) {
        guard Glibc.rename(path, other) == 0 else { throw ModelError("rename", path, errno: errno) }
    }

    /// Brings the names in a folder to the disk.
    static func synchronize(_ path: String) throws(ModelError) {
        let descriptor = oracy_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw ModelError("open", path, errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw ModelError("write", path, errno: errno) }
    }

    /// How many bytes there is room for; nil when the system does not say.
    static func room(in path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let (bytes, isTooLarge) = Int(status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize))
        return isTooLarge ? nil : bytes
    }

    /// The files below a folder, links followed.
    static func filesBehindLinks(below folder: String) throws(ModelError) -> [ModelPath] {
        try files(below: folder).compactMap { entry in
            if case .other = entry.kind {
                var status = stat()
                guard stat("\(folder)/\(entry.path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                    return nil
                }
            }
            return ModelPath(entry.path)
        }
    }
}
