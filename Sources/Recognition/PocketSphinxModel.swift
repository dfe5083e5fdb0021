// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CSodium
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
        digest = listing.hexadecimal()
        acousticModel = "\(folder)/en-us"
        languageModel = "\(folder)/en-us.lm.bin"
        dictionary = "\(folder)/cmudict-en-us.dict"
    }
}

/// SHA-256 (FIPS 180-4) by libsodium.
private struct SHA256 {
    private var state = crypto_hash_sha256_state()

    init() { crypto_hash_sha256_init(&state) }

    mutating func update(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        crypto_hash_sha256_update(&state, bytes, UInt64(bytes.count))
    }

    mutating func hexadecimal() -> String {
        var hash = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256_final(&state, &hash)
        let digits = Array("0123456789abcdef")
        return String(hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// The hash of a file that has to be there and not to be empty.
    static func hexadecimal(ofFileAt path: String) throws(RecognitionError) -> String {
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
        return hash.hexadecimal()
    }
}
