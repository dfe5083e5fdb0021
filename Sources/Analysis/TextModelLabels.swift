// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import TextEncoders

/// Whether a model's classes are those that its use needs.
public enum TextModelLabels {
    /// What a model of texts is used for.
    public enum Use: Sendable, Hashable {
        /// Comparing meanings.
        case vectors
        /// How negative or positive sentences sound.
        case tone
        /// What a text does to a statement.
        case entailment
        /// Who and what is named.
        case names
    }

    /// Checks what a model gives and how its classes are called.
    ///
    /// - Throws: `TextEncoderError` with what is needed.
    public static func check(_ task: EncoderTask, _ labels: [String], for use: Use) throws(TextEncoderError) {
        switch use {
        case .vectors: break
        case .tone: _ = try tone(task, labels)
        case .names: _ = try names(task, labels)
        case .entailment: try entailment(task, labels)
        }
    }

    static func tone(_ task: EncoderTask, _ labels: [String]) throws(TextEncoderError) -> PolarityLabels {
        guard task == .classify else { throw refusal("it has no head for classes of texts", "tone") }
        guard let found = PolarityLabels(labels) else {
            throw refusal(
                "its labels are \(names(labels)); a model of tone has negative, neutral and positive. " + advice)
        }
        return found
    }

    static func names(_ task: EncoderTask, _ labels: [String]) throws(TextEncoderError) -> EntityTags {
        guard task == .tag else { throw refusal("it has no head for classes of words", "names") }
        guard let found = EntityTags(labels: labels) else {
            throw refusal(
                "its labels are \(names(labels)), not of the form O, B-… and I-…. " + advice
            )
        }
        guard labels.contains(where: { EntityTagger.kind($0.dropFirst(2)) != nil }) else {
            throw refusal(
                "none of its labels, \(names(labels)), is of a class that is known: \(EntityTagger.classes). " + advice)
        }
        return found
    }

    static func entailment(_ task: EncoderTask, _ labels: [String]) throws(TextEncoderError) {
        let wanted = ["neutral", "entailment", "contradiction"]
        guard task == .classifyPairs, labels == wanted else {
            throw refusal("its labels are not \(wanted.joined(separator: ", ")), of pairs of texts")
        }
    }

    private static func refusal(_ reason: String, _ use: String? = nil) -> TextEncoderError {
        let advice =
            use.map { ", which a model of \($0) needs; its config.json says what it is in architectures" } ?? ""
        return TextEncoderError(.unsupported, reason + advice + ".")
    }

    private static let advice = "They are named by id2label in config.json, or by labels in adapter.json"

    private static func names(_ labels: [String]) -> String {
        guard !labels.isEmpty else { return "none" }
        return labels.prefix(5).map { String($0.prefix(40)) }.joined(separator: ", ") + (labels.count > 5 ? ", …" : "")
    }
}
