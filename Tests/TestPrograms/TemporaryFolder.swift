// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Foundation

/// A folder that is gone when nobody holds it any more, or at the latest when the run of the tests is.
///
/// A server that is still at work may put files into a folder that is being removed; and a run that is killed removes
/// nothing. So all folders of a run lie in one, which goes at its end, or else when tests run the next time.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    /// Makes an empty folder.
    public init() throws {
        path = "\(try Self.run.get())/\(UUID().uuidString.lowercased())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of something in it.
    public func path(_ name: String) -> String { "\(path)/\(name)" }

    /// The names of what is in it, sorted.
    public var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }

    /// Writes a file in it and returns its path.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String { try write(text.utf8, to: name) }

    /// Writes a file in it in place of an older one, which others may have mapped, and returns its path.
    @discardableResult
    public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        unlink(path(name))
        try Data(bytes).write(to: URL(filePath: path(name)))
        return path(name)
    }

    // MARK: The folder of the run

    private static let prefix = "oracy-test-"
    private static let lock = "/run.lock"

    private static let run = Result<String, any Error> { try makeRun() }

    private static func makeRun() throws -> String {
        let files = FileManager.default
        let place = files.temporaryDirectory.path
        removeLeft(in: place)
        let name = UUID().uuidString.lowercased()
        // It gets a name that others look for only when they can see that it is in use.
        let new = "\(place)/oracy-new-\(name)"
        try files.createDirectory(atPath: new, withIntermediateDirectories: false)
        let descriptor = oracy_open(new + lock, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw ProgramError("a folder for tests can't be locked: error \(errno)")
        }
        let path = "\(place)/\(prefix)\(name)"
        try files.moveItem(atPath: new, toPath: path)
        atexit {
            guard case .success(let path) = TemporaryFolder.run else { return }
            for _ in 0..<10 where (try? FileManager.default.removeItem(atPath: path)) == nil {}
        }
        return path
    }

    /// Removes the folders of runs that are no more: nobody holds their lock.
    private static func removeLeft(in place: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [] where name.hasPrefix(prefix) {
            let descriptor = oracy_open("\(place)/\(name)\(lock)", O_WRONLY | O_CLOEXEC, 0)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
                try? FileManager.default.removeItem(atPath: "\(place)/\(name)")
            }
        }
    }
}
