// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import JSON

/// Brings one file of a repository to a place on the disk, going on where an earlier try stopped.
///
/// Beside the file stands `FILE.tag` with the entity tag of what has arrived, so that the rest is only taken from the
/// same thing (If-Range, RFC 9110 §13.1.5). The digest decides in the end.
struct FileDownload {
    let client: HubClient
    let repository: HubRepository
    let commit: String
    let file: HubFile
    /// Where it goes.
    let location: String
    /// Told how many bytes of the file are there.
    let onProgress: (Int) -> Void

    /// After these, what has arrived is kept for another try.
    static let resumableErrors: Set<ModelError.Code> = [.unreachable, .serverFailed, .cancelled, .unauthorized]

    private var tagLocation: String { location + ".tag" }

    /// Downloads the file and checks it.
    ///
    /// A file that is not what was stated is removed before the error is thrown.
    ///
    /// - Returns: Its SHA-256.
    func run() throws(ModelError) -> String {
        do throws(ModelError) {
            // What a resumed file's first part was is only known in the end: one more try, from the start, is fair.
            let wasThere = Folder.kind(of: location) != nil
            if let digest = try attempt() { return digest }
            if wasThere, let digest = try attempt() { return digest }
            throw ModelError(
                .digestMismatch,
                "\(repository)/\(file.path.text.printable) is not the file that the hub states: its digest differs. "
                    + "It was removed. Try again, or another mirror.")
        } catch {
            if !Self.resumableErrors.contains(error.code) { discard() }
            throw error
        }
    }

    private func discard() {
        unlink(location)
        unlink(tagLocation)
    }

    /// One whole download; nil, with the file removed, when the digest is not the stated one.
    private func attempt() throws(ModelError) -> String? {
        let arrival = try Arrival(self)
        try arrival.hashWhatIsThere()
        onProgress(arrival.count)
        if arrival.count < file.size || file.size == 0 {
            try client.repeating(what: "\(repository)/\(file.path)", progress: { arrival.received }) {
                try arrival.receiveRest()
            }
        }
        let (digest, isAsStated) = arrival.digest.finish()
        guard isAsStated else {
            discard()
            return nil
        }
        try arrival.target.synchronize()
        unlink(tagLocation)
        return digest
    }

    /// A download on its way.
    private final class Arrival {
        let download: FileDownload
        let target: OpenFile
        var digest: FileDigest
        /// The bytes in the file.
        var count = 0
        /// The bytes received in this attempt, those thrown away again included.
        var received = 0

        init(_ download: FileDownload) throws(ModelError) {
            self.download = download
            target = try OpenFile(appendingTo: download.location)
            digest = FileDigest(size: download.file.size, stated: download.file.stated)
        }

        func hashWhatIsThere() throws(ModelError) {
            if try target.size() > download.file.size { try restart() }
            try target.forEachPiece { (piece) throws(ModelError) in
                try download.client.cancellation.check()
                digest.update(piece)
                count += piece.count
            }
        }

        /// Set when the server goes on with something else than what is there.
        private var hasChanged = false

        private func restart() throws(ModelError) {
            try target.clear()
            count = 0
            digest = FileDigest(size: download.file.size, stated: download.file.stated)
        }

        func receiveRest() throws {
            let (file, commit) = (download.file, download.commit)
            var fields: [String] = ["Accept-Encoding: identity"]
            if count > 0 {
                fields.append("Range: bytes=\(count)-")
                if let tag = TagFile.read(download.tagLocation) { fields.append("If-Range: \(tag)") }
            }
            let path = "/\(download.repository)/resolve/\(commit)/\(file.path.percentEncoded)"
            let asked = count
            do {
                _ = try download.client.follow(path, fields: fields) { [download] (head) throws(ModelError) in
                    try download.compare(head)
                } wants: { [self] (head) throws(ModelError) in
                    try accept(head, asked: asked)
                } take: { [self] (bytes) throws(ModelError) in
                    try take(bytes)
                }
            } catch let unready as HubClient.Unready where asked > 0 && unready.isRefusedRange {
                try restart()
                throw unready
            }
            if hasChanged {
                hasChanged = false
                try restart()
                throw TransferFailure(kind: .broken, reason: "the file has changed on the server")
            }
            guard count == file.size else {
                throw TransferFailure(
                    kind: .broken, reason: "\(count) of \(file.size) bytes arrived")
            }
        }

