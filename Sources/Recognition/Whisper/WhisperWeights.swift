// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference

/// A checkpoint's tensors by the names that Hugging Face's `transformers` gives them.
struct WhisperWeights {
    private let files: WeightFiles
    private let prefix: String
    private let precision: Precision
    private let isTrial: Bool

    /// Opens a folder's weights. Checkpoints saved without the output layer lack the prefix `model.`.
    ///
    /// - Parameter isTrial: Whether every number is looked at.
    init(folder: String, precision: Precision, isTrial: Bool = false) throws(RecognitionError) {
        do throws(InferenceError) {
            files = try WeightFiles(folder: folder)
        } catch {
            throw RecognitionError(error)
        }
        prefix = files.contains("model.decoder.embed_tokens.weight") ? "model." : ""
        self.precision = precision
        self.isTrial = isTrial
    }

    func tensor(_ name: String, _ shape: Int...) throws(RecognitionError) -> Tensor {
        try read(prefix + name, shape)
    }

    private func read(_ name: String, _ shape: [Int]) throws(RecognitionError) -> Tensor {
        let tensor: Tensor
        do throws(InferenceError) {
            tensor = try files.tensor(name, shape: shape)
        } catch {
            throw RecognitionError(error)
        }
        guard !isTrial || tensor.isFinite else {
            throw RecognitionError(
                .modelInvalid,
                "\(files.folder): tensor \(name.prefix(100)) holds infinite numbers or such as are none: its training or its "
                    + "conversion went wrong. Take another checkpoint.")
        }
        return tensor
    }

    /// Checks that no part of encoder and decoder was left out, such as layers that config.json does not speak of. Call it when
    /// everything was read.
    func checkRest() throws(RecognitionError) {
        let parts = ["encoder.", "decoder."].map { prefix + $0 }
        guard let foreign = files.unread.first(where: { name in parts.contains { name.hasPrefix($0) } }) else { return }
        throw RecognitionError(
            .modelInvalid,
            "\(files.folder): config.json describes no model with the tensor \(foreign.prefix(100)); are the files of one "
                + "model?")
    }

    func norm(_ name: String, _ size: Int) throws(RecognitionError) -> LayerNorm {
        LayerNorm(gain: try tensor(name + ".weight", size), bias: try tensor(name + ".bias", size))
    }

    /// A layer normalisation and the linear layers that read it, stacked.
    ///
    /// Trained networks have a few channels that are many times larger than the others. Its gain shows such a channel
    /// without any audio: the layers multiply it in float. For int8, channels that stand out less are made smaller in
    /// the normalisation and larger in the weights by the same factor, the square root of how far they stand out, since
    /// they would leave the others of a row too few of its 256 codes (SmoothQuant, Xiao et al. 2022, with the gain as
    /// the measure of activations).
    ///
    /// - Returns: Also whether there are channels so large.
    func normed(
        _ norm: String, _ names: [String], inputs: Int, outputs: Int
    ) throws(RecognitionError) -> (norm: LayerNorm, linear: Linear, hasOutliers: Bool) {
        let gain = try tensor(norm + ".weight", inputs)
        let bias = try tensor(norm + ".bias", inputs)
        let sizes = gain.array.map(abs)
        let usual = sizes.sorted()[inputs / 2]
        let ratios = sizes.map { $0 / usual }
        let apart = ratios.indices.filter { ratios[$0].isFinite && ratios[$0] > Self.outlierRatio }
            .sorted { ratios[$0] > ratios[$1] }.prefix(inputs / 16).sorted()
        var factors: [Float] = []
        if precision == .int8 {
            factors = ratios.map { $0.isFinite && $0 > 1 ? $0.squareRoot() : 1 }
            for channel in apart { factors[channel] = 1 }
            for channel in 0..<inputs {
                gain.pointer[channel] /= factors[channel]
                bias.pointer[channel] /= factors[channel]
            }
        }
        return (
            LayerNorm(gain: gain, bias: bias),
            try linear(names, inputs: inputs, outputs: outputs, factors: factors, apart: apart), !apart.isEmpty
        )
    }

    /// How many times larger than usual a channel is that is multiplied in float.
    private static let outlierRatio: Float = 4

    /// Layers of the same input, stacked. In Whisper only the key projections (`k_proj`) have no bias.
    func linear(
        _ names: [String], inputs: Int, outputs: Int, precision: Precision? = nil, factors: [Float] = [],
        apart: [Int] = []
    ) throws(RecognitionError) -> Linear {
        var layers: [(weights: Tensor, bias: Tensor?)] = []
        for name in names {
            let bias = name.hasSuffix("k_proj") ? nil : try tensor(name + ".bias", outputs)
            let weights = try tensor(name + ".weight", outputs, inputs)
            for (channel, factor) in factors.enumerated() where factor != 1 {
                for output in 0..<outputs { weights.pointer[output * inputs + channel] *= factor }
            }
            layers.append((weights, bias))
        }
        return Linear(stacking: layers, precision: precision ?? self.precision, apart: apart)
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
        return try read("proj_out.weight", [configuration.vocabulary, configuration.width])
    }
}

extension RecognitionError {
    /// The same failure, of a recogniser's model.
    init(_ error: InferenceError) {
        self.init(error.code == .unreadable ? .modelMissing : .modelInvalid, error.message)
    }
}
