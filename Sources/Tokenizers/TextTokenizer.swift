// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Turns text into the tokens of an encoder, as its `tokenizer.json` says: WordPiece, SentencePiece Unigram or
/// byte-level BPE, with offsets back into the text.
///
/// Ids and offsets are those of the `tokenizers` library; a tokenizer.json that asks for a step which is not known
/// here is refused. A value is immutable and cheap to copy; use it from any thread.
///
/// ```swift
/// let tokenizer = try TextTokenizer(folder: "all-MiniLM-L6-v2")
/// let text = tokenizer.tokenize("Hello world")
/// tokenizer.template.frame(text.ids)  // [101, 7592, 2088, 102]
/// text.offsets  // [0..<5, 6..<11]
/// ```
public struct TextTokenizer: Sendable {
    let normalizer: Normalizer?
    let preTokenizer: PreTokenizer?
    let model: any SubwordModel
    /// The tokens that belong around a text.
    public let template: TokenTemplate
    /// The added tokens, by id.
    public let addedTokens: [AddedToken]
    /// One more than the greatest id.
    public let vocabularySize: Int
    private let matcher: AddedTokenMatcher?
    private let normalizedMatcher: AddedTokenMatcher?

    init(
        normalizer: Normalizer?, preTokenizer: PreTokenizer?, model: any SubwordModel, template: TokenTemplate,
        addedTokens: [AddedToken], vocabularySize: Int
    ) {
        self.normalizer = normalizer
        self.preTokenizer = preTokenizer
        self.model = model
        self.template = template
        self.addedTokens = addedTokens.sorted { $0.id < $1.id }
        self.vocabularySize = vocabularySize
        let exact = addedTokens.filter { !$0.isNormalized }
        matcher = exact.isEmpty ? nil : AddedTokenMatcher(exact)
        // These are looked for in the normalised text, so they are normalised too.
        let others = addedTokens.filter(\.isNormalized).map { token in
            var token = token
            token.content = Self.normalized(token.content, by: normalizer)
            return token
        }
        normalizedMatcher = others.isEmpty ? nil : AddedTokenMatcher(others)
    }

    private static func normalized(_ content: String, by normalizer: Normalizer?) -> String {
        guard let normalizer else { return content }
        var content = content
        let bytes = content.withUTF8 { normalizer.normalize(AlignedText($0, 0..<$0.count)).bytes }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The id of an added token such as `[SEP]`; nil when there is none with this content.
    public func id(ofAddedToken content: String) -> Int? { addedTokens.first { $0.content == content }?.id }

    /// The tokens of a text, without those that the ``template`` puts around it.
    ///
    /// - Complexity: O(n) in the length of the text, but for marks in a row, long words and byte-level BPE, where it is
    ///   O(n log n).
    public func tokenize(
        _ text: String, addedTokens reading: ByteLevelBPE.AddedTokenReading = .asText
    ) -> TokenizedText {
        var text = text
        return text.withUTF8 { text in
            var result = TokenizedText()
            // Offsets are kept in 32 bits.
            guard text.count <= Int32.max else { return result }
            var parts = [AddedTokenMatcher.Part(range: 0..<text.count, id: nil)]
            if reading == .asTokens, let matcher {
                parts = []
                matcher.split(0..<text.count, of: text, into: &parts)
            }
            for part in parts {
                if let id = part.id {
                    result.append(id, trimmed(part.range, of: text, isFirst: result.count == 0))
                } else if !part.range.isEmpty {
                    let original = AlignedText(text, part.range)
                    encode(normalizer?.normalize(original) ?? original, reading, into: &result)
                }
            }
            return result
        }
    }

    /// The place of an added token that has swallowed white space.
    private func trimmed(_ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, isFirst: Bool) -> Range<Int> {
        guard template.trimsOffsets else { return range }
        let scalars = String(decoding: text[range], as: UTF8.self).unicodeScalars
        let leading = scalars.prefix { $0.isWhitespace }.reduce(0) { $0 + UTF8.width($1) }
        let trailing = scalars.reversed().prefix { $0.isWhitespace }.reduce(0) { $0 + UTF8.width($1) }
        return template.trim(range, isFirst: isFirst, leading: leading, trailing: trailing)
    }

    /// Encodes a normalised text.
    private func encode(
        _ text: AlignedText, _ reading: ByteLevelBPE.AddedTokenReading, into result: inout TokenizedText
    ) {
        guard reading == .asTokens, let normalizedMatcher else { return encodePieces(of: text, into: &result) }
        var parts: [AddedTokenMatcher.Part] = []
        text.bytes.withUnsafeBufferPointer { normalizedMatcher.split(0..<$0.count, of: $0, into: &parts) }
        for part in parts {
            if let id = part.id {
                result.append(id, text.origin(of: part.range))
            } else {
                encodePieces(of: AlignedText(text.characters(in: part.range)), into: &result)
            }
        }
    }

    private func encodePieces(of text: AlignedText, into result: inout TokenizedText) {
        let whole = text.bytes.isEmpty ? [] : [0..<text.bytes.count]
        let (text, pieces) = preTokenizer?.pieces(of: text) ?? (text, whole)
        let first = result.count
        model.encode(pieces, of: text, into: &result)
        guard template.trimsOffsets, let bytePairs = model as? ByteLevelBPE else { return }
        for index in first..<result.count {
            let blanks = bytePairs.blanks(around: result.ids[index])
            result.offsets[index] = template.trim(
                result.offsets[index], isFirst: index == 0, leading: blanks.leading, trailing: blanks.trailing)
        }
    }
}

extension ByteLevelBPE {
    /// How many blanks a token begins and ends with.
    fileprivate func blanks(around id: Int) -> (leading: Int, trailing: Int) {
        let bytes = tokens.bytes(of: Int32(truncatingIfNeeded: id))
        let blank = UInt8(ascii: " ")
        return (bytes.prefix { $0 == blank }.count, bytes.reversed().prefix { $0 == blank }.count)
    }
}
