// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// The syllables of English words, from a pronunciation dictionary in the CMU format.
///
/// Each line is a word and its phones; a syllable is a phone whose name begins with A, E, I, O or U (the ARPAbet
/// vowels). Of several pronunciations the first counts. The words themselves are not kept: a slot holds 27 bits of the
/// word's digest and 5 bits of its count, so that 125 thousand words take one megabyte.
final class SyllableDictionary: Sendable {
    /// Where Debian's pocketsphinx-en-us puts its dictionary.
    static let installedPath = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict"

    private let slots: [UInt32]
    /// How many words it holds.
    let count: Int
    /// A digest of its words and counts, independent of their order.
    let digest: UInt64

    private static let slotBits = 18

    /// Reads a dictionary.
    ///
    /// - Throws: ``AnalysisError`` when the file can't be read or holds too few or too many words.
    convenience init(path: String) throws(AnalysisError) {
        guard let bytes = Self.read(path) else {
            throw AnalysisError(.dictionaryUnreadable, "The pronunciation dictionary \(path) can't be read.")
        }
        try self.init(bytes: bytes, name: path)
    }

    /// Takes a dictionary from memory.
    init(bytes: [UInt8], name: String) throws(AnalysisError) {
        var slots = [UInt32](repeating: 0, count: 1 << Self.slotBits)
        var count = 0
        var digest: UInt64 = 0
        bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return }
            let end = base + raw.count
            var line = base
            while line < end, count < slots.count / 4 * 3 {
                let stop = memchr(line, 0x0A, end - line).map { UnsafeRawPointer($0) } ?? end
                defer { line = stop + 1 }
                guard let space = memchr(line, 0x20, stop - line).map({ UnsafeRawPointer($0) }) else { continue }
                let length = space - line
                // "word(2)" is another pronunciation.
                guard length > 0, (space - 1).load(as: UInt8.self) != 0x29 else { continue }
                let syllables = Self.vowels(space, stop)
                guard syllables > 0 else { continue }
                let hash = WordHash.of(line.assumingMemoryBound(to: UInt8.self), count: length)
                var slot = Self.slot(hash)
                while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
                slots[slot] = Self.tag(hash) | UInt32(min(syllables, 31))
                count += 1
                digest &+= hash &* UInt64(2 * syllables + 1)
            }
        }
        guard count >= 1_000 else {
            throw AnalysisError(.dictionaryUnreadable, "\(name) is not a pronunciation dictionary in the CMU format.")
        }
        self.slots = slots
        self.count = count
        self.digest = digest
    }

    /// The number of phones after the word that begin with a vowel letter.
    private static func vowels(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) -> Int {
        var vowels = 0
        var phone = start
        while phone < end {
            let next = phone + 1
            guard next < end else { break }
            switch next.load(as: UInt8.self) {
            case 0x41, 0x45, 0x49, 0x4F, 0x55: vowels += 1
            default: break
            }
            phone = memchr(next, 0x20, end - next).map { UnsafeRawPointer($0) } ?? end
        }
        return vowels
    }

    @inline(__always)
    private static func slot(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & ((1 << slotBits) - 1) }

    /// The high bits of a digest in the place of the tag; never 0 together with a count.
    @inline(__always)
    private static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) & ~31 }

    /// The syllables of the word with a digest; nil for an unknown word.
    @inline(__always)
    func syllables(_ hash: UInt64) -> Int32? {
        slots.withUnsafeBufferPointer { slots in
            var slot = Self.slot(hash)
            let tag = Self.tag(hash)
            while true {
                let entry = slots[slot]
                if entry == 0 { return nil }
                if entry & ~31 == tag { return Int32(entry & 31) }
                slot = (slot &+ 1) & (slots.count &- 1)
            }
        }
    }

    /// Whether a word, in lower case, is in the dictionary.
    func knows(_ word: String) -> Bool {
        var word = word
        return word.withUTF8 { bytes in
            bytes.baseAddress.map { syllables(WordHash.of($0, count: bytes.count)) != nil } ?? false
        }
    }

    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size < 1 << 28 else {
            return nil
        }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            count = 0
            while count < buffer.count, let base = buffer.baseAddress {
                let got = Glibc.read(descriptor, base + count, buffer.count - count)
                if got < 0, errno == EINTR { continue }
                failed = got < 0
                guard got > 0 else { break }
                count += got
            }
        }
        return failed ? nil : bytes
    }
}
