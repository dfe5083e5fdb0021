// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Byte-level byte-pair encoding, as GPT-2 and Whisper use it.
///
/// Text is cut into pieces (``WordSplitter``), and in the bytes of each piece the pair of neighbours that was learnt
/// first is joined again and again (Sennrich et al. 2016; over bytes, Radford et al. 2019). Every text can be encoded
/// and is given back unchanged by decoding. A value is immutable and cheap to copy; use it from any thread.
///
/// ```swift
/// let tokenizer = try ByteLevelBPE(folder: "whisper-base")
/// let ids = tokenizer.encode(" Hello world")
/// tokenizer.decode(ids)  // " Hello world"
/// ```
public struct ByteLevelBPE: Sendable {
    /// What to do with text that reads like an added token.
    public enum AddedTokenReading: Sendable, Hashable {
        /// It is text like any other: right for whatever people have written.
        case asText
        /// It becomes that token: right for templates of our own.
        case asTokens
    }

    /// What the files say about encoding.
    struct Options: Sendable, Hashable {
        /// Puts a space before text that starts without one.
        var addsPrefixSpace = false
        /// Cuts text by GPT-2's pattern; otherwise it is one piece.
        var splitsWords = true
        /// Takes a piece that is a token as it is, without merging.
        var ignoresMerges = false
    }

    let tokens: TokenTable
    let index: ByteStringIndex
    let merges: MergeTable
    let byteTokens: [Int32]  // [256]
    let options: Options
    /// The added tokens, by id.
    public let addedTokens: [AddedToken]
    private let addedIDs: [String: Int]
    private let matchers: [AddedTokenMatcher]

    init(
        tokens: TokenTable, index: ByteStringIndex, merges: MergeTable, byteTokens: [Int32], options: Options,
        addedTokens: [AddedToken]
    ) {
        self.tokens = tokens
        self.index = index
        self.merges = merges
        self.byteTokens = byteTokens
        self.options = options
        self.addedTokens = addedTokens.sorted { $0.id < $1.id }
        addedIDs = Dictionary(addedTokens.map { ($0.content, $0.id) }) { first, _ in first }
        matchers = [false, true].compactMap { normalized in
            let chosen = addedTokens.filter { $0.isNormalized == normalized }
            return chosen.isEmpty ? nil : AddedTokenMatcher(chosen)
        }
    }

    /// One more than the greatest id.
    public var vocabularySize: Int { tokens.count }

    /// The id of an added token such as `<|endoftext|>`; nil when there is none with this content.
    public func id(ofAddedToken content: String) -> Int? { addedIDs[content] }

    /// Whether an id is a special token.
    public func isSpecial(_ id: Int) -> Bool { tokens.kind(of: id) == .special }

    /// The bytes that a token stands for, not always whole characters; empty for an unknown id.
    public func bytes(of id: Int) -> [UInt8] {
        guard let id = Int32(exactly: id) else { return [] }
        return Array(tokens.bytes(of: id))
    }

    /// The tokens of a text, without those that a model's template puts around it.
    ///
    /// - Complexity: O(n log n) in the length of the longest piece, O(n) in the length of the text.
    public func encode(_ text: String, addedTokens reading: AddedTokenReading = .asText) -> [Int] {
        var text = text
        return text.withUTF8 { text in
            var parts = [AddedTokenMatcher.Part(range: 0..<text.count, id: nil)]
            if reading == .asTokens {
                for matcher in matchers {
                    var finer: [AddedTokenMatcher.Part] = []
                    for part in parts {
                        if part.id == nil {
                            matcher.split(part.range, of: text, into: &finer)
                        } else {
                            finer.append(part)
                        }
                    }
                    parts = finer
                }
            }
            var ids: [Int] = []
            ids.reserveCapacity(text.count / 3)
            var merger = Merger(self)
            for part in parts {
                if let id = part.id {
                    ids.append(id)
                } else if !part.range.isEmpty {
                    encode(UnsafeBufferPointer(rebasing: text[part.range]), with: &merger, into: &ids)
                }
            }
            return ids
        }
    }

    private func encode(_ text: UnsafeBufferPointer<UInt8>, with merger: inout Merger, into ids: inout [Int]) {
        if options.addsPrefixSpace, text[0] != UInt8(ascii: " ") {
            let spaced = [UInt8(ascii: " ")] + text
            spaced.withUnsafeBufferPointer { encodePieces($0, with: &merger, into: &ids) }
        } else {
            encodePieces(text, with: &merger, into: &ids)
        }
    }

    private func encodePieces(_ text: UnsafeBufferPointer<UInt8>, with merger: inout Merger, into ids: inout [Int]) {
        let splitter = WordSplitter(text: text)
        var start = 0
        while start < text.count {
            let end = options.splitsWords ? splitter.pieceEnd(from: start) : text.count
            merger.encode(UnsafeBufferPointer(rebasing: text[start..<end]), into: &ids)
            start = end
        }
    }

    /// The text of tokens. Bytes that are no UTF-8 become U+FFFD, one for each maximal part of a character (Unicode
    /// Standard, section 3.9); unknown ids are left out.
    public func decode(_ ids: some Sequence<Int>, skippingSpecialTokens: Bool = false) -> String {
        var bytes: [UInt8] = []
        for id in ids {
            guard let token = Int32(exactly: id), !skippingSpecialTokens || !isSpecial(id) else { continue }
            bytes.append(contentsOf: tokens.bytes(of: token))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
