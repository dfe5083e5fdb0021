// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio

/// Cuts a passage at its pauses into pieces that may each be in a language of its own.
enum LanguagePieces {
    /// A piece has this much sound, in milliseconds: models can't tell languages by a syllable.
    static let leastMilliseconds = 1_000
    /// The most pieces of a passage; the shortest are joined beyond that.
    static let greatestCount = 16

    /// The pieces, in order.
    ///
    /// - Parameters:
    ///   - spans: Where somebody speaks, in samples of the passage, in order.
    static func ranges(_ spans: [Range<Int>], sampleRate: Int) -> [Range<Int>] {
        let least = leastMilliseconds * sampleRate / 1000
        var pieces = spans.filter { !$0.isEmpty }
        while pieces.count > 1 {
            let shortest = pieces.indices.min { pieces[$0].count < pieces[$1].count } ?? 0
            guard pieces[shortest].count < least || pieces.count > greatestCount else { break }
            // To the neighbour that is nearer.
            let before = shortest > 0 ? pieces[shortest].lowerBound - pieces[shortest - 1].upperBound : Int.max
            let after =
                shortest + 1 < pieces.count
                ? pieces[shortest + 1].lowerBound - pieces[shortest].upperBound : Int.max
            let first = before <= after ? shortest - 1 : shortest
            pieces[first] = pieces[first].lowerBound..<pieces[first + 1].upperBound
            pieces.remove(at: first + 1)
        }
        return pieces
    }

    /// Joins neighbouring pieces in one language to runs that fill the whole passage: they meet in the middle of the
    /// pause between them.
    static func runs(_ pieces: [Range<Int>], languages: [String], count: Int) -> [LanguageRun] {
        var runs: [LanguageRun] = []
        for (index, (piece, code)) in zip(pieces, languages).enumerated() {
            if let last = runs.last, last.code == code {
                runs[runs.count - 1].samples = last.samples.lowerBound..<piece.upperBound
                continue
            }
            var start = 0
            if index > 0 {
                start = (pieces[index - 1].upperBound + piece.lowerBound) / 2
                runs[runs.count - 1].samples = runs[runs.count - 1].samples.lowerBound..<start
            }
            runs.append(LanguageRun(samples: start..<piece.upperBound, code: code))
        }
        if let last = runs.last { runs[runs.count - 1].samples = last.samples.lowerBound..<count }
        return runs
    }
}

/// A part of a passage in one language.
struct LanguageRun: Sendable, Hashable {
    /// Its samples in the passage.
    var samples: Range<Int>
    /// Whisper's code.
    var code: String
}
