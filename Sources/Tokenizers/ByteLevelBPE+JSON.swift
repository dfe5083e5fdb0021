// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

extension ByteLevelBPE {
    /// Files of tokenizers are refused beyond this size, in bytes; those of the largest vocabularies have about 30 MB.
    public static let fileLimit = 64 << 20

    private static let limits = JSONLimits(bytes: fileLimit, depth: 32, stringBytes: VocabularyBuilder.nameLimit)

    /// Reads a `tokenizer.json` as the `tokenizers` library writes it.
    ///
    /// - Throws: ``TokenizerError``: `malformed`, `inconsistent`, or `unsupported` when it describes anything but
    ///   byte-level BPE without a normaliser.
    public init(tokenizerJSON bytes: [UInt8]) throws(TokenizerError) {
        let file = try Self.parse(bytes, "tokenizer.json")
        guard let model = file["model"], model.object != nil else {
            throw TokenizerError(.malformed, "tokenizer.json has no object \"model\".")
        }
        // Files from before 2021 leave the type out.
        guard model["type"]?.string ?? "BPE" == "BPE" else {
            throw TokenizerError(.unsupported, "tokenizer.json describes no BPE model; byte-level BPE is needed.")
        }
        for member in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
            guard Self.isUnset(model[member]) else {
                throw TokenizerError(.unsupported, "tokenizer.json sets \"\(member)\", which is not supported.")
            }
        }
        guard Self.isUnset(file["normalizer"]) else {
            throw TokenizerError(.unsupported, "tokenizer.json has a normalizer; only those without are supported.")
        }
        var builder = try VocabularyBuilder(vocabulary: model["vocab"] ?? .null)
        builder.options = try Self.options(file["pre_tokenizer"] ?? .null)
        builder.options.ignoresMerges = model["ignore_merges"]?.bool ?? false
        if let decoder = file["decoder"], !decoder.isNull, decoder["type"]?.string != "ByteLevel" {
            throw TokenizerError(.unsupported, "tokenizer.json has a decoder other than ByteLevel.")
        }
        try builder.setMerges(try Self.merges(model["merges"] ?? .null))
        guard let added = (file["added_tokens"] ?? .array([])).array else {
            throw TokenizerError(.malformed, "\"added_tokens\" in tokenizer.json must be an array.")
        }
        for token in added { try builder.add(try Self.addedToken(token)) }
        self = try builder.tokenizer()
    }

    /// Reads the older set of files: `vocab.json` and `merges.txt`, and, where a model has them, `added_tokens.json`
    /// and `special_tokens_map.json`.
    ///
    /// - Throws: ``TokenizerError`` `malformed` or `inconsistent`.
    public init(
        vocabJSON: [UInt8], mergesText: [UInt8], addedTokensJSON: [UInt8]? = nil, specialTokensMapJSON: [UInt8]? = nil
    ) throws(TokenizerError) {
        var builder = try VocabularyBuilder(vocabulary: try Self.parse(vocabJSON, "vocab.json"))
        try builder.setMerges(try Self.merges(text: mergesText))
        let map = try specialTokensMapJSON.map { bytes throws(TokenizerError) in
            try Self.parse(bytes, "special_tokens_map.json")
        }
        let special = Self.specialContents(map ?? .null)
        var unknown = special
        if let addedTokensJSON {
            guard let members = try Self.parse(addedTokensJSON, "added_tokens.json").object?.members else {
                throw TokenizerError(.malformed, "added_tokens.json must be an object of tokens and their ids.")
            }
            for member in members {
                guard let id = member.value.integer.flatMap(Int.init(exactly:)) else {
                    throw TokenizerError(.malformed, "The ids in added_tokens.json must be integers.")
                }
                unknown.remove(member.key)
                try builder.add(
                    AddedToken(id: id, content: member.key, isSpecial: special.contains(member.key)))
            }
        }
        // Special tokens that need not be added because the vocabulary has them, such as GPT-2's `<|endoftext|>`.
        for content in unknown.sorted() {
            guard let bytes = ByteAlphabet.bytes(of: content.unicodeScalars), let id = builder.vocabularyID(of: bytes)
            else { continue }
            try builder.add(AddedToken(id: id, content: content, isSpecial: true))
        }
        self = try builder.tokenizer()
    }

    private static func parse(_ bytes: [UInt8], _ name: String) throws(TokenizerError) -> JSONValue {
        do {
            return try JSONValue(parsing: bytes, limits: limits)
        } catch {
            throw TokenizerError(.malformed, "\(name) is not acceptable JSON: \(error)")
        }
    }

    /// Whether a member is absent or has a value that means nothing.
    static func isUnset(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null?, .string("")?, .integer(0)?, .number(0)?: true
        default: false
        }
    }

    private static func options(_ preTokenizer: JSONValue) throws(TokenizerError) -> Options {
        var step = preTokenizer
        if step["type"]?.string == "Sequence", let steps = step["pretokenizers"]?.array, steps.count == 1 {
            step = steps[0]
        }
        guard step["type"]?.string == "ByteLevel" else {
            throw TokenizerError(.unsupported, "tokenizer.json has a pre_tokenizer other than ByteLevel.")
        }
        return Options(
            addsPrefixSpace: step["add_prefix_space"]?.bool ?? true, splitsWords: step["use_regex"]?.bool ?? true)
    }

    private typealias Name = Substring.UnicodeScalarView

    /// The merges of a `tokenizer.json`: strings with one space in them, or arrays of two strings.
    private static func merges(_ value: JSONValue) throws(TokenizerError) -> [(Name, Name)] {
        guard let items = value.array else {
            throw TokenizerError(.malformed, "\"merges\" in tokenizer.json must be an array.")
        }
        var pairs: [(Name, Name)] = []
        pairs.reserveCapacity(items.count)
        for item in items {
            if let line = item.string, let pair = pair(line[...].unicodeScalars) {
                pairs.append(pair)
            } else if let parts = item.array, parts.count == 2, let left = parts[0].string, let right = parts[1].string
            {
                pairs.append((left[...].unicodeScalars, right[...].unicodeScalars))
            } else {
                throw TokenizerError(.malformed, "Merge \(pairs.count + 1) in tokenizer.json is not a pair of tokens.")
            }
        }
        return pairs
    }

    /// The merges of a `merges.txt`: a pair a line, after an optional line `#version`.
    private static func merges(text bytes: [UInt8]) throws(TokenizerError) -> [(Name, Name)] {
        guard bytes.count <= fileLimit, let text = String(validating: bytes, as: UTF8.self) else {
            throw TokenizerError(.malformed, "merges.txt is not UTF-8 of at most \(fileLimit) bytes.")
        }
        var pairs: [(Name, Name)] = []
        var number = 0
        for var line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            if line.last == "\r" { line.removeLast() }
            if line.isEmpty || line.starts(with: "#version".unicodeScalars) { continue }
            guard let pair = pair(line) else {
                throw TokenizerError(.malformed, "Line \(number) of merges.txt is not a pair of tokens.")
            }
            pairs.append(pair)
        }
        return pairs
    }

    /// The parts before and after the only space.
    private static func pair(_ line: Name) -> (Name, Name)? {
        guard let space = line.firstIndex(of: " ") else { return nil }
        let right = line[line.index(after: space)...]
        guard !right.contains(" ") else { return nil }
        return (line[..<space], right)
    }

    static func addedToken(_ value: JSONValue) throws(TokenizerError) -> AddedToken {
        guard let id = value["id"]?.integer.flatMap(Int.init(exactly:)), let content = value["content"]?.string else {
            throw TokenizerError(.malformed, "Added tokens in tokenizer.json must have \"id\" and \"content\".")
        }
        return AddedToken(
            id: id, content: content, isSpecial: value["special"]?.bool ?? false,
            isSingleWord: value["single_word"]?.bool ?? false, stripsLeft: value["lstrip"]?.bool ?? false,
            stripsRight: value["rstrip"]?.bool ?? false, isNormalized: value["normalized"]?.bool ?? false)
    }

    /// The contents named in a `special_tokens_map.json`: strings, objects with `content`, or arrays of these.
    private static func specialContents(_ map: JSONValue) -> Set<String> {
        var contents: Set<String> = []
        for member in map.object?.members ?? [] {
            for item in member.value.array ?? [member.value] {
                if let content = item.string ?? item["content"]?.string { contents.insert(content) }
            }
        }
        return contents
    }
}
