// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
public import Domain
import JSON

/// What the store knows of a model: where it came from, what it is, and what its files must be.
///
/// It is the file ``fileName`` in the model's folder.
public struct ModelManifest: Sendable, Hashable {
    /// The manifest's name in a model's folder.
    public static let fileName: String = "oracy-model.json"

    /// Where a model came from.
    public enum Source: Sendable, Hashable {
        /// A repository of a hub at one commit.
        case hub(address: String, repository: String, revision: String)
        /// A folder of this machine.
        case folder(path: String)
    }

    /// How a file's digest was learnt, once and for all.
    public enum Evidence: String, Sendable, Hashable {
        /// The hub states the SHA-256 (large files, Git LFS), and the downloaded bytes had it.
        case statedSHA256 = "stated_sha256"
        /// The hub states the Git object id (small files); the downloaded bytes had it, and their SHA-256 was computed.
        case statedGitBlob = "stated_git_blob"
        /// Nothing states it: it was computed from the file when it was imported.
        case computed
    }

    /// One file.
    public struct File: Sendable, Hashable {
        /// Where it is in the model's folder.
        public let path: ModelPath
        /// Its size in bytes.
        public let size: Int
        /// Its SHA-256, 64 hexadecimal digits in lower case.
        public let sha256: String
        /// How the digest was learnt.
        public let evidence: Evidence
        /// When the digest was learnt.
        public let learntAt: Timestamp

        /// Creates a description.
        public init(path: ModelPath, size: Int, sha256: String, evidence: Evidence, learntAt: Timestamp) {
            self.path = path
            self.size = size
            self.sha256 = sha256
            self.evidence = evidence
            self.learntAt = learntAt
        }
    }

    /// The model's name in the store.
    public let name: ModelName
    /// What it is for.
    public let task: ModelTask
    /// The licence as its source states it (an SPDX identifier in lower case, such as `apache-2.0`); nil when it does not.
    public let licence: String?
    /// The languages it is for (BCP 47); empty when that is not known or does not matter.
    public let languages: [String]
    /// Where it came from.
    public let source: Source
    /// The files, sorted by path.
    public let files: [File]
    /// When it was put into the store.
    public let installedAt: Timestamp

    /// Creates a manifest; the files are sorted.
    public init(
        name: ModelName, task: ModelTask, licence: String?, languages: [String], source: Source, files: [File],
        installedAt: Timestamp
    ) {
        self.name = name
        self.task = task
        self.licence = licence
        self.languages = languages
        self.source = source
        self.files = files.sorted { $0.path < $1.path }
        self.installedAt = installedAt
    }

    /// The size of all files in bytes.
    public var totalSize: Int { files.reduce(0) { $0 + $1.size } }

    /// The size of the weights in bytes.
    public var weightSize: Int { files.reduce(0) { $0 + ($1.path.text.hasSuffix(".safetensors") ? $1.size : 0) } }

    /// The model's content in one number: SHA-256 of what `sha256sum` prints for the files, sorted by path.
    public var digest: String {
        var listing = SHA256()
        for file in files { listing.update(Array("\(file.sha256)  \(file.path)\n".utf8)) }
        return Hexadecimal.encode(listing.finish())
    }

    /// The file at a path, if the model has it.
    public func file(_ path: String) -> File? { files.first { $0.path.text == path } }
}
