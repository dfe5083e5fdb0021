// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

extension ByteLevelBPE {
    /// Reads the tokenizer of a model's folder: `tokenizer.json`, or else `vocab.json` and `merges.txt` with
    /// `added_tokens.json` and `special_tokens_map.json` where they are.
    ///
    /// Blocks while it reads: not for the cooperative pool.
    ///
    /// - Throws: ``TokenizerError``.
    public init(folder: String) throws(TokenizerError) {
        if let bytes = try Self.contents(of: "tokenizer.json", in: folder) {
            try self.init(tokenizerJSON: bytes)
            return
        }
        guard let vocabulary = try Self.contents(of: "vocab.json", in: folder),
            let merges = try Self.contents(of: "merges.txt", in: folder)
        else {
            throw TokenizerError(
                .missing, "The model's folder has neither tokenizer.json nor vocab.json with merges.txt.")
        }
        try self.init(
            vocabJSON: vocabulary, mergesText: merges,
            addedTokensJSON: try Self.contents(of: "added_tokens.json", in: folder),
            specialTokensMapJSON: try Self.contents(of: "special_tokens_map.json", in: folder))
    }

    /// The bytes of a regular file; nil when there is none of this name.
    static func contents(of name: String, in folder: String) throws(TokenizerError) -> [UInt8]? {
        // Without O_NONBLOCK, opening a pipe that someone put there would wait for a writer.
        let descriptor = open(folder + "/" + name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw TokenizerError(.unreadable, "\(name) can't be opened: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw TokenizerError(.unreadable, "\(name) is not a file.")
        }
        guard status.st_size <= fileLimit else {
            throw TokenizerError(.malformed, "\(name) is larger than \(fileLimit) bytes.")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            filled += count
        }
        guard filled == bytes.count else { throw TokenizerError(.unreadable, "\(name) can't be read to its end.") }
        return bytes
    }
}
