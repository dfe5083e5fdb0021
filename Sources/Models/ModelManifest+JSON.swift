// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
public import JSON

extension ModelManifest {
    /// The largest manifest, in bytes.
    static let byteLimit = 1 << 20

    /// The manifest as it stands in the model's folder.
    public var json: JSONObject {
        var json: JSONObject = [
            "format": 1, "name": .string(name.text), "task": .string(task.rawValue), "licence": .optional(licence),
            "languages": .array(languages.map(JSONValue.string)),
        ]
        switch source {
        case .hub(let address, let repository, let revision):
            json["source"] = [
                "kind": "hub", "hub": .string(address), "repository": .string(repository),
                "revision": .string(revision),
            ]
        case .folder(let path): json["source"] = ["kind": "folder", "path": .string(path)]
        }
        json["installed_at"] = .integer(installedAt.milliseconds)
        json["digest"] = .string(digest)
        json["files"] = .array(
            files.map { file in
                [
                    "path": .string(file.path.text), "size": .integer(Int64(file.size)), "sha256": .string(file.sha256),
                    "evidence": .string(file.evidence.rawValue), "learnt_at": .integer(file.learntAt.milliseconds),
                ]
            })
        return json
    }

    /// Reads a manifest; nothing in it is believed unchecked.
    ///
    /// - Throws: ``ModelError`` with code `damaged`.
    init(parsing bytes: [UInt8]) throws(ModelError) {
        func fault(_ what: String) -> ModelError { ModelError(.damaged, "\(Self.fileName) \(what).") }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: bytes, limits: JSONLimits(bytes: Self.byteLimit))
        } catch {
            throw fault("is not JSON: \(error)")
        }
        guard json["format"]?.integer == 1 else { throw fault("has a format that this version does not know") }
        guard let name = json["name"]?.string, let name = try? ModelName(name),
            let task = json["task"]?.string.flatMap(ModelTask.init), let source = Source(json["source"]),
            let installed = json["installed_at"]?.integer, let languages = json["languages"]?.array,
            let entries = json["files"]?.array, !entries.isEmpty
        else { throw fault("lacks a member, or has one of another kind") }
        var files: [File] = []
        var total = 0
        for entry in entries {
            guard let file = File(entry), !files.contains(where: { $0.path == file.path }) else {
                throw fault("describes a file that can't be")
            }
            let (sum, isTooLarge) = total.addingReportingOverflow(file.size)
            guard !isTooLarge else { throw fault("describes files that can't be") }
            total = sum
            files.append(file)
        }
        self.init(
            name: name, task: task, licence: json["licence"]?.string, languages: languages.compactMap(\.string),
            source: source, files: files, installedAt: Timestamp(milliseconds: installed))
        guard json["digest"]?.string == digest else { throw fault("was changed: its digest does not fit its files") }
    }
}

extension ModelManifest.Source {
    fileprivate init?(_ json: JSONValue?) {
        switch json?["kind"]?.string {
        case "hub":
            guard let address = json?["hub"]?.string, let repository = json?["repository"]?.string,
                let revision = json?["revision"]?.string
            else { return nil }
            self = .hub(address: address, repository: repository, revision: revision)
        case "folder":
            guard let path = json?["path"]?.string else { return nil }
            self = .folder(path: path)
        default: return nil
        }
    }
}

extension ModelManifest.File {
    fileprivate init?(_ json: JSONValue) {
        guard let path = json["path"]?.string.flatMap(ModelPath.init), path.text != ModelManifest.fileName,
            let size = json["size"]?.integer, size >= 0, let sha256 = json["sha256"]?.string, sha256.isHexadecimal(64),
            let evidence = json["evidence"]?.string.flatMap(ModelManifest.Evidence.init),
            let learnt = json["learnt_at"]?.integer
        else { return nil }
        self.init(
            path: path, size: Int(size), sha256: sha256, evidence: evidence, learntAt: Timestamp(milliseconds: learnt))
    }
}

extension String {
    /// Whether it is that many hexadecimal digits in lower case.
    func isHexadecimal(_ count: Int) -> Bool {
        utf8.count == count && utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
