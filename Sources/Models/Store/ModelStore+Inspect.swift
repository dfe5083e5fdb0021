// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain

extension ModelStore {
    /// Looks at a model that lies in any folder, as if it were installed: what it is, and the digests of its files.
    ///
    /// Blocks while the files are read, some seconds for a gigabyte.
    ///
    /// - Throws: ``ModelError`` with code `invalidFolder`, `pickleOnly`, `foreignFile` or `fileSystem`.
    public static func inspect(folder: String) throws(ModelError) -> InstalledModel {
        let folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let contents = try ModelContents(choosingFrom: Folder.filesBehindLinks(below: folder), in: folder)
        for path in contents.paths { try FileCheck.check(path, at: "\(folder)/\(path)") }
        let now = WallClock.system.now()
        var files: [ModelManifest.File] = []
        for path in contents.paths {
            let file = try OpenFile(reading: "\(folder)/\(path)")
            let size = try file.size()
            var digest = FileDigest(size: size, stated: nil)
            try file.forEachPiece { (piece) throws(ModelError) in digest.update(piece) }
            files.append(
                .init(path: path, size: size, sha256: digest.finish().sha256, evidence: .computed, learntAt: now))
        }
        // A folder may be called what no model may; then it is just a folder.
        let name: ModelName
        do throws(ModelError) {
            name = try ModelName(folder.split(separator: "/").last.map(String.init) ?? "")
        } catch {
            name = try ModelName("folder")
        }
        return InstalledModel(
            folder: folder,
            manifest: ModelManifest(
                name: name, task: .transcription, licence: nil,
                languages: [], source: .folder(path: folder), files: files, installedAt: now))
    }
}
