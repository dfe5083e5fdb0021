// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// The shape of an encoder (`config.json`).
struct EncoderConfiguration: Sendable, Hashable {
    /// The architectures, by `model_type`. MiniLM is BERT's, XLM-R is RoBERTa's.
    enum Architecture: String, Sendable, Hashable, CaseIterable {
        case bert, distilbert, mpnet, roberta
        case xlmRoberta = "xlm-roberta"

        /// What tensors' names begin with in a checkpoint with a head.
        var prefix: String { self == .xlmRoberta ? "roberta." : rawValue + "." }
    }

    let architecture: Architecture
    let width: Int
    let layers: Int
    let heads: Int
    let inner: Int
    let vocabulary: Int
    let positions: Int
    /// The row of the position table for the first token.
    let firstPosition: Int
    let types: Int
    /// The distances that attention tells apart (MPNet, Song et al. 2020); 0 where it knows of none.
    let distances: Int
    let epsilon: Float
    /// The class of the checkpoint, such as `BertForTokenClassification`; empty when it does not say.
    let className: String
    let labels: [String]

    /// The most tokens of one text, those of the template included.
    var longest: Int { positions - firstPosition }

    init(_ config: JSONValue, folder: String) throws(TextEncoderError) {
        func size(_ names: String..., limit: Int) throws(TextEncoderError) -> Int {
            for name in names {
                guard let value = config[name], !value.isNull else { continue }
                guard let size = value.integer, size > 0, size <= limit else {
                    throw TextEncoderError(
                        .malformed, "\(folder)/config.json: \"\(name)\" must be from 1 to \(limit).")
                }
                return Int(size)
            }
            throw TextEncoderError(.malformed, "\(folder)/config.json does not say \"\(names[0])\".")
        }
        let type = config["model_type"]?.string ?? ""
        guard let architecture = Architecture(rawValue: type) else {
            let known = Architecture.allCases.map(\.rawValue).joined(separator: ", ")
            throw TextEncoderError(
                .unsupported,
                "\(folder) is a model of the type \"\(type.prefix(40))\"; text encoders of these types can be used: "
                    + "\(known).")
        }
        self.architecture = architecture
        width = try size("hidden_size", "dim", limit: 1 << 13)
        layers = try size("num_hidden_layers", "n_layers", limit: 128)
        heads = try size("num_attention_heads", "n_heads", limit: 256)
        inner = try size("intermediate_size", "hidden_dim", limit: 1 << 16)
        vocabulary = try size("vocab_size", limit: 1 << 21)
        positions = try size("max_position_embeddings", limit: 1 << 16)
        switch architecture {
        case .bert, .distilbert: firstPosition = 0
        case .mpnet, .roberta, .xlmRoberta:
            guard let padding = (config["pad_token_id"] ?? 1).integer, (0..<1 << 20).contains(padding) else {
                throw TextEncoderError(.malformed, "\(folder)/config.json: \"pad_token_id\" is no id.")
            }
            firstPosition = Int(padding) + 1
        }
        let hasTypes = architecture != .distilbert && architecture != .mpnet
        types = hasTypes ? try size("type_vocab_size", limit: 1 << 10) : 0
        distances = architecture == .mpnet ? try size("relative_attention_num_buckets", limit: 1 << 10) : 0
        // The reference computes with this number whatever the file says.
        guard [0, 32].contains(distances) else {
            throw TextEncoderError(
                .unsupported, "\(folder)/config.json: \"relative_attention_num_buckets\" must be 32.")
        }
        let epsilon = architecture == .distilbert ? 1e-12 : config["layer_norm_eps"]?.double ?? 1e-12
        guard epsilon >= 0, epsilon < 1 else {
            throw TextEncoderError(.malformed, "\(folder)/config.json: \"layer_norm_eps\" must be from 0 to 1.")
        }
        self.epsilon = Float(epsilon)
        guard width % heads == 0, width / heads <= 64, width / heads % 2 == 0, inner % 2 == 0 else {
            throw TextEncoderError(
                .unsupported,
                "\(folder): the encoder's \(heads) heads over \(width) numbers can't be computed; heads must have an even "
                    + "size up to 64.")
        }
        guard positions - firstPosition >= 8 else {
            throw TextEncoderError(.malformed, "\(folder)/config.json: there are too few positions.")
        }
        let activation = (config["hidden_act"] ?? config["activation"] ?? "gelu").string
        guard activation == "gelu", (config["position_embedding_type"] ?? "absolute").string == "absolute",
            config["is_decoder"]?.bool != true
        else {
            throw TextEncoderError(
                .unsupported,
                "\(folder): only encoders with the activation \"gelu\" and absolute positions can be used.")
        }
        className = config["architectures"]?.array?.first?.string ?? ""
        labels = try Self.labels(config, folder)
    }

    private static func labels(_ config: JSONValue, _ folder: String) throws(TextEncoderError) -> [String] {
        guard let map = config["id2label"]?.object else { return [] }
        var labels: [String] = []
        for index in 0..<min(map.members.count, 10_000) {
            guard let label = map["\(index)"]?.string else {
                throw TextEncoderError(
                    .malformed, "\(folder)/config.json: \"id2label\" does not number its labels from 0.")
            }
            labels.append(label)
        }
        return labels
    }
}
