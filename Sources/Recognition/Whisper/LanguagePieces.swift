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

    /// Joins neighbouring pieces in one language to runs. The pauses between runs belong to none: a model that hears one
    /// first begins its first word in it.
    static func runs(_ pieces: [Range<Int>], languages: [String]) -> [LanguageRun] {
        zip(pieces, languages).reduce(into: []) { runs, next in
            if let last = runs.last, last.code == next.1 {
                runs[runs.count - 1].samples = last.samples.lowerBound..<next.0.upperBound
            } else {
                runs.append(LanguageRun(samples: next.0, code: next.1))
            }
        }
    }
}

/// A part of a passage in one language.
struct LanguageRun: Sendable, Hashable {
    /// Its samples in the passage.
    var samples: Range<Int>
    /// Whisper's code.
    var code: String
}
