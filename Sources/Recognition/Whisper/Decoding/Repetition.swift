// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CZlib

/// Finds loops in what a decoder writes.
enum Repetition {
    /// The length of a text over the length of what zlib makes of it: above 2.4 the decoder has usually been in a loop
    /// (Radford et al. 2022, section 4.5). 0 for the empty text.
    static func compressionRatio(of text: String) -> Double {
        var text = text
        return text.withUTF8 { bytes in
            var length = compressBound(uLong(bytes.count))
            var target = [UInt8](repeating: 0, count: Int(length))
            guard compress(&target, &length, bytes.baseAddress, uLong(bytes.count)) == Z_OK, length > 0 else {
                return 0
            }
            return Double(bytes.count) / Double(length)
        }
    }

    /// How often the tokens at the end repeat: the most times that a run of up to `longest` tokens stands there in a
    /// row; 1 when nothing does.
    ///
    /// The decoder can stop when it is in a loop that it would follow to the end of its context.
    static func timesAtEnd(of tokens: [Int], longest: Int = 16) -> Int { atEnd(of: tokens, longest: longest).times }

    /// The run of up to `longest` items that stands at the end most times in a row.
    static func atEnd(of items: [some Equatable], longest: Int = 16) -> (length: Int, times: Int) {
        var most = (length: items.count, times: 1)
        for length in stride(from: 1, through: min(longest, items.count / 2), by: 1) {
            var times = 1
            while (times + 1) * length <= items.count,
                (0..<length).allSatisfy({
                    items[items.count - 1 - $0] == items[items.count - 1 - $0 - times * length]
                })
            {
                times += 1
            }
            if times > most.times { most = (length, times) }
        }
        return most
    }

    /// The tokens that would complete a run of `run` tokens that has occurred before (Paulus et al. 2017).
    static func tokensThatRepeat(_ tokens: [Int], run: Int) -> Set<Int> {
        guard run > 0, tokens.count >= run else { return [] }
        let tail = tokens.suffix(run - 1)
        var result: Set<Int> = []
        for start in 0...tokens.count - run where tokens[start..<start + run - 1].elementsEqual(tail) {
            result.insert(tokens[start + run - 1])
        }
        return result
    }
}
