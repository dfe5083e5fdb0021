// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography

/// What a file is expected to be, as the hub states it.
enum StatedDigest: Sendable, Hashable {
    /// 64 hexadecimal digits.
    case sha256(String)
    /// The id of a Git blob, 40 hexadecimal digits.
    case gitBlob(String)

    var evidence: ModelManifest.Evidence {
        switch self {
        case .sha256: .statedSHA256
        case .gitBlob: .statedGitBlob
        }
    }
}

/// The digests of a file whose bytes arrive in pieces.
struct FileDigest {
    private var sha256 = SHA256()
    private var blob: GitBlobDigest?
    private let stated: StatedDigest?

    /// Starts a digest; only the kinds needed for `stated` are computed, and SHA-256 always.
    init(size: Int, stated: StatedDigest?) {
        self.stated = stated
        if case .gitBlob = stated { blob = GitBlobDigest(size: size) }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        sha256.update(bytes)
        blob?.update(bytes)
    }

    /// The SHA-256, and whether the bytes are those that were stated.
    func finish() -> (sha256: String, isAsStated: Bool) {
        let digest = Hexadecimal.encode(sha256.finish())
        let isAsStated =
            switch stated {
            case .sha256(let wanted): digest == wanted
            case .gitBlob(let wanted): blob?.finish() == wanted
            case nil: true
            }
        return (digest, isAsStated)
    }
}
