// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// What an adapter says about itself before it is loaded (weights/FORMAT.md).
public struct AdapterDescription: Sendable, Hashable {
    /// The SHA-256 of the `model.safetensors` that the adapter changes.
    public let baseDigest: String
    /// For polarity, the difference of probabilities up to which a text is neutral; nil for other tasks.
    public let neutralMargin: Double?

    /// Reads `adapter.json` of a folder; nil when the folder has none and so is a model of its own.
    ///
    /// - Throws: ``TextEncoderError`` when the file is damaged.
    public init?(folder: String) throws(TextEncoderError) {
        guard let description = try ModelFolder(path: folder).optional("adapter.json") else { return nil }
        guard let digest = description["base_model"]?["weights_sha256"]?.string else {
            throw TextEncoderError(.malformed, "\(folder)/adapter.json names no digest of the weights it changes.")
        }
        baseDigest = digest
        neutralMargin = description["neutral_margin"]?.double
        if let neutralMargin, !(0..<1).contains(neutralMargin) {
            throw TextEncoderError(.malformed, "\(folder)/adapter.json has a neutral_margin that is not from 0 to 1.")
        }
    }
}
