// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import Inference

/// What makes logits of an encoder's states.
final class EncoderHead: Sendable {
    /// What comes before the last layer, for classes of texts.
    private enum Activation { case tanh, relu }

    let labels: [String]
    private let dense: Linear?
    private let activation: Activation
    private let output: Linear

    /// Reads the head of a checkpoint such as `BertForSequenceClassification`.
    init(
        _ task: EncoderTask, _ weights: EncoderWeights, _ configuration: EncoderConfiguration
    ) throws(TextEncoderError) {
        let width = configuration.width
        func linear(_ name: String, _ outputs: Int) throws(TextEncoderError) -> Linear {
            Linear(
                try weights.head(name + ".weight", [outputs, width]), bias: try weights.head(name + ".bias", [outputs]),
                precision: .float32)
        }
        let architecture = configuration.architecture
        let isLikeRoberta = [.mpnet, .roberta, .xlmRoberta].contains(architecture)
        let last = task == .classify && isLikeRoberta ? "classifier.out_proj" : "classifier"
        guard let count = weights.rows(ofHead: last + ".weight"), (1...10_000).contains(count) else {
            throw TextEncoderError(.malformed, "the weights have no tensor \(last).weight; are they of such a model?")
        }
        guard configuration.labels.isEmpty || configuration.labels.count == count else {
            throw TextEncoderError(
                .malformed,
                "config.json names \(configuration.labels.count) labels in id2label, and the weights have \(count); are the "
                    + "files of one model?")
        }
        labels = configuration.labels.isEmpty ? (0..<count).map { "LABEL_\($0)" } : configuration.labels
        output = try linear(last, count)
        switch (task, architecture) {
        case (.classify, .bert): (dense, activation) = (try linear("bert.pooler.dense", width), .tanh)
        case (.classify, .distilbert): (dense, activation) = (try linear("pre_classifier", width), .relu)
        case (.classify, .mpnet), (.classify, .roberta), (.classify, .xlmRoberta):
            (dense, activation) = (try linear("classifier.dense", width), .tanh)
        default: (dense, activation) = (nil, .tanh)
        }
    }

    /// Takes the head of an adapter.
    init(_ adapter: TextAdapter, width: Int) throws(TextEncoderError) {
        labels = adapter.labels
        dense = nil
        activation = .tanh
        output = Linear(
            try adapter.tensor("head.weight", [labels.count, width]),
            bias: try adapter.tensor("head.bias", [labels.count]), precision: .float32)
    }

    /// The logits of some states, [count, labels].
    func logits(_ states: UnsafePointer<Float>, count: Int, width: Int, _ scratch: Scratch) -> [Float] {
        var rows = Rows(states, stride: width, count: count)
        var result = [Float](repeating: 0, count: count * labels.count)
        guard count > 0 else { return result }
        if let dense {
            let hidden = scratch.floats(.normal, count * width)
            dense.apply(to: rows, output: hidden, outputStride: width, scratch: scratch)
            for index in 0..<count * width {
                hidden[index] = activation == .relu ? max(0, hidden[index]) : Self.tanh(hidden[index])
            }
            rows = Rows(hidden, stride: width, count: count)
        }
        result.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            output.apply(to: rows, output: start, outputStride: labels.count, scratch: scratch)
        }
        return result
    }

    private static func tanh(_ x: Float) -> Float { Glibc.tanhf(x) }
}
