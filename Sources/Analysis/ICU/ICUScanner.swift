// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import CICU

/// Finds words and sentences in any text with ICU (UAX #29, and dictionaries for Thai, Chinese, Japanese, Khmer, Lao
/// and Burmese).
struct ICUScanner {
    private let text: ICUText
    private let language: String
    private let abbreviations: Abbreviations

    /// Finds the words of a text by the rules of a language (BCP 47 primary subtag; "und" when unknown).
    static func scan(_ source: SourceText, language: TextLanguage) -> SpokenText {
        ICUScanner(
            text: ICUText(source), language: language.code, abbreviations: .of(language)
        ).scan()
    }

    private func scan() -> SpokenText {
        var spoken = SpokenText()
        spoken.folded.reserveCapacity(text.units.count * 2)
        let ranges = wordRanges()
        spoken.words.reserveCapacity(ranges.count)
        var piece = 0
        for (index, range) in ranges.enumerated() {
            if text.pieces.isEmpty {
                piece = index
            } else {
                while piece + 1 < text.pieces.count, text.pieces[piece + 1] <= range.units.lowerBound { piece += 1 }
            }
            append(range, piece: piece, to: &spoken)
            let next = index + 1 < ranges.count ? ranges[index + 1].units.lowerBound : text.units.count
            if isPunctuated(range.units.upperBound..<next) {
                spoken.words[index].traits.insert(.punctuated)
            }
        }
        markSentences(ranges, in: &spoken)
        return spoken
    }

    private struct WordRange {
        var units: Range<Int>
        var compound = false
    }

    /// UAX #29 words with a letter or a digit; those joined by hyphens are one.
    private func wordRanges() -> [WordRange] {
        var ranges: [WordRange] = []
        var start = 0
        var hyphenAt = -1
        for end in text.boundaries(.words, language: language) {
            defer { start = end }
            if hasLetterOrDigit(start..<end) {
                if let last = ranges.indices.last, hyphenAt == ranges[last].units.upperBound, hyphenAt + 1 == start,
                    joinsAcrossHyphen(at: hyphenAt)
                {
                    ranges[last].units = ranges[last].units.lowerBound..<end
                    ranges[last].compound = true
                } else {
                    ranges.append(WordRange(units: start..<end))
                }
            } else if end == start + 1, text.units[start] == 0x2D {
                hyphenAt = start
            }
        }
        return ranges
    }

