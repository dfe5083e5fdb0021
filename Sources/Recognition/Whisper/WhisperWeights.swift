// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference

/// A checkpoint's tensors by the names that Hugging Face's `transformers` gives them.
struct WhisperWeights {
    private let files: WeightFiles
    private let prefix: String
    private let precision: Precision

    /// Opens a folder's weights. Checkpoints saved without the output layer lack the prefix `model.`.
    init(folder: String, precision: Precision) throws(RecognitionError) {
        do throws(InferenceError) {
            files = try WeightFiles(folder: folder)
        } catch {
            throw RecognitionError(error)
        }
        prefix = files.contains("model.decoder.embed_tokens.weight") ? "model." : ""
        self.precision = precision
    }

    func tensor(_ name: String, _ shape: Int...) throws(RecognitionError) -> Tensor {
        do throws(InferenceError) {
            return try files.tensor(prefix + name, shape: shape)
        } catch {
            throw RecognitionError(error)
        }
    }

    func norm(_ name: String, _ size: Int) throws(RecognitionError) -> LayerNorm {
        LayerNorm(gain: try tensor(name + ".weight", size), bias: try tensor(name + ".bias", size))
    }

    /// Layers of the same input, stacked. In Whisper only the key projections (`k_proj`) have no bias.
    func linear(_ names: [String], inputs: Int, outputs: Int) throws(RecognitionError) -> Linear {
        var layers: [(weights: Tensor, bias: Tensor?)] = []
        for name in names {
            let bias = name.hasSuffix("k_proj") ? nil : try tensor(name + ".bias", outputs)
            layers.append((try tensor(name + ".weight", outputs, inputs), bias))
        }
        return Linear(stacking: layers, precision: precision)
    }

    /// A convolution over three frames as a linear layer of their numbers, oldest frame first. int8 would save little
    /// here and cost accuracy at the very start.
    func convolution(_ name: String, inputs: Int, outputs: Int) throws(RecognitionError) -> Linear {
        let weights = try tensor(name + ".weight", outputs, inputs, 3)
        let turned = Tensor(shape: [outputs, 3 * inputs])
        for output in 0..<outputs {
            for input in 0..<inputs {
                for tap in 0..<3 {
                    turned.pointer[(output * 3 + tap) * inputs + input] =
                        weights.pointer[(output * inputs + input) * 3 + tap]
                }
            }
        }
        let bias = try tensor(name + ".bias", outputs)
        return Linear(turned, bias: bias, precision: precision == .int8 ? .preferred : precision)
    }

    /// The weights of the output layer, which official checkpoints share with the token embedding.
    func output(_ configuration: WhisperConfiguration) throws(RecognitionError) -> Tensor? {
        guard files.contains("proj_out.weight") else { return nil }
        do throws(InferenceError) {
            return try files.tensor("proj_out.weight", shape: [configuration.vocabulary, configuration.width])
        } catch {
            throw RecognitionError(error)
        }
    }
}

extension RecognitionError {
    /// The same failure, of a recogniser's model.
    init(_ error: InferenceError) {
        self.init(error.code == .unreadable ? .modelMissing : .modelInvalid, error.message)
    }
}
