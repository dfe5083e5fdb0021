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

    private struct UnitKey: Hashable {
        var language: String
        var unit: String
    }

    // ICU's formatters are not safe to share and take 0.4 ms to open: one of each is kept, used by one thread at a time.
    private struct Formatters: ~Copyable {
        var open: [Key: UnsafeMutableRawPointer?] = [:]
        var units: [UnitKey: UnsafeMutableRawPointer?] = [:]

        deinit {
            for case .some(let formatter) in open.values { oracy_spellClose(formatter) }
            for case .some(let formatter) in units.values { oracy_unitClose(formatter) }
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
        let words = Self.words(units)
        // Where ICU has no words for such a number it writes digits again.
        return words.isEmpty || words.contains { $0.utf8.contains { $0 >= 0x30 && $0 <= 0x39 } } ? nil : words
    }

    /// The name of a unit in the grammatical number that a number asks for, without the number; nil when ICU has none.
    ///
    /// - Parameters:
    ///   - unit: What ICU's number skeletons call it, such as `unit/milligram` or `currency/EUR`.
    ///   - number: ASCII digits with at most one full stop.
    func unit(_ unit: String, after number: String, language: TextLanguage) -> [String]? {
        let units = formatters.withLock { formatters -> [UInt16]? in
            let key = UnitKey(language: language.code, unit: unit)
            let formatter: UnsafeMutableRawPointer?
            if let known = formatters.units[key] {
                formatter = known
            } else {
                formatter = oracy_unitOpen(language.code, unit)
                formatters.units[key] = .some(formatter)
            }
            guard let formatter else { return nil }
            var length: Int32 = -1
            let units = [UInt16](unsafeUninitializedCapacity: 256) { buffer, count in
                length = oracy_unit(
                    formatter, number, Int32(number.utf8.count), buffer.baseAddress, Int32(buffer.count))
                count = max(0, Int(length))
            }
            return length > 0 ? units : nil
        }
        guard let units else { return nil }
        let name = String(decoding: units, as: UTF16.self).unicodeScalars.filter {
            $0.properties.isAlphabetic || $0.properties.generalCategory == .nonspacingMark || $0 == " "
        }
        let words = Self.words(Array(String(String.UnicodeScalarView(name)).utf16))
        return words.isEmpty ? nil : words
    }

    /// Words in lower case, apart at spaces and at the zero-width spaces of Thai, without soft hyphens.
    private static func words(_ units: [UInt16]) -> [String] {
        String(decoding: units.filter { $0 != 0xAD }, as: UTF16.self).lowercased()
            .split { $0 == " " || $0 == "\u{200B}" || $0 == "\u{A0}" }.map(String.init)
    }
}
