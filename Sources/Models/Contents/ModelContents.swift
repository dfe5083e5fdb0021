// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// Which files of a folder or repository make a model, and what they say it is.
struct ModelContents {
    /// What the files are chosen for.
    private static let descriptions: Set<String> = [
        "config.json", "generation_config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json",
        "vocab.json", "merges.txt", "normalizer.json", "added_tokens.json", "special_tokens_map.json", "vocab.txt",
        "sentencepiece.bpe.model", "spiece.model", "tokenizer.model", "modules.json", "sentence_bert_config.json",
        "config_sentence_transformers.json", "1_Pooling/config.json",
    ]
    static let indexName = "model.safetensors.index.json"
    /// The weights of Silero VAD for 16 kHz, as its Python package names them.
    static let sileroName = "silero_vad_16k.safetensors"

    /// A change of another model's weights with a head for one task (weights/FORMAT.md): its two files.
    static let adapterNames = ["adapter.json", "adapter.safetensors"]

    /// The paths wanted, sorted.
    let paths: [ModelPath]

    /// Chooses the files of a model.
    ///
    /// - Parameters:
    ///   - available: The files there are.
    ///   - place: What to call the folder or repository in messages.
    /// - Throws: ``ModelError`` with code `pickleOnly` or `invalidFolder`.
    init(choosingFrom available: some Sequence<ModelPath>, in place: String) throws(ModelError) {
        let names = Set(available.map(\.text))
        var chosen = names.intersection(Self.descriptions)
        if !names.contains("config.json"), names.contains(Self.sileroName) {
            paths = [Self.sileroName].compactMap(ModelPath.init)
            return
        }
        if !names.contains("config.json"), names.isSuperset(of: Self.adapterNames) {
            paths = Self.adapterNames.compactMap { ModelPath($0) }
            return
        }
        if names.contains("model.safetensors") {
            chosen.insert("model.safetensors")
        } else if names.contains(Self.indexName) {
            let shards = names.filter(Self.isShard)
            guard !shards.isEmpty else {
                throw ModelError(.invalidFolder, "\(place) has \(Self.indexName), but none of the files it names.")
            }
            chosen.formUnion(shards)
            chosen.insert(Self.indexName)
        } else {
            throw Self.withoutWeights(names, place)
        }
        guard names.contains("config.json") else {
            throw ModelError(
                .invalidFolder, "\(place) has weights but no config.json, which says what they are weights of.")
        }
        paths = chosen.compactMap { ModelPath($0) }.sorted()
    }

    private static func withoutWeights(_ names: Set<String>, _ place: String) -> ModelError {
        let endings = [".bin", ".pt", ".pth", ".ckpt", ".pkl"]
        if let pickle = names.sorted().first(where: { name in endings.contains { name.hasSuffix($0) } }) {
            return ModelError(
                .pickleOnly,
                """
                \(place) has its weights only as a Python pickle (\(pickle.printable)), which can run programs when it is \
                read; Oracy reads safetensors. If you trust the file, convert it where Python has transformers: \
                python3 -c "from transformers import AutoModel, WhisperForConditionalGeneration as M; \
                M.from_pretrained('FOLDER').save_pretrained('CONVERTED', safe_serialization=True)" \
                (AutoModel instead of M for a text model), copy the tokenizer's files beside it, and import CONVERTED.
                """)
        }
        return ModelError(
            .invalidFolder,
            "\(place) has no model.safetensors. A model is a folder as Hugging Face lays it out: config.json, "
                + "model.safetensors and the tokenizer's files.")
    }

    /// `model-00001-of-00003.safetensors`
    private static func isShard(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard name.hasPrefix("model-"), name.hasSuffix(".safetensors"), bytes.count == 32 else { return false }
        return bytes[6..<11].allSatisfy(\.isDigit) && bytes[11..<15].elementsEqual("-of-".utf8)
            && bytes[15..<20].allSatisfy(\.isDigit)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
