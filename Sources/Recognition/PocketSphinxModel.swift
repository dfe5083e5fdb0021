// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Glibc

/// The files of a PocketSphinx model for continuous English speech, as Debian's `pocketsphinx-en-us` installs them.
struct PocketSphinxModel: Sendable, Hashable {
    let acousticModel: String
    let languageModel: String
    let dictionary: String
    /// SHA-256 of what `sha256sum` prints for the files, in the order of ``files``; lower-case hexadecimal.
    let digest: String

    /// The files below the folder, in byte order.
    static let files = [
        "cmudict-en-us.dict", "en-us.lm.bin", "en-us/feat.params", "en-us/mdef", "en-us/means", "en-us/noisedict",
        "en-us/sendump", "en-us/transition_matrices", "en-us/variances",
    ]

    /// Reads and hashes all files (about 37 MB): blocks for a moment.
    init(folder: String) throws(RecognitionError) {
        var listing = SHA256()
        for file in Self.files {
            let digest = try SHA256.hexadecimal(ofFileAt: "\(folder)/\(file)")
            listing.update(Array("\(digest)  \(file)\n".utf8))
        }
        digest = Hexadecimal.encode(listing.finish())
        acousticModel = "\(folder)/en-us"
        languageModel = "\(folder)/en-us.lm.bin"
        dictionary = "\(folder)/cmudict-en-us.dict"
    }
}

extension SHA256 {
    /// The hash of a file that has to be there and not to be empty.
    fileprivate static func hexadecimal(ofFileAt path: String) throws(RecognitionError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw RecognitionError(
                .modelMissing,
                "The speech model's file \(path) can't be read (\(String(cString: strerror(errno)))). Install the Debian "
                    + "package pocketsphinx-en-us, or name the folder that holds the model.")
        }
        defer { close(descriptor) }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var isEmpty = true
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw RecognitionError(
                    .modelInvalid,
                    "The speech model's file \(path) can't be read (\(String(cString: strerror(errno)))).")
            }
            if count == 0 { break }
            isEmpty = false
            hash.update(buffer[..<count])
        }
        guard !isEmpty else {
            throw RecognitionError(.modelInvalid, "The speech model's file \(path) is empty. Install the model again.")
        }
        return Hexadecimal.encode(hash.finish())
    }
}
