// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// What a model's own files say about it.
struct ModelFacts {
    /// What it is for; nil when its files don't tell.
    let task: ModelTask?
    /// The languages; empty when its files don't tell.
    let languages: [String]
    /// The licence that its card states.
    let licence: String?

    /// Reads what is known of a model.
    ///
    /// - Parameters:
    ///   - paths: Its files.
    ///   - read: Reads a small file; nil when it is not there.
    /// - Throws: ``ModelError`` with code `invalidFolder` for files that contradict each other.
    init(paths: [ModelPath], read: (String) throws(ModelError) -> [UInt8]?) throws(ModelError) {
        func document(_ name: String) throws(ModelError) -> JSONValue? {
            guard let bytes = try read(name) else { return nil }
            // FileCheck has parsed it already with the same limits.
            return try? JSONValue(parsing: bytes, limits: FileCheck.jsonLimits)
        }
        let names = Set(paths.map(\.text))
        let config = try document("config.json")
        var card = try read("README.md")
        if card == nil { card = try read("MODEL_CARD.md") }
        licence = card.flatMap(Self.licence)
        if config == nil, let adapter = try document("adapter.json") {
            task = (adapter["task"]?.string).flatMap { ModelTask(rawValue: $0) }
            languages = adapter["language"]?.array?.compactMap(\.string) ?? []
            return
        }
        guard let config else {
            task = names.contains(ModelContents.sileroName) ? .voiceActivity : nil
            languages = []
            return
        }
        task = Self.task(config, names)
        if config["model_type"]?.string == "whisper" {
            languages = Self.whisperLanguages(config, try document("generation_config.json"))
            guard names.contains("tokenizer.json") || names.isSuperset(of: ["vocab.json", "merges.txt"]) else {
                throw ModelError(
                    .invalidFolder, "there is no tokenizer: tokenizer.json, or vocab.json with merges.txt, is needed.")
            }
        } else {
            languages = card.map(Self.languages) ?? []
        }
        if names.contains(ModelContents.indexName) { try Self.check(try document(ModelContents.indexName), names) }
    }

    private static func task(_ config: JSONValue, _ names: Set<String>) -> ModelTask? {
        let architectures = config["architectures"]?.array?.compactMap(\.string) ?? []
        if config["model_type"]?.string == "whisper" { return .transcription }
        if architectures.contains(where: { $0.hasSuffix("ForCTC") }) { return .transcription }
        if architectures.contains(where: { $0.hasSuffix("ForSequenceClassification") }) { return .textClassification }
        if architectures.contains(where: { $0.hasSuffix("ForTokenClassification") }) { return .tokenClassification }
        if names.contains("modules.json") || names.contains("sentence_bert_config.json") { return .textEmbedding }
        return nil
    }

    /// Whisper's vocabulary has 51,864 entries without language tokens, 51,865 with 99 and 51,866 with 100 languages.
    private static func whisperLanguages(_ config: JSONValue, _ generation: JSONValue?) -> [String] {
        if generation?["is_multilingual"]?.bool == false { return ["en"] }
        if let tokens = generation?["lang_to_id"]?.object?.keys, !tokens.isEmpty {
            return tokens.compactMap { token in
                guard token.hasPrefix("<|"), token.hasSuffix("|>"), token.utf8.count > 4 else { return nil }
                return WhisperLanguages.tag(of: String(token.dropFirst(2).dropLast(2)))
            }
        }
        return switch config["vocab_size"]?.integer {
        case 51864: ["en"]
        case 51865: WhisperLanguages.original
        case 51866: WhisperLanguages.all
        default: []
        }
    }

    /// Whether the index of sharded weights names exactly the shards there are.
    private static func check(_ index: JSONValue?, _ names: Set<String>) throws(ModelError) {
        guard let map = index?["weight_map"]?.object else {
            throw ModelError(.invalidFolder, "\(ModelContents.indexName) has no weight_map.")
        }
        let named = Set(map.members.compactMap(\.value.string))
        if let missing = named.subtracting(names).min() {
            throw ModelError(
                .invalidFolder,
                "\(ModelContents.indexName) names \(missing.printable), which is not there. Fetch it too.")
        }
    }

    /// The `license:` of a model card's front matter.
    private static func licence(of card: [UInt8]) -> String? {
        for line in frontMatter(of: card) where line.hasPrefix("license:") {
            return LicenceName.cleaned(line.dropFirst("license:".count).filter { !$0.isWhitespace && $0 != "\"" })
        }
        return nil
    }

    /// The `language:` of a model card's front matter, one or a list of them; none where it says `multilingual`, or what is
    /// no tag.
    private static func languages(of card: [UInt8]) -> [String] {
        let lines = frontMatter(of: card)
        guard let first = lines.firstIndex(where: { $0.hasPrefix("language:") }) else { return [] }
        var names = lines[first].dropFirst("language:".count).split { " ,[]\"'\r".contains($0) }.map(String.init)
        if names.isEmpty {
            names = lines[(first + 1)...].prefix { $0.drop { $0 == " " }.hasPrefix("-") }
                .map { $0.filter { !" -\"'\r".contains($0) } }
        }
        let areTags = names.allSatisfy { name in
            (2...3).contains(name.utf8.count) && name.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7A }
        }
        return areTags && names.count <= 500 ? names : []
    }

    /// The lines between `---` at the beginning of a model card.
    private static func frontMatter(of card: [UInt8]) -> ArraySlice<Substring> {
        let text = String(decoding: card.prefix(64 << 10), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first?.filter({ !$0.isWhitespace }) == "---",
            let end = lines.dropFirst().firstIndex(where: { $0.hasPrefix("---") })
        else { return [] }
        return lines[1..<end]
    }
}

/// Names of licences as hubs write them.
enum LicenceName {
    /// The name in lower case, or nil when it is none: `unknown`, or not made of letters, digits, `.`, `-` and `+`.
    static func cleaned(_ text: String) -> String? {
        let name = text.lowercased()
        let isSound = name.utf8.allSatisfy { $0.isASCIILetterOrDigit || [0x2D, 0x2E, 0x2B].contains($0) }
        return isSound && (1...64).contains(name.utf8.count) && name != "unknown" ? name : nil
    }
}
