// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Glibc

/// Names of drugs, each with the international name that it stands for.
///
/// Read from a file of lines `name TAB the drug's name TAB 1 or 0`; 1 where misspellings of the name are looked for too. Where
/// the list calls a drug as the United States do, ``InternationalNames`` has the international name.
/// `scripts/bootstrap` makes one from DrugBank's open vocabulary.
public final class DrugVocabulary: Sendable {
    /// A name by its spelling and its sound.
    private struct Sound {
        var key: [UInt8]
        var letters: [UInt8]
        var drug: Int32

        init(letters: [UInt8], drug: Int32) {
            self.letters = letters
            key = PhoneticKey.of(String(decoding: letters, as: UTF8.self))
            self.drug = drug
        }
    }

    private struct Name {
        var drug: Int32
        var isCommon: Bool
    }

    private let names: [UInt64: Name]
    private let sounds: [Sound]
    private let outlines: [SoundOutline]
    private let drugs: [String]
    /// The most words that a name has.
    let longestName: Int
    /// A digest of its names, for results to be repeated with.
    public let digest: UInt64

    /// How many names it holds.
    public var count: Int { names.count }

    /// Reads a vocabulary.
    ///
    /// - Throws: ``AnalysisError`` when the file can't be read or is no list of names.
    public convenience init(path: String) throws(AnalysisError) {
        guard let bytes = SyllableDictionary.read(path) else {
            throw AnalysisError(.dictionaryUnreadable, "The list of drug names \(path) can't be read.")
        }
        try self.init(bytes: bytes, name: path)
    }

