// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// Puts a tokenizer together from the parts of its files and refuses what does not fit together.
struct VocabularyBuilder {
    private var tokens = TokenTable()
    private var index: ByteStringIndex
    private var merges = MergeTable(capacity: 0)
    private var added: [AddedToken] = []
    /// Where an id is in `added`.
    private var addedPlaces: [Int: Int] = [:]
    private var addedBytes = 0
    private var names: [Int: String] = [:]
    var options = ByteLevelBPE.Options()

    /// Tokens have names of at most this many bytes.
    static let nameLimit = 1 << 16
    /// Added tokens together have at most this many bytes: they are looked up in a tree with a node for each. Whisper's
    /// have 17,000.
    static let addedLimit = 1 << 20

    /// Creates a builder with the tokens of `vocab`: an object of names and ids.
    init(vocabulary: JSONValue) throws(TokenizerError) {
        guard let members = vocabulary.object?.members else {
            throw TokenizerError(.malformed, "The vocabulary must be an object of tokens and their ids.")
        }
        index = ByteStringIndex(capacity: members.count)
        for member in members {
            guard let id = member.value.integer.flatMap(Int.init(exactly:)), (0..<TokenTable.idLimit).contains(id)
            else {
                throw TokenizerError(
                    .malformed, "The ids in the vocabulary must be integers from 0 to \(TokenTable.idLimit - 1).")
            }
            guard tokens.kind(of: id) == .absent else {
                throw TokenizerError(.inconsistent, "The vocabulary gives the id \(id) to two tokens.")
            }
            let spelt = ByteAlphabet.bytes(of: member.key.unicodeScalars)
            try set(id, spelt ?? Array(member.key.utf8), .ordinary)
            // A name with other characters can't come out of text, only out of a list of added tokens.
            if let spelt {
                if index.insert(Int32(id), spelt, in: tokens) != nil {
                    throw TokenizerError(.inconsistent, "The vocabulary has the token with id \(id) twice.")
                }
            } else {
                names[id] = member.key
            }
        }
    }

    private mutating func set(_ id: Int, _ bytes: [UInt8], _ kind: TokenTable.Kind) throws(TokenizerError) {
        guard bytes.count <= Self.nameLimit, tokens.set(id, bytes, kind) else {
            throw TokenizerError(
                .malformed,
                "The token with id \(id) goes beyond the limits: ids below \(TokenTable.idLimit), names up to "
                    + "\(Self.nameLimit) bytes, \(TokenTable.byteLimit) bytes in all.")
        }
    }

    /// Sets the rules, first things first; each is the names of two tokens.
    mutating func setMerges<Pairs: Collection>(_ pairs: Pairs) throws(TokenizerError)
    where Pairs.Element == (Substring.UnicodeScalarView, Substring.UnicodeScalarView) {
        guard pairs.count <= TokenTable.idLimit else {
            throw TokenizerError(.malformed, "There are more than \(TokenTable.idLimit) merges.")
        }
        merges = MergeTable(capacity: pairs.count)
        var rank: UInt32 = 0
        for (left, right) in pairs {
            guard let left = ByteAlphabet.bytes(of: left), let right = ByteAlphabet.bytes(of: right),
                let first = index.id(of: left, in: tokens), let second = index.id(of: right, in: tokens),
                let result = index.id(of: left + right, in: tokens)
            else {
                throw TokenizerError(
                    .inconsistent,
                    "Merge \(rank + 1) has a part or a result that is not in the vocabulary; are the files of one model?"
                )
            }
            merges.insert(first, second, MergeTable.Merge(rank: rank, result: result))
            rank += 1
        }
    }

    /// Adds a token outside the merges. One whose name is in the vocabulary must have the id that it has there.
    mutating func add(_ token: AddedToken) throws(TokenizerError) {
        guard !token.content.isEmpty else { return }
        addedBytes += token.content.utf8.count
        guard addedBytes <= Self.addedLimit else {
            throw TokenizerError(.malformed, "The added tokens have more than \(Self.addedLimit) bytes.")
        }
        let bytes = ByteAlphabet.bytes(of: token.content.unicodeScalars)
        let same = bytes.flatMap { vocabularyID(of: $0) }
        guard same == nil || same == token.id else {
            throw TokenizerError(
                .inconsistent,
                "The added token with id \(token.id) has another id in the vocabulary; are the files of one model?")
        }
        let old = addedPlaces[token.id]
        if let old {
            guard added[old].content == token.content else {
                throw TokenizerError(.inconsistent, "Two added tokens have the id \(token.id).")
            }
        } else if same == nil, tokens.kind(of: token.id) != .absent, names[token.id] != token.content {
            throw TokenizerError(
                .inconsistent, "The id \(token.id) belongs to an added token and to another one in the vocabulary.")
        }
        guard (0..<TokenTable.idLimit).contains(token.id) else {
            throw TokenizerError(
                .malformed, "The ids of added tokens must be integers from 0 to \(TokenTable.idLimit - 1).")
        }
        // The decoder of the `tokenizers` library spells added tokens too, where all their characters are bytes.
        try set(token.id, bytes ?? Array(token.content.utf8), token.isSpecial ? .special : .added)
        if let old {
            added[old] = token
        } else {
            addedPlaces[token.id] = added.count
            added.append(token)
        }
    }

    /// The id of a token of the vocabulary by its bytes.
    func vocabularyID(of bytes: [UInt8]) -> Int? { index.id(of: bytes, in: tokens).map { Int($0) } }

    /// The tokenizer.
    func tokenizer() throws(TokenizerError) -> ByteLevelBPE {
        var byteTokens: [Int32] = []
        for byte in UInt8.min ... .max {
            guard let id = index.id(of: CollectionOfOne(byte), in: tokens) else {
                throw TokenizerError(
                    .unsupported,
                    "The vocabulary has no token for the byte \(byte): it is not that of a byte-level tokenizer.")
            }
            byteTokens.append(id)
        }
        return ByteLevelBPE(
            tokens: tokens, index: index, merges: merges, byteTokens: byteTokens, options: options, addedTokens: added)
    }
}
