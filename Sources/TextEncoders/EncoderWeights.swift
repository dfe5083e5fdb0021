// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import Inference

/// The tensors of an encoder by the names that BERT gives them, whatever its architecture, with an adapter's changes.
struct EncoderWeights {
    private let files: WeightFiles
    private let prefix: String
    private let architecture: EncoderConfiguration.Architecture
    private let adapter: TextAdapter?

    init(
        _ files: WeightFiles, _ configuration: EncoderConfiguration, adapter: TextAdapter?
    ) throws(TextEncoderError) {
        self.files = files
        self.adapter = adapter
        architecture = configuration.architecture
        let words = "embeddings.word_embeddings.weight"
        guard let prefix = ["", architecture.prefix].first(where: { files.contains($0 + words) }) else {
            throw TextEncoderError(
                .malformed, "the weights in \(files.folder) have no tensor \(words); are they of a text encoder?")
        }
        self.prefix = prefix
    }

    /// The names for the parts of a layer that are not BERT's.
    private static let names: [EncoderConfiguration.Architecture: [String: String]] = [
        .distilbert: [
            "attention.self.query": "attention.q_lin", "attention.self.key": "attention.k_lin",
            "attention.self.value": "attention.v_lin", "attention.output.dense": "attention.out_lin",
            "attention.output.LayerNorm": "sa_layer_norm", "intermediate.dense": "ffn.lin1",
            "output.dense": "ffn.lin2", "output.LayerNorm": "output_layer_norm",
        ],
        .mpnet: [
            "attention.self.query": "attention.attn.q", "attention.self.key": "attention.attn.k",
            "attention.self.value": "attention.attn.v", "attention.output.dense": "attention.attn.o",
            "attention.output.LayerNorm": "attention.LayerNorm",
        ],
    ]

    /// Reads a tensor.
    ///
    /// - Parameter stored: Its name in the checkpoint where that is another one.
    func tensor(_ name: String, stored: String? = nil, _ shape: [Int]) throws(TextEncoderError) -> Tensor {
        if let replacement = try adapter?.replacement(of: name, shape: shape) { return replacement }
        let base = try read(prefix + (stored ?? name), shape)
        try adapter?.merge(into: base, name: name)
        return base
    }

    /// A table that stays in its file, and which no adapter changes.
    func table(_ name: String, _ shape: [Int]) throws(TextEncoderError) -> MappedTable {
        do {
            return try files.table(prefix + name, shape: shape)
        } catch {
            throw ModelFolder.error(error)
        }
    }

    /// Reads a tensor outside of the encoder: of a head.
    func head(_ name: String, _ shape: [Int]) throws(TextEncoderError) -> Tensor { try read(name, shape) }

    /// The rows of a tensor outside of the encoder; nil when there is none.
    func rows(ofHead name: String) -> Int? { files.shape(of: name)?.first }

    private func read(_ name: String, _ shape: [Int]) throws(TextEncoderError) -> Tensor {
        let tensor: Tensor
        do {
            tensor = try files.tensor(name, shape: shape)
        } catch {
            throw ModelFolder.error(error)
        }
        guard tensor.isFinite else { throw notFinite(name) }
        return tensor
    }

    private func notFinite(_ name: String) -> TextEncoderError {
        TextEncoderError(
            .malformed,
            "\(files.folder): tensor \(name.prefix(100)) holds infinite numbers or such as are none: its training or its "
                + "conversion went wrong. Take another checkpoint.")
    }

    /// Checks what loading leaves alone: the numbers of a table, and that no part of the encoder is left out, such as layers
    /// that config.json does not speak of. Call it when everything was read.
    func checkRest(of table: MappedTable, _ name: String) throws(TextEncoderError) {
        guard table.isFinite else { throw notFinite(prefix + name) }
        // What an adapter replaces is not read, and its base was checked when it came.
        guard adapter == nil else { return }
        // Checkpoints of old have the numbers of positions as a tensor.
        let parts = ["embeddings.", "encoder.", "transformer."].map { prefix + $0 }
        let foreign = files.unread.first { name in
            parts.contains { name.hasPrefix($0) } && !name.hasSuffix(".position_ids")
        }
        guard let foreign else { return }
        throw TextEncoderError(
            .malformed,
            "\(files.folder): config.json describes no model with the tensor \(foreign.prefix(100)); are the files of one "
                + "model?")
    }

    /// The full name of a part of a layer.
    private func name(_ part: String, _ layer: Int) -> String {
        let layers = architecture == .distilbert ? "transformer.layer" : "encoder.layer"
        return "\(layers).\(layer).\(Self.names[architecture]?[part] ?? part)"
    }

    /// The weights and the bias of a linear part of a layer.
    func linear(
        _ part: String, layer: Int, inputs: Int, outputs: Int
    ) throws(TextEncoderError) -> (weights: Tensor, bias: Tensor?) {
        let name = name(part, layer)
        return (try tensor(name + ".weight", [outputs, inputs]), try tensor(name + ".bias", [outputs]))
    }

    /// What attention adds to scores by distance; nil where the architecture has no such thing.
    ///
    /// Half of the numbers are for each direction, of which half are for single distances, and the others for spans that grow until
    /// 128 (Raffel et al. 2020, 2.1, as `transformers` computes them for MPNet).
    func positionBias(_ configuration: EncoderConfiguration) throws(TextEncoderError) -> PositionBias? {
        guard configuration.distances > 0 else { return nil }
        let table = try tensor(
            "encoder.relative_attention_bias.weight", [configuration.distances, configuration.heads])
        let half = configuration.distances / 2
        let single = half / 2
        return PositionBias(heads: configuration.heads, longest: configuration.longest) { head, distance in
            let far = Float(max(abs(distance), single)) / Float(single)
            let span = single + Int(Glibc.logf(far) / Glibc.logf(128 / Float(single)) * Float(half - single))
            let place = abs(distance) < single ? abs(distance) : min(span, half - 1)
            return table.pointer[((distance > 0 ? half : 0) + place) * configuration.heads + head]
        }
    }

    /// A normalisation: of a layer, or of the embeddings when there is none.
    func norm(_ part: String, layer: Int? = nil, _ configuration: EncoderConfiguration) throws(TextEncoderError)
        -> LayerNorm
    {
        let name = layer.map { self.name(part, $0) } ?? part
        // Checkpoints that were converted from TensorFlow keep its names.
        let isOld = files.contains(prefix + name + ".gamma")
        return LayerNorm(
            gain: try tensor(name + ".weight", stored: isOld ? name + ".gamma" : nil, [configuration.width]),
            bias: try tensor(name + ".bias", stored: isOld ? name + ".beta" : nil, [configuration.width]),
            epsilon: configuration.epsilon)
    }
}
