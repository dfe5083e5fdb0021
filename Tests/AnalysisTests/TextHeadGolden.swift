// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Foundation
import Inference
import JSON
import TextEncoders

/// What PyTorch computes with the committed adapters (Tests/Fixtures/text-heads/make.py).
struct TextHeadGolden: Sendable {
    struct Entity: Sendable, Equatable {
        /// Unicode scalars.
        var characters: Range<Int>
        var type: String
        var confidence: Double
    }

    var text: String
    /// [pieces, labels]
    var tagLogits: [Float]
    var entities: [Entity]
    var sentimentLogits: [Float]
    var score: Double

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

    /// The base model, where scripts/bootstrap could fetch it.
    static let base: String? = {
        let folder = root.appending(path: ".models/all-MiniLM-L6-v2").standardizedFileURL.path
        return FileManager.default.fileExists(atPath: folder + "/model.safetensors") ? folder : nil
    }()

    /// The larger base model, of one adapter, likewise.
    static let mpnet: String? = {
        let folder = root.appending(path: ".models/all-mpnet-base-v2").standardizedFileURL.path
        return FileManager.default.fileExists(atPath: folder + "/model.safetensors") ? folder : nil
    }()

    /// The folder of an adapter.
    static func adapter(_ name: String) -> String { root.appending(path: "weights/\(name)").standardizedFileURL.path }

    /// The base model with an adapter, in single precision, as PyTorch had it.
    static func model(_ name: String) throws -> LazyTextEncoder {
        guard let base = name.hasPrefix("mpnet") ? mpnet : base else {
            throw TextEncoderError(.unreadable, "The base model is not there.")
        }
        return LazyTextEncoder(name: name, digest: "0", languages: ["en"]) { () throws(TextEncoderError) in
            try TextEncoder(.init(folder: base, precision: .float32, adapter: adapter(name)))
        }
    }

    /// Pairs of texts with the logits of the adapter for entailment (training/entailment/export.py).
    static func pairs(_ base: String) throws -> [(pair: TextEncoder.TextPair, logits: [Float])] {
        let file = root.appending(path: "Tests/Fixtures/text-heads/entailment-\(base).json")
        let rows = try JSONValue(parsing: [UInt8](Data(contentsOf: file)))
        return (rows.array ?? []).map { row in
            (
                .init(row["first"]?.string ?? "?", row["second"]?.string ?? "?"),
                floats(row["logits"] ?? .null)
            )
        }
    }

    /// A sentence and whether it is negative, neutral or positive.
    struct ToneExample: Sendable {
        var label: String
        var text: String
    }

    /// Spoken sentences with their tone that nothing was chosen by (Tests/Fixtures/analysis/tone_frozen.txt).
    static func frozenTones() throws -> [ToneExample] {
        let file = root.appending(path: "Tests/Fixtures/analysis/tone_frozen.txt")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t")
            return line.hasPrefix("#") || parts.count != 2
                ? nil : ToneExample(label: String(parts[0]), text: String(parts[1]))
        }
    }

    /// All texts.
    static func all() throws -> [TextHeadGolden] {
        let file = root.appending(path: "Tests/Fixtures/text-heads/golden.json")
        let rows = try JSONValue(
            parsing: [UInt8](Data(contentsOf: file)),
            limits: JSONLimits(bytes: 1 << 22, depth: 16, stringBytes: 1 << 16))
        return (rows.array ?? []).map { row in
            TextHeadGolden(
                text: row["text"]?.string ?? "",
                tagLogits: (row["tag_logits"]?.array ?? []).flatMap(floats),
                entities: (row["entities"]?.array ?? []).map { entity in
                    Entity(
                        characters: Int(entity["start"]?.integer ?? 0)..<Int(entity["end"]?.integer ?? 0),
                        type: entity["type"]?.string ?? "", confidence: entity["confidence"]?.double ?? -1)
                }, sentimentLogits: floats(row["sentiment_logits"] ?? .null), score: row["score"]?.double ?? 9)
        }
    }

    private static func floats(_ value: JSONValue) -> [Float] {
        (value.array ?? []).compactMap { $0.double.map(Float.init) }
    }
}
