// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference
import JSON

/// How the states of a text's tokens become one vector (`modules.json` of sentence-transformers).
struct SentencePooling: Sendable, Hashable {
    enum Kind: Sendable { case mean, first }
    var kind = Kind.mean
    /// Whether vectors are brought to length 1.
    var normalizes = true
    /// The most tokens of one text, if the model says so.
    var longest: Int?

    /// Means of length 1.
    init() {}

    /// Reads what a folder says; without a word, vectors are means of length 1.
    ///
    /// - Parameter width: The numbers of a state.
    init(_ folder: ModelFolder, width: Int) throws(TextEncoderError) {
        if let longest = try folder.optional("sentence_bert_config.json")?["max_seq_length"]?.integer {
            guard longest >= 8 else {
                throw TextEncoderError(
                    .malformed, "\(folder.path)/sentence_bert_config.json: \"max_seq_length\" must be at least 8.")
            }
            self.longest = Int(clamping: longest)
        }
        guard let modules = try folder.optional("modules.json")?.array else { return }
        normalizes = false
        for module in modules {
            let type = module["type"]?.string ?? ""
            switch type.split(separator: ".").last ?? "" {
            case "Transformer": break
            case "Normalize": normalizes = true
            case "Pooling":
                guard let path = module["path"]?.string, path.hasSuffix("_Pooling"), !path.contains("/") else {
                    throw TextEncoderError(.malformed, "\(folder.path)/modules.json names no folder for the pooling.")
                }
                guard let config = try folder.optional("\(path)/config.json") else {
                    throw TextEncoderError(
                        .unreadable,
                        "\(folder.path)/modules.json names the folder \(path.prefix(40)), which has no config.json; fetch it "
                            + "too.")
                }
                kind = try Self.kind(config, folder, width)
            case let name:
                throw TextEncoderError(
                    .unsupported,
                    "\(folder.path)/modules.json has a module \"\(name.prefix(40))\", which is not supported.")
            }
        }
    }

    private static func kind(
        _ config: JSONValue, _ folder: ModelFolder, _ width: Int
    ) throws(TextEncoderError) -> Kind {
        if let dimension = config["word_embedding_dimension"]?.integer, dimension != width {
            throw TextEncoderError(
                .malformed,
                "\(folder.path): the pooling is of vectors of \(dimension) numbers, and the model makes \(width); are the files "
                    + "of one model?")
        }
        let prefix = "pooling_mode_"
        var modes = (config.object?.members ?? []).filter { $0.key.hasPrefix(prefix) && $0.value.bool == true }
            .map { String($0.key.dropFirst(prefix.count)) }
        if let mode = config["pooling_mode"]?.string { modes.append(mode) }
        switch modes {
        case ["mean_tokens"], ["mean"]: return .mean
        case ["cls_token"], ["cls"]: return .first
        default:
            throw TextEncoderError(
                .unsupported, "\(folder.path): only the poolings \"mean\" and \"cls\" are supported, one at a time.")
        }
    }

    /// Adds a window's vector, times the number of its tokens of text.
    func add(
        _ states: UnsafePointer<Float>, tokens: Int, width: Int, weight: Float, to sum: UnsafeMutablePointer<Float>
    ) {
        switch kind {
        case .first: for index in 0..<width { sum[index] += weight * states[index] }
        case .mean:
            let factor = weight / Float(tokens)
            for token in 0..<tokens {
                let row = states + token * width
                for index in 0..<width { sum[index] += factor * row[index] }
            }
        }
    }
}
