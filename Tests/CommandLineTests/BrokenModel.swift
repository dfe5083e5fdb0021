// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import TestModels
import Testing

/// A model's folder as files, to be spoiled.
struct ModelFiles {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures").standardizedFileURL
    private static let weights = "model.safetensors"

    /// The files by their paths.
    var files: [String: [UInt8]] = [:]

    /// Reads a folder of the fixtures; small files that no model has are left out.
    init(_ fixture: String) throws {
        let folder = Self.fixtures.appending(path: fixture)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where [".json", ".txt", ".safetensors"].contains(where: { name.hasSuffix($0) }) {
            files[name] = [UInt8](try Data(contentsOf: folder.appending(path: name)))
        }
    }

    /// A classifier of texts with the labels of tone.
    static func tone() throws -> ModelFiles {
        var model = try ModelFiles("encoders/xlm-roberta-classes")
        try model.name(labels: ["negative", "neutral", "positive"])
        return model
    }

    /// A classifier of words with the labels of names.
    static func names() throws -> ModelFiles {
        var model = try ModelFiles("encoders/xlm-roberta-tags")
        try model.name(labels: ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"])
        return model
    }

    /// An encoder as sentence-transformers saves it, its weights in shards.
    static func vectors() throws -> ModelFiles {
        var model = try ModelFiles("encoders/bert")
        model["modules.json"] = """
            [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
            """
        model["1_Pooling/config.json"] = #"{"word_embedding_dimension": 24, "pooling_mode_mean_tokens": true}"#
        return model
    }

    subscript(_ name: String) -> String {
        get { String(decoding: files[name] ?? [], as: UTF8.self) }
        set { files[name] = Array(newValue.utf8) }
    }

    mutating func name(labels: [String]) throws {
        var names = JSONObject()
        for (index, label) in labels.enumerated() { names["\(index)"] = .string(label) }
        try set("id2label", .object(names))
    }

    /// Changes a member of a JSON object; nil takes it away.
    mutating func set(_ member: String, _ value: JSONValue?, in name: String = "config.json") throws {
        let text = try #require(files[name])
        var object = try #require(JSONValue(parsing: text).object)
        object[member] = value
        files[name] = JSONValue.object(object).utf8
    }

    /// Cuts a file's end off.
    mutating func cut(_ name: String, by count: Int) { files[name]?.removeLast(count) }

    /// Changes the tensors of the weights.
    mutating func change(
        in name: String = ModelFiles.weights, _ change: (inout EditableSafetensors) throws -> Void
    ) throws {
        var tensors = try EditableSafetensors(try #require(files[name]))
        try change(&tensors)
        files[name] = tensors.file
    }

    /// Takes a tensor away.
    mutating func drop(_ tensor: String) throws {
        try change { tensors in
            _ = try #require(tensors[tensor])
            tensors[tensor] = nil
        }
    }

    /// Writes other sizes for a tensor.
    mutating func reshape(_ tensor: String, _ shape: [Int]) throws {
        try change { tensors in
            var changed = try #require(tensors[tensor])
            changed.shape = shape
            tensors[tensor] = changed
        }
    }

    /// Writes other numbers at a tensor's beginning.
    mutating func overwrite(_ tensor: String, _ bytes: [UInt8], in name: String = ModelFiles.weights) throws {
        try change(in: name) { tensors in
            var changed = try #require(tensors[tensor])
            changed.bytes.replaceSubrange(0..<bytes.count, with: bytes)
            tensors[tensor] = changed
        }
    }
}

/// A folder that must not be installed, and what is said about it.
struct BrokenModel: CustomTestStringConvertible, Sendable {
    /// What is wrong with it.
    let testDescription: String
    /// What `oracy models import` is told beside the folder.
    let options: [String]
    /// What its message has.
    let words: [String]
    let make: @Sendable () throws -> ModelFiles

    private init(
        _ name: String, _ words: String..., options: [String] = [], make: @escaping @Sendable () throws -> ModelFiles
    ) {
        (testDescription, self.words, self.options, self.make) = (name, words, options, make)
    }

    private static func tone(
        _ name: String, _ words: String..., spoil: @escaping @Sendable (inout ModelFiles) throws -> Void
    ) -> BrokenModel { Self(name, words, ModelFiles.tone, spoil) }

    private init(
        _ name: String, _ words: [String], _ source: @escaping @Sendable () throws -> ModelFiles,
        _ spoil: @escaping @Sendable (inout ModelFiles) throws -> Void
    ) {
        (testDescription, self.words, options) = (name, words, [])
        make = {
            var model = try source()
            try spoil(&model)
            return model
        }
    }

    private static let layer = "roberta.encoder.layer.1."
    private static let notANumber: [UInt8] = [0, 0, 0xC0, 0x7F]
    private static let infinity: [UInt8] = [0, 0, 0x80, 0xFF]

    static let encoders: [BrokenModel] = [
        tone("no tokenizer", "tokenizer.json") { $0.files["tokenizer.json"] = nil },
        tone("half a tokenizer", "tokenizer.json") { $0.cut("tokenizer.json", by: 900) },
        tone("a tokenizer of an unknown kind", "tokenizer.json") {
            $0["tokenizer.json"] = #"{"model": {"type": "WordLevel", "vocab": {"a": 0}}}"#
        },
        tone("a tokenizer of another model", "120 tokens", "only 100") { try $0.set("vocab_size", 100) },
        tone("an unknown architecture", "\"gpt2\"", "bert, distilbert, mpnet, roberta, xlm-roberta") {
            try $0.set("model_type", "gpt2")
        },
        tone("another activation", "\"gelu\"") { try $0.set("hidden_act", "relu") },
        tone("no width", "\"hidden_size\"") { try $0.set("hidden_size", nil) },
        tone("a turned table of words", "word_embeddings.weight is [24, 128]", "asks for [128, 24]") {
            try $0.reshape("roberta.embeddings.word_embeddings.weight", [24, 128])
        },
        tone("a turned matrix", "layer.1.intermediate.dense.weight is [24, 50]") {
            try $0.reshape(layer + "intermediate.dense.weight", [24, 50])
        },
        tone("no bias", "no tensor", "layer.1.attention.self.key.bias") {
            try $0.drop(layer + "attention.self.key.bias")
        },
        tone("no head", "no tensor classifier.out_proj.weight") { try $0.drop("classifier.out_proj.weight") },
        tone("more layers than there are", "no tensor", "layer.2.") { try $0.set("num_hidden_layers", 3) },
        tone("fewer layers than there are", "describes no model with the tensor", "layer.1.") {
            try $0.set("num_hidden_layers", 1)
        },
        tone("whole numbers", "holds I32 numbers", "convert") {
            try $0.change { tensors in
                for index in tensors.tensors.indices where tensors.tensors[index].name.contains("layer.0.output") {
                    tensors.tensors[index].format = "I32"
                }
            }
        },
        tone("a weight that is no number", "layer.1.output.dense.weight holds infinite") {
            try $0.overwrite(layer + "output.dense.weight", notANumber)
        },
        tone("an infinite word", "word_embeddings.weight holds infinite") {
            try $0.overwrite("roberta.embeddings.word_embeddings.weight", infinity)
        },
        tone("a head that is no number", "classifier.out_proj.bias holds infinite") {
            try $0.overwrite("classifier.out_proj.bias", notANumber)
        },
        tone("half the weights", "model.safetensors", "does not fit") { $0.cut("model.safetensors", by: 9000) },
        tone("weights with another header", "model.safetensors") { $0.files["model.safetensors"]?[9] = 0 },
        tone("a pointer in place of weights", "Git LFS") {
            $0["model.safetensors"] = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
        },
        tone("labels of something else", "sport, news, other", "negative, neutral and positive", "id2label") {
            try $0.name(labels: ["sport", "news", "other"])
        },
        tone("labels of more classes", "5 labels", "3") { try $0.name(labels: ["a", "b", "c", "d", "e"]) },
        tone("labels with a gap", "does not number its labels from 0") {
            try $0.set("id2label", ["0": "a", "7": "b"])
        },
        Self("names without labels", ["LABEL_0", "B-…", "id2label"], ModelFiles.names) {
            try $0.name(labels: (0..<7).map { "LABEL_\($0)" })
        },
        Self("names of unknown classes", ["B-ANIMAL", "PERSON"], ModelFiles.names) {
            try $0.name(labels: ["O"] + ["ANIMAL", "PLANT", "STONE"].flatMap { ["B-" + $0, "I-" + $0] })
        },
        Self("a task that it has no head for", "classes of words", options: ["--task", "token-classification"]) {
            try ModelFiles("encoders/xlm-roberta")
        },
        Self("a task that nobody says", "--task") { try ModelFiles("encoders/xlm-roberta") },
        Self("a lost shard", ["names model-00002-of-00003.safetensors, which is not there"], ModelFiles.vectors) {
            $0.files["model-00002-of-00003.safetensors"] = nil
        },
        Self("a shard of another model", ["looks for tensor"], ModelFiles.vectors) {
            $0.files["model-00002-of-00003.safetensors"] = $0.files["model-00001-of-00003.safetensors"]
        },
        Self("pooling without a word", ["names the folder 1_Pooling"], ModelFiles.vectors) {
            $0.files["1_Pooling/config.json"] = nil
        },
        Self("pooling of other vectors", ["vectors of 384 numbers", "makes 24"], ModelFiles.vectors) {
            try $0.set("word_embedding_dimension", 384, in: "1_Pooling/config.json")
        },
        Self("pooling that is not supported", ["\"mean\" and \"cls\""], ModelFiles.vectors) {
            $0["1_Pooling/config.json"] = #"{"word_embedding_dimension": 24, "pooling_mode_max_tokens": true}"#
        },
        Self("a module that is not supported", ["\"Dense\""], ModelFiles.vectors) {
            $0["modules.json"] = $0["modules.json"].replacing("models.Pooling", with: "models.Dense")
        },
    ]

    private static func adapter() throws -> ModelFiles { try ModelFiles("encoders/adapter-classes") }

    static let others: [BrokenModel] = [
        Self("an adapter without labels", ["no labels"], adapter) { try $0.set("labels", nil, in: "adapter.json") },
        Self("an adapter with other labels", ["sport, news, other"], adapter) {
            try $0.set("labels", ["sport", "news", "other"], in: "adapter.json")
        },
        Self("an adapter with other weights", ["is not the file that adapter.json was written for"], adapter) {
            try $0.overwrite("head.bias", [1], in: "adapter.safetensors")
        },
        Self("an adapter of another version", ["no adapter of version 1"], adapter) {
            try $0.set("version", 2, in: "adapter.json")
        },
        Self("a recogniser of another kind", ["not Whisper"], { try ModelFiles("encoders/bert-classes") }) {
            try $0.set("model_type", "wav2vec2")
            try $0.set("architectures", ["Wav2Vec2ForCTC"])
        },
        whisper("no tokenizer", "tokenizer.json, or vocab.json with merges.txt, is needed") {
            $0.files = $0.files.filter { !["tokenizer.json", "vocab.json"].contains($0.key) }
        },
        whisper("a tokenizer of another model", "token") {
            $0["tokenizer.json"] = "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}}"
            $0.files["vocab.json"] = nil
        },
        whisper("no layers", "encoder_layers") { try $0.set("encoder_layers", 0) },
        whisper("too many layers", "no tensor", "decoder.layers.2.") { try $0.set("decoder_layers", 3) },
        whisper("too few layers", "describes no model with the tensor", "encoder.layers.2.") {
            try $0.set("encoder_layers", 2)
        },
        whisper("a turned matrix", "decoder.layers.1.fc1.weight is [160, 640]") {
            try $0.reshape("model.decoder.layers.1.fc1.weight", [160, 640])
        },
        whisper("a weight that is no number", "encoder.layers.1.fc2.weight holds infinite") {
            try $0.overwrite("model.encoder.layers.1.fc2.weight", [0, 0x7E])
        },
        whisper("another window", "max_source_positions") { model in
            try model.set("max_source_positions", 750)
            try model.change { tensors in
                var positions = try #require(tensors["model.encoder.embed_positions.weight"])
                positions.bytes.removeLast(positions.bytes.count / 2)
                positions.shape[0] = 750
                tensors[positions.name] = positions
            }
        },
    ]

    private static func whisper(
        _ name: String, _ words: String..., spoil: @escaping @Sendable (inout ModelFiles) throws -> Void
    ) -> BrokenModel { Self("Whisper: " + name, words, { try ModelFiles("whisper/speech") }, spoil) }
}