    /// Takes a vocabulary from memory.
    init(bytes: [UInt8], name path: String) throws(AnalysisError) {
        var names: [UInt64: Name] = [:]
        var sounds: [Sound] = []
        var drugs: [String] = []
        var known: [UInt64: Int32] = [:]
        var common: Set<Int32> = []
        var longest = 1
        // Rises with what is made of the same list.
        var digest: UInt64 = 2
        names.reserveCapacity(bytes.count / 32)
        func index(of drug: String) -> Int32 {
            let stem = Self.hash(Array(drug.utf8)[...])
            if let index = known[stem] { return index }
            drugs.append(drug)
            let index = Int32(truncatingIfNeeded: drugs.count - 1)
            known[stem] = index
            return index
        }
        func add(_ name: ArraySlice<UInt8>, _ drug: Int32, isCommon: Bool) {
            names[Self.hash(name)] = Name(drug: drug, isCommon: isCommon)
            let words = name.count { $0 == 0x20 } + 1
            longest = max(longest, words)
            if isCommon, words == 1, name.count >= Self.shortestMisspelling {
                sounds.append(Sound(letters: Array(name), drug: drug))
            }
        }
        for line in bytes.split(separator: 0x0A) where line.first != 0x23 {
            let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
            guard fields.count == 3, !fields[0].isEmpty, !fields[1].isEmpty, fields[0].count <= 100 else {
                throw AnalysisError(
                    .dictionaryUnreadable, "\(path) is not a list of drug names: name, international name, 1 or 0.")
            }
            let stem = Self.hash(fields[1])
            let drug =
                known[stem] ?? index(of: InternationalNames.name(for: String(decoding: fields[1], as: UTF8.self)))
            known[stem] = drug
            let isCommon = fields[2].first == 0x31
            add(fields[0], drug, isCommon: isCommon)
            if isCommon { common.insert(drug) }
            digest &+= Self.hash(fields[0]) &* (stem | 1)
        }
        guard !names.isEmpty else {
            throw AnalysisError(.dictionaryUnreadable, "\(path) is not a list of drug names: it holds none.")
        }
        // A drug's own name is not always among its names.
        for drug in common.sorted() {
            let name = Array(drugs[Int(drug)].utf8)
            guard names[Self.hash(name[...])] == nil, !InternationalNames.bodily.contains(drugs[Int(drug)]),
                name.allSatisfy({ $0 == 0x20 || $0 == 0x2D || ($0 >= 0x61 && $0 <= 0x7A) })
            else { continue }
            add(name[...], drug, isCommon: true)
        }
        for (name, drug) in InternationalNames.added.sorted(by: { $0.key < $1.key }) {
            let name = Array(name.utf8)
            if names[Self.hash(name[...])] == nil { add(name[...], index(of: drug), isCommon: true) }
        }
        self.names = names
        self.sounds = sounds
        outlines = sounds.map { SoundOutline(letters: $0.letters, key: $0.key) }
        self.drugs = drugs
        self.digest = digest
        longestName = longest
    }

    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { WordHash.of($0, count: buffer.count) } ?? 0
        }
    }

    /// The shortest name whose misspellings are looked for, in letters.
    static let shortestMisspelling = 6

    /// What a name stands for, and whether it is a drug that patients are given; nil for any other word.
    package func drug(named name: String) -> (drug: String, isCommon: Bool)? {
        var name = name
        let hash = name.withUTF8 { bytes in bytes.baseAddress.map { WordHash.of($0, count: bytes.count) } ?? 0 }
        guard let entry = names[hash] else { return nil }
        return (drugs[Int(entry.drug)], entry.isCommon)
    }

    /// The drug whose name a word, in lower case, is a misspelling of: the closest name within a fifth of its sounds; nil
    /// where none is, or names of several drugs are equally close.
    ///
    /// - Parameter share: The part of the sounds that may differ: one in so many.
    func misspelled(_ word: String, share: Int = 5) -> String? {
        let letters = Array(word.utf8)
        guard letters.count >= Self.shortestMisspelling - 1, letters.count <= 40 else { return nil }
        let said = Sound(letters: letters, drug: -1)
        var best: (cost: Int, drug: Int32)?
        var isTied = false
        let outline = SoundOutline(letters: said.letters, key: said.key)
        for (index, other) in outlines.enumerated() {
            // KPI.md, section 7: "phonetic edit <= 1/5 length".
            // What sounds the same may be spelled with other letters: "morfin".
            let keyLimit = Int(other.keyCount) / share
            var letterLimit = max(1, Int(other.letterCount) / 4)
            if other.keyCount == outline.keyCount, sounds[index].key == said.key {
                letterLimit = max(letterLimit, Int(other.letterCount) * 3 / 8)
            }
            guard other.mayBe(outline, keyLimit: keyLimit, letterLimit: letterLimit) else { continue }
            let sound = sounds[index]
            guard let distance = EditDistance.between(said.key, sound.key, limit: keyLimit),
                let spelling = EditDistance.between(letters, sound.letters, limit: letterLimit)
            else { continue }
            let cost = 2 * distance + spelling
            if best == nil || cost < best?.cost ?? 0 {
                best = (cost, sound.drug)
                isTied = false
            } else if cost == best?.cost, sound.drug != best?.drug {
                isTied = true
            }
        }
        guard let best, !isTied else { return nil }
        return drugs[Int(best.drug)]
    }
}

/// The optimal string alignment distance: insertions, deletions, substitutions, and swaps of neighbours.
package enum EditDistance {
    /// The distance, or nil where it is above the limit.
    package static func between(_ first: [UInt8], _ second: [UInt8], limit: Int) -> Int? {
        guard abs(first.count - second.count) <= limit else { return nil }
        if first == second { return 0 }
        guard limit > 0 else { return nil }
        let width = second.count + 1
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 3 * width) { rows in
            rows.initialize(repeating: 0)
            // Where the row of the letter before the last one begins, that of the last one, and this one's.
            var (before, last, row) = (0, width, 2 * width)
            for j in 0..<width { rows[last + j] = Int32(truncatingIfNeeded: j) }
            for i in first.indices {
                rows[row] = Int32(truncatingIfNeeded: i + 1)
                var least = rows[row]
                for j in second.indices {
                    let change: Int32 = first[i] == second[j] ? 0 : 1
                    var cost = min(rows[last + j + 1] + 1, rows[row + j] + 1, rows[last + j] + change)
                    if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                        cost = min(cost, rows[before + j - 1] + 1)
                    }
                    rows[row + j + 1] = cost
                    least = min(least, cost)
                }
                if least > limit { return nil }
                (before, last, row) = (last, row, before)
            }
            let distance = Int(rows[last + width - 1])
            return distance <= limit ? distance : nil
        }
    }
}