    private func hasLetterOrDigit(_ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            let (scalar, length) = text.scalar(at: index)
            if oracy_isLetter(scalar) || oracy_isDigit(scalar) { return true }
            index += length
        }
        return false
    }

    /// A letter on at least one side of a hyphen, and a letter or digit on the other: "5-10" is two numbers.
    private func joinsAcrossHyphen(at index: Int) -> Bool {
        let before = text.scalar(before: index).value
        let after = text.scalar(at: index + 1).value
        let isBefore = oracy_isLetter(before) || oracy_isDigit(before)
        let isAfter = oracy_isLetter(after) || oracy_isDigit(after)
        return isBefore && isAfter && !(oracy_isDigit(before) && oracy_isDigit(after))
    }

    private func append(_ range: WordRange, piece: Int, to spoken: inout SpokenText) {
        let start = range.units.lowerBound
        let end = range.units.upperBound
        var letters: Int32 = 0
        var digits: Int32 = 0
        var index = start
        while index < end {
            let (scalar, length) = text.scalar(at: index)
            if oracy_isLetter(scalar) { letters += 1 }
            if oracy_isDigit(scalar) { digits += 1 }
            index += length
        }
        var traits: SpokenWord.Traits = range.compound ? .compound : []
        if oracy_isUpper(text.scalar(at: start).value) { traits.insert(.capitalised) }
        if start > 0 {
            switch text.units[start - 1] {
            case 0x24: traits.insert(.dollar)
            case 0xA3: traits.insert(.pound)
            case 0x20AC: traits.insert(.euro)
            default: break
            }
        }
        if end < text.units.count {
            // Most languages put a space between a number and its sign.
            let isApart = digits > 0 && text.units[end] == 0x20 && end + 1 < text.units.count
            let sign = isApart ? text.units[end + 1] : text.units[end]
            if sign == 0x25 { traits.insert(.percent) }
            if sign == 0x20AC { traits.insert(.euro) }
            if text.units[end] == 0x2D, end + 1 == text.units.count || text.units[end + 1] == 0x20 {
                traits.insert(.cutOff)
            }
        }
        if digits > 0 { spoken.hasDigits = true }
        let lower = ICUText.lowerCase(Array(text.units[range.units]), language: language)
        let foldedStart = spoken.folded.count
        spoken.folded.append(contentsOf: String(decoding: lower, as: UTF16.self).utf8)
        let length = spoken.folded.count - foldedStart
        let hash = spoken.folded.withUnsafeBufferPointer { folded in
            folded.baseAddress.map { WordHash.of($0 + foldedStart, count: length) } ?? 0
        }
        spoken.words.append(
            SpokenWord(
                start: UInt32(truncatingIfNeeded: foldedStart), length: UInt32(truncatingIfNeeded: length), hash: hash,
                position: Int32(truncatingIfNeeded: piece), letters: letters, digits: digits, traits: traits))
    }

    /// Whether a mark stands between two words, as ``ASCIIScanner`` sees it for ASCII.
    private func isPunctuated(_ range: Range<Int>) -> Bool {
        range.contains { index in
            switch text.units[index] {
            case 0x21, 0x2E, 0x3F, 0x2C, 0x3B, 0x3A, 0x28, 0x29, 0x5B, 0x5D, 0x0A: true
            case 0x2D: index > 0 && text.units[index - 1] == 0x20
            case ..<0x80: false
            default: SentenceBreak(Int32(text.units[index])).isMark
            }
        }
    }

    /// Marks the last words of sentences, where a mark or an empty line ends them.
    private func markSentences(_ ranges: [WordRange], in spoken: inout SpokenText) {
        markBoundaries(ranges, in: &spoken)
        guard abbreviations.endsBeforeLowerCase else { return }
        var first = 0
        for (index, range) in ranges.enumerated() {
            if !spoken.words[index].traits.contains(.endsSentence) {
                let next = afterFullStop(range.units.upperBound)
                guard next != .other else { continue }
                let isDotted = text.units[range.units].contains(0x2E)
                guard
                    abbreviations.ends(
                        after: spoken.words[index], isFirst: index == first, isDotted: isDotted, before: next)
                else { continue }
                spoken.words[index].traits.insert(.endsSentence)
                spoken.markedSentences += 1
            }
            first = index + 1
        }
    }

    /// What follows a full stop at an index and the spaces after it, if both are there.
    private func afterFullStop(_ index: Int) -> Abbreviations.Next {
        guard index + 1 < text.units.count, text.units[index] == 0x2E, text.units[index + 1] == 0x20 else {
            return .other
        }
        var start = index + 1
        while start < text.units.count, text.units[start] == 0x20 { start += 1 }
        guard start < text.units.count else { return .other }
        let scalar = text.scalar(at: start).value
        return oracy_isDigit(scalar) ? .digit : oracy_isLower(scalar) ? .lowerCase : .other
    }

    /// Marks the sentences of UAX #29, but for those that an abbreviation would end.
    private func markBoundaries(_ ranges: [WordRange], in spoken: inout SpokenText) {
        var next = 0
        var first = 0
        for boundary in text.boundaries(.sentences, language: language) {
            while next < ranges.count, ranges[next].units.upperBound <= boundary { next += 1 }
            // A full stop inside a word ("x.@") ends no sentence, least of all at the word before it.
            if next < ranges.count, ranges[next].units.lowerBound < boundary { continue }
            guard next > first, let mark = sentenceMark(before: boundary) else { continue }
            if !mark.isParagraph, mark.index == ranges[next - 1].units.upperBound, text.units[mark.index] == 0x2E,
                abbreviations.continues(after: spoken.words[next - 1].hash, before: afterFullStop(mark.index))
            {
                continue
            }
            spoken.words[next - 1].traits.formUnion([.endsSentence, .punctuated])
            spoken.markedSentences += 1
            first = next
        }
    }

    /// The mark that ends the sentence before a boundary; nil at the end of a text that just stops.
    private func sentenceMark(before boundary: Int) -> (index: Int, isParagraph: Bool)? {
        var index = boundary
        while index > 0 {
            let (scalar, length) = text.scalar(before: index)
            index -= length
            switch SentenceBreak(scalar) {
            case .paragraph: return (index, true)
            case .end: return (index, false)
            case .space, .close: continue
            case .mark, .other: return nil
            }
        }
        return nil
    }
}

/// What a code point does at the end of a sentence (the Sentence_Break property, UAX #29 table 4).
private enum SentenceBreak {
    case paragraph, end, space, close, mark, other

    init(_ scalar: Int32) {
        switch USentenceBreak(UInt32(bitPattern: oracy_sentenceBreakProperty(scalar))) {
        case U_SB_SEP, U_SB_CR, U_SB_LF: self = .paragraph
        case U_SB_ATERM, U_SB_STERM: self = .end
        case U_SB_SP: self = .space
        case U_SB_CLOSE: self = .close
        case U_SB_SCONTINUE: self = .mark
        default: self = .other
        }
    }

    /// Whether it is punctuation that separates words for the ear.
    var isMark: Bool { self == .end || self == .mark || self == .paragraph }
}
