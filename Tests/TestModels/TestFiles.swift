// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Foundation
import JSON
public import TestPrograms

@testable import Models

/// Small files that look like those of a model.
public enum TestFiles {
    /// The SHA-256 of bytes, in hexadecimal.
    public static func sha256(_ bytes: [UInt8]) -> String { Hexadecimal.encode(SHA256.hash(bytes)) }

    /// The id that Git gives to a file of those bytes.
    public static func gitBlob(_ bytes: [UInt8]) -> String {
        var digest = GitBlobDigest(size: bytes.count)
        digest.update(bytes)
        return digest.finish()
    }

    /// A safetensors file with one tensor of `count` numbers.
    public static func weights(_ count: Int, seed: UInt8 = 1) -> [UInt8] {
        let header = Array(
            #"{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[\#(count)],"data_offsets":[0,\#(4 * count)]}}"#
                .utf8)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        return length + header + (0..<4 * count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(seed)) }
    }

    /// Text as bytes.
    public static func json(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// A Whisper checkpoint in miniature.
    public static func whisper(weights: [UInt8] = weights(5000)) -> [String: [UInt8]] {
        [
            "config.json": json(
                #"{"model_type": "whisper", "architectures": ["WhisperForConditionalGeneration"], "vocab_size": 51865}"#
            ),
            "generation_config.json": json(
                #"{"is_multilingual": true, "lang_to_id": {"<|en|>": 50259, "<|de|>": 50261, "<|jw|>": 50356}}"#),
            "preprocessor_config.json": json(#"{"feature_size": 80}"#),
            "tokenizer.json": json(#"{"model": {"vocab": {"a": 0}}}"#),
            "model.safetensors": weights,
            "README.md": json("---\nlicense: mit\n---\n# A model\n"),
            "pytorch_model.bin": json("PK pickle"),
            "flax_model.msgpack": json("x"),
        ]
    }

    /// The files of ``whisper(weights:)`` that a pull or import takes, sorted.
    public static let wanted: [String] = [
        "config.json", "generation_config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json",
    ]
}

extension TemporaryFolder {
    /// Writes files, and the folders above them, below a new folder.
    public func write(_ files: [String: [UInt8]], to folder: String) throws -> String {
        for (name, bytes) in files {
            let url = URL(filePath: path(folder)).appending(path: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
        }
        return path(folder)
    }

    /// Every path below a folder, sorted.
    public func everything(below folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path(folder)).sorted()
    }
}
