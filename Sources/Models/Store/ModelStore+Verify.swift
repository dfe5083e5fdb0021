// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What a model's files are, compared with its manifest.
public struct VerificationReport: Sendable, Hashable {
    /// What is wrong with a file.
    public enum Finding: Sendable, Hashable {
        /// Its bytes are others than when it came.
        case damaged
        /// It is not there.
        case missing
        /// It is not part of the model.
        case foreign
        /// It can't be read, or is no regular file.
        case unreadable(reason: String)
    }

    /// The model.
    public let model: InstalledModel
    /// The files that are not as they should be, sorted by path.
    public let findings: [(path: String, finding: Finding)]
    /// Why the model can't be used although every file is as it should be, in sentences; nil where it can, or was not tried.
    public let problem: String?

    /// Whether every file is as it should be, and the model can be used if that was tried.
    public var isSound: Bool { findings.isEmpty && problem == nil }

    /// Whether model and findings are the same.
    public static func == (left: Self, right: Self) -> Bool {
        left.model == right.model && left.problem == right.problem
            && left.findings.elementsEqual(right.findings) { $0 == $1 }
    }

    /// Feeds model and paths to the hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(model)
        for entry in findings { hasher.combine(entry.path) }
    }
}

extension ModelStore {
    /// Reads every file of a model again and compares size and SHA-256 with the manifest.
    ///
    /// - Parameters:
    ///   - name: The model.
    ///   - trial: Tries whether a model whose files are sound can be used; nil not to.
    ///   - onProgress: Called from another thread with the bytes that are done, and those in all.
    /// - Throws: ``ModelError``: `notInstalled`, or `damaged` when the manifest itself can't be used.
    public func verify(
        _ name: String, trial: ModelTrial? = nil,
        onProgress: @escaping @Sendable (_ bytes: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> VerificationReport {
        try await offPool("oracy-verify") { cancellation in
            try Verification(
                model: read(ModelName(name)), trial: trial, cancellation: cancellation, onProgress: onProgress
            ).run()
        }
    }
}

private struct Verification {
    let model: InstalledModel
    let trial: ModelTrial?
    let cancellation: PullCancellation
    let onProgress: (Int, Int) -> Void

    func run() throws(ModelError) -> VerificationReport {
        var findings: [(path: String, finding: VerificationReport.Finding)] = []
        let known = Set(model.manifest.files.map(\.path.text) + [ModelManifest.fileName])
        for entry in try Folder.files(below: model.folder) where !known.contains(entry.path) {
            findings.append((entry.path.printable, .foreign))
        }
        let total = model.manifest.totalSize
        var done = 0
        for file in model.manifest.files {
            if let finding = try examine(file, { onProgress(done + $0, total) }) {
                findings.append((file.path.text, finding))
            }
            done += file.size
            onProgress(done, total)
        }
        findings.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let isWhole = findings.allSatisfy { $0.finding == .foreign }
        return VerificationReport(model: model, findings: findings, problem: isWhole ? trial?(model) : nil)
    }

    private func examine(
        _ file: ModelManifest.File, _ onBytes: (Int) -> Void
    ) throws(ModelError) -> VerificationReport.Finding? {
        let location = "\(model.folder)/\(file.path)"
        switch Folder.kind(of: location) {
        case nil: return .missing
        case .file(file.size): break
        case .file: return .damaged
        case .folder, .other: return .unreadable(reason: "it is no regular file")
        }
        do throws(ModelError) {
            let open = try OpenFile(reading: location, followsLinks: false)
            var digest = FileDigest(size: file.size, stated: .sha256(file.sha256))
            var count = 0
            try open.forEachPiece { (piece) throws(ModelError) in
                try cancellation.check()
                digest.update(piece)
                count += piece.count
                onBytes(count)
            }
            return digest.finish().isAsStated ? nil : .damaged
        } catch {
            if error.code == .cancelled { throw error }
            return .unreadable(reason: error.message)
        }
    }
}
