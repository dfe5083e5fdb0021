// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

extension ModelStore {
    /// Removes a model, and what an unfinished pull of it has left. Whoever has its files open keeps them.
    ///
    /// - Returns: How many bytes were freed, as far as no other name of the same content is left.
    /// - Throws: ``ModelError``: `invalidName`, `notInstalled`, or `busy` while it is being pulled.
    @discardableResult
    public func remove(_ name: String) async throws -> Int {
        try await offPool("oracy-remove") { _ in
            let name = try ModelName(name)
            let isThere = Folder.kind(of: folder(of: name)) != nil
            guard isThere || Folder.kind(of: "\(incoming)/\(name)") != nil else { throw Self.notInstalled(name) }
            let workspace = try Workspace(for: name, in: self)
            var bytes = try Self.size(of: workspace.path)
            try Folder.remove(workspace.path)
            if isThere {
                bytes += try Self.size(of: folder(of: name))
                // A model must not be seen half removed: out of the store first.
                try Folder.make(incoming)
                let old = "\(incoming)/\(name).old"
                try Folder.remove(old)
                try Folder.rename(folder(of: name), to: old)
                try Folder.synchronize(folder)
                try Folder.remove(old)
            }
            rmdir(incoming)
            return bytes
        }
    }

    private static func size(of path: String) throws(ModelError) -> Int {
        guard Folder.kind(of: path) == .folder else { return 0 }
        return try Folder.files(below: path).reduce(0) { sum, file in
            if case .file(let size) = file.kind { sum + size } else { sum }
        }
    }
}