        /// Whether the body of a response is the file, or the rest of it.
        private func accept(_ head: TransferHead, asked: Int) throws(ModelError) -> Bool {
            switch head.status {
            case 206:
                let range = head["content-range"].flatMap(ContentRange.init)
                guard asked > 0, let range, range.start == asked,
                    range.total == nil || range.total == download.file.size
                else {
                    try restart()
                    throw ModelError(
                        .unexpectedAnswer,
                        "\(download.file.path.text.printable) arrives with a range that was not asked for.")
                }
                if let old = TagFile.read(download.tagLocation), let new = head["etag"], new != old {
                    hasChanged = true
                    return false
                }
            case 200:
                // The tag has changed, or the server knows no ranges.
                try restart()
                if let length = head["content-length"].flatMap({ Int($0) }), length != download.file.size {
                    throw ModelError(
                        .digestMismatch,
                        "\(download.file.path.text.printable) has \(length) bytes where the hub states \(download.file.size). "
                            + "Something else than the hub may have answered; nothing was kept.")
                }
            default: return false
            }
            try TagFile.write(head["etag"], to: download.tagLocation)
            return true
        }

        private func take(_ bytes: UnsafeRawBufferPointer) throws(ModelError) {
            guard bytes.count <= download.file.size - count else {
                throw ModelError(
                    .tooLarge,
                    "\(download.file.path.text.printable) has more than the \(download.file.size) bytes that the hub states. "
                        + "Nothing was kept.")
            }
            try target.append(bytes)
            digest.update(bytes)
            count += bytes.count
            received += bytes.count
            download.onProgress(count)
        }
    }

    /// Whether what the hub says with the file agrees with its list.
    private func compare(_ head: TransferHead) throws(ModelError) {
        func fault(_ what: String) -> ModelError {
            ModelError(
                .digestMismatch,
                "\(repository)/\(file.path.text.printable): the hub states another \(what) with the file than in its "
                    + "list. Nothing was kept; try another mirror.")
        }
        if let commit = head["x-repo-commit"], commit != self.commit { throw fault("commit") }
        if let size = head["x-linked-size"].flatMap({ Int($0) }), size != file.size { throw fault("size") }
        guard let tag = head["x-linked-etag"]?.filter({ $0 != "\"" }) else { return }
        switch file.stated {
        case .sha256(let wanted): if tag.isHexadecimal(64), tag != wanted { throw fault("digest") }
        case .gitBlob(let wanted): if tag.isHexadecimal(40), tag != wanted { throw fault("digest") }
        }
    }
}

/// `bytes 100-199/200` (RFC 9110 §14.4)
struct ContentRange {
    let start: Int
    let total: Int?

    init?(_ text: String) {
        guard text.hasPrefix("bytes "), let dash = text.firstIndex(of: "-"), let slash = text.firstIndex(of: "/"),
            dash < slash, let start = Int(text[text.index(text.startIndex, offsetBy: 6)..<dash]), start >= 0
        else { return nil }
        self.start = start
        let rest = text[text.index(after: slash)...]
        guard rest != "*" else {
            total = nil
            return
        }
        guard let total = Int(rest) else { return nil }
        self.total = total
    }
}

/// The entity tag of a partial file.
private enum TagFile {
    /// The tag; nil when there is none that If-Range may name (weak ones may not).
    static func read(_ location: String) -> String? {
        guard let bytes = try? OpenFile(reading: location, followsLinks: false).read(upTo: 256, at: 0),
            let tag = String(validating: bytes, as: UTF8.self), isStrong(tag)
        else { return nil }
        return tag
    }

    static func write(_ tag: String?, to location: String) throws(ModelError) {
        unlink(location)
        guard let tag, isStrong(tag) else { return }
        try OpenFile(appendingTo: location).append(Array(tag.utf8))
    }

    private static func isStrong(_ tag: String) -> Bool {
        tag.hasPrefix("\"") && tag.hasSuffix("\"") && (2...200).contains(tag.utf8.count)
            && tag.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }
}
