// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Domain
import Glibc
import JSON

/// The folder where a model is put together, held by one process at a time.
///
/// The lock is on the folder itself, so that nothing is left behind when a process dies: the folder is kept for the next
/// try, the lock is not.
final class Workspace {
    let path: String
    private let store: ModelStore
    private let name: ModelName
    private let lock: Int32

    /// Makes the folder, if it is not there, and locks it.
    ///
    /// - Throws: ``ModelError`` with code `busy` when another process or task works on the same model.
    init(for name: ModelName, in store: ModelStore) throws(ModelError) {
        self.store = store
        self.name = name
        path = "\(store.incoming)/\(name)"
        while true {
            try Folder.make(store.incoming)
            if mkdir(path, 0o755) != 0, errno != EEXIST { throw ModelError("make", path, errno: errno) }
            let descriptor = oracy_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW, 0)
            if descriptor < 0 {
                // Whoever had it has just finished and taken it away.
                if errno == ENOENT { continue }
                throw ModelError("open", path, errno: errno)
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                throw ModelError(
                    .busy, "another oracy works on the model \(name) right now; wait until it has finished.")
            }
            if Self.isSame(descriptor, path) {
                lock = descriptor
                return
            }
            close(descriptor)
        }
    }

    deinit { close(lock) }

    private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
        var (held, there) = (stat(), stat())
        return fstat(descriptor, &held) == 0 && lstat(path, &there) == 0 && held.st_dev == there.st_dev
            && held.st_ino == there.st_ino
    }

    /// Makes the folders above a file and returns where it goes.
    func location(of file: ModelPath) throws(ModelError) -> String {
        for folder in file.folders { try Folder.make("\(path)/\(folder)") }
        return "\(path)/\(file)"
    }

    /// Removes everything that is not one of these files, or the part or tag of one.
    func keepOnly(_ files: Set<String>) throws(ModelError) {
        for entry in try Folder.files(below: path) {
            let name = entry.path.hasSuffix(".tag") ? String(entry.path.dropLast(4)) : entry.path
            if !files.contains(name) { try Folder.remove("\(path)/\(entry.path)") }
        }
    }

    /// Removes the folder with all that is in it.
    func discard() { try? Folder.remove(path) }

    /// Writes the manifest, brings everything to the disk, and puts the folder into its place, at once.
    ///
    /// - Throws: ``ModelError``; the store is then as it was.
    func install(_ manifest: ModelManifest) throws(ModelError) -> InstalledModel {
        let text = Array((JSONValue.object(manifest.json).prettyText + "\n").utf8)
        try Folder.remove("\(path)/\(ModelManifest.fileName)")
        let file = try OpenFile(appendingTo: "\(path)/\(ModelManifest.fileName)")
        try file.append(text)
        try file.synchronize()
        for folder in Set(manifest.files.flatMap(\.path.folders)) { try Folder.synchronize("\(path)/\(folder)") }
        try Folder.synchronize(path)
        let place = store.folder(of: name)
        if Folder.kind(of: place) == nil {
            try Folder.rename(path, to: place)
        } else if oracy_exchange(path, place) == 0 {
            // What was there is here now. Whoever has its files open keeps them.
            discard()
        } else {
            let old = "\(store.incoming)/\(name).old"
            try Folder.remove(old)
            try Folder.rename(place, to: old)
            try Folder.rename(path, to: place)
            try? Folder.remove(old)
        }
        try Folder.synchronize(store.folder)
        rmdir(store.incoming)
        return InstalledModel(folder: place, manifest: manifest)
    }
}
