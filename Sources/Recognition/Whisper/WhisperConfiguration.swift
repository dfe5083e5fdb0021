// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// The sizes of a Whisper checkpoint (Radford et al. 2022, table 1), from its `config.json`.
package struct WhisperConfiguration: Sendable, Hashable {
    /// The size of a state.
    package let width: Int
    /// How many frequency bands a spectrogram has.
    package let melBins: Int
    /// How many tokens there are.
    package let vocabulary: Int
    package let encoderLayers: Int
    package let encoderHeads: Int
    package let encoderInner: Int
    package let decoderLayers: Int
    package let decoderHeads: Int
    package let decoderInner: Int
    /// How many states a window has; its spectrogram has twice as many frames.
    package let audioPositions: Int
    /// How many tokens a sequence may have.
    package let textPositions: Int

    /// How many frames a window's spectrogram has.
    package var frames: Int { 2 * audioPositions }

    /// Reads a configuration and checks that the engine can run it.
    ///
    /// - Throws: ``RecognitionError`` with code `modelInvalid`.
    package init(parsing json: [UInt8]) throws(RecognitionError) {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue(parsing: json)
        } catch {
            throw RecognitionError(.modelInvalid, "config.json can't be read: \(error)")
        }
        func size(_ key: String, _ range: ClosedRange<Int>) throws(RecognitionError) -> Int {
            guard let value = document[key]?.integer, let size = Int(exactly: value), range.contains(size) else {
                throw RecognitionError(
                    .modelInvalid,
                    "config.json: \(key) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return size
        }
        guard document["model_type"]?.string ?? "whisper" == "whisper" else {
            throw RecognitionError(.modelInvalid, "config.json describes another kind of model, not Whisper")
        }
        guard document["activation_function"]?.string ?? "gelu" == "gelu",
            document["scale_embedding"]?.bool ?? false == false
        else {
            throw RecognitionError(
                .modelInvalid, "config.json asks for an activation or embedding scale that no official Whisper has")
        }
        width = try size("d_model", 8...8192)
        melBins = try size("num_mel_bins", 1...512)
        vocabulary = try size("vocab_size", 2...1_000_000)
        encoderLayers = try size("encoder_layers", 1...128)
        encoderHeads = try size("encoder_attention_heads", 1...128)
        encoderInner = try size("encoder_ffn_dim", 8...32768)
        decoderLayers = try size("decoder_layers", 1...128)
        decoderHeads = try size("decoder_attention_heads", 1...128)
        decoderInner = try size("decoder_ffn_dim", 8...32768)
        audioPositions = try size("max_source_positions", 1...16384)
        textPositions = try size("max_target_positions", 1...16384)
        for heads in [encoderHeads, decoderHeads] where width % heads != 0 || width / heads > 64 {
            throw RecognitionError(
                .modelInvalid,
                "config.json: d_model (\(width)) must be at most 64 numbers for each of the heads (\(heads))")
        }
    }
}
