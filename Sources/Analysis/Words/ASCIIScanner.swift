// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Finds words and sentences in ASCII text by the rules of UAX #29, as ICU does and many times as fast.
///
/// Words: WB5-WB13b, then parts joined by hyphens become one word. Sentences: SB3-SB11. Both rule sets are small here
/// because ASCII has no combining marks, no format characters and no letters without case.
struct ASCIIScanner {
    private let source: UnsafeBufferPointer<UInt8>
    private let pieces: [UInt32]
    private let rules: BreakRules

    /// Finds the words of a text.
    static func scan(_ source: SourceText, rules: BreakRules) -> SpokenText {
        var text = SpokenText()
        source.bytes.withUnsafeBufferPointer { bytes in
            let scanner = ASCIIScanner(source: bytes, pieces: source.pieces, rules: rules)
            // The folded words are never longer than the text; letters are written eight at a time.
            text.folded = [UInt8](unsafeUninitializedCapacity: bytes.count + 8) { output, count in
                // There are at most as many words as every other byte can begin; memory that they don't fill is
                // never touched.
                text.words = [SpokenWord](unsafeUninitializedCapacity: bytes.count / 2 + 1) { words, wordCount in
                    let found = scanner.scan(into: output, words: words)
                    count = found.bytes
                    wordCount = found.words
                    text.markedSentences = found.sentences
                    text.hasDigits = found.digits > 0
                }
            }
        }
        return text
    }

    private func scan(
        into output: UnsafeMutableBufferPointer<UInt8>, words: UnsafeMutableBufferPointer<SpokenWord>
    ) -> (bytes: Int, words: Int, sentences: Int, digits: Int) {
        guard let source = source.baseAddress, let output = output.baseAddress, let words = words.baseAddress else {
            return (0, 0, 0, 0)
        }
        var wordCount = 0
        var sentences = 0
        var allDigits = 0
        let count = self.source.count
        var index = 0
        var written = 0
        var piece = 0
        var sentenceStart = 0
        var lastWordEnd = -1
        // What ends here has neither letters nor digits ("@.@"): it is no word, and its marks count.
        var wordlessEnd = 0
        while index < count {
            let byte = source[index]
            if byte == 0x20 {
                index &+= 1
                continue
            }
            if index >= wordlessEnd, Self.isWordByte(byte) || (byte == 0x40 && rules.atIsLetter) {
                let start = index
                let foldedStart = written
                var letters: Int32 = 0
                var digits: Int32 = 0
                var traits: SpokenWord.Traits = []
                scanning: while index < count {
                    if index &+ 8 <= count {
                        let run = Self.copyLetters(source + index, output + written)
                        letters &+= Int32(truncatingIfNeeded: run)
                        written &+= run
                        index &+= run
                        if run == 8 { continue }
                    }
                    let byte = source[index]
                    if byte == 0x20 { break scanning }
                    let lower = byte | 0x20
                    if lower &- 0x61 < 26 {
                        output[written] = lower
                        letters &+= 1
                    } else if byte &- 0x30 < 10 {
                        output[written] = byte
                        digits &+= 1
                    } else if byte == 0x5F || (byte == 0x40 && rules.atIsLetter) {
                        output[written] = byte
                    } else if index > start, index &+ 1 < count, joins(source[index - 1], byte, source[index + 1]) {
                        if byte == 0x2D { traits.insert(.compound) }
                        output[written] = byte
                    } else {
                        break scanning
                    }
                    written &+= 1
                    index &+= 1
                }
                guard letters | digits != 0 else {
                    written = foldedStart
                    wordlessEnd = index
                    index = start
                    continue
                }
                if source[start] &- 0x41 < 26 { traits.insert(.capitalised) }
                if start > 0, source[start - 1] == 0x24 { traits.insert(.dollar) }
                if index < count {
                    if source[index] == 0x25
                        || (digits > 0 && source[index] == 0x20 && index + 1 < count && source[index + 1] == 0x25)
                    {
                        traits.insert(.percent)
                    }
                    if source[index] == 0x2D, index + 1 == count || source[index + 1] == 0x20 { traits.insert(.cutOff) }
                }
                if pieces.isEmpty {
                    piece = wordCount
                } else {
                    while piece + 1 < pieces.count, pieces[piece + 1] <= start { piece &+= 1 }
                }
                allDigits &+= Int(digits)
                let length = written &- foldedStart
                (words + wordCount).initialize(
                    to: SpokenWord(
                        start: UInt32(truncatingIfNeeded: foldedStart), length: UInt32(truncatingIfNeeded: length),
                        hash: WordHash.of(output + foldedStart, count: length),
                        position: Int32(truncatingIfNeeded: piece), letters: letters, digits: digits, traits: traits))
                wordCount &+= 1
                lastWordEnd = index
                continue
            }
            switch byte {
            case 0x2E, 0x21, 0x3F:  // . ! ?
                if wordCount > 0 {
                    let last = wordCount - 1
                    words[last].traits.insert(.punctuated)
                    if last >= sentenceStart,
                        byte == 0x2E && lastWordEnd == index
                            ? endsSentence(
                                at: index, after: words[last], isFirst: last == sentenceStart,
                                isDotted: Self.isDotted(output, words[last]))
                            : endsSentence(at: index)
                    {
                        words[last].traits.insert(.endsSentence)
                        sentences += 1
                        sentenceStart = wordCount
                    }
                }
            case 0x0A:
                if wordCount > sentenceStart {
                    words[wordCount - 1].traits.formUnion([.punctuated, .endsSentence])
                    sentences += 1
                    sentenceStart = wordCount
                }
            case 0x2C, 0x3B, 0x3A, 0x28, 0x29, 0x5B, 0x5D:  // , ; : ( ) [ ]
                if wordCount > 0 { words[wordCount - 1].traits.insert(.punctuated) }
            case 0x2D where index > 0 && source[index - 1] == 0x20:
                if wordCount > 0 { words[wordCount - 1].traits.insert(.punctuated) }
            default: break
            }
            index &+= 1
        }
        return (written, wordCount, sentences, allDigits)
    }

