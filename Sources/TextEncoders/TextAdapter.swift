// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference
import JSON

/// An adapter: small changes of an encoder's weights and a head, which make it a model for one task.
///
/// weights/FORMAT.md describes the files. The changes are merged into the weights when the encoder is loaded
/// (Hu et al. 2021, LoRA).
struct TextAdapter {
    /// How a text's tokens get their types.
    enum TokenTypes: String, Sendable { case zero, letterCase = "case", pair }

    let folder: String
    let task: EncoderTask
    let labels: [String]
    let tokenTypes: TokenTypes
    let longest: Int
    private let scale: Float
    private let rank: Int
    private let modules: [String]
    private let files: WeightFiles
    private let architecture: EncoderConfiguration.Architecture
    private let digestOfBase: String

    init(folder path: String) throws(TextEncoderError) {
        let folder = ModelFolder(path: path)
        let description = try folder.object("adapter.json")
        func malformed(_ reason: String) -> TextEncoderError {
            TextEncoderError(.malformed, "\(path)/adapter.json \(reason).")
        }
        guard description["format"]?.string == "oracy-text-adapter", description["version"]?.integer == 1 else {
            throw TextEncoderError(
                .unsupported, "\(path)/adapter.json is no adapter of version 1; this program knows no other.")
        }
        switch description["task"]?.string {
        case "token-classification"?: task = .tag
        case "text-classification"?: task = .classify
        case "text-pair-classification"?: task = .classifyPairs
        default: throw malformed("names an unknown task")
        }
        guard let labels = description["labels"]?.array?.compactMap(\.string), !labels.isEmpty, labels.count <= 10_000
        else { throw malformed("has no labels") }
        guard let rank = description["rank"]?.integer, (1...4096).contains(rank),
            let alpha = description["alpha"]?.double, alpha.isFinite
        else { throw malformed("has no rank from 1 to 4096 and no alpha") }
        guard let longest = description["max_length"]?.integer, (8...1 << 16).contains(longest) else {
            throw malformed("has no max_length from 8")
        }
        guard let types = TokenTypes(rawValue: (description["token_types"] ?? "zero").string ?? "") else {
            throw malformed("asks for unknown token_types")
        }
        guard (types == .pair) == (task == .classifyPairs) else {
            throw malformed("must have token_types pair for pairs of texts, and for nothing else")
        }
        guard let name = (description["weights"] ?? "adapter.safetensors").string, name.hasSuffix(".safetensors"),
            !name.contains("/"), name.utf8.allSatisfy({ $0 >= 0x20 })
        else { throw malformed("names weights that are no file beside it") }
        let base = description["base_model"]
        guard let architecture = Self.architectures[base?["architecture"]?.string ?? ""],
            let digest = base?["weights_sha256"]?.string
        else { throw malformed("names no base model of the architecture BertModel or MPNetModel with its digest") }
        self.folder = path
        self.labels = labels
        self.rank = Int(rank)
        self.longest = Int(longest)
        scale = Float(alpha) / Float(rank)
        tokenTypes = types
        self.architecture = architecture
        digestOfBase = digest
        modules = description["adapted_modules"]?.array?.compactMap(\.string) ?? []
        if let stated = description["weights_sha256"]?.string {
            guard try folder.digest(of: name) == stated else {
                throw TextEncoderError(
                    .malformed, "\(path)/\(name) is not the file that adapter.json was written for; fetch both again.")
            }
        }
        do {
            files = try WeightFiles(file: "\(path)/\(name)")
        } catch {
            throw ModelFolder.error(error)
        }
    }

    /// The models that adapters are made for.
    private static let architectures: [String: EncoderConfiguration.Architecture] = [
        "BertModel": .bert, "MPNetModel": .mpnet,
    ]

    /// How many token types the model has with the adapter.
    func types(of base: Int) -> Int {
        switch tokenTypes {
        case .zero: base
        case .letterCase: 5
        case .pair: 2
        }
    }

    /// Checks that the adapter was made for these weights, and that there is nothing in it that would be left out.
    func check(
        _ configuration: EncoderConfiguration, digest: () throws(TextEncoderError) -> String
    ) throws(TextEncoderError) {
        guard configuration.architecture == architecture else {
            throw TextEncoderError(
                .unsupported, "\(folder) is an adapter for \(architecture.rawValue), and the model is another one.")
        }
        var known: Set<String> = ["head.weight", "head.bias", "embeddings.token_type_embeddings.weight"]
        known.formUnion(["embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"])
        for layer in 0..<configuration.layers {
            let name = "encoder.layer.\(layer)."
            for module in modules {
                known.formUnion([".lora_A", ".lora_B", ".bias"].map { name + module + $0 })
            }
            for norm in [
                architecture == .mpnet ? "attention.LayerNorm" : "attention.output.LayerNorm", "output.LayerNorm",
            ] {
                known.formUnion([".weight", ".bias"].map { name + norm + $0 })
            }
        }
        guard let foreign = files.names.filter({ !known.contains($0) }).min() else {
            guard try digest() == digestOfBase else {
                throw TextEncoderError(
                    .unsupported, "\(folder) is an adapter for other weights than the model has.")
            }
            return
        }
        throw TextEncoderError(
            .malformed, "\(folder) has a tensor \(foreign.prefix(100)) that belongs to no part of the model.")
    }

    /// The adapter's tensor of this name; nil when it has none.
    func replacement(of name: String, shape: [Int]) throws(TextEncoderError) -> Tensor? {
        guard files.contains(name) else { return nil }
        return try tensor(name, shape)
    }

    /// A tensor of the adapter.
    func tensor(_ name: String, _ shape: [Int]) throws(TextEncoderError) -> Tensor {
        let tensor: Tensor
        do {
            tensor = try files.tensor(name, shape: shape)
        } catch {
            throw ModelFolder.error(error)
        }
        guard tensor.isFinite else {
            throw TextEncoderError(
                .malformed,
                "\(folder): tensor \(name.prefix(100)) holds infinite numbers or such as are none; train it again.")
        }
        return tensor
    }

    /// Adds scale B A to the weights of a module that has both.
    func merge(into weights: Tensor, name: String) throws(TextEncoderError) {
        guard name.hasSuffix(".weight"), weights.shape.count == 2 else { return }
        let module = name.dropLast(".weight".count)
        let (first, second) = ("\(module).lora_A", "\(module).lora_B")
        guard files.contains(first) || files.contains(second) else { return }
        let (outputs, inputs) = (weights.shape[0], weights.shape[1])
        let (a, b) = (try tensor(first, [rank, inputs]), try tensor(second, [outputs, rank]))
        for output in 0..<outputs {
            let row = weights.pointer + output * inputs
            for index in 0..<rank {
                let factor = scale * b.pointer[output * rank + index]
                let other = a.pointer + index * inputs
                for input in 0..<inputs { row[input] += factor * other[input] }
            }
        }
    }
}
