// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// One file of a repository at one commit, as the hub lists it.
struct HubFile: Sendable, Hashable {
    let path: ModelPath
    let size: Int
    /// What the hub says the content is.
    let stated: StatedDigest
}

/// A commit of a repository, as the hub describes it.
struct HubRevision: Sendable, Hashable {
    /// The commit, 40 hexadecimal digits.
    let commit: String
    /// The licence that the model's card states.
    let licence: String?

    /// Reads the answer of `/api/models/{repository}/revision/{revision}`.
    init(_ json: JSONValue) throws(ModelError) {
        guard let commit = json["sha"]?.string, commit.isHexadecimal(40) else {
            throw ModelError(.unexpectedAnswer, "the hub's answer names no commit; it may be no hub of models.")
        }
        self.commit = commit
        let card = json["cardData"]?["license"]
        let tag = json["tags"]?.array?.compactMap(\.string).first { $0.hasPrefix("license:") }
        let stated = card?.string ?? card?.array?.first?.string ?? tag.map { String($0.dropFirst("license:".count)) }
        licence = stated.flatMap(LicenceName.cleaned)
    }
}

enum HubListing {
    /// The most files of a repository that are looked at.
    static let longest = 10_000

    /// Reads one page of the answer of `/api/models/{repository}/tree/{revision}`.
    ///
    /// - Throws: ``ModelError`` with code `unexpectedAnswer`: also for a path that would lead out of the model's folder,
    ///   which no honest hub lists.
    static func files(_ json: JSONValue) throws(ModelError) -> [HubFile] {
        guard let entries = json.array else {
            throw ModelError(.unexpectedAnswer, "the hub's list of files is no list.")
        }
        var files: [HubFile] = []
        for entry in entries where entry["type"]?.string == "file" {
            guard let name = entry["path"]?.string, let path = ModelPath(name) else {
                throw ModelError(
                    .unexpectedAnswer,
                    "the hub lists a file whose name leads out of the model's folder: "
                        + "'\((entry["path"]?.string ?? "").printable)'. Nothing was pulled from it.")
            }
            let large = entry["lfs"]
            guard let size = large?["size"]?.integer ?? entry["size"]?.integer, size >= 0, let stated = digest(entry)
            else {
                throw ModelError(
                    .unexpectedAnswer, "the hub states no size or no digest of \(name.printable).")
            }
            files.append(HubFile(path: path, size: Int(size), stated: stated))
        }
        return files
    }

    /// SHA-256 of a large file (Git LFS), the object id of a small one. (`oid` of a large one is that of its pointer.)
    private static func digest(_ entry: JSONValue) -> StatedDigest? {
        if let large = entry["lfs"], !large.isNull {
            guard var text = large["oid"]?.string else { return nil }
            if text.hasPrefix("sha256:") { text.removeFirst("sha256:".count) }
            return text.isHexadecimal(64) ? .sha256(text) : nil
        }
        guard let text = entry["oid"]?.string, text.isHexadecimal(40) else { return nil }
        return .gitBlob(text)
    }
}