    /// Writes eight bytes in lower case, and says how many letters they begin with.
    @inline(__always)
    private static func copyLetters(_ source: UnsafePointer<UInt8>, _ output: UnsafeMutablePointer<UInt8>) -> Int {
        let lower = UnsafeRawPointer(source).loadUnaligned(as: UInt64.self) | 0x2020_2020_2020_2020
        UnsafeMutableRawPointer(output).storeBytes(of: lower, as: UInt64.self)
        // ASCII bytes are below 0x80: adding 0x1F sets the top bit from "a" on, adding 5 after "z".
        let fromA = lower &+ 0x1F1F_1F1F_1F1F_1F1F
        let afterZ = lower &+ 0x0505_0505_0505_0505
        let others = ~(fromA & ~afterZ) & 0x8080_8080_8080_8080
        return UInt64(littleEndian: others).trailingZeroBitCount / 8
    }

    /// A letter, a digit or a low line.
    @inline(__always)
    private static func isWordByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F
    }

    @inline(__always)
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// Whether a mark joins what stands on both sides into one word.
    @inline(__always)
    private func joins(_ before: UInt8, _ mark: UInt8, _ after: UInt8) -> Bool {
        let letters = isBreakLetter(before) && isBreakLetter(after)
        let digits = Self.isDigit(before) && Self.isDigit(after)
        return switch mark {
        case 0x27, 0x2E: letters || digits  // ' and . are MidNumLetQ
        case 0x2C, 0x3B: digits  // , and ; are MidNum
        case 0x3A: letters && rules.colonJoinsLetters
        case 0x2D: isWord(before) && isWord(after) && !digits  // "5-10" is two numbers
        default: false
        }
    }

    /// A letter for the rules of words, which may include the at sign.
    @inline(__always)
    private func isBreakLetter(_ byte: UInt8) -> Bool { Self.isLetter(byte) || (byte == 0x40 && rules.atIsLetter) }

    @inline(__always)
    private func isWord(_ byte: UInt8) -> Bool { Self.isLetter(byte) || Self.isDigit(byte) }

    /// Whether a sentence ends after the full stop, exclamation or question mark at an index.
    private func endsSentence(at index: Int) -> Bool {
        let isFullStop = source[index] == 0x2E
        var next = index + 1
        if isFullStop, next < source.count {
            if Self.isDigit(source[next]) { return false }  // SB6
            if source[next] &- 0x41 < 26, index > 0, Self.isLetter(source[index - 1]) { return false }  // SB7
        }
        while next < source.count, isClose(source[next]) { next += 1 }
        while next < source.count, isSpace(source[next]) { next += 1 }
        guard next < source.count else { return true }
        if isFullStop {  // SB8: a lower-case letter goes on, whatever stands before it but letters, ends and marks
            var ahead = next
            while ahead < source.count {
                let byte = source[ahead]
                if byte &- 0x61 < 26 { return false }
                if Self.isLetter(byte) || isEnd(byte) || byte == 0x0A || byte == 0x0D { break }
                ahead += 1
            }
        }
        let byte = source[next]
        if isEnd(byte) { return false }  // SB8a
        if byte == 0x2C || byte == 0x2D || byte == 0x3A { return false }
        return !(byte == 0x3B && rules.semicolonContinues)
    }

    /// Whether a sentence ends after the full stop at an index that stands directly after a word.
    private func endsSentence(at index: Int, after word: SpokenWord, isFirst: Bool, isDotted: Bool) -> Bool {
        var start = index + 1
        while start < source.count, source[start] == 0x20 { start += 1 }
        var next = Abbreviations.Next.other
        if start > index + 1, start < source.count {
            if source[start] &- 0x61 < 26 { next = .lowerCase }
            if Self.isDigit(source[start]) { next = .digit }
        }
        if rules.abbreviations.ends(after: word, isFirst: isFirst, isDotted: isDotted, before: next) { return true }
        return endsSentence(at: index) && !rules.abbreviations.continues(after: word.hash, before: next)
    }

    /// Whether a word has a full stop inside.
    private static func isDotted(_ output: UnsafeMutablePointer<UInt8>, _ word: SpokenWord) -> Bool {
        UnsafeBufferPointer(start: output + Int(word.start), count: Int(word.length)).contains(0x2E)
    }

    private func isEnd(_ byte: UInt8) -> Bool { byte == 0x2E || byte == 0x21 || byte == 0x3F }
    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0B || byte == 0x0C }
    private func isClose(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x27, 0x28, 0x29, 0x5B, 0x5D, 0x7B, 0x7D: true  // " ' ( ) [ ] { }
        default: false
        }
    }
}
