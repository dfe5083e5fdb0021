// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import CICU
internal import Synchronization

/// Writes numbers in words by ICU's rules for a language ("500" is "five hundred").
final class NumberSpeller: Sendable {
    /// How a number is read.
    enum Reading: Int32, CaseIterable {
        /// five hundred
        case cardinal = 0
        /// twenty-first
        case ordinal = 1
        /// twenty twenty-four
        case year = 2
    }

    private struct Key: Hashable {
        var language: String
        var reading: Reading
    }

    // ICU's formatters are not safe to share and take 0.4 ms to open: one of each is kept, used by one thread at a time.
    private struct Formatters: ~Copyable {
        var open: [Key: UnsafeMutableRawPointer?] = [:]

        deinit {
            for case .some(let formatter) in open.values { oracy_spellClose(formatter) }
        }
    }

    private let formatters = Mutex(Formatters())

    /// A number in words, in lower case and without soft hyphens; nil when ICU can't write numbers in the language.
    ///
    /// - Parameter number: ASCII digits with at most one full stop.
    func words(_ number: String, language: TextLanguage, reading: Reading = .cardinal) -> [String]? {
        let units = formatters.withLock { formatters -> [UInt16]? in
            let key = Key(language: language.code, reading: reading)
            let formatter: UnsafeMutableRawPointer?
            if let known = formatters.open[key] {
                formatter = known
            } else {
                formatter = oracy_spellOpen(language.code, reading.rawValue)
                formatters.open[key] = .some(formatter)
            }
            guard let formatter else { return nil }
            var length: Int32 = -1
            let units = [UInt16](unsafeUninitializedCapacity: 1_024) { buffer, count in
                length = oracy_spell(
                    formatter, number, Int32(number.utf8.count), buffer.baseAddress, Int32(buffer.count))
                count = max(0, Int(length))
            }
            return length > 0 ? units : nil
        }
        guard let units else { return nil }
        let text = String(decoding: units.filter { $0 != 0xAD }, as: UTF16.self)
        let words = text.lowercased().split(separator: " ").map(String.init)
        // Where ICU has no words for such a number it writes digits again.
        return words.contains { $0.utf8.contains { $0 >= 0x30 && $0 <= 0x39 } } ? nil : words
    }
}
