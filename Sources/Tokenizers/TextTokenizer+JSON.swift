// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

extension TextTokenizer {
    /// Character maps are longer than any token's name; that of XLM-R has 316,720 characters of base64.
    private static let limits = JSONLimits(bytes: ByteLevelBPE.fileLimit, depth: 32, stringBytes: 4 << 20)

    /// Reads the `tokenizer.json` of a model's folder.
    ///
    /// Blocks while it reads: not for the cooperative pool.
    ///
    /// - Throws: ``TokenizerError``.
    public init(folder: String) throws(TokenizerError) {
        guard let bytes = try ByteLevelBPE.contents(of: "tokenizer.json", in: folder) else {
            throw TokenizerError(
                .missing,
                "The model's folder has no tokenizer.json. If it has other files of a tokenizer, load it with a current "
                    + "`transformers` and save it again.")
        }
        try self.init(tokenizerJSON: bytes)
    }

    /// Reads a `tokenizer.json` as the `tokenizers` library writes it. Its settings for truncation and padding are not
    /// used.
    ///
    /// - Throws: ``TokenizerError``: `malformed`, `inconsistent`, or `unsupported` when it asks for a step that is not
    ///   known here.
    public init(tokenizerJSON bytes: [UInt8]) throws(TokenizerError) {
        let file: JSONValue
        do {
            file = try JSONValue(parsing: bytes, limits: Self.limits)
        } catch {
            throw TokenizerError(.malformed, "tokenizer.json is not acceptable JSON: \(error)")
        }
        guard let description = file["model"], description.object != nil else {
            throw TokenizerError(.malformed, "tokenizer.json has no object \"model\".")
        }
        guard let added = (file["added_tokens"] ?? .array([])).array else {
            throw TokenizerError(.malformed, "\"added_tokens\" in tokenizer.json must be an array.")
        }
        var addedTokens: [AddedToken] = []
        for token in added { addedTokens.append(try ByteLevelBPE.addedToken(token)) }
        guard addedTokens.allSatisfy({ (0..<TokenTable.idLimit).contains($0.id) }) else {
            throw TokenizerError(
                .malformed, "The ids of added tokens must be integers from 0 to \(TokenTable.idLimit - 1).")
        }
        let model: any SubwordModel
        var size = 0
        switch description["type"]?.string ?? (description["merges"] == nil ? nil : "BPE") {
        case "WordPiece"?: (model, size) = try Self.wordPiece(description)
        case "Unigram"?: (model, size) = try Self.unigram(description)
        case "BPE"?:
            let bytePairs = try ByteLevelBPE(tokenizerJSON: bytes)
            (model, size) = (bytePairs, bytePairs.vocabularySize)
        case let type:
            throw TokenizerError(
                .unsupported,
                "tokenizer.json describes a model of the type \(type.map { "\"\($0.prefix(40))\"" } ?? "null"); "
                    + "WordPiece, Unigram and byte-level BPE are supported.")
        }
        var template = try Self.template(file["post_processor"] ?? .null)
        guard (template.before + template.after).allSatisfy({ (0..<TokenTable.idLimit).contains($0) }) else {
            throw TokenizerError(.malformed, "The post_processor of tokenizer.json names an impossible id.")
        }
        if !(model is ByteLevelBPE) { template.trimsOffsets = false }
        for id in addedTokens.map(\.id) + template.before + template.after { size = max(size, id + 1) }
        self.init(
            normalizer: try Self.normalizer(file["normalizer"] ?? .null),
            preTokenizer: try Self.preTokenizer(file["pre_tokenizer"] ?? .null), model: model, template: template,
            addedTokens: addedTokens, vocabularySize: size)
    }

    /// Names of tokens have at most this many bytes: a search through a text looks so far ahead everywhere.
    private static let longestName = 1 << 10

    private static func unsupported(_ step: String, _ value: JSONValue) -> TokenizerError {
        TokenizerError(
            .unsupported,
            "tokenizer.json has the \(step) \"\(value["type"]?.string?.prefix(40) ?? "")\" in a form that is not "
                + "supported.")
    }

    private static func list(_ value: JSONValue, _ name: String) throws(TokenizerError) -> [JSONValue] {
        guard let items = value[name]?.array, items.count <= 64 else {
            throw TokenizerError(.malformed, "\"\(name)\" in tokenizer.json must be an array of at most 64 steps.")
        }
        return items
    }

    // MARK: Models

    private static func wordPiece(_ model: JSONValue) throws(TokenizerError) -> (any SubwordModel, Int) {
        guard let members = model["vocab"]?.object?.members, !members.isEmpty else {
            throw TokenizerError(.malformed, "The vocabulary must be an object of tokens and their ids.")
        }
        var trie = PrefixTrie()
        var seen: Set<Int> = []
        var size = 0
        for member in members {
            guard let id = member.value.integer.flatMap(Int.init(exactly:)), (0..<TokenTable.idLimit).contains(id)
            else {
                throw TokenizerError(
                    .malformed, "The ids in the vocabulary must be integers from 0 to \(TokenTable.idLimit - 1).")
            }
            guard member.key.utf8.count <= longestName else {
                throw TokenizerError(.malformed, "The token with id \(id) has a name beyond \(longestName) bytes.")
            }
            guard seen.insert(id).inserted else {
                throw TokenizerError(.inconsistent, "The vocabulary gives the id \(id) to two tokens.")
            }
            if !member.key.isEmpty { trie.insert(member.key.utf8, Int32(id)) }
            size = max(size, id + 1)
        }
        guard let name = (model["unk_token"] ?? "[UNK]").string,
            let unknown = trie.node(after: name.utf8).flatMap({ trie.token(at: $0) })
        else {
            throw TokenizerError(.inconsistent, "The vocabulary has no token for unknown words (\"unk_token\").")
        }
        guard let prefix = (model["continuing_subword_prefix"] ?? "##").string,
            let longest = (model["max_input_chars_per_word"] ?? 100).integer, longest > 0
        else {
            throw TokenizerError(.malformed, "The settings of the WordPiece model in tokenizer.json are malformed.")
        }
        let result = WordPiece(
            trie: trie, continuation: trie.node(after: prefix.utf8), unknown: Int(unknown),
            longestWord: Int(clamping: longest))
        return (result, size)
    }

    private static func unigram(_ model: JSONValue) throws(TokenizerError) -> (any SubwordModel, Int) {
        guard let items = model["vocab"]?.array, !items.isEmpty, items.count <= TokenTable.idLimit else {
            throw TokenizerError(
                .malformed, "The vocabulary of tokenizer.json must be an array of up to \(TokenTable.idLimit) pieces.")
        }
        var trie = PrefixTrie()
        var scores: [Double] = []
        scores.reserveCapacity(items.count)
        for item in items {
            guard let pair = item.array, pair.count == 2, let name = pair[0].string, name.utf8.count <= longestName,
                let score = pair[1].double, score.isFinite
            else {
                throw TokenizerError(.malformed, "Piece \(scores.count) of the vocabulary is not a text and a number.")
            }
            if !name.isEmpty { trie.insert(name.utf8, Int32(scores.count)) }
            scores.append(Self.asRead(score))
        }
        var unknown: Int?
        if let value = model["unk_id"], !value.isNull {
            guard let id = value.integer.flatMap(Int.init(exactly:)), scores.indices.contains(id) else {
                throw TokenizerError(.malformed, "\"unk_id\" in tokenizer.json is not the id of a piece.")
            }
            unknown = id
        }
        var bytes: [Int32]?
        if model["byte_fallback"]?.bool == true {
            let digits = Array("0123456789ABCDEF")
            let found = (0..<256).compactMap { byte in
                trie.node(after: "<0x\(digits[byte / 16])\(digits[byte % 16])>".utf8).flatMap { trie.token(at: $0) }
            }
            if found.count == 256 { bytes = found }
        }
        guard unknown != nil || bytes != nil else {
            throw TokenizerError(.inconsistent, "The vocabulary has no piece for unknown text (\"unk_id\").")
        }
        return (Unigram(trie: trie, scores: scores, unknown: unknown, bytes: bytes), scores.count)
    }

    /// A score as the `tokenizers` library reads it: its digits as an integer, divided by a power of ten, which can be
    /// off by one in the last place. Among ways to cut a text that are equal but for rounding, that decides.
    private static func asRead(_ score: Double) -> Double {
        let digits = "\(abs(score))".utf8
        guard digits.allSatisfy({ $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }),
            let point = digits.firstIndex(of: UInt8(ascii: ".")),
            let whole = UInt64(String(decoding: digits.filter { $0 != UInt8(ascii: ".") }, as: UTF8.self))
        else { return score }
        let decimals = digits.distance(from: point, to: digits.endIndex) - 1
        // Powers of ten are exact up to 10^22.
        guard decimals <= 22 else { return score }
        let divisor = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
        let result = Double(whole) / divisor
        return score < 0 ? -result : result
    }

    // MARK: Steps before the model

    private static func normalizer(_ value: JSONValue) throws(TokenizerError) -> Normalizer? {
        if value.isNull { return nil }
        switch value["type"]?.string {
        case "Sequence"?:
            var steps: [Normalizer] = []
            for step in try list(value, "normalizers") {
                if let step = try normalizer(step) { steps.append(step) }
            }
            return .sequence(steps)
        case "BertNormalizer"?:
            let lowercases = value["lowercase"]?.bool ?? true
            return .bert(
                BertNormalizer(
                    cleans: value["clean_text"]?.bool ?? true,
                    separatesChinese: value["handle_chinese_chars"]?.bool ?? true,
                    stripsAccents: value["strip_accents"]?.bool ?? lowercases, lowercases: lowercases))
        case "NFD"?: return .decompose
        case "StripAccents"?: return .stripAccents
        case "Lowercase"?: return .lowercase
        case "Strip"?:
            return .strip(left: value["strip_left"]?.bool ?? true, right: value["strip_right"]?.bool ?? true)
        case "Replace"?: return try replacement(value)
        case "Precompiled"?:
            guard let table = value["precompiled_charsmap"], !table.isNull else { return nil }
            guard let map = table.string.flatMap(CharacterMap.init(base64:)) else {
                throw TokenizerError(
                    .malformed, "\"precompiled_charsmap\" in tokenizer.json is no table of characters.")
            }
            return .precompiled(map)
        default: throw unsupported("normalizer", value)
        }
    }

    /// Replacements of runs of blanks, the only ones that the tokenizers of encoders have.
    private static func replacement(_ value: JSONValue) throws(TokenizerError) -> Normalizer {
        guard let content = value["content"]?.string, content.utf8.count <= 16 else {
            throw unsupported("normalizer", value)
        }
        let scalars = Array(content.unicodeScalars)
        if value["pattern"]?["Regex"]?.string == " {2,}" {
            return .replaceBlanks(count: 2, wholeRuns: true, content: scalars)
        }
        if let blanks = value["pattern"]?["String"]?.string, !blanks.isEmpty, blanks.utf8.allSatisfy({ $0 == 0x20 }) {
            return .replaceBlanks(count: blanks.utf8.count, wholeRuns: false, content: scalars)
        }
        throw unsupported("normalizer", value)
    }

    private static func preTokenizer(_ value: JSONValue) throws(TokenizerError) -> PreTokenizer? {
        if value.isNull { return nil }
        switch value["type"]?.string {
        case "Sequence"?:
            var steps: [PreTokenizer] = []
            for step in try list(value, "pretokenizers") {
                if let step = try preTokenizer(step) { steps.append(step) }
            }
            return .sequence(steps)
        case "BertPreTokenizer"?: return .bert
        case "WhitespaceSplit"?: return .whitespace
        case "ByteLevel"?:
            return .byteLevel(
                addsPrefixSpace: value["add_prefix_space"]?.bool ?? true,
                splitsWords: value["use_regex"]?.bool ?? true)
        case "Metaspace"?: return .metaspace(try metaspace(value))
        default: throw unsupported("pre_tokenizer", value)
        }
    }

    private static func metaspace(_ value: JSONValue) throws(TokenizerError) -> PreTokenizer.Metaspace {
        let name = (value["replacement"] ?? "\u{2581}").string ?? ""
        guard let replacement = name.unicodeScalars.first, name.unicodeScalars.count == 1 else {
            throw unsupported("pre_tokenizer", value)
        }
        let prefix: PreTokenizer.Metaspace.Prefix
        switch value["prepend_scheme"]?.string {
        case "always"?: prefix = .always
        case "first"?: prefix = .first
        case "never"?: prefix = .never
        case nil: prefix = value["add_prefix_space"]?.bool ?? true ? .always : .never
        default: throw unsupported("pre_tokenizer", value)
        }
        return PreTokenizer.Metaspace(
            replacement: replacement, prefix: prefix, splits: value["split"]?.bool ?? true)
    }

    // MARK: The step after the model

    private static func template(_ value: JSONValue) throws(TokenizerError) -> TokenTemplate {
        var template = TokenTemplate()
        if value.isNull { return template }
        func id(_ name: String) throws(TokenizerError) -> Int {
            guard let id = value[name]?.array?.last?.integer.flatMap(Int.init(exactly:)) else {
                throw unsupported("post_processor", value)
            }
            return id
        }
        switch value["type"]?.string {
        case "Sequence"?:
            for step in try list(value, "processors") {
                let other = try Self.template(step)
                template.before = other.before + template.before
                template.after += other.after
                if other.trimsOffsets {
                    template.trimsOffsets = true
                    template.addsPrefixSpace = other.addsPrefixSpace
                }
            }
        case "TemplateProcessing"?:
            let known = value["special_tokens"]
            var isBefore = true
            for part in try list(value, "single") {
                if part["Sequence"]?["id"]?.string == "A", isBefore {
                    isBefore = false
                } else if let name = part["SpecialToken"]?["id"]?.string, let ids = known?[name]?["ids"]?.array {
                    for id in ids {
                        guard let id = id.integer.flatMap(Int.init(exactly:)) else {
                            throw unsupported("post_processor", value)
                        }
                        if isBefore { template.before.append(id) } else { template.after.append(id) }
                    }
                } else {
                    throw unsupported("post_processor", value)
                }
            }
            guard !isBefore else { throw unsupported("post_processor", value) }
        case "BertProcessing"?:
            (template.before, template.after) = ([try id("cls")], [try id("sep")])
        case "RobertaProcessing"?:
            (template.before, template.after) = ([try id("cls")], [try id("sep")])
            template.trimsOffsets = value["trim_offsets"]?.bool ?? true
            template.addsPrefixSpace = value["add_prefix_space"]?.bool ?? true
        case "ByteLevel"?:
            template.trimsOffsets = value["trim_offsets"]?.bool ?? true
            template.addsPrefixSpace = value["add_prefix_space"]?.bool ?? true
        default: throw unsupported("post_processor", value)
        }
        return template
    }
}
